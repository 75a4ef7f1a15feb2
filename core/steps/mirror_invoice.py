"""Show sales what became of an invoice. The CRM's mirror moves forward, but where a payment came back."""

from __future__ import annotations

from dataclasses import dataclass

from core.canonical.errors import Held, Unavailable
from core.canonical.invoices import Invoice
from core.canonical.parties import Account
from core.canonical.payments import PaymentRequest
from core.canonical.versions import NONE, Versions, versions
from core.ports.crm import Mirrored
from core.ports.desk import Desk
from core.steps.cases import DisputeCase, InvoiceCase, PaymentCase, RefundCase
from core.steps.stale import refuse_stale

# News that no status is: the payer's bank sent the money back.
RETURNED = "Returned"
# A status may be replaced only by a later one, whatever order the news comes in.
RANK = {"Posted": 0, "Payment Failed": 1, "Paid": 2, "Refunded": 3}
# What a payment is news of; of any other state it is none.
_NEWS = {"failed": "Payment Failed", "paid": "Paid"}
_INVOICE, _SYSTEM = "invoice", "crm"


@dataclass(frozen=True, slots=True)
class News:
    """status: what is new; known: the version of the payment that says it, none where billing alone does."""

    status: str
    known: Versions = NONE


async def mirror_posted(desk: Desk, case: InvoiceCase) -> None:
    """The invoice exists."""
    await _mirror(desk, case.invoice.number, case.account, News("Posted"), f"{case.key}/mirror_posted")


async def mirror_paid(desk: Desk, case: PaymentCase) -> None:
    """The invoice is paid."""
    news = _of_payment(case.request)
    await _mirror(desk, case.invoice.number, case.account, news, f"{case.key}/mirror_paid")


async def mirror_failed(desk: Desk, case: PaymentCase) -> None:
    """A charge failed, unless another has succeeded since."""
    key = f"{case.key}/mirror_failed/{case.request.attempts}"
    await _mirror(desk, case.invoice.number, case.account, _of_payment(case.request), key)


async def mirror_refunded(desk: Desk, case: RefundCase) -> None:
    """Money went back."""
    news, key = News("Refunded"), f"{case.key}/mirror_refunded"
    await _mirror(desk, case.invoice.number, case.account, news, key)


async def mirror_owed_again(desk: Desk, case: DisputeCase) -> None:
    """The payment came back."""
    news = News(RETURNED, versions({case.dispute.request: case.dispute.version}))
    await _mirror(desk, case.invoice.number, case.account, news, f"{case.key}/mirror_owed_again")


async def mirror_now(desk: Desk, number: str, account: Account, key: str) -> None:
    """What billing says now, without news of its own."""
    await _mirror(desk, number, account, News("Posted"), key)


async def _mirror(desk: Desk, number: str, account: Account, news: News, key: str) -> None:
    # Both are read now, not when the flow began: another flow may have been faster.
    invoice = await desk.billing.invoice(number)
    shown = await desk.crm.mirrored(number, key)
    made_of = versions({_INVOICE: invoice.version}).joined(news.known)
    if shown is not None:
        _never_backward(desk, invoice, shown, key)
        if late := shown.made_of.newer_than(news.known):
            news = _still_news(desk, news, shown, late, key)
        made_of = made_of.joined(shown.made_of)
    wanted = status_of(invoice, news.status, status_shown(shown))
    if shown is not None and (shown.status, shown.balance) == (wanted, invoice.balance):
        return
    await desk.crm.mirror_invoice(invoice, account, wanted, shown, key, made_of)


def _never_backward(desk: Desk, invoice: Invoice, shown: Mirrored, key: str) -> None:
    """Unavailable where what was read of billing is older than what is shown, or cannot be told from it:
    it is read again, and what is shown stays."""
    known = shown.made_of.of(_INVOICE)
    if known > invoice.version:
        said = f"billing's reading of {invoice.number} ({invoice.version})"
        why = f"{said} is older than what the CRM shows ({known})"
        refuse_stale(desk, _SYSTEM, key, why)
        raise Unavailable(f"{why}: read again", system="billing")
    if known.ties(invoice.version) and shown.balance != invoice.balance:
        why = f"billing changed {invoice.number} twice in one second: read again when that is over"
        refuse_stale(desk, _SYSTEM, key, why)
        raise Unavailable(why, system="billing")


def _still_news(desk: Desk, news: News, shown: Mirrored, late: tuple[str, ...], key: str) -> News:
    """News of a payment of which the mirror shows a later state is none any more."""
    if not (known := [name for name, _ in news.known.parts if name in late]):
        return news
    why = f"news that {known[0]} is {news.status} comes after what the CRM shows of it: {shown.made_of}"
    refuse_stale(desk, _SYSTEM, key, why)
    return News("Posted")


def _of_payment(request: PaymentRequest) -> News:
    """What the processor says of it now, whatever was said when the flow began."""
    return News(_NEWS.get(request.status, "Posted"), versions({request.id: request.version}))


def status_shown(shown: Mirrored | None) -> str:
    """Held where the CRM shows a status that is none of ours: nobody can say what may follow it."""
    if shown is None:
        return "Posted"
    if shown.status not in RANK:
        raise Held(
            f"status: the CRM shows invoice {shown.number} as {shown.status!r}, which is none of"
            f" {', '.join(RANK)}; set it to one of these in the CRM, or give it a row in crm_statuses",
            owner="sales operations",
        )
    return shown.status


def status_of(invoice: Invoice, news: str, shown: str) -> str:
    """The later of what is shown, what is new, and what billing's balance says. A payment that came back is
    the one thing that makes an invoice owed again; what had failed before is no news then."""
    if invoice.balance and (news == RETURNED or shown == "Payment Failed"):
        return "Payment Failed"
    news = "Payment Failed" if news == RETURNED else news
    status = max(news, shown, key=RANK.__getitem__)
    if not invoice.balance:
        return max(status, "Paid", key=RANK.__getitem__)
    return "Posted" if status == "Paid" else status
