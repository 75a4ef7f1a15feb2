"""The NetSuite SDK and raw HTTP, pointed at the mock by its base URL."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from netsuite import Config, NetSuiteRestApi, TokenAuth

from scenarios.sandboxes import Sandboxes

T = TypeVar("T")
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TODAY = datetime.now(UTC).date().isoformat()


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(coroutine)


def config(lab: Sandboxes, **changed: str) -> Config:
    known = {**lab.credentials("netsuite"), **changed}
    auth = TokenAuth(
        **{name: known[name] for name in ("consumer_key", "consumer_secret", "token_id", "token_secret")}
    )
    return Config(account=known["account"], auth=auth)


class Api(NetSuiteRestApi):
    """The SDK by its first recipe: only the making of URLs is overridden."""

    def __init__(self, lab: Sandboxes, **changed: str) -> None:
        super().__init__(config(lab, **changed))
        self._base = lab.url("netsuite")

    def _make_url(self, subpath: str) -> str:
        return f"{self._base}/services/rest{subpath}"

    async def make(self, kind: str, body: dict[str, Any], **kw: Any) -> str:
        """The id of a new record."""
        response = await self.request("POST", f"/record/v1/{kind}", json=body, **kw)
        assert response.status_code == 204, response.text
        return str(response.headers["location"].rsplit("/", 1)[1])

    async def rows(self, q: str, limit: int = 1000) -> list[dict[str, str]]:
        return [
            {k: v for k, v in row.items() if k != "links"}
            for row in (await self.suiteql(q, limit=limit))["items"]
        ]

    async def one(self, q: str) -> str:
        return next(iter((await self.rows(q))[0].values()))


class Raw:
    """HTTP with a Bearer token of the machine-to-machine flow."""

    def __init__(self, lab: Sandboxes, algorithm: str = "ES256", **changed: Any) -> None:
        self.base = lab.url("netsuite")
        self.known = lab.credentials("netsuite")
        self.http = httpx.Client(base_url=self.base, timeout=20)
        answer = self.token(algorithm, **changed)
        self.answer = answer
        if answer.status_code == 200:
            self.http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"

    def token(self, algorithm: str = "ES256", **changed: Any) -> httpx.Response:
        prefix = "rsa_" if algorithm.startswith("PS") else ""
        now = int(datetime.now(UTC).timestamp())
        header = {"alg": algorithm, "typ": "JWT", "kid": self.known[f"{prefix}certificate_id"]}
        claims = {
            "iss": self.known["client_id"], "scope": ["rest_webservices"], "iat": now, "exp": now + 3600,
            "aud": self.base + self.known["token_path"],
        }  # fmt: skip
        for name, value in changed.items():
            (header if name in header else claims)[name] = value
        pem = self.known[f"{prefix}private_key_pem"]
        key = RSAKey.import_key(pem) if prefix else ECKey.import_key(pem)
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": jwt.encode(header, claims, key, algorithms=[algorithm]),
        }
        return self.http.post(self.known["token_path"], data=form)

    def call(self, method: str, path: str, **kw: Any) -> httpx.Response:
        where = (
            path
            if path.startswith("/services") or path.startswith("/rest")
            else f"/services/rest/record/v1/{path}"
        )
        return self.http.request(method, where, **kw)

    def make(self, kind: str, body: dict[str, Any]) -> str:
        answer = self.call("POST", kind, json=body)
        assert answer.status_code == 204, answer.text
        return answer.headers["location"].rsplit("/", 1)[1]

    def get(self, path: str, **params: Any) -> Any:
        answer = self.call("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, q: str) -> list[dict[str, str]]:
        answer = self.call(
            "POST", "/services/rest/query/v1/suiteql", json={"q": q}, headers={"Prefer": "transient"}
        )
        assert answer.status_code == 200, answer.text
        return [{k: v for k, v in row.items() if k != "links"} for row in answer.json()["items"]]

    def account(self, number: str) -> dict[str, str]:
        return {"id": self.rows(f"SELECT id FROM account WHERE acctnumber = '{number}'")[0]["id"]}

    def item(self) -> dict[str, str]:
        return {"id": self.rows("SELECT id FROM item WHERE itemid = 'Subscription'")[0]["id"]}

    def customer(self, currency: str = "1", **more: Any) -> str:
        n = len(self.rows("SELECT id FROM customer"))
        body = {
            "companyName": f"Customer {n}",
            "subsidiary": {"id": "1"},
            "currency": {"id": currency},
            **more,
        }
        return self.make("customer", body)

    def invoice(self, customer: str, *amounts: float, **more: Any) -> str:
        lines = [{"item": self.item(), "quantity": 1, "rate": each} for each in amounts]
        return self.make("invoice", {"entity": {"id": customer}, "item": {"items": lines}, **more})


def refused(answer: httpx.Response) -> tuple[int, str, str]:
    """(status, o:errorCode, detail)."""
    value = answer.json()
    assert value["status"] == answer.status_code
    assert set(value) == {"type", "title", "status", "o:errorDetails"}
    entry = value["o:errorDetails"][0]
    return answer.status_code, entry["o:errorCode"], entry["detail"]
