"""Calls a Salesforce mock in its own process: no sockets, a clock that a test moves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from simulators.kit.clock import DAY, HOUR, SECOND
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings
from simulators.salesforce.routes.table import VENDOR
from simulators.salesforce.rules.org import Org
from tests.unit.simulators.turning import run_out

START = 20_454 * DAY + 9 * HOUR  # 2026-01-01T09:00:00Z
ROOT = "/services/data/v62.0"


@dataclass
class Clock:
    time: int = START

    def now(self) -> int:
        return self.time


@dataclass
class Outbound:
    """A receiver. answers: statuses in order, then 200 for ever; None stands for no answer."""

    answers: list[int | None] = field(default_factory=list)
    got: list[tuple[str, Mapping[str, str], bytes, str, int]] = field(default_factory=list)

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        self.got.append((url, headers, body, event, attempt))
        return self.answers.pop(0) if self.answers else 200


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body, parse_float=Decimal)

    @property
    def code(self) -> str:
        """errorCode of a refusal."""
        return str(self.json[0]["errorCode"])


class Crm:
    """A signed-in client of a fresh mock."""

    def __init__(self, **options: int) -> None:
        self.clock, self.outbound = Clock(), Outbound()
        self.work: list[Coroutine[Any, Any, None]] = []
        self.mock = Mock(
            VENDOR, Surroundings(self.clock, Ids("test"), self.outbound, self.work.append, options)
        )
        self._app = lean_app(self.mock)
        self.secrets = VENDOR.credentials(self.mock.rules)
        self.token = ""

    @property
    def org(self) -> Org:
        return self.mock.rules

    def deliver(self) -> list[int]:
        """Run the deliveries begun so far to their end, turning the clock; the pauses, in seconds."""
        pauses: list[int] = []

        def turn(due: int) -> None:
            pauses.append((due - self.clock.time) // SECOND)
            self.clock.time = due

        async def run() -> None:
            while self.work or self.mock.agenda.next_due() is not None:
                # What waits for its time is turned to; nobody sleeps.
                self.mock.agenda.held = True
                work, self.work[:] = list(self.work), []
                await asyncio.gather(*work)
                await run_out(self.mock.agenda, turn)
                self.mock.agenda.held = False

        asyncio.run(run())
        return pauses

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One raw call."""
        target, _, query = path.partition("?")
        raw = [(n.lower().encode(), v.encode()) for n, v in {"host": "crm.test", **(headers or {})}.items()]
        scope: dict[str, Any] = {
            "type": "http", "method": method, "path": target, "raw_path": target.encode(),
            "query_string": query.encode(), "headers": raw, "scheme": "https",
        }  # fmt: skip
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def keep(message: Any) -> None:
            said.append(message)

        coroutine = self._app(scope, receive, keep)
        try:
            coroutine.send(None)  # type: ignore[attr-defined]
        except StopIteration:
            pass
        else:
            raise AssertionError("a handler waited")
        told = {name.decode().lower(): value.decode() for name, value in said[0]["headers"]}
        return Answer(said[0]["status"], told, said[1]["body"])

    def sign_in(self, **form: str) -> Answer:
        """POST the token form; the fresh sandbox's password flow unless told otherwise."""
        wish = form or {
            "grant_type": "password",
            **{n: self.secrets[n] for n in ("client_id", "client_secret", "username", "password")},
        }
        kind = {"content-type": "application/x-www-form-urlencoded"}
        answer = self.send("POST", "/services/oauth2/token", urlencode(wish).encode(), kind)
        if answer.status == 200:
            self.token = answer.json["access_token"]
        return answer

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One signed-in call below /services/data/v62.0."""
        if not self.token:
            self.sign_in()
        sent = b"" if body is None else json.dumps(body, default=str).encode()
        own = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        whole = path if path.startswith("/services/") else ROOT + path
        return self.send(method, whole, sent, {**own, **{n.replace("_", "-"): v for n, v in headers.items()}})

    def make(self, kind: str, **values: Any) -> str:
        """The id of a new record."""
        answer = self.call("POST", f"/sobjects/{kind}", values)
        assert answer.status == 201, answer.body
        return str(answer.json["id"])

    def change(self, kind: str, key: str, **values: Any) -> Answer:
        return self.call("PATCH", f"/sobjects/{kind}/{key}", values)

    def get(self, kind: str, key: str) -> Any:
        return self.call("GET", f"/sobjects/{kind}/{key}").json

    def query(self, text: str, path: str = "/query", **headers: str) -> Answer:
        return self.call("GET", f"{path}?{urlencode({'q': text})}", **headers)

    def ids(self, text: str) -> list[str]:
        """Names (or ids) of the rows that a query finds, in order."""
        answer = self.query(text)
        assert answer.status == 200, answer.body
        return [row.get("Name") or row["Id"] for row in answer.json["records"]]

    def deal(self, **extra: Any) -> dict[str, str]:
        """An account, a priced product, an opportunity with an accepted primary quote of one line."""
        book = self.secrets["standard_pricebook"]
        account = self.make("Account", Name="Acme", External_Id__c="A-1")
        product = self.make("Product2", Name="Team plan", ProductCode="TEAM", IsActive=True)
        entry = self.make(
            "PricebookEntry", Pricebook2Id=book, Product2Id=product, UnitPrice="120.00", IsActive=True
        )
        opportunity = self.make(
            "Opportunity", Name="Acme new", AccountId=account, StageName="Prospecting",
            CloseDate="2026-01-31", Type="New Business", External_Id__c="O-1", Pricebook2Id=book, **extra,
        )  # fmt: skip
        quote = self.make(
            "SBQQ__Quote__c", SBQQ__Opportunity2__c=opportunity, SBQQ__Primary__c=True,
            SBQQ__Status__c="Accepted", SBQQ__StartDate__c="2026-02-01", SBQQ__EndDate__c="2027-01-31",
        )  # fmt: skip
        line = self.make(
            "SBQQ__QuoteLine__c", SBQQ__Quote__c=quote, SBQQ__Product__c=product, SBQQ__Quantity__c=10,
            SBQQ__NetPrice__c="99.90", SBQQ__BillingFrequency__c="Monthly",
        )  # fmt: skip
        return {
            "account": account, "product": product, "entry": entry, "opportunity": opportunity,
            "quote": quote, "line": line, "book": book,
        }  # fmt: skip
