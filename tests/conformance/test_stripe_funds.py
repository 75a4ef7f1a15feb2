"""The balance, its transactions and payouts through Stripe's own SDK."""

from __future__ import annotations

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import client, disturb, old_style, paid, pass_time


def test_money_is_pending_then_available_then_paid_out(lab: Sandboxes) -> None:
    sdk = client(lab)
    paid(sdk)
    balance = sdk.v1.balance.retrieve()
    assert (balance.object, balance.livemode) == ("balance", False)
    assert (balance.available[0].amount, balance.pending[0].amount) == (0, 9_680)
    assert balance.pending[0].currency == "usd"
    refund = sdk.v1.refunds.create({"payment_intent": paid(sdk).id, "amount": 3_000})
    pass_time(lab, 5)
    payouts = sdk.v1.payouts.list().data
    assert [p.automatic for p in payouts] == [True]
    payout = payouts[0]
    assert payout.amount == 2 * 9_680 - 3_000
    entries = list(sdk.v1.balance_transactions.list({"payout": payout.id, "limit": 2}).auto_paging_iter())
    assert sum(e.net for e in entries if e.type != "payout") == payout.amount
    assert sum(e.net for e in entries) == 0
    assert {str(e.source) for e in entries} >= {refund.id, payout.id}
    assert [e.amount for e in sdk.v1.balance_transactions.list({"source": refund.id}).data] == [-3_000]
    pass_time(lab, 3)
    got = sdk.v1.payouts.retrieve(payout.id, {"expand": ["balance_transaction", "destination"]})
    assert (got.status, got.reconciliation_status) == ("paid", "completed")
    assert got.balance_transaction.amount == -payout.amount  # type: ignore[union-attr]
    assert got.destination.object == "bank_account"  # type: ignore[union-attr]
    assert sdk.v1.balance.retrieve().available[0].amount == 0


def test_a_lost_dispute_is_part_of_a_payout(lab: Sandboxes) -> None:
    sdk = client(lab)
    for _ in range(3):
        paid(sdk)
    paid(sdk, "pm_card_createDispute")
    pass_time(lab, 6)
    payouts = sdk.v1.payouts.list().data
    total = 0
    for payout in payouts:
        entries = sdk.v1.balance_transactions.list({"payout": payout.id, "limit": 100}).data
        assert sum(e.net for e in entries) == 0
        total += payout.amount
    assert total == 4 * 9_680 - 11_500


def test_filters_of_balance_transactions(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = paid(sdk)
    sdk.v1.refunds.create({"payment_intent": intent.id})
    paid(sdk, currency="eur")
    entries = sdk.v1.balance_transactions
    assert [e.type for e in entries.list({"type": "refund"}).data] == ["refund"]
    assert [e.currency for e in entries.list({"currency": "eur"}).data] == ["eur"]
    assert len(entries.list({"source": intent.latest_charge.id}).data) == 1
    assert len(entries.list({"type": "charge", "created": {"gte": intent.created - 60}}).data) == 2
    expanded = entries.list({"limit": 1, "type": "refund", "expand": ["data.source.charge"]}).data[0]
    assert expanded.source.charge.id == intent.latest_charge.id  # type: ignore[union-attr]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        entries.retrieve("txn_no")
    assert refused.value.http_status == 404


def test_a_card_that_bypasses_pending(lab: Sandboxes) -> None:
    sdk = client(lab)
    paid(sdk, "pm_card_bypassPending")
    balance = sdk.v1.balance.retrieve()
    assert (balance.available[0].amount, balance.pending[0].amount) == (9_680, 0)


def test_payouts_by_hand(lab: Sandboxes) -> None:
    sdk = client(lab)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payouts.create({"amount": 100, "currency": "usd"})
    assert refused.value.code == "balance_insufficient"
    paid(sdk, "pm_card_bypassPending")
    made = sdk.v1.payouts.create({"amount": 1_000, "currency": "usd", "metadata": {"a": "b"}})
    assert (made.status, made.automatic, made.type) == ("pending", False, "bank_account")
    assert sdk.v1.balance.retrieve().available[0].amount == 8_680
    with pytest.raises(stripe.InvalidRequestError, match="automatic transfers"):
        sdk.v1.balance_transactions.list({"payout": made.id})
    gone = sdk.v1.payouts.cancel(made.id)
    assert gone.status == "canceled"
    assert sdk.v1.balance.retrieve().available[0].amount == 9_680
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payouts.cancel(made.id)
    other = sdk.v1.payouts.create({"amount": 2_000, "currency": "usd"})
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payouts.reverse(other.id)
    pass_time(lab, 3)
    assert sdk.v1.payouts.retrieve(other.id).status == "paid"
    back = sdk.v1.payouts.reverse(other.id)
    assert (back.original_payout, back.amount) == (other.id, -2_000)
    assert sdk.v1.payouts.retrieve(other.id).reversed_by == back.id
    assert [p.id for p in sdk.v1.payouts.list({"status": "canceled"}).data] == [made.id]


def test_an_instant_payout_is_there_soon(lab: Sandboxes) -> None:
    sdk = client(lab)
    paid(sdk, "pm_card_bypassPending")
    made = sdk.v1.payouts.create({"amount": 1_000, "currency": "usd", "method": "instant"})
    assert made.method == "instant"
    pass_time(lab, 0.05)
    assert sdk.v1.payouts.retrieve(made.id).status == "paid"


def test_a_payout_that_the_bank_refuses(lab: Sandboxes) -> None:
    sdk = client(lab)
    paid(sdk, "pm_card_bypassPending")
    made = sdk.v1.payouts.create({"amount": 1_000, "currency": "usd"})
    disturb(lab, "fail_payout", payout=made.id, code="account_closed")
    got = sdk.v1.payouts.retrieve(made.id)
    assert (got.status, got.failure_code) == ("failed", "account_closed")
    entry = sdk.v1.balance_transactions.retrieve(str(got.failure_balance_transaction))
    assert (entry.type, entry.amount) == ("payout_failure", 1_000)
    assert "payout.failed" in [e.type for e in sdk.v1.events.list().data]


def test_the_old_style_does_the_same(lab: Sandboxes) -> None:
    paid(client(lab), "pm_card_bypassPending")
    with old_style(lab) as module:
        assert module.Balance.retrieve().available[0].amount == 9_680
        payout = module.Payout.create(amount=100, currency="usd")
        assert module.Payout.modify(payout.id, metadata={"a": "b"}).metadata["a"] == "b"
        assert payout.cancel().status == "canceled"
        assert module.BalanceTransaction.list(limit=1).data[0].type == "payout_cancel"


def test_a_payout_by_hand_is_part_of_the_next_automatic_one(lab: Sandboxes) -> None:
    sdk = client(lab)
    paid(sdk, "pm_card_bypassPending")
    sdk.v1.payouts.create({"amount": 1_000, "currency": "usd"})
    pass_time(lab, 2)
    [automatic] = [p for p in sdk.v1.payouts.list().data if p.automatic]
    assert automatic.amount == 8_680
    entries = sdk.v1.balance_transactions.list({"payout": automatic.id}).data
    assert sorted(e.net for e in entries) == [-8_680, -1_000, 9_680]
