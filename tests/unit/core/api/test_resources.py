"""Customers, orders, invoices, money, ledger over HTTP: canonical shapes, ETags, refusals as problems."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.canonical.erp import Dimensions, Journal, JournalLine, Posted
from core.canonical.errors import Held, Unavailable, Unclear
from core.canonical.money import Money
from core.canonical.versions import Version
from core.finance.usage.accrual import MeteredContract
from tests.unit.core.api.client import Client, asked, new_business
from tests.unit.core.fakes import (
    make_dispute,
    make_invoice,
    make_note,
    make_payout,
    make_refund,
    make_request,
)

THERE = {
    "/v1/customers/acme": "key",
    "/v1/items/SEAT": "key",
    "/v1/orders/O-q1": "number",
    "/v1/invoices/INV1": "number",
    "/v1/credit-notes/CM1": "number",
    "/v1/subscriptions/S-q1": "number",
    "/v1/payments/pi_1": "id",
    "/v1/refunds/re_1": "id",
    "/v1/payouts/po_1": "id",
    "/v1/disputes/du_1": "id",
    "/v1/journals/REV-1": "key",
    "/v1/receivables/INV1": "key",
}


def business():
    books = new_business()
    books.invoices["INV1"], books.notes["CM1"] = make_invoice(), make_note()
    books.requests["pi_1"], books.refunds["re_1"] = make_request(), make_refund()
    books.payouts["po_1"], books.disputes["du_1"] = make_payout(), make_dispute()
    books.metered_contracts["S-q1"] = MeteredContract("S-q1", "acme", "USD", date(2026, 1, 1), None, {})
    amount, nothing = Money(10_800, "USD"), Money(0, "USD")
    for kind, key in (("journal", "REV-1"), ("invoice", "INV1")):
        books.ledger[kind, key] = Posted("17", key, amount, amount, date(2026, 1, 31))
    at = Dimensions(department="Care", product="SEAT", customer="acme", contract="S-q1")
    lines = (JournalLine("2100", amount, nothing, "INV1-l1", at), JournalLine("4000", nothing, amount))
    books.journals["REV-1"] = Journal("REV-1", date(2026, 1, 31), "USD", "Revenue of 2026-01", lines, "us")
    return books


@pytest.mark.parametrize("path", THERE)
def test_each_is_there_under_its_key_and_not_told_twice(path):
    async def story(client: Client):
        first = await client("GET", path)
        tag = first.headers["etag"]
        same = await client("GET", path, if_none_match=f'"other", W/{tag}')
        other = await client("GET", path, if_none_match='"other"')
        return first, same, other

    first, same, other = asked(story, business())
    assert first.status == 200
    assert first.json[THERE[path]] == path.rpartition("/")[2]
    assert (same.status, same.body, same.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (other.status, other.body) == (200, first.body)


def test_money_is_whole_minor_units_and_days_are_days():
    async def story(client: Client):
        return (await client("GET", "/v1/invoices/INV1")).json

    found = asked(story, business())
    made = make_invoice()
    assert found["total"] == {"minor": made.total.minor, "currency": made.total.currency}
    assert found["due"] == made.due.isoformat()
    assert found["lines"][0]["net"] == {"minor": made.lines[0].net.minor, "currency": "USD"}


@pytest.mark.parametrize("listed", [False, True])
def test_a_journal_has_its_lines_with_what_they_are_about(listed):
    async def story(client: Client):
        if listed:
            return (await client("GET", "/v1/journals")).json["items"][0]
        return (await client("GET", "/v1/journals/REV-1")).json

    found = asked(story, business())
    usd, nothing = {"minor": 10_800, "currency": "USD"}, {"minor": 0, "currency": "USD"}
    nowhere = dict.fromkeys(Dimensions.__slots__, "")
    about = nowhere | {"department": "Care", "product": "SEAT", "customer": "acme", "contract": "S-q1"}
    assert (found["key"], found["on"], found["entity"], found["total"]) == ("REV-1", "2026-01-31", "us", usd)
    assert found["memo"] == "Revenue of 2026-01"
    assert found["lines"] == [
        {"account": "2100", "debit": usd, "credit": nothing, "memo": "INV1-l1", "at": about, "partner": ""},
        {"account": "4000", "debit": nothing, "credit": usd, "memo": "", "at": nowhere, "partner": ""},
    ]


def test_a_journal_that_was_deleted_between_two_readings_is_on_no_page_and_missing():
    async def story(client: Client):
        client.office.books.journals.clear()
        page = (await client("GET", "/v1/journals")).json
        return page, (await client("GET", "/v1/journals/REV-1")).status

    assert asked(story, business()) == ({"next": None, "items": []}, 404)


def test_when_it_was_read_is_no_part_of_it_nor_of_its_etag():
    async def story(client: Client):
        tags = []
        for number in (0, 1):
            books = client.office.books
            books.invoices["INV1"] = replace(books.invoices["INV1"], version=Version(1_772_323_200, number))
            answer = await client("GET", "/v1/invoices/INV1")
            assert "version" not in answer.json
            tags.append(answer.headers["etag"])
        return tags

    first, second = asked(story, business())
    assert first == second


def test_another_balance_is_another_etag():
    async def story(client: Client):
        first = await client("GET", "/v1/receivables/INV1")
        old = client.office.books.ledger["invoice", "INV1"]
        client.office.books.ledger["invoice", "INV1"] = Posted(
            old.id, old.key, Money(0, "USD"), old.total, old.on
        )
        return await client("GET", "/v1/receivables/INV1", if_none_match=first.headers["etag"])

    answer = asked(story, business())
    assert (answer.status, answer.json["remaining"]) == (200, {"minor": 0, "currency": "USD"})


@pytest.mark.parametrize("path", THERE)
def test_each_that_is_not_there_is_missing(path):
    async def story(client: Client):
        return await client("GET", f"{path}9")

    answer = asked(story, business())
    assert (answer.status, answer.json["type"]) == (404, "urn:tieout:problem:missing")


def test_an_order_is_not_found_by_an_id_of_the_crm():
    async def story(client: Client):
        client.office.books.orders["006A"] = client.office.books.orders["q1"]
        return await client("GET", "/v1/orders/O-006A")

    assert asked(story, business()).status == 404


@pytest.mark.parametrize("path", THERE)
@pytest.mark.parametrize("key", ["a'b", "..", ".a", "a%20b", "x" * 101, "%00", "ü"])
def test_a_key_that_could_be_anything_else_is_refused(path, key):
    async def story(client: Client):
        folder = path.rpartition("/")[0]
        answer = await client("GET", f"{folder}/{key}")
        return answer, client.office.books.diary

    answer, diary = asked(story, business())
    assert answer.status == 422
    assert diary == []


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (Held("price: 'per moon': add it", owner="treasury"), 422, "held"),
        (Unavailable("throttled"), 503, "unavailable"),
        (Unclear("no answer"), 502, "unclear"),
    ],
)
def test_trouble_of_a_system_is_told_as_what_it_is(error, status, slug):
    async def story(client: Client):
        client.office.books.trouble("billing.invoice", error)
        return await client("GET", "/v1/invoices/INV1")

    answer = asked(story, business())
    assert (answer.status, answer.json["type"]) == (status, f"urn:tieout:problem:{slug}")
    assert answer.json.get("owner", "") == getattr(error, "owner", "")
    assert ("retry-after" in answer.headers) == (status == 503)


def test_resources_are_for_those_who_signed_in_and_take_no_parameters():
    async def story(client: Client):
        stranger = await client("GET", "/v1/customers/acme", token="no")
        nosy = await client("GET", "/v1/customers/acme?fields=all")
        return stranger.status, nosy.status, client.office.books.diary

    assert asked(story, business()) == (401, 422, [])
