"""What coupons, credits and commitments post: the matrix's entries, balanced and complete."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.finance.ledger import chart
from core.finance.ledger.policy import Breakage, Policy
from core.finance.ledger.posting import post
from core.finance.pricing.commitments import TrueUp
from core.finance.pricing.credit_notes import InvoicedFee, Item, invoiced, settle
from core.finance.pricing.facts import (
    ORDERS,
    Event,
    breakage_with_use,
    credited,
    credits_drawn,
    credits_expired,
    credits_sold,
    minimum_billed,
)
from core.finance.pricing.wallets import DrawOrder, Grant, Origin, Wallet

DAY = date(2026, 3, 1)
EVENT = Event("e-1", DAY, "US", "USD")


def lines(fact, policy=None):
    """Minor units by account, debits positive."""
    entry = post(fact, policy or Policy())
    return {line.account: line.amount.minor for line in entry.lines} if entry else {}


def test_credits_are_a_liability_until_they_are_used_or_expire():
    grant = Grant("g", Fraction(100), paid=10000, expires=date(2026, 4, 1))
    assert lines(credits_sold(EVENT, grant, tax=800)) == {
        chart.RECEIVABLE: 10800,
        chart.PREPAID: -10000,
        chart.TAX: -800,
    }
    wallet, drawn = Wallet((grant,)).draw(Fraction(30), DAY)
    (used,) = credits_drawn(EVENT, drawn)
    assert lines(used) == {chart.PREPAID: 3000, chart.USAGE_REVENUE: -3000}
    _, gone = wallet.expire(date(2026, 4, 1))
    assert lines(credits_expired(EVENT, gone)) == {chart.PREPAID: 7000, chart.BREAKAGE: -7000}


def test_promotional_credits_post_nothing():
    free = Grant("f", Fraction(5), Origin.PROMOTIONAL)
    _, drawn = Wallet((free,)).draw(Fraction(5), DAY)
    assert [post(fact, Policy()) for fact in credits_drawn(EVENT, drawn)] == [None]
    with pytest.raises(Held, match="promotional"):
        credits_sold(EVENT, free)


def test_a_true_up_is_revenue_of_its_own():
    assert lines(minimum_billed(EVENT, TrueUp(1000, 400), tax=60)) == {
        chart.RECEIVABLE: 660,
        chart.MINIMUM_REVENUE: -600,
        chart.TAX: -60,
    }


def test_breakage_is_taken_with_use_where_a_part_is_never_used():
    # 100 credits for 100.00, a fifth is never used: each of the 80 that are used brings 0.25 of breakage.
    grant = Grant("g", Fraction(100), paid=10000, used=Fraction(40))
    assert breakage_with_use(grant, Fraction(1, 5)) == 1000
    _, drawn = Wallet((Grant("g", Fraction(100), paid=10000),)).draw(Fraction(40), DAY)
    (fact,) = credits_drawn(EVENT, drawn, breakage_with_use(grant, Fraction(1, 5)))
    assert lines(fact, Policy(breakage=Breakage.PRO_RATA)) == {
        chart.PREPAID: 5000,
        chart.USAGE_REVENUE: -4000,
        chart.BREAKAGE: -1000,
    }
    full = Grant("g", Fraction(100), paid=10000, used=Fraction(90))
    assert breakage_with_use(full, Fraction(1, 5)) == 1000
    with pytest.raises(Held):
        breakage_with_use(grant, Fraction(1))


def test_every_switch_of_the_books_has_an_order_of_the_wallet():
    assert set(ORDERS.values()) < set(DrawOrder)
    assert len(set(ORDERS.values())) == len(ORDERS)


def note(amount=10000, tax=1900):
    row = InvoicedFee("f", amount, (("vat", Fraction(tax, amount)),))
    return invoiced([row]).credit([Item("f", Fraction(amount))])[1]


def test_a_credit_on_a_partly_paid_invoice_lowers_it_and_the_rest_is_kept():
    made = note()
    open_, kept = credited(EVENT, made, Fraction(1, 4), settle(made.total, 11900, 5950))
    assert lines(open_) == {chart.CONTRA_REVENUE: 1250, chart.DEFERRED: 3750, chart.TAX: 950, "1100": -5950}
    assert lines(kept)[chart.CREDIT_BALANCE] == -5950


def test_a_credit_of_nothing_posts_nothing():
    made = invoiced([InvoicedFee("f", 100, ())]).credit([])[1]
    assert credited(EVENT, made, Fraction(0), settle(0, 100, 0)) == ()
    with pytest.raises(Held):
        credited(EVENT, note(), Fraction(2), settle(1, 1, 0))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 99999),
    st.integers(0, 30),
    st.fractions(0, 1, max_denominator=31),
    st.fractions(0, 1, max_denominator=9),
)
def test_both_parts_of_a_credit_are_the_note(amount, percent, recognised, paid):
    made = note(amount, amount * percent // 100)
    settled = settle(made.total, made.total, int(made.total * paid))
    sums: dict[str, int] = {}
    for fact in credited(EVENT, made, recognised, settled):
        for account, minor in lines(fact).items():
            sums[account] = sums.get(account, 0) + minor
    assert -sums.get(chart.RECEIVABLE, 0) == settled.open
    assert -sums.get(chart.CREDIT_BALANCE, 0) == settled.balance
    assert sums.get(chart.TAX, 0) == made.tax
    assert sums.get(chart.CONTRA_REVENUE, 0) + sums.get(chart.DEFERRED, 0) == made.net
