"""A processor's notices: which are business facts with an entry, and why the others have none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.canonical.errors import Held
from core.finance.ledger.fact import Kind
from core.finance.ledger.policy import AutoCharge, Policy


class Condition(StrEnum):
    """What about a notice decides whether it posts."""

    ALWAYS = ""
    ZERO = "amount 0"
    AUTOMATIC = "charged automatically"
    ON_TERMS = "on terms"
    OUT_OF_BAND = "out of band"
    THROUGH_PROCESSOR = "refunded through processor"
    TO_BALANCE = "to balance"
    PRE_PAYMENT = "before payment"
    WON = "won"
    LOST = "lost"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Notice:
    """kind: the posting rule, None for no entry and then why; only_with: the switch it holds under."""

    name: str
    condition: Condition
    kind: Kind | None
    why: str = ""
    only_with: AutoCharge | None = None


_C, _K = Condition, Kind
_LATER = "revenue comes with the charge, so nothing was booked for the invoice"
_ATTEMPT = "no money moved"
_MASTER = "master data or terms, not money"
NOTICES = (
    Notice("charge.succeeded", _C.ZERO, None, "nothing was charged"),
    Notice("charge.succeeded", _C.ALWAYS, _K.CARD_PAYMENT),
    Notice("charge.refunded", _C.ALWAYS, _K.REFUND),
    Notice("charge.failed", _C.ALWAYS, None, _ATTEMPT),
    Notice("charge.pending", _C.ALWAYS, None, _ATTEMPT),
    Notice("charge.expired", _C.ALWAYS, None, _ATTEMPT),
    Notice("charge.updated", _C.ALWAYS, None, _MASTER),
    Notice("dispute.created", _C.ALWAYS, None, "an inquiry moves no funds; the withdrawal is its own notice"),
    Notice("dispute.updated", _C.ALWAYS, None, _MASTER),
    Notice("dispute.closed", _C.WON, None, "the funds come back with their own notice"),
    Notice("dispute.closed", _C.WARNING, None, "no funds were withdrawn"),
    Notice("dispute.closed", _C.LOST, _K.DISPUTE_LOST),
    Notice("dispute.funds_withdrawn", _C.ALWAYS, _K.DISPUTE_OPENED),
    Notice("dispute.funds_reinstated", _C.ALWAYS, _K.DISPUTE_WON),
    Notice("invoice.finalized", _C.AUTOMATIC, None, _LATER, AutoCharge.WITH_CHARGE),
    Notice("invoice.finalized", _C.ALWAYS, _K.INVOICE_IN_ADVANCE),
    Notice("invoice.marked_uncollectible", _C.AUTOMATIC, None, _LATER, AutoCharge.WITH_CHARGE),
    Notice("invoice.marked_uncollectible", _C.ALWAYS, _K.WRITTEN_OFF),
    Notice("invoice.voided", _C.AUTOMATIC, None, _LATER, AutoCharge.WITH_CHARGE),
    Notice("invoice.voided", _C.ALWAYS, _K.VOID),
    Notice("invoice.payment_failed", _C.ALWAYS, None, _ATTEMPT),
    Notice("invoice.payment_action_required", _C.ALWAYS, None, _ATTEMPT),
    Notice("invoice.payment_succeeded", _C.OUT_OF_BAND, None, "the bank's receipt is booked, not its echo"),
    Notice("invoice.payment_succeeded", _C.ZERO, None, "nothing was paid"),
    Notice("invoice.payment_succeeded", _C.ALWAYS, _K.CARD_PAYMENT),
    Notice("credit_note.created", _C.THROUGH_PROCESSOR, None, "the refund of the charge is booked"),
    Notice("credit_note.created", _C.OUT_OF_BAND, None, "nothing moved at the processor"),
    Notice("credit_note.created", _C.TO_BALANCE, _K.CREDIT_MEMO_PAID),
    Notice("credit_note.created", _C.ALWAYS, _K.CREDIT_MEMO_OPEN),
    Notice("credit_note.voided", _C.THROUGH_PROCESSOR, None, "nothing was booked for the note"),
    Notice("credit_note.voided", _C.ALWAYS, _K.CREDIT_MEMO_OPEN),
    Notice("payout.paid", _C.ALWAYS, _K.PAYOUT),
    Notice("payout.failed", _C.ALWAYS, _K.PAYOUT),
    Notice("payout.created", _C.ALWAYS, None, "on its way; booked when it is paid"),
    Notice("payout.updated", _C.ALWAYS, None, _MASTER),
    Notice("payout.canceled", _C.ALWAYS, None, "it was never paid"),
    Notice("refund.created", _C.ALWAYS, None, "the charge's own notice carries the refund"),
    Notice("refund.updated", _C.ALWAYS, None, _MASTER),
)
# Families of which no member moves money.
SILENT = (
    "subscription.", "customer.", "payment_intent.", "payment_method.", "setup_intent.", "price.", "product.",
    "plan.", "coupon.", "checkout.", "quote.", "invoice.created", "invoice.updated", "invoice.sent",
    "invoice.upcoming", "invoice.deleted", "invoice.overdue", "invoice.will_be_due", "invoiceitem.",
    "balance.", "account.",
)  # fmt: skip


def notice(name: str, condition: Condition, policy: Policy) -> Notice:
    """What a notice means; Held for one that nobody has decided about."""
    for row in NOTICES:
        if row.name != name or row.condition not in (condition, Condition.ALWAYS):
            continue
        if row.only_with is None or row.only_with is policy.auto_charge:
            return row
    if any(name.startswith(family) for family in SILENT):
        return Notice(name, condition, None, _MASTER)
    raise Held(f"notice: {name!r} {condition.value!r} is not on the list; decide whether it posts")
