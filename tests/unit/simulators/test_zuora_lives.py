"""Whatever orders do: segments never overlap, and a preview says what will be billed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from simulators.zuora.rules import billing, orders
from simulators.zuora.rules.changes import MAY
from simulators.zuora.rules.contracts import CANCELLED, Subscription
from simulators.zuora.rules.order import (
    Action,
    Add,
    Cancel,
    ChangePlan,
    ChangeTerms,
    ChargeWish,
    OrderWish,
    PlanKey,
    PlanWish,
    Renew,
    Resume,
    SubscriptionWish,
    Suspend,
    Terms,
    Update,
)
from simulators.zuora.rules.previews import would_bill
from simulators.zuora.rules.refusal import Refused
from simulators.zuora.rules.waiting import delete

from .test_zuora_ledger import START, Story

days = st.integers(0, 500).map(lambda n: START + timedelta(days=n))


class Life(RuleBasedStateMachine):
    """One subscription under random orders."""

    @initialize(months=st.sampled_from([1, 3, 12]), price=st.sampled_from(["19.99", "100"]))
    def begin(self, months: int, price: str) -> None:
        self.story = Story(months, Decimal(price))
        self.state = self.story.state
        self.count = 100

    @property
    def sold(self) -> Subscription:
        return orders.find_subscription(self.state, "S")

    def act(self, act: Any, on: date) -> None:
        before = self.sold
        kept, books = before.version, len(self.state.history.changes)
        self.count += 1
        action = Action("x", act, {"ContractEffective": on}, None, {})
        wish = OrderWish(f"P{self.count}", on, "A", (SubscriptionWish("S", (action,)),))
        try:
            orders.place(self.state, wish)
        except Refused:
            assert self.sold is before
            assert len(self.state.history.changes) == books
            return
        assert type(act) in MAY[before.status]
        assert self.sold.version == kept + 1
        assert not before.latest

    @rule(on=days, quantity=st.integers(0, 5))
    def resize(self, on: date, quantity: int) -> None:
        key = PlanKey(id=self.sold.plans[0].id)
        self.act(Update(key, (ChargeWish(self.story.charge.id, Decimal(quantity)),)), on)

    @rule(on=days)
    def add(self, on: date) -> None:
        self.act(Add(PlanWish(self.story.plan.id)), on)

    @rule(on=days)
    def change_plan(self, on: date) -> None:
        self.act(ChangePlan(PlanKey(id=self.sold.plans[-1].id), PlanWish(self.story.plan.id)), on)

    @rule(on=days)
    def suspend(self, on: date) -> None:
        self.act(Suspend("SpecificDate", on), on)

    @rule(on=days, extends=st.booleans())
    def resume(self, on: date, extends: bool) -> None:
        self.act(Resume("SpecificDate", on, extends=extends), on)

    @rule(on=days)
    def renew(self, on: date) -> None:
        self.act(Renew(), on)

    @rule(on=days, months=st.integers(1, 24))
    def terms(self, on: date, months: int) -> None:
        self.act(ChangeTerms(last=Terms(None, (months, "Month"))), on)

    @rule(on=days)
    def cancel(self, on: date) -> None:
        self.act(Cancel("SpecificDate", on), on)

    @rule()
    def take_back(self) -> None:
        last = self.state.orders.get(self.sold.orders[-1])
        assert last is not None
        version, versions = self.sold.version, len(self.state.versions_of["S"])
        if version == 1:
            return
        try:
            delete(self.state, last)
        except Refused:
            assert self.sold.version == version
            return
        assert self.sold.version == version - 1
        assert len(self.state.versions_of["S"]) == versions - 1

    @rule(until=days)
    def bill(self, until: date) -> None:
        promised = would_bill(self.state, [self.sold], until, "USD")
        made = billing.bill(self.state, until, until, accounts=(self.sold.account.id,))
        lines = [item for invoice in made.invoices for item in invoice.items.values()]
        credits_ = [item for memo in made.memos for item in memo.items.values()]
        real = [(i.start, i.end, i.net) for i in lines] + [(i.start, i.end, -i.net) for i in credits_]
        assert sorted((i.start, i.end, i.net) for i in promised) == sorted(real)

    @invariant()
    def segments_are_in_order(self) -> None:
        if not hasattr(self, "story"):
            return
        sold = self.sold
        for charge in sold.charges:
            for one, other in pairwise(charge.segments):
                assert one.end is not None
                assert one.start < one.end <= other.start
            if charge.last and sold.end is not None:
                assert charge.last.end is not None
                assert charge.last.end <= max(sold.end, charge.last.start + timedelta(days=1))

    @invariant()
    def the_statuses_are_told(self) -> None:
        if not hasattr(self, "story"):
            return
        assert self.sold.statuses[-1][0] == self.sold.status
        if self.sold.status == CANCELLED:
            assert self.sold.cancelled_on is not None


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
