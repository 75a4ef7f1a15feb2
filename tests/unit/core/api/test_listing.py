"""Lists in pages: each thing once, whatever the page's size, filtered, and no cursor but our own."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.api.v1.paging import Asked, paged
from core.canonical.erp import Journal, JournalLine, Posted
from core.canonical.money import Money
from tests.unit.core.api.client import Client, asked
from tests.unit.core.fakes import make_account, make_invoice, make_order, make_request

LISTS = {"orders": 5, "invoices": 5, "payments": 5, "customers": 5, "subscriptions": 5, "journals": 5}
AT = datetime(2026, 1, 15, tzinfo=UTC)
USD = Money(100, "USD")
Thing = tuple[datetime, str]


def filled(client: Client) -> None:
    books = client.office.books
    for n in range(5):
        books.orders[f"q{n}"] = books.placed[f"q{n}"] = make_order(f"q{n}", account=f"c{n % 2}")
        books.invoices[f"INV{n}"] = make_invoice(f"INV{n}", account=f"c{n % 2}")
        books.requests[f"pi_{n}"] = make_request(f"pi_{n}", f"INV{n}")
        books.accounts[f"c{n}"] = make_account(f"c{n}")
        books.ledger["journal", f"J{n}"] = Posted(f"{n}", f"J{n}", USD, USD, AT.date())
        lines = (JournalLine("1000", USD, Money(0, "USD")), JournalLine("1010", Money(0, "USD"), USD))
        books.journals[f"J{n}"] = Journal(f"J{n}", AT.date(), "USD", "", lines)
    del books.accounts["acme"]


async def whole(client: Client, path: str, limit: int) -> list[str]:
    """All pages, each item as text."""
    found, cursor = [], ""
    for _ in range(20):
        page = (await client("GET", f"{path}?limit={limit}{cursor}")).json
        found += [str(item) for item in page["items"]]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"
    raise AssertionError("endless")


@pytest.mark.parametrize("name", LISTS)
def test_pages_of_any_size_give_each_once(name):
    async def story(client: Client):
        filled(client)
        return [await whole(client, f"/v1/{name}", limit) for limit in (1, 2, 3, 5, 200)]

    first, *others = asked(story)
    assert len(first) == len(set(first)) == LISTS[name]
    assert all(other == first for other in others)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.text("abc", min_size=1, max_size=3)), unique=True, max_size=12),
    st.integers(1, 5),
)
@settings(max_examples=60, deadline=None)
def test_what_changed_in_one_moment_is_lost_by_no_page(places, limit):
    """Ordered and not, in whatever order the things of one moment come."""
    things = [(AT + timedelta(seconds=second), name) for second, name in places]
    by_time = sorted(things, key=lambda thing: thing[0])

    async def since(moment: datetime, source: list[Thing]) -> AsyncIterator[Thing]:
        for thing in source:
            if thing[0] >= moment:
                yield thing

    async def read(source: list[Thing], *, ordered: bool) -> list[Thing]:
        found: list[Thing] = []
        cursor: str | None = None
        while True:
            page, cursor = await paged(
                lambda moment: since(moment, source),
                lambda thing: thing,
                lambda _: True,
                Asked("things", cursor, None, limit),
                ordered=ordered,
            )
            found += page
            if cursor is None:
                return found

    assert asyncio.run(read(by_time, ordered=True)) == sorted(things)
    assert asyncio.run(read(things, ordered=False)) == sorted(things)


def test_lists_are_filtered():
    async def story(client: Client):
        filled(client)
        paths = ("orders?customer=c1", "invoices?customer=c0&status=draft", "invoices?status=posted",
                 "invoices?changed_since=2026-01-16T00:00:00Z", "payments?changed_since=2026-01-15T12:00:00Z",
                 "payments?changed_since=2026-01-16T00:00:00Z")  # fmt: skip
        return [len((await client("GET", f"/v1/{path}")).json["items"]) for path in paths]

    # The fake of billing gives everything, whatever it is asked for; what is older is left out here.
    assert asked(story) == [2, 3, 0, 0, 5, 0]


@pytest.mark.parametrize(
    "asked_for",
    ["cursor=nonsense", "cursor=YWZ0ZXI6OTk", "cursor=YXQ6eDp5", "cursor=", "changed_since=2026-01-01T00:00",
     "changed_since=0001-01-01T00:00:00%2B14:00", "changed_since=9999-12-31T23:59:59-14:00", "limit=0",
     "limit=201", "customer=a/b", "other=1",
     "cursor=" + base64.urlsafe_b64encode(b"invoices:999999999999999999999:x").decode().rstrip("=")],
)  # fmt: skip
def test_what_was_never_given_out_is_refused(asked_for):
    async def story(client: Client):
        return await client("GET", f"/v1/invoices?{asked_for}")

    answer = asked(story)
    assert (answer.status, answer.json["type"]) == (422, "urn:tieout:problem:invalid")


def test_a_page_past_the_end_is_empty_and_what_is_sold_is_by_key():
    async def story(client: Client):
        filled(client)
        past = base64.urlsafe_b64encode(b"orders:4102444800000000:z").decode().rstrip("=")
        page = (await client("GET", f"/v1/orders?cursor={past}")).json
        return page, (await client("GET", "/v1/items")).json["items"]

    page, items = asked(story)
    assert page == {"next": None, "items": []}
    assert items == [{"key": "CARE", "name": "Care"}, {"key": "SEAT", "name": "Seat"}]
