"""Figures that billing systems publish: Kill Bill, Lago, flexprice, Salesforce and Zuora."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from core.canonical.errors import Held
from core.finance.billing.book import Book
from core.finance.billing.changes import adjust, bill, block, change, renew
from core.finance.billing.contract import Amendment, Contract, periods_of, play
from core.finance.billing.convention import (
    Align,
    BillingConvention,
    ChangeDay,
    EndDate,
    Partial,
    RoundingPlace,
    Suspended,
    Timing,
    Trial,
    Unused,
    UnusedCount,
)
from core.finance.billing.coterm import (
    Fragment,
    by_anniversaries,
    by_days,
    cost,
    months_and_days,
)
from core.finance.billing.prorating import Plan, of_days, prorate, stub
from core.finance.billing.segments import Segment, changed, deltas, ramp, tcv, uplifted
from core.finance.billing.share import enclosing, share_of_time, stretch
from core.finance.calendar import DayCount, Period
from core.finance.exact import Rounding

PLAIN = BillingConvention()


def day(text: str) -> date:
    return date.fromisoformat(text)


def days(start: str, end: str) -> Period:
    return Period(day(start), day(end))


def plan(price: str, months: int = 1, quantity: int = 1) -> Plan:
    return Plan(Fraction(price), months, Fraction(quantity))


def billed(price: str, start: str, end: str, months: int = 1, terms: BillingConvention = PLAIN) -> Book:
    return bill(Book(terms, "USD"), plan(price, months), days(start, end))[0]


@pytest.mark.parametrize(
    ("count", "start", "end", "minor"),
    [
        (DayCount.FIXED_30, "2023-05-23", "2023-06-15", 1463),
        (DayCount.FIXED_30, "2023-05-15", "2023-05-23", 532),
        (DayCount.ACTUAL, "2023-05-23", "2023-06-15", 1480),
        (DayCount.ACTUAL_360, "2023-05-23", "2023-06-15", 1530),
        (DayCount.ACTUAL_365, "2023-05-23", "2023-06-15", 1509),
        (DayCount.THIRTY_360, "2023-05-23", "2023-06-15", 1463),
    ],
)
def test_day_counts(count, start, end, minor):
    terms = BillingConvention(day_count=count)
    of = enclosing(day(start), day("2023-06-15"), 1)
    if day(end).day == 23:
        of = enclosing(day(start), day("2023-05-23"), 1)
    assert prorate(plan("19.95"), days(start, end), of, terms).money.minor == minor


# Zuora's table of one month's proration under "Strict 30 / 360", its last days inclusive.
@pytest.mark.parametrize(
    ("start", "last", "counted"),
    [("2021-01-27", "2021-01-31", 4), ("2021-02-27", "2021-02-28", 4), ("2020-02-01", "2020-02-29", 30)],
)
def test_strict_thirty(start, last, counted):
    terms = BillingConvention(day_count=DayCount.THIRTY_360, end_date=EndDate.INCLUSIVE)
    part = stretch(day(start), day(last), terms)
    of = enclosing(day(start), day(start).replace(day=1), 1)
    assert prorate(plan("30"), part, of, terms).money.minor == counted * 100


def test_a_day_count_sees_hours():
    month = (datetime(2026, 4, 1, 12, tzinfo=UTC), datetime(2026, 5, 1, 12, tzinfo=UTC))
    assert share_of_time(
        datetime(2026, 4, 1, 12, tzinfo=UTC), datetime(2026, 4, 15, 12, tzinfo=UTC), month, DayCount.SECONDS
    ) == Fraction(14, 30)
    half = month[0] + timedelta(minutes=30, seconds=59)
    assert share_of_time(month[0], half, month, DayCount.MINUTES) == Fraction(30, 30 * 24 * 60)
    with pytest.raises(Held, match="seconds or minutes"):
        share_of_time(month[0], half, month, DayCount.ACTUAL)


def test_a_share_may_be_rounded_before_the_price_is_multiplied():
    assert (
        prorate(
            plan("1000"), days("2024-03-15", "2024-04-01"), days("2024-03-01", "2024-04-01"), PLAIN
        ).money.minor
        == 54839
    )
    coarse = BillingConvention(share_digits=2)
    assert (
        prorate(
            plan("1000"), days("2024-03-15", "2024-04-01"), days("2024-03-01", "2024-04-01"), coarse
        ).money.minor
        == 55000
    )


def test_a_chain_of_changes_repairs_what_the_last_one_billed():
    book = billed("599.95", "2012-05-01", "2012-06-01")
    book, first = change(book, day("2012-05-07"), plan("9.95"))
    assert [i.minor for i in first.items] == [-48383, 802]
    assert (first.generated, first.due) == (47581, 0)
    book, second = change(book, day("2012-05-08"), plan("29.95"))
    assert [i.minor for i in second.items] == [-770, 2319]
    assert (second.used, second.due) == (1549, 0)
    book, third = bill(book, plan("29.95"), days("2012-06-01", "2012-07-01"))
    assert (third.used, third.due, third.credit_left) == (2995, 0, 43037)


def test_a_credit_never_exceeds_what_is_left_of_the_item():
    book = billed("249.95", "2012-05-01", "2012-06-01")
    book, off = adjust(book, 0, 1000)
    assert off.generated == 1000
    book, made = change(book, day("2012-05-02"), plan("9.95"))
    assert [i.minor for i in made.items] == [-23995, 963]
    assert made.generated == 23032
    with pytest.raises(Held, match="between 1 and the 0"):
        adjust(book, 0, 1)


def test_blocked_days_are_credited_and_an_upgrade_at_resumption_uses_it():
    book = billed("249.95", "2012-06-30", "2012-07-31")
    book, stop = block(book, days("2012-07-10", "2012-07-20"))
    assert stop.generated == 8063
    book, up = change(book, day("2012-07-20"), plan("599.95"))
    assert [i.minor for i in up.items] == [-8869, 21289]
    assert (up.used, up.due) == (8063, 4357)


@pytest.mark.parametrize(
    ("align", "new", "end"),
    [(Align.CYCLE_DAY, 232762, "2013-05-01"), (Align.RESTART, 239995, "2013-05-12")],
)
def test_a_longer_period_begins_where_the_convention_says(align, new, end):
    book = billed("249.95", "2012-05-01", "2012-06-01", terms=BillingConvention(align=align))
    _, made = change(book, day("2012-05-12"), plan("2399.95", 12))
    assert [i.minor for i in made.items] == [-16126, new]
    assert made.items[-1].service.end == day(end)


def test_a_yearly_plan_runs_to_the_anniversary_of_subscription():
    terms = BillingConvention(align=Align.ANNIVERSARY, unused=Unused.CREDIT_NOTE)
    book = billed("10", "2023-08-29", "2023-09-29", terms=terms)
    _, made = change(book, day("2023-09-28"), plan("120", 12), subscribed=day("2023-06-29"))
    assert (made.given_back, made.charged, made.due, made.generated) == (32, 9016, 9016, 32)
    with pytest.raises(Held, match="day of subscription"):
        change(book, day("2023-09-28"), plan("120", 12))


@pytest.mark.parametrize(
    ("unused", "figures"),
    [
        (Unused.ACCOUNT_CREDIT, {"due": 0, "generated": 1000}),
        (Unused.CREDIT_NOTE, {"due": 500, "generated": 1500}),
        (Unused.REFUND, {"due": 0, "refunded": 1000, "generated": 0}),
        (Unused.NEXT_INVOICE, {"due": 0, "deferred": -1000, "generated": 0}),
        (Unused.NOTHING, {"due": 500, "forgone": 1500, "given_back": 0}),
    ],
)
def test_what_becomes_of_the_unused_part(unused, figures):
    book = billed("30", "2024-04-01", "2024-05-01", terms=BillingConvention(unused=unused))
    book, made = change(book, day("2024-04-16"), plan("10"))
    assert {name: getattr(made, name) for name in figures} == figures
    _, later = bill(book, plan("10"), days("2024-05-01", "2024-06-01"))
    assert later.due == 1000 - (1000 if "REFUND" not in unused.name and unused is not Unused.NOTHING else 0)


def test_the_day_of_a_change_may_stay_with_the_old_plan():
    book = billed("31", "2024-03-01", "2024-04-01", terms=BillingConvention(change_day=ChangeDay.OLD_PLAN))
    _, made = change(book, day("2024-03-15"), None)
    assert made.generated == 1600


def test_the_rest_may_be_what_the_used_days_leave():
    for count, back in ((UnusedCount.COUNTED, 67), (UnusedCount.REST, 67)):
        book = billed("1.00", "2024-04-01", "2024-05-01", terms=BillingConvention(unused_count=count))
        assert change(book, day("2024-04-11"), None)[1].generated == back
    thirty = BillingConvention(day_count=DayCount.ACTUAL_360, unused_count=UnusedCount.REST)
    book = billed("30", "2024-03-01", "2024-04-01", terms=thirty)
    assert change(book, day("2024-03-11"), None)[1].generated == 2000


def test_a_document_total_is_right_and_says_what_its_lines_differ():
    terms = BillingConvention(place=RoundingPlace.DOCUMENT)
    book = billed("10", "2024-03-01", "2024-04-01", terms=terms)
    _, made = change(book, day("2024-03-15"), plan("20"))
    assert [i.minor for i in made.items] == [-548, 1097, -1]
    assert made.due == 548


def test_refused_changes_name_what_is_wrong():
    book = billed("10", "2024-03-01", "2024-04-01")
    with pytest.raises(Held, match="nothing is billed on 2024-04-01"):
        change(book, day("2024-04-01"), plan("20"))
    with pytest.raises(Held, match="not inside"):
        prorate(plan("10"), days("2024-03-01", "2024-04-02"), days("2024-03-01", "2024-04-01"), PLAIN)
    with pytest.raises(Held, match="XAU"):
        prorate(plan("10"), days("2024-03-01", "2024-03-02"), days("2024-03-01", "2024-04-01"), PLAIN, "XAU")
    with pytest.raises(Held, match="no part of a period"):
        of_days(Fraction(1), 3, 2, PLAIN, "USD")


def test_parts_at_the_ends_may_be_full_or_free():
    part, of = days("2024-03-15", "2024-04-01"), days("2024-03-01", "2024-04-01")
    costs = {p: stub(plan("31"), part, of, BillingConvention(partial=p)).money.minor for p in Partial}
    assert costs == {Partial.PRORATED: 1700, Partial.FULL: 3100, Partial.FREE: 0}


def test_months_and_a_fragment_before_the_billing_day():
    found = months_and_days(days("2025-03-28", "2026-02-05"), Fragment.START_MONTH, 5)
    assert (found.months, found.first, found.last) == (10, Fraction(8, 31), 0)
    assert cost(Fraction(90), found.total, PLAIN, "USD").minor == 92323
    full = months_and_days(days("2025-03-28", "2026-02-05"), Fragment.FULL, 5)
    assert cost(Fraction(90), full.total, PLAIN, "USD").minor == 99000


def test_other_ways_to_count_a_term():
    assert by_days(Period(day("2017-01-01"), day("2017-01-01") + timedelta(830))) == Fraction(830, 365)
    yearly = months_and_days(days("2018-01-01", "2018-04-16"), Fragment.YEAR)
    assert yearly.total == 3 + Fraction(15 * 12, 365)
    assert months_and_days(days("2018-01-01", "2018-02-15"), Fragment.THIRTY, 15).total == 1 + Fraction(
        14, 30
    )
    assert by_anniversaries(days("2023-11-19", "2024-07-19"), 12, day("2023-07-19")) == Fraction(243, 366)
    with pytest.raises(Held, match="fixed length"):
        by_days(days("2018-01-01", "2018-02-15"), DayCount.ACTUAL)


def test_segments_of_a_term_and_what_a_change_adds():
    before = (Segment(days("2024-01-01", "2025-01-01"), plan("100")),)
    after = changed(before, day("2024-07-01"), plan("150"))
    assert [s.value() for s in after] == [600, 900]
    assert tcv(after) - tcv(before) == 300
    (delta,) = deltas(before, after)
    assert (delta.mrr, delta.value, delta.days) == (50, 300, days("2024-07-01", "2025-01-01"))
    assert tcv(changed(after, day("2024-10-01"), None)) == 1050


def test_a_ramp_over_three_years():
    steps = [(day(f"{2024 + n}-01-01"), plan(str(1000 + 200 * n), 12)) for n in range(3)]
    cut = ramp(days("2024-01-01", "2027-01-01"), steps)
    assert [s.value() for s in cut] == [1000, 1200, 1400]
    assert uplifted(steps[2][1], Fraction(5)).price == 1470
    with pytest.raises(Held, match="no plan is in force on 2023-12-31"):
        ramp(days("2023-12-31", "2027-01-01"), steps)


def test_month_ends_come_back_after_february():
    contract = Contract(plan("10"), day("2024-01-31"), day("2024-06-30"))
    assert [p.start.isoformat() for p in periods_of(contract)] == [
        *("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31")
    ]


def test_a_contract_bills_its_stub_and_then_on_the_bill_day():
    contract = Contract(plan("31"), day("2024-03-20"), day("2024-06-10"), bill_day=1)
    told = play(contract, [], day("2024-12-31"), PLAIN)
    assert [(d.isoformat(), made.due) for d, made in told.documents] == [
        *(("2024-03-20", 1200), ("2024-04-01", 3100), ("2024-05-01", 3100), ("2024-06-01", 930))
    ]
    arrears = play(contract, [], day("2024-12-31"), BillingConvention(timing=Timing.ARREARS))
    assert [(d.isoformat(), made.due) for d, made in arrears.documents][-1] == ("2024-06-10", 930)


def test_planned_and_backdated_changes():
    contract = Contract(plan("30"), day("2024-04-01"), day("2024-07-01"))
    planned = Amendment(day("2024-05-16"), plan("62"), on=day("2024-04-10"))
    told = play(contract, [planned], day("2024-12-31"), PLAIN)
    assert [made.due for _, made in told.documents] == [3000, 1452 + 3200, 6200]
    late = Amendment(day("2024-04-16"), plan("60"), on=day("2024-05-10"))
    told = play(contract, [late], day("2024-12-31"), PLAIN)
    assert [made.due for _, made in told.documents] == [3000, 3000, 1500 + 3000, 6000]
    with pytest.raises(Held, match="before the contract begins"):
        play(contract, [Amendment(day("2024-03-31"), plan("1"))], day("2024-12-31"), PLAIN)


def test_a_planned_plan_of_another_length_begins_on_its_day():
    contract = Contract(plan("30"), day("2024-04-01"), None)
    terms = BillingConvention(align=Align.RESTART)
    told = play(
        contract,
        [Amendment(day("2024-04-16"), plan("365", 12), on=day("2024-04-01"))],
        day("2025-04-30"),
        terms,
    )
    assert [(i.service.start.isoformat(), i.minor) for i in told.book.items] == [
        *(("2024-04-01", 1500), ("2024-04-16", 36500), ("2025-04-16", 36500))
    ]


def test_free_days_cut_out_or_shift_the_first_bill():
    contract = Contract(plan("50000"), day("2024-03-05"), None, bill_day=1, trial_days=10)
    assert play(contract, [], day("2024-03-31"), PLAIN).documents[0][1].due == 2741935
    shifted = play(contract, [], day("2024-03-31"), BillingConvention(trial=Trial.SHIFTS))
    assert [(d, made.due) for d, made in shifted.documents] == [(day("2024-03-15"), 2741935)]


def test_a_renewal_begins_early_or_after_the_term():
    book = billed("365", "2023-01-01", "2024-01-01", 12)
    raised = uplifted(plan("365", 12), Fraction(4))
    _, early = renew(book, day("2023-12-02"), raised)
    assert [(i.minor, i.service.start.isoformat()) for i in early.items] == [
        *((-3000, "2023-12-02"), (37960, "2023-12-02"))
    ]
    _, late = renew(book, day("2023-12-02"), raised, early=False)
    assert [(i.minor, i.service) for i in late.items] == [(37960, days("2024-01-01", "2025-01-01"))]


def test_suspension_credits_or_extends():
    contract = Contract(plan("30"), day("2024-04-01"), day("2024-06-01"))
    stop = Amendment(day("2024-04-20"), blocked=days("2024-04-21", "2024-05-11"))
    told = play(contract, [stop], day("2024-12-31"), PLAIN)
    assert [(made.due, made.generated) for _, made in told.documents] == [(3000, 0), (0, 1000), (1032, 0)]
    longer = play(contract, [stop], day("2024-12-31"), BillingConvention(suspended=Suspended.EXTENDS))
    assert ([made.due for _, made in longer.documents], longer.end) == ([3000, 3000], day("2024-06-21"))


def test_rounding_modes():
    costs = {
        r: prorate(
            plan("1"),
            days("2024-04-01", "2024-04-16"),
            days("2024-04-01", "2024-05-01"),
            BillingConvention(rounding=r),
            "JPY",
        ).money.minor
        for r in Rounding
    }
    assert costs == {Rounding.HALF_UP: 1, Rounding.HALF_EVEN: 0, Rounding.UP: 1, Rounding.DOWN: 0}
