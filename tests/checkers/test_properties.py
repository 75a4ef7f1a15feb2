"""Whatever single object is lost or doubled, some law notices."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.checkers.days import day, months_later, period_around, stretches
from scenarios.checkers.laws import judge
from scenarios.evidence.verdicts import BROKEN

from .world import again, without, world

# Periods are the calendar of the ERP, not facts; losing or doubling one is no difference of the books.
ERP = ("customers", "invoices", "receipts", "credit_memos", "refunds", "journals", "ledger", "schedules")
OTHERS = {
    "crm": ("accounts", "opportunities", "invoices"),
    "billing": ("accounts", "subscriptions", "invoices", "credit_notes", "payments", "refunds", "usage"),
    "payments": ("customers", "charges", "refunds", "payouts"),
    "tax": ("documents",),
    "bank": ("lines",),
}
PLACES = [("erp", items) for items in ERP] + [(books, items) for books in OTHERS for items in OTHERS[books]]
DAYS = st.integers(day("2024-01-01"), day("2028-12-31"))


def broken(evidence):
    """Without I-38: it says at once that what the controls claimed is not of these books."""
    return [v.law for v in judge(evidence) if v.state == BROKEN and v.law != "I-38"]


def objects(places):
    w = world()
    return [
        (books, items, n) for books, items in places for n in range(len(getattr(getattr(w, books), items)))
    ]


ERP_OBJECTS = objects([place for place in PLACES if place[0] == "erp"])


@pytest.mark.parametrize("where", ERP_OBJECTS, ids=str)
def test_losing_any_erp_object_breaks_a_law(where):
    assert broken(without(world(), *where))


# A second declined charge is no breach: a card may be tried again.
DOUBLES = [where for where in objects(PLACES) if where != ("payments", "charges", 1)]


@pytest.mark.parametrize("where", DOUBLES, ids=str)
def test_doubling_any_object_breaks_a_law(where):
    assert broken(again(world(), *where))


@given(st.sets(st.sampled_from(ERP_OBJECTS), min_size=1, max_size=4))
def test_losses_do_not_cancel_out(gone):
    w = world()
    for where in sorted(gone, reverse=True):
        w = without(w, *where)
    assert broken(w)


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_books_does_not_matter(random):
    w = world()
    # A bank's statement is a sequence: each line carries the balance after it.
    for books, items in (place for place in PLACES if place != ("bank", "lines")):
        group = list(getattr(getattr(w, books), items))
        random.shuffle(group)
        w = replace(w, **{books: replace(getattr(w, books), **{items: tuple(group)})})
    assert not broken(w)


@given(DAYS, st.sampled_from([1, 3, 6, 12]), st.integers(0, 1000))
def test_every_day_is_in_its_period(anchor, months, later):
    start, end = period_around(anchor, months, anchor + later)
    assert start <= anchor + later < end
    steps = [months_later(anchor, months * n) for n in range(40)]
    assert start in steps
    assert end in steps


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from([1, -1])), max_size=8))
def test_stretches_are_the_daily_sums(spans):
    daily = [sum(weight for start, end, weight in spans if start <= d < end) for d in range(31)]
    found = [0] * 31
    for start, end, (weight,) in stretches([spans]):
        for d in range(start, end):
            found[d] = weight
    assert found == daily
