"""Drives the Stripe mock through its lean face, in process: a clock to turn, a mailbox for webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson

from simulators.kit.clock import DAY, SECOND
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings
from simulators.stripe.routes.table import VENDOR
from tests.unit.simulators.turning import run_out

START = 1_767_225_600 * SECOND + DAY // 4  # 2026-01-01T06:00:00Z


@dataclass(slots=True)
class TurnedClock:
    """A clock that stands still until it is turned."""

    moment: int = START

    def now(self) -> int:
        return self.moment


@dataclass(frozen=True, slots=True)
class Letter:
    """One webhook attempt as it was posted."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    event: str
    attempt: int
    at: int

    @property
    def type(self) -> str:
        return str(orjson.loads(self.body)["type"])


@dataclass(slots=True)
class Mailbox:
    """Takes what the mock posts; answers with `status`."""

    clock: TurnedClock
    status: int | None = 200
    letters: list[Letter] = field(default_factory=list)

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        self.letters.append(Letter(url, headers, body, event, attempt, self.clock.now()))
        return self.status


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers in lower case, the JSON body."""

    status: int
    headers: Mapping[str, str]
    json: Any
    body: bytes

    @property
    def error(self) -> Any:
        return self.json["error"]


class Sandbox:
    """A fresh mock and a way to call it. Options are those of the mock's rules."""

    def __init__(self, seed: str = "seed", **options: int) -> None:
        self.clock = TurnedClock()
        self.mailbox = Mailbox(self.clock)
        self.loop = asyncio.new_event_loop()
        self.tasks: list[asyncio.Task[None]] = []
        around = Surroundings(self.clock, Ids(seed), self.mailbox, self._spawn, options)
        self.mock = Mock(VENDOR, around)
        self.app = lean_app(self.mock)

    @property
    def rules(self) -> Any:
        return self.mock.rules

    def _spawn(self, work: Coroutine[Any, Any, None]) -> object:
        self.tasks.append(self.loop.create_task(work))
        return self.tasks[-1]

    def call(self, method: str, path: str, form: object = None, **more: Any) -> Answer:
        """One call; `form` is a mapping in Python's shape, or bytes that are sent as they are."""
        return self.loop.run_until_complete(self.acall(method, path, form, **more))

    def get(self, path: str, form: object = None, **more: Any) -> Answer:
        return self.call("GET", path, form, **more)

    def post(self, path: str, form: object = None, **more: Any) -> Answer:
        return self.call("POST", path, form, **more)

    async def acall(
        self,
        method: str,
        path: str,
        form: object = None,
        *,
        key: str = "sk_test_tieout",
        idem: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        text = form if isinstance(form, bytes) else urlencode(list(flat(form or {}))).encode()
        sent = {"authorization": f"Bearer {key}", **(headers or {})}
        if idem:
            sent["idempotency-key"] = idem
        query, body = (text, b"") if method in ("GET", "DELETE") else (b"", text)
        if body:
            sent.setdefault("content-type", "application/x-www-form-urlencoded")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": [(k.encode(), v.encode()) for k, v in sent.items()],
        }
        out: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            out.append(message)

        await self.app(scope, receive, send)
        got = {k.decode().lower(): v.decode() for k, v in out[0]["headers"]}
        raw = out[1]["body"]
        return Answer(out[0]["status"], got, orjson.loads(raw), raw)

    def settle(self, rounds: int = 5) -> None:
        """Let tasks that are ready run."""
        for _ in range(rounds):
            self.loop.run_until_complete(asyncio.sleep(0))

    def run_out(self, most: int = 1000) -> list[int]:
        """Turn the clock to all that the mock has yet to do; the moments."""

        def turn(due: int) -> None:
            self.clock.moment = due

        return self.loop.run_until_complete(run_out(self.mock.agenda, turn, most))

    def turn(self, by: int) -> None:
        """Turn the clock; the mock catches up at its next call."""
        self.clock.moment += by

    def customer(self, card: str = "pm_card_visa", **fields: Any) -> tuple[str, str]:
        """(customer id, id of its attached card)."""
        customer = self.post("/v1/customers", {"name": "Ada", "email": "ada@example.com", **fields}).json[
            "id"
        ]
        answer = self.post(f"/v1/payment_methods/{card}/attach", {"customer": customer})
        assert answer.status == 200, answer.json
        return customer, answer.json["id"]

    def pay(
        self, amount: int = 10_000, currency: str = "usd", card: str = "pm_card_visa", **more: Any
    ) -> Any:
        """A succeeded payment intent."""
        customer, method = self.customer(card)
        wish = {"amount": amount, "currency": currency, "customer": customer, "payment_method": method}
        answer = self.post("/v1/payment_intents", {**wish, "confirm": True, "off_session": True, **more})
        assert answer.status == 200, answer.json
        return answer.json

    def events(self) -> list[str]:
        """Types of all events, oldest first."""
        return [e.type for e in self.rules.test.events.log]


def flat(form: Any, prefix: str = "") -> Any:
    """Pairs as Stripe's own libraries write them: indexed arrays, nested brackets, true and false."""
    items: Callable[[], Any] = form.items if isinstance(form, Mapping) else lambda: enumerate(form)
    for name, value in items():
        full = f"{prefix}[{name}]" if prefix else str(name)
        if isinstance(value, Mapping | list | tuple):
            yield from flat(value, full)
        elif isinstance(value, bool):
            yield full, "true" if value else "false"
        else:
            yield full, str(value)


def intent(box: Sandbox, card: str = "pm_card_visa", **more: Any) -> Answer:
    """An intent of a new customer with that card; `more` are further parameters."""
    customer, method = box.customer(card)
    wish = {"amount": 10_000, "currency": "usd", "customer": customer, "payment_method": method, **more}
    return box.post("/v1/payment_intents", wish)
