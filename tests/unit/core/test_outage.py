"""A vendor is away for two hours of virtual time: an objective burns, and its owner is told when it does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest

from core.canonical.errors import Unavailable
from core.canonical.events import Topic
from core.canonical.money import Money
from core.canonical.parties import Account
from core.connectivity.orchestrated import Orchestrated
from core.observing.watching import Objectives, objectives
from tests.unit.core.fakes import START_US, Books, FakeTax, Office, event, in_office, make_account, make_order

FLOW = "order_to_subscription"
SECOND = 1_000_000


@dataclass
class AwayTax(FakeTax):
    """Answers nobody between two moments."""

    now: object = None
    since: int = 0
    until: int = 0

    async def estimate(self, account: Account, net: Mapping[str, Money], key: str) -> Money:
        if self.since <= self.now() < self.until:  # type: ignore[operator]
            raise Unavailable("connection refused", system="avatax")
        return await super().estimate(account, net, key)


def minute_of(at: int) -> int:
    return (at - START_US) // SECOND // 60


@pytest.mark.parametrize(
    ("before", "told"),
    [
        # The tenth of six hours: 1/10 / 1 % = 10, and 6 is too much; of the last hour it is the only one.
        (
            9,
            [
                (61, "high", "1 of 1 in 60 minutes"),
                (61, "medium", "1 of 10 in 360 minutes"),
                (66, "low", "the fast burn"),
                (91, "low", "the slow burn"),
            ],
        ),
        # The twenty-first: 1/21 / 1 % = 4.8 is not.
        (20, [(61, "high", "1 of 1 in 60 minutes"), (66, "low", "the fast burn")]),
    ],
)
def test_an_outage_burns_the_objective_and_the_owner_is_told_at_the_right_moment(before, told):
    """Twenty or nine orders are done at once. At 0:30 the tax engine goes away, and one more order comes in:
    an hour is what it has, so at 60:30 it is late, which the look at 61:00 sees. At 66:00 nothing has gone
    wrong for five minutes, at 91:00 for half an hour. What ends late at 120:30 was missed before: nobody is
    told again."""

    async def main(office: Office) -> list[tuple[int, str, str]]:
        away = AwayTax(office.books, office.clock.now, START_US + 30 * SECOND, START_US + 7200 * SECOND)
        office.desk = replace(office.desk, tax=away)
        model = Orchestrated(office.parts(dunning_hour=None, durable_first_seconds=60.0))
        model.start()
        seen = Objectives(office.store, office.clock, office.watch, objectives(Fraction(99, 100)))
        office.spawn(seen.keep())
        for n in range(before):
            await model.accept(event(Topic.QUOTE_ACCEPTED, f"q{n}", f"e{n}"))
        await asyncio.sleep(30)
        late = replace(event(Topic.QUOTE_ACCEPTED, "late", "e-late"), at=office.clock.now())
        await model.accept(late)
        await asyncio.sleep(4 * 3600)
        (standing,) = [each for each in seen.latest if each.flow == FLOW]
        assert standing.counts[360].good == before
        assert standing.counts[360].bad == 1
        assert not await model.pending()
        told = [alert for alert in office.watch.alerts if alert[2] == FLOW]
        return [(minute_of(at), severity, text) for at, severity, _, text in told]

    books = Books(
        billed={}, orders={name: make_order(name) for name in ("late", *(f"q{n}" for n in range(before)))}
    )
    books.accounts["acme"] = make_account(customer="")
    found = in_office(main, books)
    assert [(minute, severity) for minute, severity, _ in found] == [(m, s) for m, s, _ in told]
    for (_, severity, text), (_, _, says) in zip(found, told, strict=True):
        assert says in text
        assert severity == "low" or "ask sales operations" in text
