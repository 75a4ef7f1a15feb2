"""Laws of billing for any contract, any changes and every convention: days tile, money is conserved."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from core.finance.billing.book import Kind, without
from core.finance.billing.contract import Amendment, Contract, periods_of, play
from core.finance.billing.convention import (
    Align,
    BillingConvention,
    ChangeDay,
    RoundingPlace,
    Suspended,
    Timing,
    Trial,
    Unused,
    UnusedCount,
)
from core.finance.billing.coterm import Fragment, by_anniversaries, months_and_days
from core.finance.billing.prorating import Plan
from core.finance.billing.segments import Segment, changed, deltas, tcv
from core.finance.billing.share import first_new_day, share
from core.finance.calendar import DayCount, Period, last_day
from core.finance.exact import Rounding

FAR = date(2030, 1, 1)
days = st.dates(date(2023, 1, 1), date(2024, 12, 31))
prices = st.integers(1, 500_000).map(lambda cents: Fraction(cents, 100))
lengths = st.sampled_from([1, 1, 3, 12])
conventions = st.builds(
    BillingConvention,
    day_count=st.sampled_from(DayCount),
    change_day=st.sampled_from(ChangeDay),
    unused=st.sampled_from(Unused),
    unused_count=st.sampled_from(UnusedCount),
    place=st.sampled_from(RoundingPlace),
    rounding=st.sampled_from(Rounding),
    align=st.sampled_from(Align),
    suspended=st.sampled_from(Suspended),
    trial=st.sampled_from(Trial),
    timing=st.sampled_from(Timing),
)


@st.composite
def contracts(draw):
    start = draw(days)
    end = start + timedelta(days=draw(st.integers(1, 700)))
    plan = Plan(draw(prices), draw(lengths), Fraction(draw(st.integers(1, 9))))
    bill_day, trial = draw(st.integers(0, 31)), draw(st.sampled_from([0, 0, 7, 30, 45]))
    return Contract(plan, start, end, bill_day, trial)


@st.composite
def amendments(draw, contract, terms):
    """Made one after another, each for any day: backdated, at once or planned; the last may cancel."""
    found, made = [], contract.start
    free = contract.start + timedelta(days=contract.trial_days + 1)
    for _ in range(draw(st.integers(0, 4))):
        made += timedelta(days=draw(st.integers(0, 150)))
        at = max(free, made + timedelta(days=draw(st.sampled_from([0, 0, 0, 20, 60, -5, -40]))))
        if first_new_day(at, terms) >= contract.end:
            break
        if draw(st.booleans()):
            stop = Period(at, at + timedelta(days=draw(st.integers(1, 40))))
            found.append(Amendment(at, blocked=stop, on=made))
        else:
            plan = Plan(draw(prices), draw(lengths), Fraction(draw(st.integers(1, 9))))
            found.append(Amendment(at, plan, on=made))
    if draw(st.booleans()):
        made += timedelta(days=draw(st.integers(0, 60)))
        at = max(free, made + timedelta(days=draw(st.sampled_from([0, 0, 30, -10]))))
        if first_new_day(at, terms) < contract.end:
            found.append(Amendment(at, on=made))
    return found


@st.composite
def stories(draw):
    contract, terms = draw(contracts()), draw(conventions)
    return contract, terms, draw(amendments(contract, terms))


def expected_days(contract, terms, changes):
    """The days that are to be billed, worked out without billing anything."""
    end = contract.end
    cuts = [first_new_day(a.at, terms) for a in changes if a.plan is None and a.blocked is None]
    end = min([end, *cuts])
    gone = [Period(contract.start, contract.start + timedelta(days=contract.trial_days))]
    if terms.suspended is Suspended.CREDITED:
        gone += [a.blocked for a in changes if a.blocked]
    return without([Period(contract.start, max(end, contract.start))], gone)


def plan_on(day, contract, terms, changes):
    """Who was decided last for a day has it."""
    plan = contract.plan
    for change in changes:
        if change.blocked is None and first_new_day(change.at, terms) <= day:
            plan = change.plan
    return plan


@settings(max_examples=60, deadline=None)
@given(stories())
def test_every_day_of_service_is_billed_once_on_the_plan_decided_last(story):
    contract, terms, changes = story
    book = play(contract, changes, FAR, terms).book
    kept = sorted((p.start, p.end, i.plan) for i in book.charges() for p in book.kept(i))
    billed = {s + timedelta(days=n): plan for s, e, plan in kept for n in range((e - s).days)}
    assert len(billed) == sum((e - s).days for s, e, _ in kept), "a day is billed twice"
    wanted = {
        p.start + timedelta(days=n) for p in expected_days(contract, terms, changes) for n in range(p.days)
    }
    assert set(billed) == wanted
    assert all(billed[day] == plan_on(day, contract, terms, changes) for day in wanted)


@settings(max_examples=60, deadline=None)
@given(stories())
def test_every_minor_unit_is_due_kept_refunded_or_waiting(story):
    contract, terms, changes = story
    told = play(contract, changes, FAR, terms)
    due = used = generated = refunded = deferred = 0
    for _, made in told.documents:
        assert made.net == made.due + made.used + made.deferred - made.generated - made.refunded
        assert min(made.charged, made.given_back, made.due, made.used, made.generated, made.refunded) >= 0
        due, used, generated = due + made.due, used + made.used, generated + made.generated
        refunded, deferred = refunded + made.refunded, deferred + made.deferred
        assert made.credit_left == generated - used >= 0
    counted = sum(i.minor for i in told.book.items if i.kind is not Kind.FORGONE)
    assert counted == due - told.book.credit - refunded + told.book.waiting
    assert (told.book.credit, told.book.waiting) == (generated - used, deferred)
    assert refunded <= due


@settings(max_examples=60, deadline=None)
@given(stories())
def test_what_stays_billed_is_the_value_of_the_days_to_the_named_residual(story):
    contract, terms, changes = story
    book = play(contract, changes, FAR, terms).book
    additive = terms.day_count in (DayCount.ACTUAL, DayCount.MINUTES, DayCount.SECONDS)
    for charge in book.charges():
        repairs = [i for i in book.items if i.repaired == charge.number]
        worth = sum((share(p, charge.of, charge.plan.months, terms) for p in book.kept(charge)), Fraction(0))
        off = book.left(charge) - charge.plan.amount * worth * 100
        assert book.left(charge) >= 0
        if not book.kept(charge):
            assert book.left(charge) == 0
        elif additive or not repairs or terms.unused_count is UnusedCount.REST:
            # Each item is rounded by less than one minor unit: that is the only residual there is.
            assert abs(off) < 1 + (len(repairs) if terms.unused_count is UnusedCount.COUNTED else 0)
    rounding = [i for i in book.items if i.kind is Kind.ROUNDING]
    assert all(terms.place is RoundingPlace.DOCUMENT for _ in rounding)


@settings(max_examples=60, deadline=None)
@given(contracts(), st.integers(0, 600))
def test_periods_tile_and_keep_their_day(contract, length):
    whole = list(periods_of(contract))
    assert whole[0].start <= contract.start < whole[0].end
    assert whole[-1].end >= contract.end
    meant = contract.bill_day or contract.start.day
    for one, two in pairwise(whole):
        assert one.end == two.start
    for one in whole:
        assert one.start.day == min(meant, last_day(one.start).day)


@settings(max_examples=40, deadline=None)
@given(stories(), st.integers(0, 800))
def test_what_was_told_by_a_day_stays_told(story, after):
    contract, terms, changes = story
    day = contract.start + timedelta(days=after)
    early, late = play(contract, changes, day, terms), play(contract, changes, FAR, terms)
    assert late.documents[: len(early.documents)] == early.documents
    assert all(on <= day for on, _ in early.documents)


@settings(max_examples=60, deadline=None)
@given(days, st.integers(1, 900), st.integers(0, 31), st.sampled_from(Fragment))
def test_a_term_is_its_months_and_its_fragments(start, length, anchor, fragment):
    term = Period(start, start + timedelta(days=length))
    found = months_and_days(term, fragment, anchor)
    assert found.total >= 0
    middle = Period(found.first_days.end, found.last_days.start)
    assert (
        found.first_days.days + middle.days + found.last_days.days == term.days or not found.first_days.days
    )
    assert 28 * found.months <= middle.days <= 31 * found.months
    full = months_and_days(term, Fragment.FULL, anchor).total
    assert months_and_days(term, Fragment.FREE, anchor).total <= found.total <= full + Fraction(1, 10)
    assert by_anniversaries(term) > 0


@settings(max_examples=60, deadline=None)
@given(days, st.integers(30, 900), st.lists(st.tuples(st.integers(1, 800), prices), max_size=4))
def test_contract_value_changes_by_the_sum_of_its_deltas(start, length, steps):
    term = Period(start.replace(day=1), start.replace(day=1) + timedelta(days=length))
    before = after = (Segment(term, Plan(Fraction(100))),)
    for offset, price in steps:
        at = (term.start + timedelta(days=offset)).replace(day=1)
        if term.start <= at < term.end:
            after = changed(after, at, Plan(price))
    assert sum((d.value for d in deltas(before, after)), Fraction(0)) == tcv(after) - tcv(before)
    assert after[0].days.start == term.start
    assert after[-1].days.end == term.end
    assert all(one.days.end == two.days.start for one, two in pairwise(after))


def test_the_laws_can_fail():
    """A chain that forgets to give back bills days twice, and that is seen."""
    contract = Contract(Plan(Fraction(30)), date(2024, 4, 1), date(2024, 7, 1))
    told = play(contract, [Amendment(date(2024, 4, 16), Plan(Fraction(60)))], FAR, BillingConvention())
    book = replace(told.book, items=tuple(i for i in told.book.items if i.kind is not Kind.REPAIR))
    kept = [p for i in book.charges() for p in book.kept(i)]
    assert sum(p.days for p in kept) > 91
