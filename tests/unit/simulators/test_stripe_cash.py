"""Customers' cash: nothing is lost or made, whatever is sent, applied, canceled, sent back or taken back."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.stripe.rules.reconciling import Claim, planned
from tests.unit.simulators.stripe_client import Sandbox

CLAIMS = st.lists(
    st.builds(Claim, st.uuids().map(str), st.integers(1, 900), st.integers(0, 9), st.just(""), st.booleans()),
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(CLAIMS, st.integers(1, 3_000), st.integers(0, 3_000))
def test_a_plan_pays_what_is_there_and_no_invoice_in_part(claims: list[Claim], cash: int, sent: int) -> None:
    plan = planned(claims, cash, min(sent, cash))
    by_intent = {c.intent: c for c in claims}
    paid = dict(plan)
    assert len(paid) == len(plan)
    assert sum(paid.values()) <= cash
    for intent, amount in plan:
        claim = by_intent[intent]
        assert 0 < amount <= claim.left
        assert amount == claim.left or not claim.invoice
    left = cash - sum(paid.values())
    waiting = [c for c in claims if paid.get(c.intent, 0) < c.left]
    # Nothing that could still be paid is left waiting.
    assert not [c for c in waiting if left and (not c.invoice or c.left <= left)]


def test_the_smallest_group_with_most_invoices_then_the_oldest() -> None:
    old, young = Claim("pi_old", 300, 1, ""), Claim("pi_young", 300, 2, "")
    bill, rest = Claim("pi_bill", 300, 3, "INV-1", True), Claim("pi_rest", 200, 0, "")
    assert planned([old, young, rest], 300, 300) == [("pi_old", 300)]
    assert planned([old, young, rest, bill], 300, 300) == [("pi_bill", 300)]
    assert planned([young, rest, old], 500, 500) == [("pi_rest", 200), ("pi_old", 300)]
    assert planned([old, bill], 300, 300, "INV-1") == [("pi_bill", 300)]
    assert planned([old, bill], 299, 299, "for INV-1") == []


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["ask", "send", "apply", "cancel", "change", "return", "expire", "reverse", "manual"]
        ),
        st.integers(0, 7),
        st.integers(50, 9_000),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(ACTS)
def test_cash_is_conserved(acts: list[tuple[str, int, int]]) -> None:
    box = Sandbox()
    customer = box.post("/v1/customers", {"email": "a@example.com"}).json["id"]
    rules = box.rules.test

    def pick(rows: Any, at: int) -> str:
        ids = [row.id for row in rows]
        return ids[at % len(ids)] if ids else "none"

    for act, at, amount in acts:
        intent = pick(rules.intents.shelf, at)
        here, money = f"/v1/customers/{customer}", {"amount": amount, "currency": "usd"}
        refund = {**money, "origin": "customer_balance", "customer": customer}
        calls: dict[str, tuple[str, Any]] = {
            "ask": (
                "/v1/payment_intents",
                {
                    **money, "customer": customer, "confirm": True,
                    "payment_method_types": ["customer_balance"],
                    "payment_method_data": {"type": "customer_balance"},
                },
            ),
            "send": (f"/v1/test_helpers/customers/{customer}/fund_cash_balance", money),
            "apply": (f"/v1/payment_intents/{intent}/apply_customer_balance", {}),
            "cancel": (f"/v1/payment_intents/{intent}/cancel", {}),
            "change": (f"/v1/payment_intents/{intent}", {"amount": amount}),
            "return": ("/v1/refunds", refund),
            "expire": (f"/v1/test_helpers/refunds/{pick(rules.refunds.shelf, at)}/expire", {}),
            "manual": (f"{here}/cash_balance", {"settings": {"reconciliation_mode": "manual"}}),
        }  # fmt: skip
        if act == "reverse":
            gone = {e.linked for e in rules.cash.shelf if e.type == "funding_reversed"}
            came = [e for e in rules.cash.shelf if e.type == "funded" and e.id not in gone]
            if came:
                rules.intents.funding.reverse(came.pop())
        else:
            path, form = calls[act]
            assert box.post(path, form).status in (200, 400, 404)
        entries = list(rules.cash.shelf)
        cash = rules.cash.available(customer, "usd")
        assert cash == sum(e.amount for e in entries) == (entries[-1].ending if entries else 0)
        assert cash >= 0
        applied = -sum(
            e.amount for e in entries if e.type in ("applied_to_payment", "unapplied_from_payment")
        )
        received = sum(i.received + i.funded for i in rules.intents.shelf)
        assert applied == received
        for i in rules.intents.shelf:
            assert i.funded == 0 or (i.status == "requires_action" and i.funded < i.amount)
