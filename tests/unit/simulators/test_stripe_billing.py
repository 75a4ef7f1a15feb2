"""Billing's arithmetic, and its laws under whatever is done to a subscription."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.stripe.rules.billing.calendar import boundary_after, moment, second, step
from simulators.stripe.rules.billing.catalog_records import TaxRate
from simulators.stripe.rules.billing.rating import rounded
from simulators.stripe.rules.billing.totals import split, taxed
from tests.unit.simulators.stripe_client import Sandbox

START = 1_767_225_600  # 2026-01-01T00:00:00Z
DAY = 86_400


def utc(text: str) -> int:
    return second(moment(0).fromisoformat(f"{text}T00:00:00+00:00"))


@pytest.mark.parametrize(
    ("anchor", "interval", "count", "times", "expected"),
    [
        ("2026-01-31", "month", 1, 1, "2026-02-28"),
        ("2026-01-31", "month", 1, 2, "2026-03-31"),
        ("2024-01-31", "month", 1, 1, "2024-02-29"),
        ("2024-02-29", "year", 1, 1, "2025-02-28"),
        ("2024-02-29", "year", 1, 4, "2028-02-29"),
        ("2026-11-30", "month", 3, 1, "2027-02-28"),
        ("2026-01-01", "week", 2, 1, "2026-01-15"),
    ],
)
def test_steps(anchor: str, interval: str, count: int, times: int, expected: str) -> None:
    assert step(utc(anchor), interval, count, times) == utc(expected)


@given(
    st.integers(0, 4_000_000_000),
    st.sampled_from(["day", "week", "month", "year"]),
    st.integers(1, 3),
    st.integers(0, 300_000_000),
)
def test_a_boundary_is_the_first_after_now(anchor: int, interval: str, count: int, after: int) -> None:
    now = anchor + after
    end = boundary_after(anchor, interval, count, now)
    assert end > now
    n = 0
    while step(anchor, interval, count, n) <= now:
        n += 1 if after < 40_000_000 or interval in ("month", "year") else 50
    assert end <= step(anchor, interval, count, n)


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_credit_and_debit_of_the_same_time_cancel(amount: int, seconds: int) -> None:
    share = Fraction(amount * seconds, 2_678_400)
    assert rounded(share) == -rounded(-share)


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_splitting_loses_nothing(amount: int, weights: list[int]) -> None:
    shares = split(amount, weights)
    assert sum(shares) == (amount if sum(weights) else 0)


def rate(percentage: str, inclusive: bool) -> TaxRate:
    return TaxRate(f"txr_{percentage}", 0, False, "Tax", inclusive, Decimal(percentage))


@given(
    st.integers(-(10**7), 10**7),
    st.lists(st.sampled_from(["5", "7.25", "19", "20"]), max_size=3, unique=True),
)
def test_inclusive_taxes_stay_within(net: int, percentages: list[str]) -> None:
    rates = [rate(p, True) for p in percentages]
    taxes = taxed(net, rates)
    whole = sum(Fraction(r.percentage) for r in rates)
    assert sum(t.amount for t in taxes) == rounded(Fraction(net) - Fraction(net) * 100 / (100 + whole))


class Firm:
    """A customer on a test clock with a price or two."""

    def __init__(self) -> None:
        self.box = Sandbox()
        self.clock = self.post("test_helpers/test_clocks", {"frozen_time": START})["id"]
        self.now = START
        self.customer = self.post("customers", {"name": "Ada", "test_clock": self.clock})["id"]
        self.card("pm_card_visa")
        self.prices = [self.price(amount) for amount in (2000, 3150, 777)]
        self.sub = self.post(
            "subscriptions", {"customer": self.customer, "items": [{"price": self.prices[0]}]}
        )["id"]

    def post(self, path: str, form: Any = None, *, may_fail: bool = False) -> Any:
        answer = self.box.post(f"/v1/{path}", form or {})
        assert may_fail or answer.status == 200, answer.json
        assert answer.status < 500
        return answer.json

    def get(self, path: str, form: Any = None) -> Any:
        answer = self.box.get(f"/v1/{path}", form or {})
        assert answer.status == 200, answer.json
        return answer.json

    def price(self, amount: int) -> str:
        wish = {
            "currency": "usd",
            "unit_amount": amount,
            "product_data": {"name": "P"},
            "recurring": {"interval": "month"},
        }
        return str(self.post("prices", wish)["id"])

    def card(self, card: str) -> None:
        method = self.post(f"payment_methods/{card}/attach", {"customer": self.customer})["id"]
        settings_ = {"invoice_settings": {"default_payment_method": method}}
        self.post(f"customers/{self.customer}", settings_)

    def advance(self, days: int) -> None:
        self.now += days * DAY
        self.post(f"test_helpers/test_clocks/{self.clock}/advance", {"frozen_time": self.now})
        assert self.get(f"test_helpers/test_clocks/{self.clock}")["status"] == "ready"

    def item(self) -> str:
        return str(self.get(f"subscriptions/{self.sub}")["items"]["data"][0]["id"])

    def change(self, **wish: Any) -> None:
        self.post(f"subscriptions/{self.sub}", wish, may_fail=True)

    def laws(self) -> None:
        """What always holds."""
        mode = self.box.rules.test
        for invoice in mode.billing.invoices.shelf:
            lines = sum(
                line.net + sum(t.amount for t in line.taxes if not t.rate.inclusive) for line in invoice.lines
            )
            assert invoice.total == lines
            if invoice.status == "paid":
                assert invoice.remaining == 0
            paid = sum(p.paid or 0 for p in invoice.payments if p.status == "paid")
            assert invoice.paid == paid + invoice.paid_off_stripe
            if invoice.finalized_at:
                assert (
                    invoice.due + invoice.prepaid
                    == invoice.total + invoice.starting_balance - invoice.ending_balance
                )
        owner = mode.customers.shelf.get(self.customer)
        assert owner.balance == sum(e.amount for e in mode.credit.shelf)
        charged = sum(c.amount for c in mode.charges.shelf if c.status == "succeeded")
        assert charged == sum(i.paid - i.paid_off_stripe for i in mode.billing.invoices.shelf)
        for sub in mode.billing.subscriptions.shelf:
            assert sub.items
            assert all(i.period[0] < i.period[1] for i in sub.items)
            if sub.status in ("active", "past_due") and not sub.pause:
                assert sub.period[1] > self.now


ACTS = st.one_of(
    st.tuples(st.just("advance"), st.integers(1, 25)),
    st.tuples(
        st.just("quantity"),
        st.integers(1, 6),
        st.sampled_from(["create_prorations", "always_invoice", "none"]),
    ),
    st.tuples(st.just("price"), st.integers(0, 2), st.sampled_from(["create_prorations", "always_invoice"])),
    st.tuples(st.just("card"), st.sampled_from(["pm_card_visa", "pm_card_chargeCustomerFail"])),
    st.tuples(st.just("anchor")),
    st.tuples(st.just("ending"), st.booleans()),
    st.tuples(st.just("credit"), st.integers(-3000, 3000)),
    st.tuples(st.just("pause"), st.sampled_from(["keep_as_draft", "void", "mark_uncollectible", ""])),
    st.tuples(st.just("pay")),
    st.tuples(st.just("trial"), st.integers(1, 20)),
)


def act(firm: Firm, name: str, *args: Any) -> None:
    if name == "advance":
        firm.advance(*args)
    elif name == "quantity":
        firm.change(items=[{"id": firm.item(), "quantity": args[0]}], proration_behavior=args[1])
    elif name == "price":
        firm.change(items=[{"id": firm.item(), "price": firm.prices[args[0]]}], proration_behavior=args[1])
    elif name == "card":
        firm.card(args[0])
    elif name == "anchor":
        firm.change(billing_cycle_anchor={"type": "now"})
    elif name == "ending":
        firm.change(cancel_at_period_end=args[0])
    elif name == "credit" and args[0]:
        firm.post(f"customers/{firm.customer}/balance_transactions", {"amount": args[0], "currency": "usd"})
    elif name == "pause":
        firm.change(pause_collection={"behavior": args[0]} if args[0] else "")
    elif name == "pay":
        invoice = firm.get(f"subscriptions/{firm.sub}")["latest_invoice"]
        firm.post(f"invoices/{invoice}/pay", {}, may_fail=True)
    elif name == "trial":
        firm.change(trial_end=firm.now + args[0] * DAY)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACTS, max_size=14))
def test_the_laws_hold_whatever_is_done(acts: list[tuple[Any, ...]]) -> None:
    firm = Firm()
    firm.laws()
    for one in acts:
        act(firm, *one)
        firm.laws()


def test_billing_can_be_kept_and_brought_back() -> None:
    firm = Firm()
    firm.box.mock.adopt(firm.box.mock.snapshot()) if hasattr(firm.box.mock, "adopt") else None
    firm.advance(20)
    timeline = firm.box.rules.test.billing.clocks.shelf.get(firm.clock).timeline
    kept = pickle.loads(pickle.dumps([(due.at, due.count) for due in timeline._heap]))
    assert kept


def test_a_subscription_updated_twice_in_a_period_credits_what_is_pending() -> None:
    firm = Firm()
    firm.advance(10)
    firm.change(items=[{"id": firm.item(), "quantity": 2}])
    firm.advance(10)
    firm.change(items=[{"id": firm.item(), "quantity": 1}])
    pending = firm.get("invoiceitems", {"customer": firm.customer, "pending": True})["data"]
    # Between the two changes two were had for ten of 31 days: one more than was paid for.
    extra = rounded(Fraction(2000 * 10, 31))
    assert abs(sum(p["amount"] for p in pending) - extra) <= 2


def test_idempotency_covers_billing() -> None:
    firm = Firm()
    wish = {"customer": firm.customer, "items": [{"price": firm.prices[1]}]}
    one = firm.box.post("/v1/subscriptions", wish, idem="k1")
    two = firm.box.post("/v1/subscriptions", wish, idem="k1")
    assert one.json["id"] == two.json["id"]
    assert two.headers["idempotent-replayed"] == "true"
    assert len(firm.get("subscriptions", {"customer": firm.customer})["data"]) == 2


def test_a_read_only_key_may_not_write_billing() -> None:
    firm = Firm()
    refused = firm.box.post("/v1/products", {"name": "x"}, key="rk_test_tieout_readonly")
    assert refused.status == 403


FAR = 10**17


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("test_helpers/test_clocks", {"frozen_time": FAR}),
        ("subscriptions", {"trial_end": FAR}),
        ("subscriptions", {"backdate_start_date": -FAR}),
        ("subscriptions", {"billing_cycle_anchor": FAR}),
        ("subscriptions", {"billing_cycle_anchor": -FAR}),
        ("subscriptions", {"items": [{"price": "", "quantity": 1}]}),
        ("subscriptions", {"quantity": 10**12}),
        ("subscriptions", {"cancel_at": -1}),
        ("subscriptions", {"trial_period_days": 10**9}),
        ("subscription_schedules", {"start_date": FAR, "phases": [{"items": [{}]}]}),
        ("prices", {"currency": "usd", "unit_amount_decimal": "1e999999", "product_data": {"name": "x"}}),
        ("prices", {"currency": "nope", "unit_amount": 1, "product_data": {"name": "x"}}),
        ("invoices", {"automatic_tax": {"enabled": True}}),
        ("invoiceitems", {"amount": "12.5", "currency": "usd"}),
        ("credit_notes", {"invoice": "in_x", "amount": 5}),
        ("tax_rates", {"display_name": "x", "inclusive": False, "percentage": "101"}),
        ("billing/meter_events", {"event_name": "x", "payload": {}}),
    ],
)
def test_what_is_far_out_is_refused_and_leaves_nothing(path: str, wish: dict[str, Any]) -> None:
    firm = Firm()
    before = len(list(firm.box.rules.test.billing.subscriptions.shelf))
    form: dict[str, Any] = {**wish}
    if path == "subscriptions":
        quantity = form.pop("quantity", 1)
        form = {"customer": firm.customer, "items": [{"price": firm.prices[0], "quantity": quantity}], **form}
    elif path in ("subscription_schedules", "invoices", "invoiceitems"):
        form["customer"] = firm.customer
    answer = firm.box.post(f"/v1/{path}", form)
    assert answer.status == 400, answer.json
    assert len(list(firm.box.rules.test.billing.subscriptions.shelf)) == before


def test_a_coupon_for_ages_is_refused_when_it_is_redeemed() -> None:
    firm = Firm()
    long = {"percent_off": 5, "duration": "repeating", "duration_in_months": 10**12}
    coupon = firm.post("coupons", long)["id"]
    wish = {
        "customer": firm.customer,
        "items": [{"price": firm.prices[0]}],
        "discounts": [{"coupon": coupon}],
    }
    assert firm.box.post("/v1/subscriptions", wish).status == 400
