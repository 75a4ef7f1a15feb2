"""The flows of the business, written out: what each is about, who owns it, its steps in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.canonical.errors import Held, NewerVersion
from core.canonical.events import Topic
from core.ports.desk import Desk
from core.ports.durable import Rank
from core.steps import (
    apply_transfer,
    cases,
    check_entity,
    finalise,
    given_back,
    meter_usage,
    mirror_invoice,
    open_accounts,
    place_order,
    post_payout,
    post_receivable,
    request_payment,
    return_debit,
    return_refund,
    schedule_revenue,
    settle_dispute,
    settle_payment,
    settle_refund,
    take_back,
    validate_account,
    write_off,
)
from core.steps.estimate_tax import estimate_tax

Act = Callable[[Desk, Any], Awaitable[None]]


class Case(Protocol):
    """What every case has."""

    @property
    def key(self) -> str:
        """The business key of the transaction."""
        ...

    @property
    def aggregate(self) -> str:
        """Whose transactions are handled one at a time."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a flow. Steps and their case fit each other by construction of the table below.

    How it is taken back, in one of three ways: undo: by its compensation; harmless: there is nothing to take
    back; final: not by the core, and this is what the operator is to do instead.
    """

    name: str
    act: Act
    undo: Act | None = None
    harmless: bool = False
    final: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """owner: who is asked when it is held; slo_minutes: from the fact to its last step.

    may_undo: asked before the first compensation, so that nothing is taken back by half; Refused with what is
    to be done instead. door: the step that lets money in, taken back before all others. version: grows
    whenever the steps change; earlier: the steps of older versions, by which a saga that was begun under one
    of them ends; rank: whose tasks go first where not all can.
    """

    name: str
    topic: Topic
    owner: str
    slo_minutes: int
    open: Callable[[Desk, str], Awaitable[Case]]
    steps: tuple[Step, ...]
    version: int = 1
    earlier: Mapping[int, tuple[Step, ...]] = field(default_factory=dict)
    may_undo: Act | None = None
    door: str = ""
    rank: Rank = Rank.BUSINESS

    def steps_of(self, version: int) -> tuple[Step, ...]:
        """The steps of a version, 0 for the present one. NewerVersion for one that is newer than this code:
        a newer worker has it next. Held for one that is no longer known."""
        if version in (0, self.version):
            return self.steps
        if version > self.version:
            raise NewerVersion(
                f"{self.name}: begun under version {version}, this worker knows {self.version}"
            )
        if version not in self.earlier:
            raise Held(
                f"{self.name}: version {version} is no longer known, only {self.version}; deploy a core that"
                " knows it, or do by hand what is left and skip",
                owner=self.owner,
            )
        return self.earlier[version]


def _final(remedy: str, *acts: Act) -> tuple[Step, ...]:
    """Money has moved, or another system's document stands: a person does the opposite where it belongs."""
    return tuple(Step(act.__name__, act, final=remedy) for act in acts)


def _undoable(act: Act, undo: Act) -> Step:
    return Step(act.__name__, act, undo)


def _harmless(*acts: Act) -> tuple[Step, ...]:
    """Nothing is to be taken back: a question, or a customer that may stay known."""
    return tuple(Step(act.__name__, act, harmless=True) for act in acts)


ORDER = Flow(
    "order_to_subscription", Topic.QUOTE_ACCEPTED, "sales operations", 60, cases.open_order,
    (
        *_harmless(
            validate_account.validate_account,
            estimate_tax,
            open_accounts.open_payment_customer,
            open_accounts.open_billing_account,
            open_accounts.open_ledger_customer,
        ),
        _undoable(place_order.place_order, place_order.withdraw_order),
        _undoable(place_order.activate_in_crm, place_order.withdraw_in_crm),
        _undoable(place_order.announce_order, place_order.announce_withdrawal),
    ),
)  # fmt: skip
_IN_BILLING = "cancel the draft in billing, or take back what came of it once it was posted"
_REFUND = "refund the payment at the processor; its refund is booked by its own flow"
_BY_OPPOSITE = "issue an invoice in billing over what was credited by mistake"
_PAY_AGAIN = "money that went back does not come again by itself: ask the customer to pay anew"
_BANK = "the payer's bank decides; book a correcting journal by hand if the amounts are wrong"
_JOURNAL = "what the bank has is not taken back; book a correcting journal by hand"
_PAY_BACK = "pay the transfer back from the bank; that is booked by its own flow"

FINALISE_INVOICE = Flow(
    "finalise_invoice", Topic.INVOICE_DRAFTED, "billing operations", 60, cases.open_invoice,
    (
        *_harmless(check_entity.check_entity),
        *_final(_IN_BILLING, finalise.tax_invoice, finalise.finalise_invoice),
    ),
)  # fmt: skip
FINALISE_CREDIT_NOTE = Flow(
    "finalise_credit_note", Topic.CREDIT_NOTE_DRAFTED, "billing operations", 60, cases.open_note,
    (
        *_harmless(check_entity.check_entity),
        *_final(_IN_BILLING, finalise.tax_credit_note, finalise.finalise_credit_note),
    ),
)  # fmt: skip
# A posted invoice is taken back by its opposite: billing reverses it, and the credit note that comes of that
# takes the tax, the receivable and the plans of revenue back in a flow of its own.
INVOICE = Flow(
    "invoice_to_ledger", Topic.INVOICE_FINALIZED, "accounts receivable", 240, cases.open_invoice,
    (
        *_harmless(post_receivable.commit_tax),
        _undoable(post_receivable.post_receivable, take_back.reverse_in_billing),
        # Nothing was used of what is on account, or `may_undo` refuses.
        *_harmless(apply_transfer.use_on_account, apply_transfer.book_on_account),
        # Before anything is asked of the customer: what cannot be collected is earned all the same.
        *_harmless(schedule_revenue.schedule_revenue),
        _undoable(request_payment.request_payment, take_back.withdraw_request),
        *_harmless(mirror_invoice.mirror_posted),
        _undoable(request_payment.announce_invoice, take_back.announce_taken_back),
    ),
    may_undo=take_back.may_take_back,
    door=request_payment.request_payment.__name__,
)  # fmt: skip
CREDIT_NOTE = Flow(
    "credit_note_to_ledger", Topic.CREDIT_NOTE_FINALIZED, "accounts receivable", 240, cases.open_note,
    _final(
        _BY_OPPOSITE,
        post_receivable.commit_credit_tax,
        post_receivable.post_credit,
        schedule_revenue.schedule_credit,
        given_back.end_credited,
        write_off.mirror_written_off,
    ),
)  # fmt: skip
PAYMENT = Flow(
    "payment_to_cash", Topic.PAYMENT_SETTLED, "payments operations", 240, cases.open_payment,
    _final(
        _REFUND,
        settle_payment.record_payment,
        settle_payment.post_receipt,
        mirror_invoice.mirror_paid,
        settle_payment.announce_receipt,
    ),
    rank=Rank.MONEY,
)  # fmt: skip
PAYMENT_FAILURE = Flow(
    "payment_failure", Topic.PAYMENT_FAILED, "payments operations", 240, cases.open_payment,
    _harmless(mirror_invoice.mirror_failed, settle_payment.announce_failure),
    rank=Rank.SHOWN,
)  # fmt: skip
REFUND = Flow(
    "refund_to_ledger", Topic.PAYMENT_REFUNDED, "accounts receivable", 480, cases.open_refund,
    _final(
        _PAY_AGAIN,
        settle_refund.credit_refund,
        settle_refund.return_tax,
        settle_refund.record_refund,
        settle_refund.post_refund_credit,
        settle_refund.end_refunded,
        settle_refund.post_refund,
        mirror_invoice.mirror_refunded,
    ),
    rank=Rank.MONEY,
)  # fmt: skip
REFUND_FAILURE = Flow(
    "refund_failure", Topic.REFUND_FAILED, "accounts receivable", 480, cases.open_refund,
    (*REFUND.steps, *_final(_JOURNAL, return_refund.post_refund_return)),
    rank=Rank.MONEY,
)  # fmt: skip
DISPUTE = Flow(
    "dispute_raised", Topic.DISPUTE_OPENED, "payments operations", 240, cases.open_dispute,
    _harmless(settle_dispute.alert_dispute, settle_dispute.flag_dispute),
)  # fmt: skip
DISPUTE_WITHDRAWAL = Flow(
    "dispute_to_ledger", Topic.DISPUTE_WITHDRAWN, "accounts receivable", 480, cases.open_dispute,
    _final(_BANK, settle_dispute.post_withdrawal, *return_debit.STEPS, settle_dispute.flag_dispute),
    rank=Rank.MONEY,
)  # fmt: skip
DISPUTE_OUTCOME = Flow(
    "dispute_outcome", Topic.DISPUTE_CLOSED, "accounts receivable", 480, cases.open_dispute,
    _final(
        _BANK,
        settle_dispute.post_withdrawal,
        *return_debit.STEPS,
        settle_dispute.post_outcome,
        settle_dispute.end_revenue,
        settle_dispute.flag_dispute,
    ),
    rank=Rank.MONEY,
)  # fmt: skip
PAYOUT = Flow(
    "payout_to_ledger", Topic.PAYOUT_PAID, "treasury", 1440, cases.open_payout,
    _final(_JOURNAL, post_payout.post_payout),
    rank=Rank.MONEY,
)  # fmt: skip
PAYOUT_FAILURE = Flow(
    "payout_failure", Topic.PAYOUT_FAILED, "treasury", 1440, cases.open_payout,
    _final(_JOURNAL, post_payout.post_payout, post_payout.post_payout_return),
    rank=Rank.MONEY,
)  # fmt: skip

TRANSFER = Flow(
    "transfer_to_cash", Topic.TRANSFER_RECEIVED, "accounts receivable", 480, cases.open_transfer,
    _final(
        _PAY_BACK,
        apply_transfer.record_transfer,
        apply_transfer.post_transfer,
        apply_transfer.ask_for_the_rest,
        apply_transfer.show_transfer,
    ),
    rank=Rank.MONEY,
)  # fmt: skip
PAID_BACK = Flow(
    "paid_back_to_ledger", Topic.TRANSFER_SENT, "treasury", 480, cases.open_paid_back,
    _final(_PAY_AGAIN, apply_transfer.return_on_account, apply_transfer.return_deposit),
    rank=Rank.MONEY,
)  # fmt: skip
USAGE = Flow(
    "usage_to_billing", Topic.USAGE_REPORTED, "billing operations", 240, cases.open_usage,
    _final("delete the record of use in billing before its bill run", meter_usage.meter_usage),
)  # fmt: skip

FLOWS: dict[str, Flow] = {
    flow.name: flow
    for flow in (
        ORDER,
        FINALISE_INVOICE,
        FINALISE_CREDIT_NOTE,
        INVOICE,
        CREDIT_NOTE,
        PAYMENT,
        PAYMENT_FAILURE,
        REFUND,
        REFUND_FAILURE,
        DISPUTE,
        DISPUTE_WITHDRAWAL,
        DISPUTE_OUTCOME,
        PAYOUT,
        USAGE,
        PAYOUT_FAILURE,
        TRANSFER,
        PAID_BACK,
    )
}
FLOW_OF: dict[Topic, Flow] = {flow.topic: flow for flow in FLOWS.values()}
