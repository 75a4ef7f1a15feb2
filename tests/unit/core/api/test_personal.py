"""Who has not been granted personal:read sees no personal data, in the same shapes, in any answer of /v1."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.api.v1.conflicts import ConflictsFound, ConflictShown
from core.api.v1.personal import veiled
from core.canonical.erp import Journal, JournalLine, Posted
from core.canonical.money import Money
from core.canonical.parties import Account as Customer
from core.canonical.parties import Address
from core.governance.accounts import Account, Accounts, Secret
from core.governance.personal import IMPERSONAL, LOOKS_PERSONAL, PERSONAL, veiled_text
from core.governance.scopes import PERSONAL_READ, SCOPES
from tests.unit.core.api.client import Client, asked, new_business

SECRET = "s" * 32
ACCOUNTS = Accounts(
    (
        Account("blind", SCOPES - {PERSONAL_READ}, (Secret(SECRET),)),
        Account("seeing", SCOPES, (Secret(SECRET),)),
    )
)
# Each is looked for in what the blind are answered.
ANN = (
    "Ann Example & Sons", "ann.example", "DE811907980", "12 Hidden Lane", "Smalltown", "99-777", "Zz-Region",
)  # fmt: skip
PAYER = "customer: the transfer t1 of 1.00 USD by 'ANN EXAMPLE' says \"Ann's rent\"; ann.example@home.example"


def business() -> Any:
    books = new_business()
    lane = Address(ANN[3], ANN[4], ANN[6], ANN[5], "DE")
    books.accounts["acme"] = replace(
        books.accounts["acme"], name=ANN[0], email=f"{ANN[1]}@home.example", vat_number=ANN[2], address=lane
    )
    return books


async def token_of(client: Client, name: str) -> str:
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": SECRET}
    kind = "application/x-www-form-urlencoded"
    raw = urlencode(form).encode()
    issued = await client("POST", "/oauth/token", raw=raw, token=None, content_type=kind)
    return str(issued.json["access_token"])


def both(path: str) -> tuple[Any, Any]:
    """The answers of one path to the blind and to the seeing."""

    async def story(client: Client) -> Any:
        return [await client("GET", path, token=await token_of(client, who)) for who in ("blind", "seeing")]

    blind, seeing = asked(story, business(), accounts=ACCOUNTS)
    return blind, seeing


def shape_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shape_of(each) for name, each in value.items()}
    return [shape_of(each) for each in value] if isinstance(value, list) else type(value)


@pytest.mark.parametrize("path", ["/v1/customers/acme", "/v1/customers"])
def test_a_customer_is_veiled_in_the_same_shape(path):
    blind, seeing = both(path)
    assert (blind.status, seeing.status) == (200, 200)
    assert all(json.dumps(word)[1:-1] in seeing.body.decode() for word in ANN)
    assert not [word for word in ANN if word in blind.body.decode()]
    assert shape_of(blind.json) == shape_of(seeing.json)
    assert int(blind.headers["content-length"]) == len(blind.body)
    one = blind.json["items"][0]["customer"] if "items" in blind.json else blind.json
    assert (one["email"], one["name"], one["address"]["country"]) == ("•••@home.example", "•••", "DE")


def test_the_etag_is_of_what_is_shown():
    async def story(client: Client) -> Any:
        blind, path = await token_of(client, "blind"), "/v1/customers/acme"
        tags = [(await client("GET", path, token=t)).headers["etag"] for t in (blind, "let-me-in")]
        again = [await client("GET", path, token=blind, if_none_match=tag) for tag in tags]
        return tags, [each.status for each in again], again[1].body

    tags, statuses, body = asked(story, business(), accounts=ACCOUNTS)
    assert tags[0] != tags[1]
    # The tag of the whole customer is none for the blind: 304 would say that they have it.
    assert statuses == [304, 200]
    assert ANN[0].encode() not in body


def test_a_conflict_is_veiled_by_the_field_that_it_is_about():
    said = [
        {"field": "customer.name", "value": "Ann", "shown": "Anna", "remedy": "ask ann@home.example"},
        {"field": "customer.email", "value": "ann@home.example", "shown": "ann"},
        {"field": "customer.currency", "value": "USD", "shown": "EUR"},
    ]
    blank = dict.fromkeys(ConflictShown.model_fields, "") | {"since": None, "seen": None}
    whole = ConflictsFound(looked_at=1, conflicts=[ConflictShown(**(blank | each)) for each in said])
    found = json.loads(veiled(ConflictsFound, whole.model_dump_json().encode()))["conflicts"]
    assert [(each["value"], each["shown"]) for each in found] == [
        ("•••", "•••"),
        ("•••@home.example", "•••"),
        ("USD", "EUR"),
    ]
    assert found[0]["remedy"] == "ask •••@home.example"


@pytest.mark.parametrize("path", ["/v1/exceptions", "/v1/operations/parked"])
def test_the_text_of_an_exception_is_veiled_also_where_the_shape_is_not_known(path):
    async def story(client: Client) -> Any:
        store = client.office.store
        await store.enqueue("transfer", "t1", 0)
        (task,) = await store.claim("w", 10**18, 10**18 + 1, 1)
        await store.park(task, PAYER, "accounts receivable", task.key, 0)
        return [await client("GET", path, token=await token_of(client, who)) for who in ("blind", "seeing")]

    blind, seeing = asked(story, business(), accounts=ACCOUNTS)
    assert "ANN EXAMPLE" in seeing.body.decode()
    assert "of 1.00 USD by '•••' says '•••'; •••@home.example" in blind.body.decode()
    assert shape_of(blind.json) == shape_of(seeing.json)


@pytest.mark.parametrize("path", ["/v1/journals/J1", "/v1/journals"])
def test_what_a_journal_says_of_a_payer_is_veiled_in_head_and_lines(path):
    books, usd, nothing = business(), Money(100, "USD"), Money(0, "USD")
    lines = (JournalLine("1000", usd, nothing, PAYER), JournalLine("1010", nothing, usd))
    books.ledger["journal", "J1"] = Posted("1", "J1", nothing, usd, date(2026, 1, 31))
    books.journals["J1"] = Journal("J1", date(2026, 1, 31), "USD", PAYER, lines)

    async def story(client: Client) -> Any:
        return [await client("GET", path, token=await token_of(client, who)) for who in ("blind", "seeing")]

    blind, seeing = asked(story, books, accounts=ACCOUNTS)
    assert seeing.body.count(b"ANN EXAMPLE") == 2
    assert not [word for word in (b"ANN EXAMPLE", b"Ann's rent", b"ann.example@") if word in blind.body]
    assert shape_of(blind.json) == shape_of(seeing.json)


def test_a_problem_is_veiled_and_nothing_is_shown_to_whom_is_not_let_in():
    async def story(client: Client) -> Any:
        path, blind = "/v1/exceptions?queue=ann@home.example&other=1", await token_of(client, "blind")
        return [await client("GET", path, token=token) for token in (blind, "nobody", None)]

    answers = asked(story, business(), accounts=ACCOUNTS)
    assert [each.status for each in answers] == [422, 401, 401]
    assert not [each for each in answers if b"ann@" in each.body]


def test_what_the_core_quotes_of_a_payer_is_veiled_and_the_rest_stays():
    assert veiled_text(PAYER) == (
        "customer: the transfer t1 of 1.00 USD by '•••' says '•••'; •••@home.example"
    )
    assert veiled_text("product: 'SKU-9' is none of ours") == "product: 'SKU-9' is none of ours"


@given(st.text(alphabet="ab'\"@.\\ \u2022é:", max_size=40), st.sampled_from(["", "by ", "says ", "a@b.cd "]))
@settings(max_examples=60, deadline=None)
def test_veiled_twice_is_veiled_once(text, before):
    once = veiled_text(before + text)
    assert veiled_text(once) == once
    lane = Address(text, text, text, text, "DE")
    body = json.dumps({"name": text, "email": text, "vat_number": text, "address": vars_of(lane)}).encode()
    assert veiled(Customer, veiled(Customer, body)) == veiled(Customer, body)


def vars_of(lane: Address) -> dict[str, str]:
    return {name: getattr(lane, name) for name in Address.__slots__}


def test_every_field_that_looks_personal_is_in_one_table():
    async def story(client: Client) -> Any:
        return (await client("GET", "/openapi.json", token=None)).json["components"]["schemas"]

    schemas = asked(story)
    fields = {f"{n.partition('-')[0]}.{f}" for n, each in schemas.items() for f in each.get("properties", {})}
    looking = {field for field in fields if LOOKS_PERSONAL.search(field.partition(".")[2])}
    assert looking - set(PERSONAL) - set(IMPERSONAL) == set(), "say whether it is personal data"
    # And no line is about what is no longer there, or in both.
    assert set(PERSONAL) | set(IMPERSONAL) <= fields
    assert not set(PERSONAL) & set(IMPERSONAL)
