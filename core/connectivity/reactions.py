"""Who reacts to what: the choreography of the event-driven model, one consumer a line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from core.canonical.events import Topic
from core.canonical.facts import SUBSCRIPTION_TOPICS
from core.connectivity.flows import Case
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
    validate_account,
    write_off,
)
from core.steps.estimate_tax import estimate_tax

# Topics that only the core's own consumers speak of.
ACCOUNT_READY, PAYMENT_RECORDED, REFUND_CREDITED = "account_ready", "payment_recorded", "refund_credited"
# Revenue waits for these: of what the ledger has not taken nothing is to be recognised.
RECEIVABLE_POSTED, CREDIT_POSTED = "receivable_posted", "credit_posted"
ON_ACCOUNT_USED, TRANSFER_RECORDED, PAID_BACK_RECORDED = "on_account_used", "transfer_recorded", "paid_back"


def subscription_topic(case: Any) -> str:
    """What an order that was placed is announced as."""
    return SUBSCRIPTION_TOPICS[case.order.kind]


@dataclass(frozen=True, slots=True)
class Reaction:
    """A consumer: on any of its topics it opens the case, acts, and says so on another topic.

    group: consumers of a group may work on what one of them has just read; without one, those of the
    same topics. rank: whose tasks go first where not all can.
    """

    consumer: str
    topics: tuple[str, ...]
    owner: str
    open: Callable[[Desk, str], Awaitable[Case]]
    acts: tuple[Callable[[Desk, Any], Awaitable[None]], ...]
    emits: Callable[[Any], str] | None = None
    group: str = ""
    rank: Rank = Rank.BUSINESS


_SUBSCRIPTIONS = tuple(dict.fromkeys(SUBSCRIPTION_TOPICS.values()))
_SALES, _AR, _PAY = "sales operations", "accounts receivable", "payments operations"

REACTIONS: tuple[Reaction, ...] = (
    Reaction("accounts", (Topic.QUOTE_ACCEPTED,), _SALES, cases.open_order,
             (validate_account.validate_account, estimate_tax, open_accounts.open_payment_customer,
              open_accounts.open_billing_account, open_accounts.open_ledger_customer),
             lambda _: ACCOUNT_READY),
    Reaction("subscriptions", (ACCOUNT_READY,), _SALES, cases.open_order, (place_order.place_order,),
             subscription_topic),
    Reaction("crm_orders", _SUBSCRIPTIONS, _SALES, cases.open_order,
             (place_order.activate_in_crm, place_order.announce_order)),
    Reaction("invoice_finaliser", (Topic.INVOICE_DRAFTED,), "billing operations", cases.open_invoice,
             (check_entity.check_entity, finalise.tax_invoice, finalise.finalise_invoice)),
    Reaction("credit_note_finaliser", (Topic.CREDIT_NOTE_DRAFTED,), "billing operations", cases.open_note,
             (check_entity.check_entity, finalise.tax_credit_note, finalise.finalise_credit_note)),
    Reaction("tax_of_invoices", (Topic.INVOICE_FINALIZED,), "tax", cases.open_invoice,
             (post_receivable.commit_tax,)),
    Reaction("receivables", (Topic.INVOICE_FINALIZED,), _AR, cases.open_invoice,
             (post_receivable.post_receivable,), lambda _: RECEIVABLE_POSTED),
    Reaction("collections", (Topic.INVOICE_FINALIZED,), _PAY, cases.open_invoice,
             (apply_transfer.use_on_account, request_payment.request_payment,
              request_payment.announce_invoice), lambda _: ON_ACCOUNT_USED),
    Reaction("on_account_in_ledger", (ON_ACCOUNT_USED,), _AR, cases.open_invoice,
             (apply_transfer.book_on_account, mirror_invoice.mirror_posted)),
    Reaction("transfers", (Topic.TRANSFER_RECEIVED,), _AR, cases.open_transfer,
             (apply_transfer.record_transfer, apply_transfer.ask_for_the_rest),
             lambda _: TRANSFER_RECORDED, rank=Rank.MONEY),
    Reaction("transfers_in_ledger", (TRANSFER_RECORDED,), _AR, cases.open_transfer,
             (apply_transfer.post_transfer,), rank=Rank.MONEY),
    Reaction("crm_transfers", (TRANSFER_RECORDED,), _SALES, cases.open_transfer,
             (apply_transfer.show_transfer,), rank=Rank.SHOWN),
    Reaction("paid_back", (Topic.TRANSFER_SENT,), "treasury", cases.open_paid_back,
             (apply_transfer.return_on_account,), lambda _: PAID_BACK_RECORDED, rank=Rank.MONEY),
    Reaction("paid_back_in_ledger", (PAID_BACK_RECORDED,), "treasury", cases.open_paid_back,
             (apply_transfer.return_deposit,), rank=Rank.MONEY),
    Reaction("crm_invoices", (Topic.INVOICE_FINALIZED,), _SALES, cases.open_invoice,
             (mirror_invoice.mirror_posted,), rank=Rank.SHOWN),
    Reaction("revenue", (RECEIVABLE_POSTED,), "revenue accounting", cases.open_invoice,
             (schedule_revenue.schedule_revenue,)),
    Reaction("tax_of_credits", (Topic.CREDIT_NOTE_FINALIZED,), "tax", cases.open_note,
             (post_receivable.commit_credit_tax,)),
    Reaction("credits", (Topic.CREDIT_NOTE_FINALIZED,), _AR, cases.open_note,
             (post_receivable.post_credit,), lambda _: CREDIT_POSTED),
    Reaction("revenue_of_credits", (CREDIT_POSTED,), "revenue accounting", cases.open_note,
             (schedule_revenue.schedule_credit, given_back.end_credited, write_off.mirror_written_off)),
    Reaction("payments_in_billing", (Topic.PAYMENT_SETTLED,), _PAY, cases.open_payment,
             (settle_payment.record_payment,), lambda _: PAYMENT_RECORDED, group="payment", rank=Rank.MONEY),
    Reaction("receipts", (Topic.PAYMENT_SETTLED,), _AR, cases.open_payment, (settle_payment.post_receipt,),
             group="payment", rank=Rank.MONEY),
    Reaction("crm_payments", (PAYMENT_RECORDED,), _SALES, cases.open_payment,
             (mirror_invoice.mirror_paid, settle_payment.announce_receipt), group="payment", rank=Rank.SHOWN),
    Reaction("crm_failures", (Topic.PAYMENT_FAILED,), _SALES, cases.open_payment,
             (mirror_invoice.mirror_failed, settle_payment.announce_failure), rank=Rank.SHOWN),
    Reaction("refund_credits", (Topic.PAYMENT_REFUNDED,), _AR, cases.open_refund,
             (settle_refund.credit_refund, settle_refund.return_tax, settle_refund.record_refund),
             lambda _: REFUND_CREDITED, rank=Rank.MONEY),
    Reaction("refunds_in_ledger", (REFUND_CREDITED,), _AR, cases.open_refund,
             (settle_refund.post_refund_credit, settle_refund.end_refunded, settle_refund.post_refund),
             rank=Rank.MONEY),
    Reaction("crm_refunds", (REFUND_CREDITED,), _SALES, cases.open_refund, (mirror_invoice.mirror_refunded,),
             rank=Rank.SHOWN),
    Reaction("usage", (Topic.USAGE_REPORTED,), "billing operations", cases.open_usage,
             (meter_usage.meter_usage,)),
    Reaction("refund_failures", (Topic.REFUND_FAILED,), _AR, cases.open_refund,
             (settle_refund.credit_refund, settle_refund.return_tax, settle_refund.record_refund,
              settle_refund.post_refund_credit, settle_refund.end_refunded, settle_refund.post_refund,
              mirror_invoice.mirror_refunded,
              return_refund.post_refund_return), rank=Rank.MONEY),
    Reaction("dispute_desk", (Topic.DISPUTE_OPENED,), _PAY, cases.open_dispute,
             (settle_dispute.alert_dispute, settle_dispute.flag_dispute)),
    Reaction("disputes", (Topic.DISPUTE_WITHDRAWN,), _AR, cases.open_dispute,
             (settle_dispute.post_withdrawal, *return_debit.STEPS, settle_dispute.flag_dispute),
             rank=Rank.MONEY),
    Reaction("dispute_outcomes", (Topic.DISPUTE_CLOSED,), _AR, cases.open_dispute,
             (settle_dispute.post_withdrawal, *return_debit.STEPS, settle_dispute.post_outcome,
              settle_dispute.end_revenue, settle_dispute.flag_dispute), rank=Rank.MONEY),
    Reaction("payouts", (Topic.PAYOUT_PAID,), "treasury", cases.open_payout, (post_payout.post_payout,),
             rank=Rank.MONEY),
    Reaction("payout_failures", (Topic.PAYOUT_FAILED,), "treasury", cases.open_payout,
             (post_payout.post_payout, post_payout.post_payout_return), rank=Rank.MONEY),
)  # fmt: skip
