"""Whatever happens to a charge: every day is billed exactly once, never more is credited than billed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.kit.clock import midnight
from simulators.kit.ids import Ids
from simulators.kit.mock import Surroundings
from simulators.zuora.rules import accounts, billing, offering, offers, orders, products
from simulators.zuora.rules.calendar import add_months, after, period_around
from simulators.zuora.rules.order import (
    Action,
    Cancel,
    ChargeWish,
    Create,
    OrderWish,
    PlanKey,
    PlanWish,
    Remove,
    Renew,
    SubscriptionWish,
    Terms,
    Update,
)
from simulators.zuora.rules.parties import AccountWish
from simulators.zuora.rules.refusal import Refused
from simulators.zuora.rules.sandbox import Sandbox

START = date(2026, 1, 31)


class Still:
    def now(self) -> int:
        return midnight(START)


class Nobody:
    async def post(self, *_: Any, **__: Any) -> int | None:
        raise AssertionError("nobody is told")


class Story:
    """One subscription of one charge, changed and billed through the rules alone."""

    def __init__(self, months: int, price: Decimal) -> None:
        self.state = Sandbox(Surroundings(Still(), Ids("s"), Nobody(), lambda _: None)).state
        product = products.add_product(self.state, "P", "P", date(2020, 1, 1), date(2090, 1, 1))
        plan = products.add_plan(self.state, product.id, "P")
        period = {1: "Month", 3: "Quarter", 12: "Annual"}[months]
        offer = offering.ChargeOffer(
            plan.id,
            "C",
            "Per Unit Pricing",
            "Recurring",
            (offering.TierOffer("USD", price),),
            period,
            bill_cycle_type="SubscriptionStartDay",
        )
        self.charge = offers.add_charge(self.state, offer)
        self.plan = plan
        accounts.open_account(
            self.state,
            AccountWish("A", name="A", currency="USD", bill_to={"firstName": "x", "lastName": "y"}),
        )
        self.count = 0
        terms = Terms(START, (12, "Month"))
        self.act(Create(terms, (PlanWish(plan.id),), "S"), START, number="")

    def act(self, act: Any, on: date, number: str = "S") -> bool:
        self.count += 1
        action = Action("x", act, {"ContractEffective": on}, None, {})
        wish = OrderWish(f"O{self.count}", on, "A", (SubscriptionWish(number, (action,)),))
        try:
            orders.place(self.state, wish)
        except Refused:
            return False
        return True

    def bill(self, target: date) -> None:
        billing.bill(self.state, target, target)

    def lines(self) -> list[tuple[date, date, int]]:
        bills = [(i.start, i.end, i.net) for d in self.state.invoices for i in d.items.values()]
        return bills + [(i.start, i.end, -i.net) for d in self.state.memos for i in d.items.values()]


days = st.integers(0, 500).map(lambda n: START + timedelta(days=n))
steps = st.lists(
    st.tuples(
        st.sampled_from(["bill", "resize", "resize", "remove", "cancel", "renew"]), days, st.integers(0, 5)
    ),
    max_size=12,
)


@given(steps, st.sampled_from([1, 3, 12]), st.sampled_from(["0.05", "19.99", "100", "0.3333"]))
@settings(max_examples=150, deadline=None)
def test_every_day_is_billed_once(acts: list[tuple[str, date, int]], months: int, price: str) -> None:
    story = Story(months, Decimal(price))
    state = story.state
    for kind, on, quantity in acts:
        if kind == "bill":
            story.bill(on)
        elif kind == "resize":
            wish = (ChargeWish(story.charge.id, Decimal(quantity)),)
            story.act(Update(PlanKey(source=story.plan.id), wish), on)
        elif kind == "remove":
            story.act(Remove(PlanKey(source=story.plan.id)), on)
        elif kind == "cancel":
            story.act(Cancel("SpecificDate", on), on)
        else:
            story.act(Renew(), on)
    end = START + timedelta(days=6000)
    story.bill(end)
    once = story.lines()
    story.bill(end)
    assert story.lines() == once
    (charge,) = next(iter(state.subscriptions)).charges
    ledger = state.ledgers[charge.number]
    # What is left on the ledger is exactly the segments, and the documents sum up to it.
    assert sum(line[2] for line in once) == sum(piece.net for piece in ledger.pieces)
    for segment in charge.segments:
        own = sorted((p for p in ledger.pieces if p.segment.number == segment.number), key=lambda p: p.start)
        assert own[0].start == segment.start
        assert own[-1].end == segment.end
        assert all(a.end == b.start for a, b in pairwise(own))
        for piece in own:
            assert 0 <= piece.net <= piece.full
            exact = Decimal(piece.full) * (piece.end - piece.start).days / piece.days
            assert abs(piece.net - exact) <= 1
    numbers = {segment.number for segment in charge.segments}
    assert all(piece.segment.number in numbers for piece in ledger.pieces)


def test_whole_periods_that_were_billed_in_parts_sum_up() -> None:
    story = Story(1, Decimal("0.05"))
    story.act(Renew(), START)
    story.bill(date(2026, 3, 1))
    assert [line[2] for line in story.lines()] == [5, 5]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 13, date(2027, 2, 28)),
        (date(2026, 3, 15), 12, date(2027, 3, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_terms() -> None:
    assert after(date(2026, 1, 1), 2, "Year") == date(2028, 1, 1)
    assert after(date(2026, 1, 1), 2, "Week") == date(2026, 1, 15)
    assert after(date(2026, 1, 1), 45, "Day") == date(2026, 2, 15)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from([1, 3, 6, 12]), st.integers(0, 3000))
def test_a_day_lies_in_its_period(anchor: date, months: int, later: int) -> None:
    day = anchor + timedelta(days=later)
    start, end = period_around(anchor, months, day)
    assert start <= day < end
    assert period_around(anchor, months, start) == (start, end)
    assert period_around(anchor, months, end)[0] == end
