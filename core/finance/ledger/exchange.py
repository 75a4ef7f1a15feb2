"""Gains and losses by exchange rates: realised when an item is settled, unrealised when it is remeasured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.canonical.erp import NOWHERE, Dimensions
from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import to_major, to_money, whole
from core.finance.ledger.chart import RECEIVABLE, Kind, account
from core.finance.ledger.entry import Entry, reversed_entry
from core.finance.ledger.fact import Fact, Part
from core.finance.ledger.fact import Kind as FactKind
from core.finance.ledger.policy import Policy, Revaluation
from core.finance.ledger.posting import post
from core.finance.ledger.rates import Quotation, Rates, RateType, home_value


class Owned(StrEnum):
    """Whether a rise of the foreign currency is a gain."""

    ASSET = "asset"
    LIABILITY = "liability"


def realised(
    fx: Fraction,
    booked_at: Fraction,
    settled_at: Fraction,
    quotation: Quotation = Quotation.HOME_PER_FOREIGN,
    owned: Owned = Owned.ASSET,
) -> Fraction:
    """Gain (or, negative, loss) in home currency when `fx` booked at one rate is settled at another."""
    moved = home_value(fx, settled_at, quotation) - home_value(fx, booked_at, quotation)
    return moved if owned is Owned.ASSET else -moved


def by_alternate(
    paid: Fraction, to_home: Fraction, to_invoice: Fraction, invoice_to_home: Fraction
) -> Fraction:
    """Gain when an invoice in one foreign currency is paid in another: what the bank took in, less the
    same by way of the invoice's currency."""
    return paid * to_home - paid * to_invoice * invoice_to_home


# --- revaluation as figures ---


@dataclass(frozen=True, slots=True)
class Position:
    """fx: open, in foreign major units; booked: at historical rates, in home major units."""

    fx: Fraction
    booked: Fraction


@dataclass(frozen=True, slots=True)
class Run:
    """One closing: what the positions are worth, what the entry moves, what stands in the books after it."""

    value: Fraction
    gain: Fraction
    stands: Fraction


def revaluations(
    positions: Sequence[Position],
    rates: Sequence[Fraction],
    quotation: Quotation = Quotation.HOME_PER_FOREIGN,
    how: Revaluation = Revaluation.REVERSES,
) -> list[Run]:
    """Closing after closing. Reversed on day 1, each is measured against the historical value; carried,
    against the one before. The books stand at the same value either way."""
    booked = sum((position.booked for position in positions), Fraction(0))
    runs: list[Run] = []
    stands = booked
    for rate in rates:
        value = sum((home_value(p.fx, rate, quotation) for p in positions), Fraction(0))
        gain = value - (booked if how is Revaluation.REVERSES else stands)
        stands = value
        runs.append(Run(value, gain, stands))
    return runs


def left_standing(positions: Sequence[Position], runs: Sequence[Run]) -> Fraction:
    """What books show that measure against the historical value and never reverse: the mistake by figure."""
    return sum((p.booked for p in positions), Fraction(0)) + sum((run.gain for run in runs), Fraction(0))


# --- open items of a ledger ---


@dataclass(frozen=True, slots=True)
class Item:
    """An open monetary item. open: foreign, signed as in the books (a debit is positive); booked: the same
    in home currency at historical rates."""

    id: str
    open: Money
    booked: Money
    account: str = RECEIVABLE
    at: Dimensions = NOWHERE

    @property
    def owned(self) -> Owned:
        """By the kind of its account."""
        return Owned.ASSET if account(self.account).kind is Kind.ASSET else Owned.LIABILITY


@dataclass(frozen=True, slots=True)
class Settled:
    """relieved: booked value that goes off; cash: what came, in home currency; gain: the difference, signed
    as a gain; rest: what stays open, None when it is all settled."""

    relieved: Money
    cash: Money
    gain: Money
    rest: Item | None


def settle(item: Item, paid: Money, rate: Fraction) -> Settled:
    """Settle all or a part of an item: booked value in proportion, and the last part takes what is left.

    Held where it is paid in another currency, with another sign, or over what is open.
    """
    if paid.currency != item.open.currency:
        raise Held(
            f"paid: {paid} settles {item.id} in {item.open.currency}; convert it first", owner="treasury"
        )
    if not paid or (paid.minor > 0) != (item.open.minor > 0) or abs(paid.minor) > abs(item.open.minor):
        raise Held(f"paid: {paid} does not fit {item.open} that is open of {item.id}; apply what is open")
    share = Fraction(paid.minor, item.open.minor)
    home = item.booked.currency
    relieved = Money(whole(item.booked.minor * share), home)
    cash = to_money(to_major(paid) * rate, home)
    left = item.open - paid
    rest = replace(item, open=left, booked=item.booked - relieved) if left else None
    # Books sign both sides alike, so for a liability a higher payment is already a loss.
    return Settled(relieved, cash, cash - relieved, rest)


def settlement_fact(id: str, on: date, entity: str, item: Item, settled: Settled) -> Fact:  # noqa: A002
    """The realised gain or loss of a settlement (P44): it clears what the cash at its own rate left."""
    return _moved(FactKind.SETTLED_AT_OTHER_RATE, id, on, entity, [(item, settled.gain)])


def revalue(
    id: str,  # noqa: A002
    on: date,
    entity: str,
    items: Sequence[Item],
    rates: Rates,
    carried: dict[str, Money] | None = None,
) -> Fact:
    """The revaluation of open monetary items at the closing rate (P45). carried: by item id, what earlier
    revaluations that were not reversed have moved already.

    Held for a missing closing rate and for an account that keeps its historical rate.
    """
    moves: list[tuple[Item, Money]] = []
    for item in items:
        home = item.booked.currency
        value = rates.convert(item.open, home, on, RateType.CLOSING)
        before = (carried or {}).get(item.id, Money(0, home))
        moves.append((item, value - item.booked - before))
    return _moved(FactKind.REVALUED, id, on, entity, moves)


def revaluation_entries(fact: Fact, day_one: date, policy: Policy) -> list[Entry]:
    """The entry of the closing day and, where the policy reverses, its reversal on the first of the next."""
    entry = post(fact, policy)
    if entry is None:
        return []
    if policy.revaluation is Revaluation.CARRIES:
        return [entry]
    return [entry, reversed_entry(entry, f"{fact.id}-reversal", day_one)]


def _moved(
    kind: FactKind,
    id: str,  # noqa: A002
    on: date,
    entity: str,
    moves: Sequence[tuple[Item, Money]],
) -> Fact:
    parts: list[Part] = []
    for item, gain in moves:
        if not account(item.account).monetary:
            raise Held(f"item {item.id}: account {item.account} is not monetary; it keeps its rate")
        if gain:
            name = "gain" if gain.minor > 0 else "loss"
            size = gain if gain.minor > 0 else -gain
            parts.append(Part(name, size, item.at, item.account))
    return Fact(kind, id, on, entity, tuple(parts))
