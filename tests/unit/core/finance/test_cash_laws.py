"""Laws of cash: nothing below nothing, nothing applied that was not paid, all parts add up."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.canonical.money import Money
from core.canonical.payments import Payout, PayoutPart
from core.finance.calendar import Period
from core.finance.cash import bad_debt, disputes, payouts, refunds
from core.finance.cash.application import Account
from core.finance.cash.dunning import (
    BySegment,
    Campaign,
    Collecting,
    Open,
    Policy,
    aligned_gaps,
    retries,
    state_dates,
)
from core.finance.cash.fees import FeePlan, fee_of
from core.finance.cash.invoice_life import Book, InvoiceLife
from core.finance.cash.matching import Item, Window, business_days, match
from core.finance.cash.shares import Shares, share_of

DAY = date(2026, 1, 1)
AMOUNTS = st.integers(0, 10**7)
FEW = settings(max_examples=60, deadline=None)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def balanced(lines):
    return sum(line.debit.minor - line.credit.minor for line in lines) == 0


@FEW
@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_shares_of_what_is_given_back_add_up(amount, delivered, undelivered, tax):
    document = Shares(delivered, undelivered, tax)
    parts = share_of(amount, document)
    assert parts.total == amount
    assert parts.delivered <= delivered
    assert parts.undelivered <= undelivered
    assert parts.tax <= tax
    assert parts.beyond == max(amount - document.total, 0)
    for policy in (
        disputes.DisputePolicy(),
        disputes.DisputePolicy(disputes.LossAs.CONTRA_REVENUE, disputes.LostTax.RELIEVED),
    ):
        assert balanced(disputes.lost(parts, "USD", policy))
    for method in bad_debt.Method:
        for relief in bad_debt.Relief:
            policy_ = bad_debt.WriteOffPolicy(method, relief)
            assert balanced(bad_debt.written_off(parts, "USD", policy_))
            assert balanced(bad_debt.recovered(parts, "USD", policy_))
    assert balanced(refunds.granted(parts, "USD"))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("pay", "refund", "back", "won", "adjust", "credit", "write off")),
        st.integers(1, 3),
        st.integers(1, 40_000),
    ),
    max_size=25,
)


@FEW
@given(st.lists(st.integers(-5_000, 30_000), min_size=3, max_size=3), ACTS)
def test_no_balance_falls_below_nothing_and_no_more_is_applied_than_paid(bills, acts):
    account = Account("USD")
    for number, amount in enumerate(bills, start=1):
        account.invoice(str(number), usd(amount))
    for step, (act, number, minor) in enumerate(acts):
        keys = list(account.payments)
        try:
            if act == "pay":
                account.pay(f"p{step}", str(number), usd(minor), usd(minor // 2) if step % 3 == 0 else None)
            elif act == "adjust":
                account.adjust(str(number), usd(minor))
            elif act == "credit":
                account.use_credit(str(number))
            elif act == "write off":
                account.write_off(str(number))
            elif keys and act == "refund":
                account.refund(keys[minor % len(keys)], usd(minor))
            elif keys and act == "back":
                account.charge_back(keys[minor % len(keys)])
            elif keys:
                account.reverse_charge_back(keys[minor % len(keys)])
        except Held:
            continue
        assert account.credit >= 0
        assert all(each.balance >= 0 for each in account.invoices.values())
        paid = sum(p.processed for p in account.payments.values())
        assert sum(each.paid for each in account.invoices.values()) <= paid
        assert all(p.refunded + p.called_back <= p.processed for p in account.payments.values())


def test_a_key_pays_once_and_the_processed_amount_settles():
    account = Account("USD")
    account.invoice("1", usd(10_000))
    first = account.pay("k", "1", usd(10_000), usd(4_000))
    assert account.pay("k", "1", usd(10_000)) is first
    assert account.invoices["1"].balance == 6_000
    account.pay("l", "1", usd(10_000))
    assert (account.invoices["1"].balance, account.credit) == (0, 4_000)
    with pytest.raises(Held, match="convert it first"):
        account.pay("m", "1", Money(1, "EUR"))


PARTS = st.lists(
    st.tuples(
        st.sampled_from([kind.value for kind in payouts.PartOf]),
        st.integers(-50_000, 50_000),
        st.integers(0, 900),
    ),
    max_size=6,
)


@FEW
@given(PARTS)
def test_a_payout_balances_whatever_it_is_made_of(rows):
    parts = tuple(PayoutPart(kind, usd(gross), usd(fee)) for kind, gross, fee in rows)
    total = sum(gross - fee for _, gross, fee in rows)
    payout = Payout("po", usd(total), "paid", DAY, parts)
    lines = payouts.arrived(payout)
    assert balanced(lines)
    assert sum(x.debit.minor - x.credit.minor for x in lines if x.account == "1000") == total
    assert balanced(payouts.returned(payout))
    if parts:
        with pytest.raises(Held, match="miss"):
            payouts.arrived(Payout("po", usd(total + 1), "paid", DAY, parts))


def test_an_unknown_part_of_a_payout_is_held():
    part = PayoutPart("a new kind", usd(5), usd(0))
    with pytest.raises(Held, match="has no account"):
        payouts.arrived(Payout("po", usd(5), "paid", DAY, (part,)))


@FEW
@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(0, 60))
def test_retries_go_forward_and_end_when_the_card_is_mended(gaps, mended):
    days = retries(DAY, gaps)
    assert days == sorted(set(days))
    assert [(b - a).days for a, b in zip([DAY, *days[:-1]], days, strict=True)] == gaps
    some = retries(DAY, gaps, DAY + timedelta(days=mended))
    assert some == days[: len(some)]
    assert sum(day >= DAY + timedelta(days=mended) for day in some) <= 1


def test_gaps_that_meet_overdue_states():
    gaps = aligned_gaps([10, 14, 21], first=1)
    assert gaps == [1, 8, 4, 7]
    states = state_dates(DAY, [(21, "C"), (10, "A"), (14, "B")], paid_on=DAY + timedelta(days=20))
    assert [name for _, name in states] == ["A", "B"]


@FEW
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20_000)), min_size=1, max_size=5),
    st.integers(1, 4),
    st.integers(0, 5),
)
def test_a_campaign_keeps_its_limits(rows, most, between):
    policy = Policy({"USD": usd(10_000)}, most, between)
    campaign = Campaign(policy)
    invoices = [Open(DAY + timedelta(days=due), usd(minor)) for due, minor in rows]
    asked = [r for n in range(60) for r in campaign.run(DAY + timedelta(days=n), invoices)]
    assert len(asked) <= most
    assert all(r.amount.minor >= 10_000 for r in asked)
    assert all((b.on - a.on).days > between for a, b in pairwise(asked))


@FEW
@given(st.integers(1, 10**6), st.integers(0, 600), st.integers(0, 100))
def test_a_fee_is_a_share_and_a_fixed_part_rounded_once(minor, basis_points, fixed):
    fee = fee_of(usd(minor), FeePlan(Fraction(basis_points, 10_000), fixed)).minor
    assert abs(Fraction(fee) - (Fraction(minor * basis_points, 10_000) + fixed)) <= Fraction(1, 2)


EVENTS = st.lists(
    st.tuples(st.integers(0, 120), st.sampled_from(("refund", "dispute")), st.integers(1, 9_000)), max_size=4
)


@FEW
@given(st.integers(1, 30_000), st.integers(0, 5_000), st.integers(1, 100), EVENTS)
def test_an_invoice_ends_with_nothing_deferred_and_every_cent_explained(net, tax, days, events):
    life = InvoiceLife(Period(DAY, DAY + timedelta(days=days)), net, tax)
    life.issue(DAY)
    life.pay(DAY)
    given_back = 0
    for after, what, amount in sorted(events):
        on = DAY + timedelta(days=after)
        try:
            life.refund(on, amount) if what == "refund" else life.dispute(on, amount)
        except Held:
            continue
        given_back += amount
    life.finish()
    assert life.balance(Book.DEFERRED) == 0
    assert life.balance(Book.CASH) == net + tax - given_back >= 0
    contra = life.balance(Book.REFUNDS) + life.balance(Book.DISPUTES)
    assert life.balance(Book.REVENUE) - contra + life.balance(Book.TAX) == life.balance(Book.CASH)


@FEW
@given(st.integers(1, 30_000), st.integers(0, 5_000), st.integers(0, 90), st.integers(0, 60))
def test_what_is_given_up_and_paid_in_the_end_is_all_there(net, tax, given_up, later):
    life = InvoiceLife(Period(DAY, DAY + timedelta(days=60)), net, tax)
    life.issue(DAY)
    life.give_up(DAY + timedelta(days=given_up))
    assert life.open == life.balance(Book.DEFERRED) == life.balance(Book.TAX) == 0
    life.pay(DAY + timedelta(days=given_up + later))
    assert life.balance(Book.BAD_DEBT) == 0
    assert life.balance(Book.CASH) == net + tax


def test_bank_lines_one_to_one_many_to_one_and_by_reference():
    def item(name, day, minor, reference=""):
        return Item(name, date(2026, 1, day), usd(minor), reference)

    expected = [item("p1", 2, 100), item("p2", 2, 50), item("p3", 5, 70), item("INV-9", 1, 1_000, "INV-9")]
    lines = [item("b1", 5, 150), item("b2", 6, 70), item("b3", 30, 999, "thanks for INV-9"), item("b4", 6, 5)]
    found = match(expected, lines, Window(short_pay=1))
    assert {(each.expected, each.lines, each.gap) for each in found.matches} == {
        (("INV-9",), ("b3",), -1),
        (("p3",), ("b2",), 0),
        (("p1", "p2"), ("b1",), 0),
    }
    assert ([x.id for x in found.expected], [x.id for x in found.lines]) == ([], ["b4"])
    # Friday to Monday is one business day.
    assert business_days(date(2026, 1, 2), date(2026, 1, 5)) == 1
    assert business_days(date(2026, 1, 5), date(2026, 1, 2)) == -1
    assert business_days(date(2026, 1, 2), date(2026, 1, 6), [date(2026, 1, 5)]) == 1


def test_cumulative_refunds_become_increments():
    assert refunds.increments([usd(10), usd(10), usd(25)]) == [usd(10), usd(0), usd(15)]
    with pytest.raises(Held, match="less than before"):
        refunds.increments([usd(10), usd(5)])
    done = [(usd(10), refunds.RefundStatus.SUCCEEDED), (usd(50), refunds.RefundStatus.FAILED)]
    assert refunds.refundable(usd(100), done) == usd(90)


def test_an_allowance_is_brought_to_what_is_needed():
    needed = bad_debt.required([usd(100_00), usd(33_33)], [Fraction(1, 100), Fraction(1, 2)])
    assert needed == usd(1_767)
    up = bad_debt.allowance_change(needed, usd(1_000))
    assert [(x.account, x.debit.minor, x.credit.minor) for x in up] == [("6200", 767, 0), ("1110", 0, 767)]


def test_each_segment_is_collected_by_its_own_calendar():
    small, large = Collecting((1, 2), {"card": 12}), Collecting((10, 10))
    both = BySegment(Collecting((1, 3, 5, 7)), {"small": small, "large": large})
    assert (both.of("small"), both.of("large")) == (small, large)
    assert both.of("") == both.otherwise
    assert (both.longest, both.soonest) == (20, 12)
    assert BySegment().soonest is None
    with pytest.raises(Held, match="'middling' has no calendar") as held:
        both.of("middling")
    assert held.value.owner == "accounts receivable"
