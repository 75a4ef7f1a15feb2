"""Which documents a case is known by and comes of: so an order, its invoices and payments are one trace."""

from __future__ import annotations

from collections.abc import Iterable

from core.connectivity.flows import Case
from core.ports.billing import Draft
from core.ports.desk import Desk
from core.steps.cases import (
    DisputeCase,
    InvoiceCase,
    NoteCase,
    OrderCase,
    PaidBackCase,
    PaymentCase,
    PayoutCase,
    RefundCase,
    TransferCase,
    UsageCase,
)


async def identify(desk: Desk, case: Case) -> None:
    """Tell the tracer what the part at hand is about, as soon as it has been read."""
    names, causes = documents(case)
    await desk.watch.tracer.identify(case.key, names, causes)
    if isinstance(case, PayoutCase):
        # Of many payments or of one: it is the company's own, and part of no customer's transaction.
        await desk.watch.tracer.touch(*case.payout.requests)


async def related(desk: Desk, draft: Draft) -> str:
    """The id of a draft, which is in its transaction's trace from the first look at it."""
    return await comes_of(desk, draft.id, *draft.subscriptions)


async def comes_of(desk: Desk, subject: str, *causes: str) -> str:
    """The subject, about which its list says already what it comes of."""
    await desk.watch.tracer.relate(subject, [cause for cause in causes if cause])
    return subject


def documents(case: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numbers that others know it by, and those of the documents that it comes of. An amendment is a
    transaction of its own: its subscription comes of the first order; what is billed is billed for the
    subscription."""
    match case:
        case OrderCase(order=order):
            return (order.subscription,), ()
        case InvoiceCase(invoice=invoice):
            return (invoice.number,), _subscriptions(line.subscription for line in invoice.lines)
        case NoteCase(note=note):
            causes = _subscriptions(line.subscription for line in note.lines)
            return (note.number,), causes or ((note.invoice,) if note.invoice else ())
        case PaymentCase() | RefundCase() | DisputeCase():
            return (), (case.invoice.number,)
        case TransferCase(transfer=transfer, invoices=invoices):
            return (transfer.id,), tuple(invoice.number for invoice in invoices)
        case PaidBackCase(held=held):
            return (), (held.reference,)
        case UsageCase(event=event):
            return (), (event.subscription,)
    return (), ()


def _subscriptions(named: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({subscription for subscription in named if subscription}))
