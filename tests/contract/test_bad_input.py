"""The matrix of bad input: each has its answer, its count, its line in the audit log, and changes nothing."""

from __future__ import annotations

import asyncio
import hmac
import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest

from core.api.app import core_app
from core.api.v1.filters import cursor_of
from core.assemble import Core, Endpoints, Surroundings, assemble, memory_bus
from core.connectors.avatax.client import AvaTaxEndpoint
from core.connectors.netsuite.api import NetSuiteEndpoint
from core.connectors.salesforce.api import SalesforceEndpoint
from core.connectors.stripe.api import StripeEndpoint
from core.connectors.zuora.api import ZuoraEndpoint
from core.governance.accounts import Account, Accounts, Secret
from core.governance.chain import verify
from core.realtime import LogWatch, SeededDraws
from core.settings import Settings
from core.store.sqlite import SqliteStore

from .inprocess import START_US, StillClock

SECRETS = {name: f"secret-of-{name}-is-long" for name in ("stripe", "salesforce", "zuora", "product", "bank")}
FORMER = "the-secret-before-this-one"
CHANNELS = {
    "stripe": "payments",
    "salesforce": "crm",
    "zuora": "billing",
    "product": "product",
    "bank": "bank",
}
SIGNED_IN = {
    "stripe": "stripe-signature",
    "salesforce": "x-event-relay-signature",
    "product": "x-product-signature",
    "bank": "x-bank-signature",
}
NOW = START_US // 1_000_000
TOKEN, ACCOUNT_SECRET = "operators-token-of-a-test", "a-secret-of-24-characters"
INTENT = {"id": "pi_1", "metadata": {"invoice": "INV1"}}
GOOD: dict[str, dict[str, Any]] = {
    "stripe": {
        "id": "evt_1", "type": "payment_intent.succeeded", "created": NOW, "data": {"object": INTENT},
        "api_version": "2026-10-28.endive",
    },
    "salesforce": {
        "channel": "/data/OpportunityChangeEvent",
        "data": {
            "event": {"replayId": 7},
            "payload": {
                "StageName": "Closed Won",
                "ChangeEventHeader": {
                    "entityName": "Opportunity", "recordIds": ["006000000000001AAA"],
                    "changeType": "UPDATE", "commitTimestamp": NOW * 1000,
                },
            },
        },
    },
    "zuora": {"event": "InvoicePosted", "id": "i1", "number": "INV1"},
    "product": {"id": "N-1", "type": "usage.recorded", "usage": "USE-1", "created": NOW, "version": 1},
    "bank": {"id": "N-2", "type": "transfer.received", "transfer": "TR-1", "created": NOW, "version": 1},
}  # fmt: skip


def altered(vendor: str, *path: str, value: Any) -> bytes:
    said = json.loads(json.dumps(GOOD[vendor]))
    inner = said
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return json.dumps(said).encode()


def signed(vendor: str, body: bytes, secret: str | None = None, at: int = NOW) -> dict[str, str]:
    word = SECRETS[vendor] if secret is None else secret
    headers = {"content-type": "application/json"}
    if vendor == "zuora":
        pair = b64encode(f"tieout:{word}".encode()).decode()
        return {**headers, "zuora-notification-id": "n1", "authorization": f"Basic {pair}"}
    mac = hmac.new(word.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return {**headers, SIGNED_IN[vendor]: f"t={at},v1={mac}"}


@dataclass(frozen=True)
class Bad:
    """status, outcome of the receipt, and the beginning of the reason, in receipt and audit log alike."""

    name: str
    body: bytes
    headers: dict[str, str]
    status: int
    outcome: str
    reason: str
    method: str = field(default="POST")


KIND = {
    "stripe": ("type",),
    "salesforce": ("data", "payload", "ChangeEventHeader", "entityName"),
    "zuora": ("event",),
    "product": ("type",),
    "bank": ("type",),
}
# Where a vendor's messages say a version: callouts and change events have none (a callout's shape is our own
# registration's, a change event's `schema` is an opaque id that changes with any field).
VERSION = {"stripe": "api_version", "product": "version", "bank": "version"}
SUBJECT = {
    "stripe": ("data", "object", "id"),
    "salesforce": ("data", "payload", "ChangeEventHeader", "recordIds"),
    "zuora": ("id",),
    "product": ("usage",),
    "bank": ("transfer",),
}
MOMENT = {
    "stripe": ("created",),
    "salesforce": ("data", "payload", "ChangeEventHeader", "commitTimestamp"),
    "product": ("created",),
    "bank": ("created",),
}


def matrix(vendor: str) -> Iterator[Bad]:
    good = json.dumps(GOOD[vendor]).encode()

    def bad(name: str, body: bytes, status: int, reason: str, outcome: str = "rejected", **how: Any) -> Bad:
        headers = how.pop("headers", None) or signed(vendor, body)
        return Bad(name, body, headers, status, outcome, reason, **how)

    yield bad("unsigned", good, 401, "signature", headers={"content-type": "application/json"})
    yield bad("wrongly signed", good, 401, "signature", headers=signed(vendor, good, "guessed"))
    yield bad("signed with nothing", good, 401, "signature", headers=signed(vendor, good, ""))
    if vendor != "zuora":  # a callout is not signed: neither its body nor a time
        yield bad("altered", good + b" ", 401, "signature", headers=signed(vendor, good))
        for late in (-301, 301):
            stale = signed(vendor, good, at=NOW + late)
            yield bad(f"stale {late}", good, 401, "signature", headers=stale)
    yield bad("oversized", b"x" * 1_000_001, 413, "more than 1000000 bytes")
    yield bad("no POST", b"", 405, "GET is no POST", method="GET")
    for n, body in enumerate((b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 5000, b"{}", b"null")):
        yield bad(f"malformed {n}", body, 400, "malformed: ")
    for n, value in enumerate((None, 7, "", " ", "x" * 256, "a\x00b", {"a": 1}, [7], [None])):
        yield bad(f"subject {n}", altered(vendor, *SUBJECT[vendor], value=value), 400, "malformed: ")
    for n, value in enumerate((None, "soon", -1, 10**30, 1.5, True)):
        if vendor in MOMENT:
            yield bad(f"moment {n}", altered(vendor, *MOMENT[vendor], value=value), 400, "malformed: ")
    unknown = altered(vendor, *KIND[vendor], value="Unheard")
    yield bad("unknown type", unknown, 200, "unknown type: Unheard", "ignored")
    if vendor in VERSION:
        other = altered(vendor, VERSION[vendor], value="2031-01-01.fig")
        yield bad("unknown version", other, 400, "malformed: unknown version: '2031-01-01.fig'")


class Nobody:
    """No vendor is asked anything about what is refused."""

    async def send(self, request: Any) -> Any:
        raise AssertionError(f"asked: {request.method} {request.url}")


class World:
    def __init__(self) -> None:
        self.clock, self.store = StillClock(), SqliteStore()
        self.watch = LogWatch(self.clock)
        until = START_US + 60_000_000
        ends = Endpoints(
            SalesforceEndpoint("http://s", "id", "s"), ZuoraEndpoint("http://z", "id", "s"),
            AvaTaxEndpoint("http://a", "1", "k", "C"), StripeEndpoint("http://p", "sk_test_0000"),
            NetSuiteEndpoint("http://n", "id", "cert", "pem", "aud"), SECRETS,
            {name: Secret(FORMER, until) for name in SECRETS},
        )  # fmt: skip
        around = Surroundings(
            Nobody(), self.watch, self.clock, SeededDraws("bad"), self.store, memory_bus(),
            lambda work: work.close(),
        )  # fmt: skip
        self.core: Core = assemble("orchestrated", ends, around, Settings())
        accounts = Accounts((Account("reader", frozenset({"exceptions:read"}), (Secret(ACCOUNT_SECRET),)),))
        self.app = core_app(self.core, self.watch, TOKEN, accounts=accounts)

    def state(self) -> str:
        """Of everything in the store but the audit log."""
        lines = [line for line in self.store.database.iterdump() if 'INTO "audit"' not in line]
        return sha256("\n".join(lines).encode()).hexdigest()

    async def audit(self) -> list[Any]:
        found = await self.store.audited(0, 1000)
        assert verify(found)[1] is None
        return found

    async def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        path, _, query = path.partition("?")
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path,
            "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "server": ("core", 80), "client": ("there", 1),
            "headers": [(n.encode(), v.encode("latin-1")) for n, v in headers.items()],
        }  # fmt: skip
        got: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            got.append(message)

        await self.app(scope, receive, send)
        told = {n.decode().lower(): v.decode() for n, v in got[0]["headers"]}
        return got[0]["status"], told, b"".join(m.get("body", b"") for m in got[1:])


@pytest.mark.parametrize("vendor", GOOD)
def test_every_bad_webhook_is_answered_counted_written_down_and_changes_nothing(vendor):
    async def main() -> None:
        for case in matrix(vendor):
            world = World()
            before = world.state()
            status, headers, answer = await world.ask(
                case.method, f"/webhooks/{vendor}", case.headers, case.body
            )
            assert (status, answer) == (case.status, b""), case.name
            assert headers["x-content-type-options"] == "nosniff"
            assert world.state() == before, case.name
            (receipt,) = world.watch.receipts
            assert (receipt[1], receipt[3]) == (CHANNELS[vendor], case.outcome), case.name
            assert receipt[4].startswith(case.reason), (case.name, receipt)
            assert world.watch.counts[f"events.{CHANNELS[vendor]}.{case.outcome}"] == 1
            lines = await world.audit()
            (line,) = lines
            assert (line.who, line.outcome) == (f"webhook:{CHANNELS[vendor]}", "refused"), case.name
            assert line.reason.startswith(case.reason), (case.name, line)

    asyncio.run(main())


@pytest.mark.parametrize("vendor", GOOD)
def test_the_good_one_changes_something_once_with_either_secret_that_holds(vendor):
    """Without this the matrix could be passed by a door that takes nothing in."""

    async def main() -> None:
        world, body = World(), json.dumps(GOOD[vendor]).encode()
        before = world.state()
        knock = world.ask("POST", f"/webhooks/{vendor}", signed(vendor, body, FORMER), body)
        assert (await knock)[0] == 200
        after = world.state()
        assert after != before
        assert (await world.ask("POST", f"/webhooks/{vendor}", signed(vendor, body), body))[0] == 200
        assert world.state() == after
        assert await world.audit() == []
        world.clock.advance(seconds=61)
        late = signed(vendor, body, FORMER, at=NOW + 61)
        assert (await world.ask("POST", f"/webhooks/{vendor}", late, body))[0] == 401
        assert world.state() == after

    asyncio.run(main())


def test_a_flood_of_bad_webhooks_is_a_few_lines_with_a_count():
    async def main() -> None:
        world = World()
        for n in range(500):
            await world.ask("POST", "/webhooks/stripe", {}, b'{"id": "evt_%d"}' % n)
        assert len(await world.audit()) == 20
        world.clock.advance(seconds=60)
        await world.core.refusals.settle()
        lines = await world.audit()
        assert (len(lines), lines[-1].subject) == (21, "480 more")
        assert world.watch.counts["events.payments.rejected"] == 500

    asyncio.run(main())


BEARER = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
WANTED = json.dumps({"reason": "because"}).encode()
READER = {"grant_type": "client_credentials", "client_id": "reader", "client_secret": ACCOUNT_SECRET}
PAST = f"/v1/exceptions?cursor={cursor_of('exceptions', '999')}"
QUEUE = "/v1/exceptions"
CALLS: list[tuple[str, str, str, dict[str, str], bytes, int, str, str]] = [
    ("no token", "GET", "/v1/exceptions", {}, b"", 401, "unknown", "no bearer token"),
    ("wrong token", "GET", QUEUE, {"authorization": "Bearer x"}, b"", 401, "unknown", "wrong or expired"),
    ("no latin token", "GET", QUEUE, {"authorization": "Bearer \xe9\xff"}, b"", 401, "unknown", "wrong or"),
    ("no scope", "GET", "/v1/payouts/c", {"authorization": "READER"}, b"", 403, "reader", "scope not"),
    ("page past the end", "GET", PAST, BEARER, b"", 200, "", ""),
    ("no cursor of ours", "GET", "/v1/exceptions?cursor=zzz", BEARER, b"", 422, "", ""),
    ("no such parameter", "GET", "/v1/exceptions?colour=red", BEARER, b"", 422, "", ""),
    ("no key", "POST", "/v1/exceptions/1/release", BEARER, WANTED, 422, "", ""),
    ("too much", "POST", "/v1/exceptions/1/release", BEARER, b"x" * 70_000, 413, "", ""),
    ("no JSON", "POST", "/v1/exceptions/1/release", {**BEARER, "idempotency-key": "k"}, b"{", 422, "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "method", "path", "headers", "body", "status", "who", "why"), CALLS)
def test_every_bad_call_is_answered_and_changes_nothing(name, method, path, headers, body, status, who, why):
    async def main() -> None:
        world = World()
        given = dict(headers)
        if given.get("authorization") == "READER":
            form = "&".join(f"{k}={v}" for k, v in READER.items()).encode()
            _, _, issued = await world.ask("POST", "/oauth/token", {}, form)
            given["authorization"] = f"Bearer {json.loads(issued)['access_token']}"
        before = world.state()
        found, told, answer = await world.ask(method, path, given, body)
        assert found == status, (name, answer)
        if status >= 400:
            assert told["content-type"] == "application/problem+json"
            assert json.loads(answer)["status"] == status
        assert world.state() == before
        lines = [(line.who, line.reason) for line in await world.audit()]
        assert [w for w, _ in lines] == ([who] if who else [])
        assert all(reason.startswith(why) for _, reason in lines)

    asyncio.run(main())
