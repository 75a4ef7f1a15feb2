"""Revenue ahead of billing: asset or liability of a contract, never both, and met by its bills."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.erp import Schedule
from core.canonical.money import Money
from core.finance.revenue.ahead import Ahead, Netting, ahead
from core.finance.revenue.earned import BY_DAYS, earned

END = date(2026, 2, 28)


def plan(source: str, minor: int, start: date, end: date, contract: str = "S-1") -> Schedule:
    return Schedule(f"RS-{source}-{start}", source, Money(minor, "USD"), start, end, contract=contract)


def told(found: list[Ahead]) -> list[tuple[str, int, date]]:
    return [(part.plan.source, part.minor, part.billed) for part in found]


FIRST, FIFTH = date(2026, 3, 1), date(2026, 3, 5)
HALF = plan("INV2", 28_000, date(2026, 2, 15), date(2026, 3, 15))


def test_half_a_period_served_before_its_bill():
    assert told(ahead([HALF], END, {"INV2": FIRST}, BY_DAYS, Netting.CONTRACT)) == [("INV2", 14_000, FIRST)]


def test_what_was_billed_by_then_is_no_asset():
    assert ahead([HALF], END, {}, BY_DAYS, Netting.CONTRACT) == []
    assert ahead([HALF], END, {"INV9": FIRST}, BY_DAYS, Netting.CONTRACT) == []


def test_one_contract_is_an_asset_or_a_liability_under_one_policy_and_both_under_the_other():
    # A year from January is billed: 306 of 365.00 are still to come at the end of February.
    year = plan("INV1", 36_500, date(2026, 1, 1), date(2027, 1, 1))
    later = {"INV2": FIRST}
    assert ahead([year, HALF], END, later, BY_DAYS, Netting.CONTRACT) == []
    assert told(ahead([year, HALF], END, later, BY_DAYS, Netting.DOCUMENT)) == [("INV2", 14_000, FIRST)]
    other = plan("INV1", 36_500, date(2026, 1, 1), date(2027, 1, 1), "S-2")
    assert told(ahead([other, HALF], END, later, BY_DAYS, Netting.CONTRACT)) == [("INV2", 14_000, FIRST)]


def test_what_is_left_of_a_liability_is_used_up_first():
    # 10.00 of February are still deferred; 140.00 are ahead of their bill: 130.00 are an asset.
    rest = plan("INV1", 5_800, date(2026, 2, 1), date(2026, 3, 31))
    assert earned(rest, END, BY_DAYS).minor == 2_800
    found = ahead([rest, HALF], END, {"INV2": FIRST}, BY_DAYS, Netting.CONTRACT)
    assert told(found) == [("INV2", 14_000 - 3_000, FIRST)]


def test_the_earlier_bill_meets_the_asset_first():
    second = plan("INV3", 2_800, date(2026, 2, 1), date(2026, 3, 1))
    later = {"INV2": FIFTH, "INV3": FIRST}
    # 140.00 and 28.00 ahead; the bill of the 1st, 28.00, meets as much of it.
    assert told(ahead([HALF, second], END, later, BY_DAYS, Netting.CONTRACT)) == [
        ("INV3", 2_800, FIRST),
        ("INV2", 14_000, FIFTH),
    ]


def test_an_upgrade_billed_later_is_charge_and_credit_in_one():
    old = plan("INV1", 28_000, date(2026, 2, 1), date(2026, 3, 1))
    back = plan("INV2", -14_000, date(2026, 2, 15), date(2026, 3, 1))
    new = replace(plan("INV2", 28_000, date(2026, 2, 15), date(2026, 3, 1)), key="RS-new")
    found = ahead([old, back, new], END, {"INV2": FIRST}, BY_DAYS, Netting.CONTRACT)
    # 420.00 are earned, 280.00 billed.
    assert [(part.plan.key, part.minor) for part in found] == [("RS-new", 14_000)]


def test_what_no_bill_will_meet_is_no_asset():
    """More was credited than was to come: that is no right to money."""
    year = plan("INV1", 36_500, date(2026, 1, 1), date(2027, 1, 1))
    too_much = plan("CM1", -40_000, date(2026, 1, 1), date(2027, 1, 1))
    none = plan("INV2", 100, date(2026, 3, 1), date(2026, 3, 2))
    found = ahead([year, too_much, none], END, {"INV2": FIRST}, BY_DAYS, Netting.CONTRACT)
    assert sum(part.minor for part in found) <= 100


days = st.integers(0, 120)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-90_000, 90_000), days, st.integers(1, 90), st.integers(-60, 60)), max_size=6
    )
)
def test_asset_is_what_is_earned_beyond_what_is_billed(rows):
    """With every bill known in the end, all that is ahead is met, and no part is negative."""
    first = date(2025, 12, 1).toordinal()
    plans, later = [], {}
    for n, (minor, start, length, billed) in enumerate(rows):
        begin = date.fromordinal(first + start)
        plans.append(plan(f"D{n}", minor, begin, date.fromordinal(first + start + length)))
        if billed > 0:
            later[f"D{n}"] = date.fromordinal(END.toordinal() + billed)
    found = ahead(plans, END, later, BY_DAYS, Netting.CONTRACT)
    assert all(part.minor > 0 for part in found)
    stands = sum(p.amount.minor for p in plans if p.source not in later)
    stands -= sum(earned(p, END, BY_DAYS).minor for p in plans)
    total = sum(part.minor for part in found)
    assert total <= sum(max(p.amount.minor, 0) for p in plans if p.source in later)
    if all(p.amount.minor >= 0 for p in plans):
        assert total == max(-stands, 0)
