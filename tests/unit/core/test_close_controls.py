"""Controls C01 to C40: what is planted is found by the right control, with cause and amount, and no more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.close.control import nothing, terms
from core.close.controls.index import CONTROLS
from core.close.engine import State, run
from core.close.extract import Explanation
from scenarios.checkers.i38_controls_true import TOLERANT
from scenarios.plants.catalogue import FAULTS
from scenarios.plants.deal import Deal
from scenarios.plants.drawn import NEEDED, books_of
from scenarios.plants.index import PLANTS
from tests.unit.core.close_by_hand import CHECKS, differences

USUAL = books_of(
    [
        (120_000, 80),
        (50_001, 80),
        (99_999, 70),
        (55_000, 70),
        (77_777, 60),
        (500_000, 80),
        (88_000, 80),
    ]
)


def outcomes(extract):
    return {control.id: run(control, extract) for control in CONTROLS.values()}


def fired(extract):
    return {name: found.items for name, found in outcomes(extract).items() if found.items}


sizes = st.lists(
    st.tuples(st.integers(50_000, 3_000_000), st.integers(20, 250)), min_size=NEEDED, max_size=NEEDED
)
others = st.lists(
    st.builds(
        lambda currency, net, tax, pays, quantity: (currency, net, tax, pays, quantity),
        st.sampled_from(["USD", "EUR", "JPY", "KWD"]),
        st.integers(50_000, 900_000),
        st.integers(1, 90_000),
        st.sampled_from(["card", "bank", "later"]),
        st.integers(1, 40),
    ),
    max_size=4,
)


@st.composite
def clean_books(draw):
    more = [
        Deal(number, currency, net, tax, pays, quantity=quantity)
        for number, (currency, net, tax, pays, quantity) in enumerate(draw(others), NEEDED + 1)
    ]
    days = st.lists(st.integers(60, 400), min_size=2, max_size=5)
    bought = draw(st.integers(2_000, 90_000))
    prepaid = (bought, draw(st.integers(1, bought - 1)), draw(st.integers(1, 5_000)))
    # An even hundred of thousands keeps gains away from the cent that is tolerated.
    foreign = draw(st.integers(10_000, 9_000_000))
    return books_of(draw(sizes), more, draw(days), draw(days), prepaid, foreign)


calm = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_there_are_forty_and_each_has_its_terms():
    assert list(CONTROLS) == [f"C{number:02d}" for number in range(1, 41)]
    for control in CONTROLS.values():
        assert control.terms == terms(control.id)
        assert control.terms.owner
        assert set(control.terms.explained) <= set(control.terms.causes)


def test_the_law_knows_which_controls_may_let_a_cent_pass():
    assert {control.id for control in CONTROLS.values() if control.allowed is not nothing} == TOLERANT


def test_every_cause_of_every_control_has_a_plant():
    due = {(control.id, cause) for control in CONTROLS.values() for cause in control.terms.causes}
    assert due == {(plant.control, plant.cause) for plant in PLANTS}


def test_the_usual_clean_books_pass_every_control():
    found = outcomes(USUAL)
    assert {name: o.items for name, o in found.items() if o.items} == {}
    assert {o.state for o in found.values()} == {State.PASSED}


@calm
@given(clean_books())
def test_clean_books_give_no_exception(extract):
    assert fired(extract) == {}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_what_is_planted_is_found_with_cause_and_amount_and_by_no_other(plant):
    found = fired(plant.make(USUAL))
    mine = found.pop(plant.control)
    assert {item.cause for item in mine} == {plant.cause}
    assert sum(item.amount for item in mine) == plant.amount(USUAL)
    assert {item.owner for item in mine} == {CONTROLS[plant.control].terms.owner}
    assert set(found) == plant.also


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(clean_books(), st.sampled_from(PLANTS))
def test_the_same_in_any_clean_books(extract, plant):
    found = fired(plant.make(extract))
    mine = found.pop(plant.control)
    assert {item.cause for item in mine} == {plant.cause}
    assert sum(item.amount for item in mine) == plant.amount(extract)
    assert set(found) == plant.also


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_fires_its_controls_and_no_other(fault):
    assert set(fired(fault.make(USUAL))) == fault.controls


def by_control(extract):
    """What the controls say, as the brute force says it: how much is apart, key by key."""
    found = defaultdict(lambda: defaultdict(Fraction))
    for name, items in fired(extract).items():
        for item in items:
            found[name][item.key] += item.amount
    return {name: sorted(keys.values()) for name, keys in found.items() if name in CHECKS}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(clean_books(), st.lists(st.sampled_from(PLANTS), min_size=1, max_size=3, unique=True))
def test_i38_findings_are_the_brute_force_difference_of_the_books(extract, plants):
    for plant in plants:
        try:
            extract = plant.make(extract)
        except LookupError:
            continue  # an earlier one took away what this one alters
    apart = {name: sorted(keys.values()) for name, keys in differences(extract).items()}
    assert by_control(extract) == apart


def test_a_cause_is_explained_by_the_books_or_by_a_person():
    plant = next(p for p in PLANTS if p.cause == "in transit at month end")
    found = run(CONTROLS["C16"], plant.make(USUAL))
    assert [item.explained for item in found.items] == [True]

    plant = next(p for p in PLANTS if p.cause == "edited in ERP")
    books = plant.make(USUAL)
    found = run(CONTROLS["C10"], books)
    assert found.state is State.EXCEPTIONS
    (item,) = found.items
    accepted = Explanation(control="C10", key="/".join(item.key), cause=item.cause, by="controller")
    assert run(CONTROLS["C10"], replace(books, explanations=(accepted,))).state is State.PASSED
    other = replace(accepted, cause="missing")
    assert run(CONTROLS["C10"], replace(books, explanations=(other,))).state is State.EXCEPTIONS


def test_what_has_no_cause_stays_open_and_is_summed():
    books = replace(USUAL, ledger=tuple(line for line in USUAL.ledger if line.account != "2200"))
    found = run(CONTROLS["C22"], books)
    assert found.state is State.EXCEPTIONS
    assert found.unexplained == (("USD", 10_000),)


def test_a_book_that_is_empty_on_one_side_is_an_exception_of_all_that_the_other_has():
    found = run(CONTROLS["C10"], replace(USUAL, erp_documents=()))
    assert found.state is State.EXCEPTIONS
    assert {item.cause for item in found.items} == {"missing"}
    assert sum(item.amount for item in found.items) == sum(amount for _, amount in found.left.totals)


def test_a_control_does_not_apply_where_both_books_were_read_and_have_no_row():
    found = run(CONTROLS["C01"], replace(USUAL, opportunities=(), contracts=()))
    assert found.state is State.NOT_APPLICABLE
    assert found.reason == "no rows on either side: opportunities and contracts were read"
    found = run(CONTROLS["C15"], replace(USUAL, balance_transactions=(), payouts=()))
    assert (found.state, found.reason) == (State.NOT_APPLICABLE, "nothing was paid out")


def test_a_control_whose_table_is_not_kept_is_not_run_for_that_reason():
    found = run(CONTROLS["C16"], replace(USUAL, absent={"bank_lines": "no bank is modelled"}))
    assert (found.state, found.reason) == (State.NOT_RUN, "bank_lines: no bank is modelled")
