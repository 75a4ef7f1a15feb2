"""Coupons, commitments, progressive bills and the order of coupon, credit and tax."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.finance.pricing.bills import BillPolicy, ChargeOrder, bill
from core.finance.pricing.commitments import (
    Commitment,
    Counts,
    FeeKind,
    PeriodFee,
    against,
    beyond,
    capped,
    true_up,
    true_up_of_term,
)
from core.finance.pricing.coupons import (
    Coupon,
    CouponOrder,
    CouponPolicy,
    Fee,
    Frequency,
    Leftover,
    PercentOf,
    Spread,
    apply_coupons,
)
from core.finance.pricing.progressive import Progress, Thresholds, billed_over, close_period, use
from core.finance.tax.taxes import Tax

USUAL = CouponPolicy()


def fees(*amounts):
    return [Fee(str(n), Fraction(amount)) for n, amount in enumerate(amounts, 1)]


def test_narrow_coupons_come_first_and_each_takes_from_what_is_left():
    # Two plans of four charges, coupons for two charges, for a plan and for everything.
    rows = [Fee(f"{p}{n}", Fraction(1000 * n), p) for p in "AB" for n in (1, 2, 3, 4)]
    coupons = [
        Coupon("all", 500),
        Coupon("plan", 1000, plans=frozenset("B")),
        Coupon("charges", 2000, fees=frozenset({"A1", "A2"})),
    ]
    done = apply_coupons(rows, coupons, USUAL)
    assert [used.coupon for used in done.used] == ["charges", "plan", "all"]
    exact = [Fraction(part).limit_denominator(1000) for part in done.parts]
    assert [str(round(part * 100000)) for part in exact] == [
        *("67647059", "135294118", "8823529", "11764706"),
        *("12647059", "25294118", "37941176", "50588235"),
    ]
    taxes = [(Tax("t", Fraction(1, 5 if row.key[1] == "2" else 10)),) for row in rows]
    made = bill(rows, taxes, coupons, 0, BillPolicy())
    assert (made.sub_total, made.tax, made.total) == (16500, 1889, 18389)
    assert [line.tax for line in made.taxed.lines] == [32, 129, 291, 388, 87, 349, 262, 349]


def test_a_percent_is_of_the_rest_or_of_the_full_fees():
    twice = [Coupon("a", share=Fraction(1, 10)), Coupon("b", share=Fraction(1, 2))]
    assert apply_coupons(fees(10000), twice, USUAL).taken == 1000 + 4500
    full = replace(USUAL, percent_of=PercentOf.FULL)
    assert apply_coupons(fees(10000), twice, full).taken == 1000 + 5000


def test_a_once_coupon_is_carried_or_lost():
    coupon = Coupon("once", 15000)
    first = apply_coupons(fees(10000), [coupon], USUAL)
    second = apply_coupons(fees(10000), first.left, USUAL)
    assert (first.taken, second.taken, second.left) == (10000, 5000, ())
    lost = apply_coupons(fees(10000), [coupon], replace(USUAL, leftover=Leftover.LOST))
    assert lost.left == ()


def test_a_repeating_coupon_ends_and_one_forever_does_not():
    repeating = Coupon("r", 1500, frequency=Frequency.REPEATING, bills=2)
    forever = Coupon("f", 100, frequency=Frequency.FOREVER)
    left, taken = (repeating, forever), []
    for _ in range(3):
        done = apply_coupons(fees(1000), left, USUAL)
        taken.append(done.taken)
        left = done.left
    assert taken == [1000, 1000, 100]
    assert left == (forever,)


def test_coupons_need_one_kind_of_amount():
    with pytest.raises(Held):
        Coupon("both", 1, Fraction(1))
    with pytest.raises(Held):
        Coupon("negative", -1)


def test_three_orders_of_coupon_credit_and_tax():
    tax = [(Tax("t", Fraction(1, 10)),)] * 2
    totals = {
        order: bill(fees(5000, 2000), tax, [Coupon("c", 1000)], 3000, BillPolicy(order)).total
        for order in ChargeOrder
    }
    assert totals == {
        ChargeOrder.ALL_BEFORE_TAX: 3300,
        ChargeOrder.ALL_AFTER_TAX: 3700,
        ChargeOrder.COUPON_BEFORE_CREDIT_AFTER: 3600,
    }


def usage(amount, charge="api"):
    return PeriodFee(FeeKind.USAGE, amount, charge)


def test_a_commitment_is_prorated_and_filled_by_what_counts():
    paid = [PeriodFee(FeeKind.SUBSCRIPTION, 690), usage(3000)]
    assert true_up(Commitment(1000000), paid, Fraction(2, 29)).due == 65276
    assert true_up(Commitment(1000000, Counts.USAGE), paid, Fraction(2, 29)).due == 68966 - 3000
    one = Commitment(5000, Counts.CHARGE, "cards")
    assert true_up(one, [usage(3000, "cards"), usage(9000)]).due == 2000
    assert true_up(Commitment(1000), [usage(1500)]).overage == 500


def test_a_term_settled_at_its_end_lets_periods_make_up_for_each_other():
    months = [[usage(500)], [usage(1500)]]
    assert sum(true_up(Commitment(1000), month).due for month in months) == 500
    assert true_up_of_term(Commitment(2000), months).due == 0


def test_maximum_overage_and_factor():
    assert [capped(80, 100), capped(80, 100, 80), capped(80, None, 80)] == [80, 20, 80]
    assert beyond(Fraction(1100), Fraction(1000), Fraction("0.25")) == 25
    assert beyond(Fraction(900), Fraction(1000), Fraction("0.25")) == 0
    assert against(15000, 10000, Fraction(3, 2)).total == 17500
    assert against(8000, 10000).total == 10000
    assert against(8000, 10000, settle=False).total == 8000


def test_thresholds_are_passed_once_and_the_recurring_one_again():
    # 2, 5, 7 and then every 10, by usage of 2.20 four times and 22 twice.
    limits = Thresholds((200, 500, 700), 1000)
    progress, bills = billed_over([220, 220, 220, 220, 2200, 2200], limits)
    assert bills == (220, 0, 440, 220, 2200, 2200)
    progress, end = close_period(progress, 3100)
    assert (end.total, end.credited) == (3100, 5280)
    # Lifetime goes on: the next period passes the recurring threshold where the last left off.
    assert use(progress, 2200, limits)[1] == 2200


def test_a_period_that_came_to_less_than_was_billed_gives_the_rest_back():
    _, end = close_period(Progress(20000, 20000, 20000), 1800, usage=15000)
    assert (end.fees, end.credited, end.total, end.credit) == (16800, 16800, 0, 3200)


amounts = st.lists(st.fractions(0, 99999, max_denominator=3), min_size=1, max_size=6)
vouchers = st.lists(
    st.one_of(
        st.builds(lambda n: ("fixed", n), st.integers(0, 150000)),
        st.builds(lambda n: ("share", n), st.fractions(0, 1, max_denominator=100)),
    ),
    max_size=4,
)


def made(rows):
    return [
        Coupon(str(n), **{("fixed" if kind == "fixed" else "share"): value})
        for n, (kind, value) in enumerate(rows)
    ]


@settings(max_examples=60, deadline=None)
@given(amounts, vouchers, st.sampled_from(CouponOrder), st.sampled_from(PercentOf), st.sampled_from(Spread))
def test_the_parts_of_a_coupon_add_up_to_it_and_no_fee_falls_below_nothing(a, v, order, of, spread):
    rows = [Fee(str(n), Fraction(int(x)) if spread is Spread.WHOLE else x) for n, x in enumerate(a)]
    done = apply_coupons(rows, made(v), CouponPolicy(order, of, Leftover.CARRIED, spread))
    for used in done.used:
        assert sum(used.parts) == used.taken
    assert sum(done.parts) == done.taken
    assert all(0 <= part <= fee.amount for part, fee in zip(done.parts, rows, strict=True))
    if spread is Spread.WHOLE:
        assert all(part.denominator == 1 for part in done.parts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 99999), min_size=1, max_size=5), vouchers, st.integers(0, 200000))
def test_no_order_of_coupon_and_credit_makes_a_bill_negative(a, v, credit):
    stack = [(Tax("t", Fraction(19, 100)),)] * len(a)
    for order in ChargeOrder:
        done = bill(fees(*a), stack, made(v), credit, BillPolicy(order))
        assert done.total >= 0
        assert 0 <= done.credit <= credit


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5000), st.lists(st.integers(0, 9000), max_size=8), st.integers(0, 5000))
def test_what_is_billed_on_the_way_and_at_the_end_is_the_usage_and_the_fee(limit, events, fee):
    progress, bills = billed_over(events, Thresholds((limit,), limit))
    _, end = close_period(progress, fee)
    assert sum(bills) + end.total - end.credit == sum(events) + fee
    assert progress.period - progress.billed < limit
