"""Wallets and credit notes: figures of public examples, and what is conserved."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.calendar import Period
from core.finance.pricing.credit_notes import (
    InvoicedFee,
    Item,
    LastTakes,
    effective_rate,
    invoiced,
    settle,
    unused,
)
from core.finance.pricing.credit_revenue import Credit, CreditTo, movements
from core.finance.pricing.wallets import DrawOrder, Grant, Origin, Wallet, balances

DAY = date(2026, 3, 1)
ONE, TEN = date(2026, 1, 1), date(2026, 10, 1)
FREE = Origin.PROMOTIONAL


def grant(key, credits_, origin=Origin.PAID, **more):
    paid = 0 if origin is FREE else int(credits_)
    return Grant(key, Fraction(credits_), origin, paid, **more)


def order(wallet):
    _, drawn = wallet.draw(wallet.balance(DAY), DAY)
    return "".join(take.grant for take in drawn.takes)


def test_the_order_of_drawing_is_the_wallets():
    grants = (
        grant("a", 10, priority=2, expires=date(2026, 4, 1)),
        grant("b", 10, FREE, priority=1, since=ONE),
        grant("c", 10, priority=1, expires=TEN, since=date(2026, 2, 1)),
        grant("d", 10, FREE, priority=2, expires=date(2026, 4, 1)),
    )
    wanted = {
        DrawOrder.PRIORITY: "cbda",
        DrawOrder.EXPIRY: "dacb",
        DrawOrder.PAID_FIRST: "acdb",
        DrawOrder.PROMOTIONAL_FIRST: "dbac",
        DrawOrder.OLDEST_FIRST: "dabc",
    }
    assert {how: order(Wallet(grants, how)) for how in DrawOrder} == wanted


def test_what_no_grant_has_is_overage():
    wallet, drawn = Wallet((grant("a", 12500),)).draw(Fraction(15000), DAY)
    assert (drawn.credits, drawn.short, wallet.balance(DAY)) == (12500, 2500, 0)


def test_only_paid_credits_are_owed_and_earned():
    wallet = Wallet((grant("gift", 50, FREE, priority=1), Grant("bought", Fraction(100), paid=80)))
    assert wallet.owed == 80
    wallet, drawn = wallet.draw(Fraction(80), DAY)
    assert [(take.grant, take.credits, take.released) for take in drawn.takes] == [
        ("gift", 50, 0),
        ("bought", 30, 24),
    ]
    assert wallet.owed == 56


def test_expiry_is_breakage_of_the_paid_part():
    wallet = Wallet((grant("a", 100, expires=DAY), grant("g", 40, FREE, expires=DAY), grant("b", 7)))
    assert wallet.balance(DAY) == 7
    wallet, gone = wallet.expire(DAY)
    assert [(take.grant, take.credits, take.released) for take in gone] == [("a", 100, 100), ("g", 40, 0)]
    assert wallet.owed == 7
    assert wallet.expire(DAY)[1] == ()


def test_a_grant_cannot_be_added_twice_or_overdrawn():
    wallet = Wallet((grant("a", 1),))
    with pytest.raises(Held, match="another key"):
        wallet.granted(grant("a", 1))
    with pytest.raises(Held):
        wallet.draw(Fraction(-1), DAY)
    with pytest.raises(Held):
        Grant("x", Fraction(1), used=Fraction(2))
    with pytest.raises(Held, match="of no credits"):
        Grant("x", Fraction(0), paid=1)


def test_the_ongoing_balance_knows_usage_that_is_not_billed():
    both = balances(97800, [(1000, Fraction(1, 10)), (10000, Fraction(1, 10))])
    assert (both.settled, both.ongoing) == (97800, 85700)


VAT = (("vat", Fraction(20, 100)),)


def fee(key, amount, coupon="0", rates=VAT):
    return InvoicedFee(key, amount, rates, Fraction(coupon))


def note(invoice, key, amount):
    return invoice.credit([Item(key, Fraction(amount))])


def test_a_fee_credited_in_parts_takes_the_invoices_tax_and_no_more():
    # Four times 68.33 at 20 %: three whole, the fourth as 13.67, 22.33 and 32.33.
    invoice = invoiced([fee(str(n), 6833) for n in range(4)])
    assert (invoice.tax, invoice.total) == (5466, 32798)
    taxes = []
    for key, amount in (("0", 6833), ("1", 6833), ("2", 6833), ("3", 1367), ("3", 2233), ("3", 3233)):
        invoice, made = note(invoice, key, amount)
        taxes.append(made.tax)
    assert taxes == [1367, 1367, 1367, 273, 447, 645]
    assert invoice.creditable == 0


def test_coupons_go_back_with_their_fees():
    # 19.99, 68.33 and 200.33 with a coupon of 10.00 spread over them, 20 %.
    amounts = (1999, 6833, 20033)
    rows = [fee(str(n), a, str(Fraction(1000 * a, sum(amounts)))) for n, a in enumerate(amounts)]
    invoice = invoiced(rows)
    assert invoice.total == 33438
    figures = []
    for n, a in enumerate(amounts):
        invoice, made = note(invoice, str(n), a)
        figures.append((made.coupon, made.net, made.tax, made.total))
    assert figures == [(69, 1930, 386, 2316), (237, 6596, 1319, 7915), (694, 19339, 3868, 23207)]


@pytest.mark.parametrize(
    ("amount", "rate", "share", "net", "tax"),
    [
        (20000, "25", "29/30", 19333, 4833),
        (16000, "25", "29/30", 15467, 3867),
        (2999, "23.33", "6/7", 2571, 600),
    ],
)
def test_a_service_that_ends_early_is_credited_from_exact_amounts(amount, rate, share, net, tax):
    row = fee("f", amount, rates=(("vat", Fraction(rate) / 100),))
    _, made = invoiced([row]).credit([unused(row, Fraction(share))])
    assert (made.net, made.tax) == (net, tax)


def test_more_than_is_left_of_a_fee_cannot_be_credited():
    invoice, _ = note(invoiced([fee("f", 1000)]), "f", 600)
    with pytest.raises(Held, match="400 is left"):
        note(invoice, "f", 401)
    with pytest.raises(Held, match="other"):
        note(invoice, "other", 1)


def test_rates_are_weighed_by_what_coupons_leave():
    rows = [
        fee("1", 17900, rates=(("a", Fraction(1, 10)),)),
        fee("2", 39900, "25000", (("a", Fraction(1, 10)), ("b", Fraction(1, 10)))),
    ]
    assert f"{round(effective_rate(rows) * 10**7)}" == "1454268"
    _, made = note(invoiced(rows), "2", 26260)
    assert (made.coupon, made.net, made.tax) == (16454, 9806, 1961)
    assert dict(made.tax_by_code)["a"] == dict(made.tax_by_code)["b"]


def test_no_more_is_refunded_than_was_paid():
    assert settle(11767, 37570, 1200).refundable == 1200
    assert settle(11767, 37570, 1200 + 10567).refundable == 11767
    open_ = settle(5000, 10000, 7000)
    assert (open_.open, open_.balance) == (3000, 2000)
    paid = settle(5000, 10000, 10000, before=2000, refunded=2000)
    assert (paid.open, paid.refundable, paid.balance) == (0, 5000, 5000)


QUARTER = Period(date(2019, 1, 1), date(2019, 4, 1))


def usd(minor):
    return Money(minor, "USD")


def test_a_credit_on_an_open_invoice_is_split_by_what_is_recognised():
    done = movements(usd(9000), QUARTER, [Credit(date(2019, 2, 1), usd(4500))])
    jan, feb, mar = (date(2019, n, 1) for n in (1, 2, 3))
    assert done == {
        "accounts_receivable": {jan: 9000, feb: -4500},
        "revenue": {jan: 3100, feb: 1400, mar: 1550},
        "deferred_revenue": {jan: 5900, feb: -4350, mar: -1550},
        "credit_notes_contra": {feb: 1550},
    }


def test_more_than_the_invoice_cannot_be_taken_back():
    with pytest.raises(Held):
        movements(usd(9000), QUARTER, [Credit(date(2019, 2, 1), usd(9001))])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 99999), st.lists(st.tuples(st.integers(-5, 100), st.integers(0, 9000)), max_size=3))
def test_revenue_less_contra_is_what_stays_billed(invoice, rows):
    taken, left = [], invoice
    for day, amount in rows:
        back = min(amount, left)
        left -= back
        taken.append(Credit(date.fromordinal(QUARTER.start.toordinal() + day), usd(back), CreditTo.CASH))
    done = {name: sum(months.values()) for name, months in movements(usd(invoice), QUARTER, taken).items()}
    assert done["deferred_revenue"] == 0
    assert done.get("revenue", 0) - done.get("credit_notes_contra", 0) == left


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 99999), st.fractions(0, 1, max_denominator=7), st.sampled_from(["0", "19", "7.7"])
        ),
        min_size=1,
        max_size=5,
    ),
    st.data(),
)
def test_credit_notes_over_an_invoice_add_up_to_it(rows, data):
    fees = [
        InvoicedFee(str(n), amount, (("t", Fraction(rate) / 100),), amount * off)
        for n, (amount, off, rate) in enumerate(rows)
    ]
    whole_, own = invoiced(fees), invoiced(fees, LastTakes.OWN)
    for row in data.draw(st.permutations(fees)):
        first = data.draw(st.integers(0, row.amount))
        for amount in (first, row.amount - first):
            whole_, _ = note(whole_, row.key, amount)
            own, _ = note(own, row.key, amount)
    assert whole_.creditable == 0
    assert sum(n.net for n in whole_.notes) == whole_.net
    assert sum(n.tax for n in whole_.notes) == whole_.tax
    assert sum(n.coupon for n in whole_.notes) == whole_.coupon
    assert abs(own.creditable) <= 3 * len(own.notes)


grants = st.lists(
    st.builds(
        lambda credits_, paid, free, priority, days: (credits_, 0 if free else paid, free, priority, days),
        st.fractions(Fraction(1, 4), 500, max_denominator=4),
        st.integers(0, 9999),
        st.booleans(),
        st.integers(1, 3),
        st.one_of(st.none(), st.integers(1, 60)),
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(
    grants,
    st.lists(st.tuples(st.integers(0, 20), st.fractions(0, 300, max_denominator=4)), max_size=6),
    st.sampled_from(DrawOrder),
)
def test_a_wallet_is_never_negative_and_loses_nothing(rows, draws, how):
    wallet = Wallet(order=how)
    for n, (credits_, paid, free, priority, days) in enumerate(rows):
        ends = None if days is None else date.fromordinal(ONE.toordinal() + days)
        origin = FREE if free else Origin.PAID
        wallet = wallet.granted(Grant(str(n), credits_, origin, paid, priority, ONE, ends))
    granted, owed = sum(g.credits for g in wallet.grants), wallet.owed
    day, used, lost, released = ONE, Fraction(0), Fraction(0), 0
    for after, wanted in draws:
        day = date.fromordinal(day.toordinal() + after)
        wallet, gone = wallet.expire(day)
        lost += sum(take.credits for take in gone)
        before = wallet.balance(day)
        wallet, drawn = wallet.draw(wanted, day)
        assert drawn.credits + drawn.short == wanted
        assert wallet.balance(day) == before - drawn.credits >= 0
        used += drawn.credits
        released += drawn.released + sum(take.released for take in gone)
    assert all(g.left >= 0 and g.owed >= 0 for g in wallet.grants)
    assert granted == used + lost + sum(g.left for g in wallet.grants)
    assert owed == released + wallet.owed
    assert all(g.owed == 0 for g in wallet.grants if not g.left)
