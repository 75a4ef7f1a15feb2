"""Bundles: the allocation of their price over their life, by hand and for any contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind, OrderLine
from core.finance.calendar import add_months
from core.finance.revenue.allocation import Allocation, Together
from core.finance.revenue.bundle import Version, versions
from core.finance.revenue.earned import BY_DAYS, earned

FAR = date(2030, 1, 1)
START, END = date(2026, 1, 1), date(2027, 1, 1)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def line(
    product: str, price: int, alone: int, quantity: int = 1, prior: int = 0, months: int = 12,
    delivered: date | None = None,
) -> OrderLine:  # fmt: skip
    return OrderLine(product, quantity, prior, usd(price), months, usd(alone), delivered)


def sold(*lines: OrderLine, end: date | None = END) -> Order:
    return Order("OPP-1", OrderKind.NEW, "C-1", "", "USD", START, end, lines)


def changed(kind: OrderKind, on: date, *lines: OrderLine, n: int = 2, end: date | None = None) -> Order:
    return Order(f"OPP-{n}", kind, "C-1", "OPP-1", "USD", on, end, lines)


def of(orders: Sequence[Order], through: date = FAR, policy: Allocation | None = None) -> list[Version]:
    return versions(orders, through, timedelta(days=365), BY_DAYS, policy or Allocation())


def moved(version: Version) -> dict[str, int]:
    return {name: amount.minor for name, amount in version.moved.items()}


def plans(found: Sequence[Version]) -> dict[str, tuple[int, date, date]]:
    return {p.key: (p.amount.minor, p.start, p.end) for v in found for p in v.plans}


# Platform 12,000 at list, sold at 10,800; onboarding 3,000, sold at 1,500; support 3,000, sold at 2,700.
# The price of 15,000 for what is worth 18,000: five sixths, 10,000 and 2,500 and 2,500.
BUNDLE = (
    line("TEAM", 1_080_000, 1_200_000),
    line("ONBOARD", 150_000, 300_000, months=0),
    line("SUPPORT", 270_000, 300_000),
)


def test_a_discount_is_borne_by_all_in_proportion() -> None:
    (version,) = of([sold(*BUNDLE)])
    assert moved(version) == {"TEAM": -80_000, "ONBOARD": 100_000, "SUPPORT": -20_000}
    assert plans([version]) == {
        "SSP-O-OPP-1-TEAM": (-80_000, START, END),
        "SSP-O-OPP-1-SUPPORT": (-20_000, START, END),
        "SSP-O-OPP-1-ONBOARD": (100_000, date(2031, 1, 1), date(2031, 1, 2)),
    }, "what is not delivered is planned for a year from the day that is looked at"
    assert version.done == {"ONBOARD": None}


def test_what_is_delivered_once_is_earned_on_its_day() -> None:
    on = date(2026, 3, 10)
    given_over = line("ONBOARD", 150_000, 300_000, months=0, delivered=on)
    found = of([sold(BUNDLE[0], given_over, BUNDLE[2])])
    assert plans(found)["SSP-O-OPP-1-ONBOARD"] == (100_000, on, on + timedelta(days=1))
    before = of([sold(BUNDLE[0], given_over, BUNDLE[2])], date(2026, 2, 28))
    day = plans(before)["SSP-O-OPP-1-ONBOARD"][1]
    assert day == date(2027, 2, 28), "not known at the end of February"


def test_a_discount_that_is_observable_stays_with_those_who_bear_it() -> None:
    policy = Allocation(together=(Together(("ONBOARD", "SUPPORT"), Fraction(1, 2)),))
    lines = (line("TEAM", 1_200_000, 1_200_000), line("ONBOARD", 0, 300_000, months=0), BUNDLE[2])
    half = line("SUPPORT", 300_000, 300_000)
    (version,) = of([sold(lines[0], lines[1], half)], policy=policy)
    assert moved(version) == {"ONBOARD": 150_000, "SUPPORT": -150_000}


def test_a_residual_takes_what_the_others_leave() -> None:
    policy = Allocation(by_residual=frozenset({"ONBOARD"}))
    dear = line("ONBOARD", 250_000, 300_000, months=0)
    (version,) = of([sold(BUNDLE[0], dear, BUNDLE[2])], policy=policy)
    assert moved(version) == {"TEAM": 120_000, "ONBOARD": -150_000, "SUPPORT": 30_000}
    with pytest.raises(Held, match="residual"):
        of([sold(*BUNDLE)], policy=policy)  # 15,000 less 15,000 leaves nothing


def test_an_upgrade_below_list_respreads_what_is_left() -> None:
    # On 1 July 184 of 365 days are left. Earned of what was moved: 181 days, cut down.
    on = date(2026, 7, 1)
    given_over = line("ONBOARD", 150_000, 300_000, months=0, delivered=date(2026, 2, 1))
    more = line("TEAM", 1_080_000, 1_200_000, quantity=2, prior=1)
    first, second = of([sold(BUNDLE[0], given_over, BUNDLE[2]), changed(OrderKind.AMENDMENT, on, more)])
    team_left = -80_000 + 80_000 * 181 // 365
    support_left = -20_000 + 20_000 * 181 // 365
    own_team, own_support = 2 * 1_080_000 * 184 / 365, 270_000 * 184 / 365
    assert "ONBOARD" not in second.moved, "it was satisfied"
    pool = round(own_team) + round(own_support) + team_left + support_left
    team = round(pool * 8 / 9) - round(own_team) - team_left
    assert moved(second) == {"TEAM": team, "SUPPORT": -team}
    assert sum(moved(first).values()) == 0


def test_more_at_list_price_is_a_contract_of_its_own() -> None:
    first = line("TEAM", 1_200_000, 1_200_000)
    more = line("TEAM", 1_200_000, 1_200_000, quantity=3, prior=1)
    orders = [sold(first, *BUNDLE[1:]), changed(OrderKind.AMENDMENT, date(2026, 7, 1), more)]
    assert len(of(orders)) == 1


def test_what_is_taken_out_leaves_its_part_to_the_others() -> None:
    gone = line("SUPPORT", 270_000, 300_000, quantity=0, prior=1)
    _, second = of([sold(*BUNDLE), changed(OrderKind.AMENDMENT, date(2026, 7, 1), gone)])
    assert sum(moved(second).values()) == 0
    assert moved(second)["SUPPORT"] == 20_000 - 20_000 * 181 // 365


def test_the_end_of_the_contract_settles_what_was_moved() -> None:
    on = date(2026, 7, 1)
    found = of([sold(*BUNDLE), changed(OrderKind.CANCELLATION, on)])
    left = 80_000 - 80_000 * 181 // 365
    assert plans(found)["SSP-O-OPP-2-TEAM"] == (left, on, END)
    assert plans(found)["SSP-O-OPP-2-TEAM-end"] == (-left, on, on + timedelta(days=1))
    assert plans(found)["SSP-O-OPP-1-ONBOARD"] == (100_000, on, on + timedelta(days=1)), "nothing is owed"
    assert moved(found[1]) == {}


def test_a_renewal_is_allocated_by_itself() -> None:
    again = (
        line("TEAM", 1_000_000, 1_200_000, prior=1),
        line("SUPPORT", 300_000, 300_000, prior=1),
    )
    renewed = changed(OrderKind.RENEWAL, END, *again, end=date(2028, 1, 1))
    _, second = of([sold(*BUNDLE), renewed])
    assert moved(second) == {"TEAM": 40_000, "SUPPORT": -40_000}


def test_a_term_from_the_31st_has_twelve_months() -> None:
    seats, once = line("TEAM", 100, 300, months=1), line("ONBOARD", 1_200, 3_600, months=0)
    start, end = date(2026, 1, 31), date(2027, 1, 31)
    order = Order("OPP-1", OrderKind.NEW, "C-1", "", "USD", start, end, (seats, once))
    (version,) = of([order])
    assert version.moved == {}, "both are sold at a third of what they are worth"


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        ([sold(OrderLine("TEAM", 1, 0, usd(1), 12), *BUNDLE[1:])], "ssp: TEAM"),
        ([sold(*BUNDLE, end=None)], "without an end"),
        ([changed(OrderKind.AMENDMENT, START, *BUNDLE)], "nobody sold"),
        ([sold(*BUNDLE), changed(OrderKind.SUSPENSION, date(2026, 2, 1))], "rests"),
    ],
)
def test_what_cannot_be_allocated_is_held(orders: list[Order], said: str) -> None:
    with pytest.raises(Held, match=said):
        of(orders)


@st.composite
def _lives(draw: st.DrawFn) -> list[Order]:
    months = draw(st.sampled_from((1, 3, 12)))
    start = START + timedelta(draw(st.integers(0, 400)))
    end = add_months(start, 12)
    alone = {name: draw(st.integers(1, 10**6)) for name in ("TEAM", "SUPPORT", "ONBOARD")}

    def price(name: str) -> int:
        return draw(st.integers(0, alone[name]))

    held = {name: draw(st.integers(1, 50)) for name in ("TEAM", "SUPPORT")}
    lines = [line(name, price(name), alone[name], n, 0, months) for name, n in held.items()]
    delivered = draw(st.none() | st.integers(0, 500).map(lambda n: start + timedelta(n)))
    lines.append(line("ONBOARD", price("ONBOARD"), alone["ONBOARD"], months=0, delivered=delivered))
    orders = [Order("OPP-1", OrderKind.NEW, "C", "", "USD", start, end, tuple(lines))]
    for n, days in enumerate(sorted(draw(st.lists(st.integers(1, 360), max_size=3, unique=True))), start=2):
        name = draw(st.sampled_from(sorted(held)))
        after = draw(st.integers(1, 60))
        more = line(name, price(name), alone[name], after, held[name], months)
        held[name] = after
        orders.append(
            Order(
                f"OPP-{n}", OrderKind.AMENDMENT, "C", "OPP-1", "USD", start + timedelta(days), None, (more,)
            )
        )
    if draw(st.booleans()):
        orders.append(
            Order("OPP-9", OrderKind.CANCELLATION, "C", "OPP-1", "USD", start + timedelta(362), None, ())
        )
    return orders


@settings(max_examples=60, deadline=None)
@given(_lives())
def test_nothing_is_made_or_lost_by_moving(orders: list[Order]) -> None:
    found = of(orders)
    for version in found:
        assert sum(amount.minor for amount in version.moved.values()) == 0
    total = sum(earned(plan, date(2035, 1, 1)).minor for version in found for plan in version.plans)
    assert total == 0, "all that was moved comes back"
    assert len({plan.key for version in found for plan in version.plans}) == sum(len(v.plans) for v in found)
