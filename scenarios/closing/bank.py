"""The bank's statement, what the ledger has and the bank has not yet, and payouts that came back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from core.close.extract import Explanation
from core.close.rows.cash import BankLine, BankStatement, OutstandingItem
from scenarios.closing.frame import BANK, Frame, money
from scenarios.evidence.bank import BankLine as Line
from scenarios.evidence.erp import LedgerLine

_BACK = "-failed"


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name."""
    return {
        "bank_lines": tuple(_lines(frame)),
        "bank_statements": tuple(_statements(frame)),
        "outstanding": tuple(_outstanding(frame)),
    }


def returned(frame: Frame) -> Iterator[Explanation]:
    """Payouts that the bank sent back, and the ledger took off its cash again: both entries stand."""
    cash = _cash(frame)
    for payout in sorted(frame.sent_back):
        out, back = _sum(cash.get(payout, [])), _sum(cash.get(payout + _BACK, []))
        if out and out == -back:
            yield Explanation(
                control="C16",
                key=payout,
                cause="failed/returned",
                by=f"entry {payout}{_BACK}: the money is with the processor again",
            )


def _lines(frame: Frame) -> Iterator[BankLine]:
    """Whatever carries a sender's trace came of the processor; a customer's money has the bank's own id."""
    for row in frame.evidence.bank.lines:
        if frame.until(row.on):
            yield BankLine(
                id=row.id,
                account=BANK,
                on=date.fromisoformat(row.on),
                amount=money(row.amount, row.currency),
                kind=_kind(row),
                trace=row.trace,
                reference=row.text,
            )


def _kind(row: Line) -> str:
    if row.transfer and row.amount > 0:
        return "customer"
    return "processor" if row.trace else "other"


def _statements(frame: Frame) -> Iterator[BankStatement]:
    """As the bank says itself: the balance after the last line before the end. Of a currency in which it
    has no account it holds nothing, whatever the ledger says."""
    bank = frame.evidence.bank
    booked = {line.currency for lines in _cash(frame).values() for line in lines}
    closing = dict.fromkeys({*booked, *(account.currency for account in bank.accounts)}, 0)
    closing |= {line.currency: line.balance for line in bank.lines if frame.until(line.on)}
    for currency, minor in sorted(closing.items()) if bank.name else ():
        yield BankStatement(account=BANK, on=frame.end - timedelta(days=1), closing=money(minor, currency))


def _outstanding(frame: Frame) -> Iterator[OutstandingItem]:
    """What the ledger has of payouts, or of their return, and no line of the bank shows by the end. Of what
    never was a payout nothing is to be waited for."""
    lines = [x for x in frame.evidence.bank.lines if frame.until(x.on)]
    at_bank = {x.trace for x in lines if "RETURNED" not in x.text}
    left_bank = {x.trace for x in lines if "RETURNED" in x.text}
    cash = _cash(frame)
    for payout in frame.evidence.payments.payouts:
        waiting = [] if payout.id in at_bank else cash.get(payout.id, [])
        waiting = waiting + ([] if payout.id in left_bank else cash.get(payout.id + _BACK, []))
        # Booked out and back, and never at the bank: nothing is under way.
        if _sum(waiting):
            yield OutstandingItem(
                id=payout.id,
                account=BANK,
                on=date.fromisoformat(min(x.date for x in waiting)),
                amount=money(_sum(waiting), payout.currency),
                kind="deposit",
            )


def _cash(frame: Frame) -> dict[str, list[LedgerLine]]:
    """Postings to the bank account by the name of their entry, until the end."""
    found: dict[str, list[LedgerLine]] = {}
    for line in frame.evidence.erp.ledger:
        if line.account == BANK and frame.until(line.date) and not frame.is_valuation(line):
            found.setdefault(frame.documents.get(line.document, ""), []).append(line)
    return found


def _sum(lines: list[LedgerLine]) -> int:
    return sum(line.debit - line.credit for line in lines)
