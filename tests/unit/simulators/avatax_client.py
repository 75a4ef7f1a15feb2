"""Speaks to an AvaTax mock in process, over its lean face."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from simulators.avatax.routes.table import VENDOR
from simulators.avatax.rules.sandbox import ACCOUNT, LICENCE
from simulators.kit.clock import midnight
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings

BASIC = "Basic " + b64encode(f"{ACCOUNT}:{LICENCE}".encode()).decode()
AUSTIN = {"line1": "1 Main St", "city": "Austin", "region": "TX", "postalCode": "78701", "country": "US"}
SEATTLE = {"line1": "1 Main St", "city": "Seattle", "region": "WA", "postalCode": "98101", "country": "US"}
BERLIN = {"line1": "Torstr. 1", "city": "Berlin", "postalCode": "10119", "country": "DE"}
SAAS = "SW052000"


class FixedClock:
    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def pass_by(self, microseconds: int) -> None:
        self._now += microseconds


class Nobody:
    async def post(self, url, headers, body, *, event, attempt):
        raise AssertionError("AvaTax sends nothing")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    json: Any

    @property
    def error(self) -> str:
        return self.json["error"]["code"]

    @property
    def detail(self) -> dict[str, Any]:
        return self.json["error"]["details"][0]


class Client:
    def __init__(self, seed: str = "s", **options: int) -> None:
        self.clock = FixedClock(midnight(date(2026, 1, 15)))
        self.mock = Mock(VENDOR, Surroundings(self.clock, Ids(seed), Nobody(), lambda _: None, options))
        self._app = lean_app(self.mock)

    @property
    def rules(self):
        return self.mock.rules

    def call(self, method: str, path: str, body: Any = None, *, query: str = "", auth: str = BASIC) -> Answer:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return asyncio.run(self._call(method, path, raw, query, auth))

    async def _call(self, method: str, path: str, raw: bytes, query: str, auth: str) -> Answer:
        sent: list[dict[str, Any]] = []

        async def receive():
            return {"type": "http.request", "body": raw}

        async def send(message):
            sent.append(message)

        headers = [(b"host", b"tax.test")] + ([(b"authorization", auth.encode())] if auth else [])
        scope = {
            "type": "http", "method": method, "scheme": "http", "headers": headers,
            "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        }  # fmt: skip
        await self._app(scope, receive, send)
        names = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        body = sent[1]["body"]
        return Answer(sent[0]["status"], names, json.loads(body, parse_float=Decimal) if body else None)

    def get(self, path: str, query: str = "") -> Answer:
        return self.call("GET", path, query=query)

    def post(self, path: str, body: Any = None, query: str = "") -> Answer:
        return self.call("POST", path, body, query=query)

    def create(self, code: str = "INV-1", **changes: Any) -> Answer:
        return self.post("/api/v2/transactions/create", sale(code, **changes))

    def act(self, verb: str, body: Any = None, code: str = "INV-1", query: str = "") -> Answer:
        return self.post(f"/api/v2/companies/DEFAULT/transactions/{code}/{verb}", body, query)

    def document(self, code: str = "INV-1", query: str = "") -> Answer:
        return self.get(f"/api/v2/companies/DEFAULT/transactions/{code}", query)

    def commit(self, code: str = "INV-1") -> Answer:
        return self.act("commit", {"commit": True}, code)


def sale(code: str = "INV-1", amount: Any = 100, **changes: Any) -> dict[str, Any]:
    """A SalesInvoice of software to Seattle: one line."""
    body: dict[str, Any] = {
        "type": "SalesInvoice",
        "companyCode": "DEFAULT",
        "code": code,
        "date": "2026-01-10",
        "customerCode": "ACME",
        "currencyCode": "USD",
        "addresses": {"shipTo": SEATTLE},
        "lines": [{"number": "1", "amount": amount, "taxCode": SAAS}],
    }
    body.update(changes)
    return {name: value for name, value in body.items() if value is not ...}
