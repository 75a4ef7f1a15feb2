"""Revenue ahead of billing: asset or liability of a contract, never both, and met by its bills."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.erp import ContractMove
from core.canonical.money import Money
from core.finance.revenue.ahead import Netting, Reclass, reclassified

END = date(2026, 2, 28)
FIRST, FIFTH = date(2026, 3, 1), date(2026, 3, 5)


def deferred(
    minor: int, on: date | None = None, product: str = "TEAM", contract: str = "S-1"
) -> ContractMove:
    """A debit is positive: what is released beyond what is billed."""
    return ContractMove(contract, product, "ACME", "", Money(minor, "USD"), asset=False, on=on)


def asset(minor: int, on: date | None = None, product: str = "TEAM") -> ContractMove:
    return ContractMove("S-1", product, "ACME", "", Money(minor, "USD"), asset=True, on=on)


def told(moves: list[ContractMove], netting: Netting = Netting.CONTRACT) -> list[tuple[str, int, date]]:
    return [(each.product, each.minor, each.on) for each in reclassified(moves, END, netting)]


def test_half_a_period_served_before_its_bill():
    assert told([deferred(14_000), deferred(-28_000, FIRST)]) == [
        ("TEAM", 14_000, END),
        ("TEAM", -14_000, FIRST),
    ]


def test_what_stands_there_already_is_not_posted_again():
    stands = [deferred(0), asset(14_000), asset(-14_000, FIRST), deferred(-28_000, FIRST)]
    assert told(stands) == []
    # The second entry is missing, as after a crash.
    assert told([stands[0], stands[1], stands[3]]) == [("TEAM", -14_000, FIRST)]


def test_what_was_taken_back_on_a_later_day_for_a_closed_one_counts():
    assert told([deferred(0), asset(14_000), asset(-14_000, FIFTH), deferred(-28_000, FIRST)]) == []


def test_a_contract_that_is_served_later_is_a_liability():
    assert told([deferred(-30_000), deferred(-28_000, FIRST)]) == []


def test_one_contract_is_an_asset_or_a_liability_under_one_policy_and_both_under_the_other():
    """300.00 of TEAM are deferred, 140.00 of SUPPORT ahead of their bill."""
    moves = [deferred(-30_000), deferred(14_000, product="SUPPORT"), deferred(-28_000, FIRST, "SUPPORT")]
    assert told(moves) == []
    assert told(moves, Netting.OBLIGATION) == [("SUPPORT", 14_000, END), ("SUPPORT", -14_000, FIRST)]


def test_the_liability_of_another_product_is_used_up_first():
    moves = [deferred(-3_000), deferred(14_000, product="SUPPORT")]
    assert told(moves) == [("SUPPORT", 11_000, END)]


def test_each_bill_meets_what_it_can():
    moves = [deferred(16_800), deferred(-2_800, FIRST), deferred(-28_000, FIFTH)]
    assert told(moves) == [("TEAM", 16_800, END), ("TEAM", -2_800, FIRST), ("TEAM", -14_000, FIFTH)]


def test_what_no_bill_meets_stands_until_the_month_after():
    assert told([deferred(16_800), deferred(-2_800, FIRST)])[-1] == ("TEAM", -2_800, FIRST)
    # At the end of March 140.00 of it are still there, and nothing more has been released.
    assert told([deferred(0), asset(14_000)]) == []
    # Or all of it was billed meanwhile, on a day that was not known then.
    assert told([deferred(-28_000), asset(14_000)]) == [("TEAM", -14_000, END)]


def test_lines_of_no_contract_are_left():
    assert told([deferred(14_000, contract="")]) == []


amounts = st.integers(-50_000, 50_000)
products = st.sampled_from(["TEAM", "SUPPORT", "CALLS"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(products, amounts), min_size=1, max_size=5),
    st.lists(st.tuples(products, st.integers(1, 40_000), st.integers(1, 20)), max_size=4),
    st.sampled_from(list(Netting)),
)
def test_asset_is_what_is_released_beyond_what_is_billed_at_every_turn(held, bills, netting):
    """Once posted, nothing more is due; the end is an asset or a liability; no bill takes back too much."""
    moves = [deferred(minor, product=product) for product, minor in held]
    moves += [deferred(-minor, date(2026, 3, day), product) for product, minor, day in bills]
    found = reclassified(moves, END, netting)
    at_end = [each for each in found if each.on == END]
    if netting is Netting.CONTRACT:
        assert sum(each.minor for each in at_end) == max(sum(minor for _, minor in held), 0)
    assert all(each.minor > 0 for each in at_end)
    later = sum(each.minor for each in found if each.on > END)
    assert 0 <= -later <= sum(each.minor for each in at_end)
    assert reclassified([*moves, *as_posted(found)], END, netting) == []


def as_posted(found: list[Reclass]) -> list[ContractMove]:
    lines = []
    for each in found:
        on = None if each.on == END else each.on
        lines.append(asset(each.minor, on, each.product))
        # Of deferred revenue only what stands by the end is read, and documents after it.
        lines += [deferred(-each.minor, product=each.product)] if on is None else []
    return lines
