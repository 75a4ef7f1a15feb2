"""The core's front door against the mocks that knock at it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from core.api.webhooks import Reader, webhook_app
from core.canonical.errors import Unavailable
from core.canonical.events import Event, Topic
from core.connectivity.model import Answer
from core.connectors.salesforce import webhook as salesforce
from core.connectors.stripe import webhook as stripe
from core.connectors.zuora import webhook as zuora
from core.governance.audit import Trail
from core.governance.refusals import Refusals
from core.ports.tracing import UNTRACED, Tracer
from core.store.sqlite import SqliteStore
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings, Vendor
from simulators.salesforce.routes.table import VENDOR as SALESFORCE
from simulators.stripe.routes.table import VENDOR as STRIPE
from simulators.zuora.routes.table import VENDOR as ZUORA

from .inprocess import START_US, StillClock

WINDOW = 300
OPPORTUNITY = "/data/OpportunityChangeEvent"


@dataclass
class Receipts:
    """A Watch that keeps receipts only."""

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    tracer: Tracer = UNTRACED

    def receipt(self, channel: str, event: str, outcome: str, reason: str = "") -> None:
        self.rows.append((channel, event, outcome, reason))


@dataclass
class Door:
    """The app under test; `answer` is what the model says of every event."""

    clock: StillClock
    readers: dict[str, Reader] = field(default_factory=dict)
    watch: Receipts = field(default_factory=Receipts)
    events: list[Event] = field(default_factory=list)
    answer: Answer | Exception = Answer.ACCEPTED

    def __post_init__(self) -> None:
        self.book = SqliteStore()
        refusals = Refusals(Trail(self.book, self.clock.now), self.clock.now)
        self.app = webhook_app(
            self.readers,
            self._accept,
            self.watch,
            self.clock,
            WINDOW,
            refusals=refusals,  # type: ignore[arg-type]
        )

    async def _accept(self, event: Event) -> Answer:
        if isinstance(self.answer, Exception):
            raise self.answer
        self.events.append(event)
        return self.answer

    async def knock(
        self, path: str, headers: Mapping[str, str], body: bytes, method: str = "POST"
    ) -> tuple[int, dict[bytes, bytes]]:
        scope = {
            "type": "http", "method": method, "path": path, "query_string": b"",
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        }  # fmt: skip
        parts = [body[:10], body[10:]]
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: Any) -> None:
            said.append(message)

        await self.app(scope, receive, send)
        return said[0]["status"], dict(said[0]["headers"])


@dataclass
class Post:
    """An Outbound that knocks at the door, and keeps what it brought."""

    door: Door
    brought: list[tuple[str, Mapping[str, str], bytes, int]] = field(default_factory=list)

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        path = "/" + url.partition("://")[2].partition("/")[2]
        status, _ = await self.door.knock(path, headers, body)
        self.brought.append((path, headers, body, status))
        return status


class Bench:
    """One mock whose webhooks go to the door."""

    def __init__(self, vendor: Vendor) -> None:
        self.clock = StillClock()
        self.door = Door(self.clock)
        self.post = Post(self.door)
        self._work: list[asyncio.Task[None]] = []

        def spawn(work: Coroutine[Any, Any, None]) -> object:
            self._work.append(asyncio.get_running_loop().create_task(work))
            return None

        self.mock = Mock(vendor, Surroundings(self.clock, Ids("door"), self.post, spawn, {}))
        self.app = lean_app(self.mock)

    async def delivered(self) -> None:
        """Every first attempt has been made."""
        for _ in range(20):
            await asyncio.sleep(0)

    def end(self) -> None:
        for task in self._work:
            task.cancel()

    async def call(self, path: str, body: bytes, headers: Mapping[str, str]) -> Any:
        scope = {
            "type": "http", "method": "POST", "path": path, "query_string": b"", "scheme": "http",
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        }  # fmt: skip
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            said.append(message)

        await self.app(scope, receive, send)
        assert said[0]["status"] < 300, said[1]["body"]
        return orjson.loads(said[1]["body"])


def run(vendor: Vendor, story: Callable[[Bench], Coroutine[Any, Any, None]]) -> None:
    async def told() -> None:
        bench = Bench(vendor)
        await story(bench)
        bench.end()

    asyncio.run(told())


async def stripe_call(bench: Bench, path: str, params: Mapping[str, str]) -> Any:
    key = STRIPE.credentials(bench.mock.rules)["secret_key"]
    headers = {"authorization": f"Bearer {key}", "content-type": "application/x-www-form-urlencoded"}
    return await bench.call(f"/v1/{path}", urlencode(params).encode(), headers)


async def subscribe_stripe(bench: Bench) -> None:
    types = {f"enabled_events[{i}]": name for i, name in enumerate(stripe.EVENT_TYPES)}
    endpoint = await stripe_call(
        bench, "webhook_endpoints", {"url": "https://core.test/webhooks/stripe", **types}
    )
    bench.door.readers["stripe"] = Reader("payments", endpoint["secret"], stripe.read, stripe.identify)


PAY = {
    "amount": "980", "currency": "usd", "confirm": "true", "payment_method": "pm_card_visa",
    "payment_method_types[0]": "card",
}  # fmt: skip


def test_stripe_payments_and_refunds() -> None:
    async def story(bench: Bench) -> None:
        await subscribe_stripe(bench)
        paid = await stripe_call(bench, "payment_intents", {**PAY, "metadata[invoice]": "INV1"})
        refund = await stripe_call(bench, "refunds", {"payment_intent": paid["id"]})
        await stripe_call(bench, "payment_intents", PAY)
        await bench.delivered()
        assert [(e.topic, e.subject) for e in bench.door.events] == [
            (Topic.PAYMENT_SETTLED, paid["id"]), (Topic.PAYMENT_REFUNDED, refund["id"]),
        ]  # fmt: skip
        ids = [orjson.loads(body)["id"] for _, _, body, _ in bench.post.brought]
        assert [e.id for e in bench.door.events] == ids[:2]
        assert {(e.channel, e.at) for e in bench.door.events} == {("payments", START_US)}
        # The payment that is for no invoice of ours is acknowledged and on the record.
        assert bench.door.watch.rows == [("payments", ids[2], "ignored", "no concern of ours")]
        assert [status for *_, status in bench.post.brought] == [200, 200, 200]

    run(STRIPE, story)


def test_a_rolled_secret_signs_beside_the_old_one() -> None:
    async def story(bench: Bench) -> None:
        await subscribe_stripe(bench)
        (endpoint,) = bench.mock.rules.test.events.endpoints
        wish = {"endpoint": endpoint.id, "secret": "whsec_new", "overlap_seconds": 60}
        STRIPE.disturb(bench.mock.rules, "roll_secret", wish)
        await stripe_call(bench, "payment_intents", {**PAY, "metadata[invoice]": "INV1"})
        await bench.delivered()
        bench.door.readers["stripe"] = Reader("payments", "whsec_new", stripe.read, stripe.identify)
        _, headers, body, status = bench.post.brought[0]
        assert status == 200
        assert (await bench.door.knock("/webhooks/stripe", headers, body))[0] == 200
        assert len(bench.door.events) == 2

    run(STRIPE, story)


@pytest.mark.parametrize("late", [WINDOW + 1, -WINDOW - 1])
def test_an_old_or_altered_message_stays_outside(late: int) -> None:
    async def story(bench: Bench) -> None:
        await subscribe_stripe(bench)
        await stripe_call(bench, "payment_intents", {**PAY, "metadata[invoice]": "INV1"})
        await bench.delivered()
        bench.door.events.clear()
        path, headers, body, _ = bench.post.brought[0]
        event = orjson.loads(body)["id"]
        assert (await bench.door.knock(path, headers, body.replace(b"980", b"981")))[0] == 401
        assert (await bench.door.knock(path, {}, body))[0] == 401
        bench.clock.advance(seconds=late)
        assert (await bench.door.knock(path, headers, body))[0] == 401
        assert bench.door.events == []
        assert bench.door.watch.rows == [("payments", event, "rejected", "signature")] * 3

    run(STRIPE, story)


def test_what_the_model_cannot_take_comes_again() -> None:
    async def story(bench: Bench) -> None:
        await subscribe_stripe(bench)
        await stripe_call(bench, "payment_intents", {**PAY, "metadata[invoice]": "INV1"})
        await bench.delivered()
        path, headers, body, _ = bench.post.brought[0]
        bench.door.answer = Answer.TRY_AGAIN
        assert (await bench.door.knock(path, headers, body))[0] == 503
        bench.door.answer = Unavailable("the store is down")
        assert (await bench.door.knock(path, headers, body))[0] == 503

    run(STRIPE, story)


def test_the_door_itself() -> None:
    async def story(bench: Bench) -> None:
        await subscribe_stripe(bench)
        knock = bench.door.knock
        assert (await knock("/webhooks/nobody", {}, b""))[0] == 404
        assert (await knock("/elsewhere", {}, b""))[0] == 404
        status, headers = await knock("/webhooks/stripe", {}, b"", "GET")
        assert (status, headers[b"allow"]) == (405, b"POST")
        assert (await knock("/webhooks/stripe", {}, b"x" * 1_000_001))[0] == 413
        assert [row[2] for row in bench.door.watch.rows] == ["rejected"] * 4
        lines = [(e.who, e.subject, e.outcome, e.reason) for e in await bench.door.book.audited(0, 9)]
        assert lines == [
            ("webhook:unknown", "/webhooks/nobody", "refused", "no such vendor"),
            ("webhook:unknown", "/elsewhere", "refused", "no such vendor"),
            ("webhook:payments", "/webhooks/stripe", "refused", "GET is no POST"),
            ("webhook:payments", "/webhooks/stripe", "refused", "more than 1000000 bytes"),
        ]

    run(STRIPE, story)


def test_salesforce_tells_of_won_opportunities_only() -> None:
    async def story(bench: Bench) -> None:
        org = bench.mock.rules
        relay = org.relay.open(
            "core", "", "/data/ChangeEvents", "https://core.test/webhooks/salesforce", "RUN",
            list(salesforce.EVENT_TYPES),
        )  # fmt: skip
        bench.door.readers["salesforce"] = Reader("crm", relay.secret, salesforce.read, salesforce.identify)
        kind = org.catalogue.entity("Opportunity")
        values = {"Name": "Big", "StageName": "Prospecting", "CloseDate": "2026-01-31"}
        deal = org.create(kind, values)
        org.update(kind, deal.id, {"StageName": "Closed Won"})
        org.update(kind, deal.id, {"Billing_Status__c": "Activated"})
        await bench.delivered()
        assert bench.door.events == [
            Event(f"{OPPORTUNITY}:2", "crm", Topic.QUOTE_ACCEPTED, deal.id, START_US)
        ]
        assert [row[:3] for row in bench.door.watch.rows] == [
            ("crm", f"{OPPORTUNITY}:1", "ignored"), ("crm", f"{OPPORTUNITY}:3", "ignored"),
        ]  # fmt: skip
        path, headers, body, _ = bench.post.brought[1]
        bench.door.readers["salesforce"] = Reader("crm", "other", salesforce.read, salesforce.identify)
        assert (await bench.door.knock(path, headers, body))[0] == 401
        assert bench.door.watch.rows[-1] == ("crm", f"{OPPORTUNITY}:2", "rejected", "signature")

    run(SALESFORCE, story)


async def subscribe_zuora(bench: Bench) -> None:
    wish = urlencode({**ZUORA.credentials(bench.mock.rules), "grant_type": "client_credentials"}).encode()
    form = {"content-type": "application/x-www-form-urlencoded"}
    token = (await bench.call("/oauth/token", wish, form))["access_token"]
    for event, params in zuora.CALLOUTS.items():
        body = {
            "name": event, "eventTypeName": event, "calloutActive": True,
            "callout": {
                "calloutBaseurl": "https://core.test/webhooks/zuora", "httpMethod": "POST",
                "requiredAuth": True, "calloutParams": dict(params),
                "calloutAuth": {"username": zuora.USER, "password": "s3cret", "preemptive": True},
            },
        }  # fmt: skip
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        await bench.call("/notifications/notification-definitions", orjson.dumps(body), headers)
    bench.door.readers["zuora"] = Reader("billing", "s3cret", zuora.read, zuora.identify, zuora.CHALLENGE)


def test_zuora_callouts_mean_what_they_were_registered_for() -> None:
    async def story(bench: Bench) -> None:
        await subscribe_zuora(bench)
        announce = bench.mock.rules.state.callouts.announce
        announce("BillRunCompletion", {"BillRun": SimpleNamespace(number="BR-1")})
        announce("InvoicePosted", {"Invoice": SimpleNamespace(id="i1", number="INV1")})
        memo = SimpleNamespace(id="c1", number="CM1", comment=None)
        announce("CreditMemoPosted", {"CreditMemo": memo})
        ours = SimpleNamespace(id="c2", number="CM2", comment="REFUND re_1")
        announce("CreditMemoPosted", {"CreditMemo": ours})
        await bench.delivered()
        assert [(e.topic, e.subject) for e in bench.door.events] == [
            (Topic.BILL_RUN_COMPLETED, "BR-1"),
            (Topic.INVOICE_FINALIZED, "i1"),
            (Topic.CREDIT_NOTE_FINALIZED, "c1"),
        ]
        ids = [headers["zuora-notification-id"] for _, headers, _, _ in bench.post.brought]
        assert [e.id for e in bench.door.events] == ids[:3]
        assert [row[:3] for row in bench.door.watch.rows] == [("billing", ids[3], "ignored")]
        bench.door.readers["zuora"] = Reader("billing", "x", zuora.read, zuora.identify, zuora.CHALLENGE)
        path, headers, body, _ = bench.post.brought[0]
        status, told = await bench.door.knock(path, headers, body)
        assert (status, told[b"www-authenticate"]) == (401, b'Basic realm="callouts"')

    run(ZUORA, story)
