"""What an adapter does not understand it refuses: no figure is guessed past words that it has not read."""

from __future__ import annotations

import pytest

from scenarios.oracle.case import Case
from scenarios.oracle.index import TOPICS
from scenarios.oracle.judge import NOT_APPLICABLE, PASSED, judge


def put(topic, inputs, wanted, convention=""):
    shape = {key: [None] * len(value) if isinstance(value, list) else None for key, value in wanted.items()}
    asked = Case("OWN-1", topic, "own", convention, "half_up, 2 dp", inputs, shape, wanted)
    return judge(asked, TOPICS)


DOWNGRADE = {
    "old_price": "100.00",
    "new_price": "40.00",
    "period": ["2024-03-01", "2024-04-01"],
    "downgrade_at": "2024-03-12",
}
CANCEL = {"period": ["2024-05-01", "2024-06-01"], "paid_in_advance": "31.00", "cancel_at": "2024-05-11"}
SERVED = {"invoice": "6.00", "service": ["2024-01-01", "2024-03-01"]}
LINES = [{"start": "2024-10-01", "monthly_price": "100"}, {"start": "2024-07-01", "monthly_price": "40"}]
ACTUAL = [{"type": "actual", "amount": "9"}]
STACK = [{"pct": "10"}, {"pct": "5", "on_the_moon": True}]
EVENTS = {"rate_pct": "2", "events": ["20", "1000"]}
YEARS = {"amount": "24000", "service": ["2026-01-01", "2028-01-01"], "basis": "months"}
FEES = {"amount": "9", "pct": "2.9", "fixed": "0.18"}
REPEATS = {"invoices": ["5", "5"], "coupon": {"amount": "1", "frequency": "recurring"}}
PAID = {"invoice": "10", "events": [{"pay": "10"}, {"refund": "3"}]}
MARKETS = {
    "thresholds": {"OH": {"sales": "100", "rule": "sales"}},
    "activity": {"OH": {"sales": "120", "marketplace_sales": "30"}},
}
STATES = {
    "thresholds": {"OH": {"sales": "100000", "transactions": 200, "rule": "or"}},
    "activity": {"OH": {"sales": "100000.01", "transactions": 1}},
}


@pytest.mark.parametrize(
    ("topic", "inputs", "wanted", "convention", "names"),
    [
        ("proration", DOWNGRADE, {"credit": "0"}, "takes effect at the end of the period", "waits"),
        ("proration", {**CANCEL, "policy": "end_of_term"}, {"repair": "0"}, "", "waits"),
        ("credit_notes", SERVED, {"revenue": ["3", "3"]}, "in equal parts", "equal"),
        ("credit_notes", SERVED, {"left_to_bill": "6"}, "", "left_to_bill"),
        ("proration", {"subscriptions": LINES}, {"months": ["3", "6"]}, "", "months"),
        ("proration", {"paid": "90", "unused": "10", "cases": [{"to": "5"}]}, {"credit": "1"}, "", ""),
        ("commitment_prepaid", {"commitment": "100", "spent": "40"}, {"true_up": "60"}, "", "fees"),
        ("tax_rounding", {"base": "100", "taxes": STACK}, {"taxes": ["10", "5"]}, "", "on_the_moon"),
        ("tax_rounding", {"net": "100", "taxes": ACTUAL}, {"tax": "9"}, "", "actual"),
        ("usage_rating", {**EVENTS, "max_spend": "15"}, {"amount": "15"}, "", "max_spend"),
        ("tax_nexus", STATES, {"tax": "57.50"}, "", "tax"),
        ("proration", {**CANCEL, "month": "May"}, {"next_invoice": "31"}, "", "next_invoice"),
        ("deferral", YEARS, {"current_portion_2026-01": "12000"}, "", "portion"),
        ("payout_reconciliation", {**FEES, "refund": "9"}, {"net": "-0.44"}, "", "refund"),
        ("payout_reconciliation", {**FEES, "desired_net": "9"}, {"charge": "9.46"}, "", "desired_net"),
        ("coupons_discounts", REPEATS, {"discounts": ["1", "1"]}, "", "how many bills"),
        ("tax_nexus", MARKETS, {"nexus": True}, "", "marketplace"),
        ("tax_rounding", {"net": "30", "charges": ACTUAL}, {"total": "39"}, "", "charges"),
        ("commitment_prepaid", {"wallet": "50", "spent": "20"}, {"credit_used": "20"}, "", "draws"),
        ("commitment_prepaid", {"thresholds": ["50"], "spent": "60"}, {"invoices": ["60"]}, "", "usage"),
        ("refunds_disputes_bad_debt", PAID, {"amount_charged": "7"}, "", "amount_charged"),
        ("unbilled_contract_asset", {"delivered_at": "once"}, {"unbilled": "1"}, "", "delivered_at"),
    ],
)  # fmt: skip
def test_words_that_are_not_read_are_refused(topic, inputs, wanted, convention, names):
    result = put(topic, inputs, wanted, convention)
    assert result.state == NOT_APPLICABLE
    assert names in result.reason


@pytest.mark.parametrize(
    ("topic", "inputs", "wanted", "convention"),
    [
        ("proration", DOWNGRADE, {"net": "-38.71"}, "the change day is on the new plan"),
        ("co_termination", {"end": "2025-01-01", "lines": LINES}, {"months": ["3", "6"]}, ""),
        ("commitment_prepaid", {"commitment": "100", "usage": "40"}, {"true_up": "60"}, ""),
        ("tax_rounding", {"base": "100", "taxes": [{"pct": "10"}, {"pct": "5"}]}, {"taxes": ["10", "5"]}, ""),
        ("usage_rating", {**EVENTS, "max_per_event": "15"}, {"amount": "15.40"}, ""),
    ],
)
def test_the_same_words_without_what_is_not_read_are_answered(topic, inputs, wanted, convention):
    assert put(topic, inputs, wanted, convention).state == PASSED
