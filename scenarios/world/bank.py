"""The company's bank: what the processor sent is there on a bank day; what it sent back has left again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from core.canonical.payments import Transfer
from scenarios.evidence.bank import BankAccount, BankBooks, BankLine
from scenarios.world.transfers import bank_day
from simulators.kit.clock import day
from simulators.kit.history import Change

NAME = "First Bank"
_SENDER = "STRIPE"


@dataclass(frozen=True, slots=True)
class _Movement:
    """Not yet on a statement: it has no balance."""

    on: date
    value_on: date
    amount: int
    currency: str
    trace: str
    text: str
    counterparty: str = _SENDER
    transfer: str = ""


class Bank:
    """Keeps one account a currency. It hears of the money itself, not of what anybody books of it.

    arrivals: the processor's commits in order, of which those of payouts count; transfers: what customers
    moved themselves; fee: minor units that the
    bank keeps of each credit, which a bank of this company never does.
    """

    def __init__(
        self,
        arrivals: Callable[[], Iterable[Change]],
        fee: int = 0,
        transfers: Callable[[], Iterable[Transfer]] = tuple,
    ) -> None:
        self._arrivals, self._fee, self._transfers = arrivals, fee, transfers

    def books(self) -> BankBooks:
        """The statements of all accounts from their opening on, in order of booking."""
        lines: list[BankLine] = []
        balances: dict[str, int] = {}
        # Stable: what came on the same day keeps the order in which it came.
        for number, moved in enumerate(sorted(self._movements(), key=lambda m: m.on), start=1):
            balance = balances.get(moved.currency, 0) + moved.amount
            balances[moved.currency] = balance
            lines.append(
                BankLine(
                    f"ST{number:06d}",
                    _account(moved.currency),
                    moved.currency,
                    moved.on.isoformat(),
                    moved.value_on.isoformat(),
                    moved.amount,
                    balance,
                    moved.counterparty,
                    moved.text,
                    moved.trace,
                    moved.transfer,
                )
            )
        accounts = tuple(BankAccount(_account(c), c, balances[c]) for c in sorted(balances))
        return BankBooks(NAME, accounts, tuple(lines))

    def _movements(self) -> Iterable[_Movement]:
        """A payout that failed on its way was never here; one that failed later leaves again, whole, with
        the value of the day on which it came."""
        here: dict[str, _Movement] = {}
        for change in self._arrivals():
            if change.kind != "payout":
                continue
            on = bank_day(day(change.at))
            if change.event == "paid":
                kept = self._fee if change.amount > 0 else 0
                came = _Movement(on, on, change.amount - kept, change.currency, change.id, "PAYOUT")
                here[change.id] = came
                yield came
            elif change.event == "failed" and change.id in here:
                came = here.pop(change.id)
                yield _Movement(on, came.value_on, -came.amount, came.currency, came.trace, "PAYOUT RETURNED")
        for each in self._transfers():
            minor, currency = each.amount.minor, each.amount.currency
            yield _Movement(each.on, each.on, minor, currency, "", each.text, each.payer, each.id)


def _account(currency: str) -> str:
    return f"operating-{currency}"
