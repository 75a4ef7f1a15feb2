"""A NetSuite mock in hand: signed in, with one customer and one item."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey

from simulators.kit.clock import SECOND, midnight
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings
from simulators.netsuite.routes.table import VENDOR

RECORD = "/services/rest/record/v1"
QUERY = "/services/rest/query/v1/suiteql"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Hand:
    """A clock that is moved by hand; 15 March 2026 at first."""

    def __init__(self) -> None:
        self.present = midnight(date(2026, 3, 15))

    def now(self) -> int:
        return self.present


class Nowhere:
    """NetSuite posts nothing."""

    async def post(self, url: str, headers: Any, body: bytes, *, event: str, attempt: int) -> int | None:
        raise AssertionError(f"nothing is sent, but {event} went to {url}")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> tuple[str, str]:
        """(o:errorCode, detail)."""
        entry = self.json["o:errorDetails"][0]
        return entry["o:errorCode"], entry["detail"]

    @property
    def new_id(self) -> str:
        assert self.status == 204, self.body
        return self.headers["location"].rsplit("/", 1)[1]


def _dropped(coroutine: Any) -> None:
    """Nothing runs by itself in a test."""
    coroutine.close()


class Client:
    """Calls the lean face in process."""

    def __init__(self, **options: int) -> None:
        self.clock = Hand()
        self.mock = Mock(VENDOR, Surroundings(self.clock, Ids("test"), Nowhere(), _dropped, options))
        self.app = lean_app(self.mock)
        self.credentials = VENDOR.credentials(self.mock.rules)
        self.bearer = ""

    def assertion(self, **changed: Any) -> str:
        """A client assertion; keywords replace claims or header fields (alg, kid)."""
        now = self.clock.now() // SECOND
        header = {"alg": "ES256", "typ": "JWT", "kid": self.credentials["certificate_id"]}
        claims = {
            "iss": self.credentials["client_id"],
            "scope": ["rest_webservices"],
            "aud": f"http://erp.test{self.credentials['token_path']}",
            "iat": now,
            "exp": now + 3600,
        }
        for name, value in changed.items():
            (header if name in header else claims)[name] = value
        return jwt.encode(header, claims, ECKey.import_key(self.credentials["private_key_pem"]))

    def token(self, **changed: Any) -> Answer:
        form = {
            "grant_type": changed.pop("grant_type", "client_credentials"),
            "client_assertion_type": changed.pop("client_assertion_type", ASSERTION),
            "client_assertion": changed.pop("client_assertion", None) or self.assertion(**changed),
        }
        return self.call("POST", self.credentials["token_path"], raw=urlencode(form).encode())

    def sign_in(self) -> Client:
        self.bearer = self.token().json["access_token"]
        return self

    def call(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> Answer:
        return asyncio.run(self.acall(method, path, body, raw=raw, **headers))

    async def acall(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> Answer:
        sent: list[Any] = []
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        given = {"host": "erp.test", "authorization": f"Bearer {self.bearer}"}
        given |= {name.replace("_", "-").lower(): value for name, value in headers.items()}
        path, _, query = path.partition("?")
        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "scheme": "http",
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in given.items()],
        }  # fmt: skip

        async def receive() -> Any:
            return {"type": "http.request", "body": data}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
        return Answer(sent[0]["status"], found, sent[1]["body"])

    def post(self, kind: str, body: Any) -> Answer:
        return self.call("POST", f"{RECORD}/{kind}", body)

    def put(self, kind: str, external: str, body: Any, tail: str = "") -> Answer:
        return self.call("PUT", f"{RECORD}/{kind}/eid:{external}{tail}", body)

    def patch(self, kind: str, key: str, body: Any, tail: str = "") -> Answer:
        return self.call("PATCH", f"{RECORD}/{kind}/{key}{tail}", body)

    def get(self, kind: str, key: str, tail: str = "") -> Any:
        answer = self.call("GET", f"{RECORD}/{kind}/{key}{tail}")
        assert answer.status == 200, answer.body
        return answer.json

    def delete(self, kind: str, key: str) -> Answer:
        return self.call("DELETE", f"{RECORD}/{kind}/{key}")

    def ask(self, query: str, tail: str = "") -> Answer:
        return self.call("POST", f"{QUERY}{tail}", {"q": query}, prefer="transient")

    def rows(self, query: str) -> list[dict[str, str]]:
        answer = self.ask(query)
        assert answer.status == 200, answer.body
        return [{k: v for k, v in row.items() if k != "links"} for row in answer.json["items"]]

    def account(self, number: str) -> dict[str, str]:
        return {"id": self.rows(f"SELECT id FROM account WHERE acctnumber = '{number}'")[0]["id"]}

    def stock(self) -> Client:
        """A EUR customer ACC-1 and the items PLAN (deferred) and CREDIT (contra revenue)."""
        acme = {"companyName": "Acme", "subsidiary": {"id": "1"}, "currency": {"refName": "EUR"}}
        assert self.put("customer", "ACC-1", acme).status == 204
        plan = {
            "itemId": "Plan",
            "incomeAccount": self.account("4000"),
            "deferredRevenueAccount": self.account("2100"),
        }
        assert self.put("serviceSaleItem", "PLAN", plan).status == 204
        credit = {"itemId": "Credit", "incomeAccount": self.account("4900")}
        assert self.put("nonInventorySaleItem", "CREDIT", credit).status == 204
        return self

    def ledger(self, document: str) -> list[tuple[str, int, int]]:
        """(account, debit, credit) of one document."""
        return [
            (each["account"], each["debit"], each["credit"])
            for each in self.mock.rules.books()["ledger"]
            if each["document"] == document
        ]


def invoice(amount: float = 100, tax: float = 19, **more: Any) -> dict[str, Any]:
    """An invoice of ACC-1 for one line of PLAN."""
    return {
        "entity": {"externalId": "ACC-1"},
        "tranDate": "2026-03-10",
        "currency": {"refName": "EUR"},
        "taxTotal": tax,
        "item": {"items": [{"item": {"externalId": "PLAN"}, "amount": amount}]},
        **more,
    }


def credit_memo(amount: float = 40, tax: float = 7.6, **more: Any) -> dict[str, Any]:
    """A credit memo of ACC-1 for one line of CREDIT."""
    return {
        "entity": {"externalId": "ACC-1"},
        "tranDate": "2026-03-12",
        "taxTotal": tax,
        "item": {"items": [{"item": {"externalId": "CREDIT"}, "amount": amount}]},
        **more,
    }


def payment(amount: float, *applied: tuple[str, float], **more: Any) -> dict[str, Any]:
    """A payment of ACC-1, applied to documents by external id."""
    lines = [{"doc": {"externalId": doc}, "apply": True, "amount": part} for doc, part in applied]
    return {
        "customer": {"externalId": "ACC-1"},
        "account": {"refName": "1010 Processor Clearing"},
        "payment": amount,
        "apply": {"items": lines},
        "tranDate": "2026-03-14",
        **more,
    }
