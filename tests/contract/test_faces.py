"""Both faces of every mock answer every call with the same status, headers and bytes."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from simulators.kit.app import fastapi_app
from simulators.kit.clock import SECOND, midnight
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings, Vendor
from simulators.roster import VENDORS

NOW = midnight(date(2026, 1, 15))
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}


class Standstill:
    """A clock that stands still; both mocks see the same moment."""

    def now(self) -> int:
        return NOW


class Nobody:
    """No subscriber is ever reached: deliveries are not begun here."""

    async def post(self, url: str, headers: Any, body: bytes, *, event: str, attempt: int) -> int | None:
        raise AssertionError("nothing is delivered in this test")


def never(work: Coroutine[Any, Any, None]) -> None:
    """Background work of the mock is not part of an answer."""
    work.close()


@dataclass(frozen=True)
class Answer:
    """What came back over one face."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Pair:
    """Two fresh mocks of one vendor, behind one face each; every call goes to both."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor = vendor
        mocks = [Mock(vendor, Surroundings(Standstill(), Ids("pair"), Nobody(), never)) for _ in range(2)]
        self.faces = (lean_app(mocks[0]), fastapi_app(mocks[1]))
        self.rules = [mock.rules for mock in mocks]
        self.secrets = vendor.credentials(mocks[0].rules)
        self.signed: dict[str, str] = {}

    def call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The one answer that both faces give."""
        given = self.signed if headers is None else headers
        lean, fast = (asyncio.run(_ask(face, method, path, body, given)) for face in self.faces)
        assert lean == fast, f"{self.vendor.name}: {method} {path} {body[:80]!r} differs between the faces"
        return lean


async def _ask(face: Any, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    target, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": "",
        "method": method, "path": target, "raw_path": target.encode(), "query_string": query.encode(),
        "headers": [(n.encode(), v.encode()) for n, v in {"host": "mock.test", **headers}.items()],
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async with asyncio.timeout(5):
        await face(scope, receive, send)
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], tuple(tuple(pair) for pair in sent[0]["headers"]), content)


# How to sign in to each vendor: the headers of a signed-in call.


def _bearer(pair: Pair, path: str, form: Mapping[str, str]) -> dict[str, str]:
    answer = pair.call("POST", path, urlencode(form).encode(), FORM)
    assert answer.status == 200, answer.body
    return {"authorization": f"Bearer {answer.json['access_token']}"}


def _avatax(pair: Pair) -> dict[str, str]:
    given = f"{pair.secrets['account']}:{pair.secrets['license_key']}".encode()
    return {"authorization": f"Basic {base64.b64encode(given).decode()}", **JSON}


def _stripe(pair: Pair) -> dict[str, str]:
    return {"authorization": f"Bearer {pair.secrets['secret_key']}", **FORM}


def _salesforce(pair: Pair) -> dict[str, str]:
    names = ("client_id", "client_secret", "username", "password")
    form = {"grant_type": "password", **{name: pair.secrets[name] for name in names}}
    return {**_bearer(pair, "/services/oauth2/token", form), **JSON}


def _zuora(pair: Pair) -> dict[str, str]:
    names = ("client_id", "client_secret")
    form = {"grant_type": "client_credentials", **{name: pair.secrets[name] for name in names}}
    return {**_bearer(pair, "/oauth/token", form), **JSON}


def _netsuite(pair: Pair) -> dict[str, str]:
    now = NOW // SECOND
    claims = {
        "iss": pair.secrets["client_id"], "scope": [pair.secrets["scope"]], "iat": now, "exp": now + 3600,
        "aud": f"http://mock.test{pair.secrets['token_path']}",
    }  # fmt: skip
    header = {"alg": "ES256", "typ": "JWT", "kid": pair.secrets["certificate_id"]}
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(header, claims, ECKey.import_key(pair.secrets["private_key_pem"])),
    }
    return {**_bearer(pair, pair.secrets["token_path"], form), **JSON}


SIGN_IN: dict[str, Callable[[Pair], dict[str, str]]] = {
    "avatax": _avatax,
    "netsuite": _netsuite,
    "salesforce": _salesforce,
    "stripe": _stripe,
    "zuora": _zuora,
}

# Good calls, one after the other: method, path, body.
_SALE = {
    "type": "SalesInvoice", "code": "INV-1", "date": "2026-01-15", "customerCode": "ACME", "commit": True,
    "addresses": {"shipTo": {"postalCode": "98101"}}, "lines": [{"amount": 99.99, "taxCode": "SW052000"}],
}  # fmt: skip
_FORCE = "/services/data/v62.0"
_SUITE = "/services/rest"
GOOD: dict[str, list[tuple[str, str, bytes]]] = {
    "avatax": [
        ("GET", "/api/v2/utilities/ping", b""),
        ("POST", "/api/v2/transactions/create", json.dumps(_SALE).encode()),
        ("GET", "/api/v2/companies/DEFAULT/transactions/INV-1/", b""),
        ("GET", "/api/v2/companies/DEFAULT/transactions?$top=1", b""),
        ("POST", "/api/v2/companies/DEFAULT/transactions/INV-1/void", b'{"code": "DocVoided"}'),
    ],
    "netsuite": [
        (
            "POST",
            f"{_SUITE}/record/v1/customer",
            b'{"companyName": "ACME", "externalId": "A-1", "subsidiary": {"id": "1"}}',
        ),
        ("GET", f"{_SUITE}/record/v1/customer/eid:A-1", b""),
        ("GET", f"{_SUITE}/record/v1/customer?limit=1", b""),
        ("GET", f"{_SUITE}/record/v1/metadata-catalog/", b""),
    ],
    "salesforce": [
        ("POST", f"{_FORCE}/sobjects/Account/", b'{"Name": "ACME"}'),
        ("GET", f"{_FORCE}/query/?q=SELECT+Id,Name+FROM+Account", b""),
        ("GET", f"{_FORCE}/limits", b""),
    ],
    "stripe": [
        ("POST", "/v1/customers", b"name=Ada&email=ada%40example.com"),
        ("GET", "/v1/customers?limit=1", b""),
        ("POST", "/v1/payment_intents", b"amount=1999&currency=eur"),
        ("GET", "/v1/balance", b""),
    ],
    "zuora": [
        ("GET", "/v1/catalog/products", b""),
        ("POST", "/v1/action/query", b'{"queryString": "select Id from Account"}'),
    ],
}


@pytest.fixture(params=sorted(VENDORS))
def pair(request: pytest.FixtureRequest) -> Pair:
    both = Pair(VENDORS[request.param])
    both.signed = SIGN_IN[request.param](both)
    return both


def test_good_calls(pair: Pair) -> None:
    for method, path, body in GOOD[pair.vendor.name]:
        answer = pair.call(method, path, body)
        assert answer.status < 300, (method, path, answer)
    assert pair.rules[0].books() == pair.rules[1].books()
    assert pair.rules[0].history.changes == pair.rules[1].history.changes


def test_unauthorised_calls(pair: Pair) -> None:
    refused = 0
    for method, path, body in GOOD[pair.vendor.name]:
        for headers in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic bm9ib2R5"}):
            refused += pair.call(method, path, body, headers).status == 401
    assert refused


def test_every_row_with_nothing_behind_it(pair: Pair) -> None:
    """Missing objects, bad JSON, an empty body, strangers: at every path of the table."""
    for route in pair.vendor.table:
        segments = route.path.split("/")
        path = "/".join("no%2Fsuch%20one" if name.startswith("{") else name for name in segments)
        for body in (b"", b"{", b"[]", b"\xff"):
            pair.call(route.method, path, body)
            pair.call(route.method, f"{path}/?a=1&b=%zz", body)
        pair.call(route.method, path, headers={})


def test_wrong_methods_and_unknown_paths(pair: Pair) -> None:
    paths = {path.partition("?")[0] for _, path, _ in GOOD[pair.vendor.name]}
    for path in sorted({*paths, "/", "/nowhere", "/v9/nothing/at/all", "/%C3%A9%2F"}):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE"):
            pair.call(method, path)


def test_unknown_paths_are_refused(pair: Pair) -> None:
    assert pair.call("GET", "/nowhere").status in (401, 404)


def test_head_has_the_headers_of_get_and_no_body(pair: Pair) -> None:
    path = next(path for method, path, _ in GOOD[pair.vendor.name] if method == "GET")
    assert pair.call("HEAD", path).body == b""


def test_the_roster_is_whole() -> None:
    assert {vendor.name: vendor for vendor in VENDORS.values()} == VENDORS
    assert len({vendor.port for vendor in VENDORS.values()}) == len(VENDORS)
    assert set(VENDORS) == set(SIGN_IN) == set(GOOD)


@pytest.mark.parametrize("name", sorted(VENDORS))
def test_the_paper_names_every_path(name: str) -> None:
    vendor = VENDORS[name]
    mock = Mock(vendor, Surroundings(Standstill(), Ids("paper"), Nobody(), never))
    paths = fastapi_app(mock).openapi()["paths"]
    for route in vendor.table:
        assert route.method.lower() in paths[route.path]
