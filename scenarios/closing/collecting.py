"""Who is dunned: invoices that the core has asked the processor to charge, and how often it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from core.close.rows.billing import Dunning
from scenarios.checkers.lookups import returned_debits
from scenarios.closing.frame import Frame, on
from scenarios.evidence.run import Change

# The first charge comes with the request; from so many days after the due day on it is dunning.
GRACE_DAYS = 3
# Terms by which a card is charged at once, in billing's words: the others pay of their own accord.
_CHARGED = "Due Upon Receipt"
_TRIED = ("failed", "succeeded", "pending")
_NEWS = frozenset({*_TRIED, "canceled"})
_ENDED = ("succeeded", "canceled")


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name."""
    return {"dunning": tuple(_dunning(frame))}


def paid_by_invoice(frame: Frame) -> frozenset[str]:
    """Numbers of invoices of customers whose terms have nobody charged."""
    billing = frame.evidence.billing
    waits = {account.id for account in billing.accounts if account.terms != _CHARGED}
    return frozenset(invoice.number for invoice in billing.invoices if invoice.account in waits)


def _dunning(frame: Frame) -> Iterator[Dunning]:
    """By invoice, as the processor knows it at the end: "active" while it is not long overdue, "dunning"
    from then on, "closed" once it is paid or the request for it was withdrawn."""
    invoices = {invoice.number: invoice for invoice in frame.evidence.billing.invoices}
    tries, settled = _tries(frame), _settled(frame)
    for number, attempts in sorted(tries.items()):
        invoice = invoices.get(number)
        if invoice is None:
            continue
        due = on(invoice.due) or date.fromisoformat(invoice.date)
        late = due + timedelta(days=GRACE_DAYS) < frame.end
        yield Dunning(
            customer=frame.accounts.get(invoice.account, invoice.account),
            invoice=number,
            currency=invoice.currency,
            state="closed" if number in settled else "dunning" if late else "active",
            attempts=attempts,
        )


def _tries(frame: Frame) -> Counter[str]:
    """Charges that the core asked for, by the end; a customer's own are none of dunning's."""
    asked = {i.id: i.invoice for i in frame.evidence.payments.intents}
    charges = {c.id: asked.get(c.intent, "") for c in frame.evidence.payments.charges}
    found: Counter[str] = Counter()
    seen: set[str] = set()
    for change in frame.evidence.changes:
        known = change.system == "stripe" and change.kind == "charge" and change.cause
        if known and change.event in _TRIED and change.id not in seen and frame.came(change.at):
            seen.add(change.id)
            found[charges.get(change.id, "")] += 1
    return found


def _settled(frame: Frame) -> frozenset[str]:
    """Invoices whose last news from the processor is a charge that stands, or a request withdrawn."""
    books = frame.evidence.payments
    asked = {i.id: i.invoice for i in books.intents}
    of_charge = {c.id: asked.get(c.intent, "") for c in books.charges}
    news = [
        (c.at, c.event, _about(c, asked, of_charge))
        for c in frame.evidence.changes
        if c.system == "stripe" and c.event in _NEWS and frame.came(c.at)
    ]
    back = returned_debits(frame.evidence)
    news += [
        (d.created_at, "returned", of_charge.get(d.charge, ""))
        for d in back.values()
        if frame.came(d.created_at)
    ]
    last: dict[str, str] = {}
    for _, event, invoice in sorted(news):
        if invoice:
            last[invoice] = event
    return frozenset(invoice for invoice, event in last.items() if event in _ENDED)


def _about(change: Change, asked: Mapping[str, str], of_charge: Mapping[str, str]) -> str:
    """The invoice that a change at the processor is about; "" for what changes nothing of this."""
    return asked.get(change.id, "") or of_charge.get(change.id, "")
