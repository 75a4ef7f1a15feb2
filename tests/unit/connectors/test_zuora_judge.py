"""What the Zuora connector makes of answers."""

from __future__ import annotations

import json

import pytest

from core.canonical.errors import AlreadyThere, CoreError, Held, Missing, Refused, Unavailable, Unclear
from core.connectors.session import Exchange, SignedOut
from core.connectors.zuora.judge import judge
from core.ports.world import Response

POST = Exchange("place_order", "k", "POST", "/v1/orders", write=True)


def failed(code: int, text: str = "no") -> bytes:
    return json.dumps({"success": False, "reasons": [{"code": code, "message": text}]}).encode()


def reading(status: int, body: bytes, headers: dict[str, str] | None = None) -> CoreError | None:
    return judge(POST, Response(status, headers or {}, body))


@pytest.mark.parametrize("body", [b'{"success": true}', b'{"data": []}', b'{"Success": true}'])
def test_success(body: bytes) -> None:
    assert reading(200, body) is None


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b'{"success": true, "orderNu', Unclear),
        (200, b"", Unclear),
        (200, b"[]", Unclear),
        (200, failed(58490050), Unclear),
        (200, failed(58490060), Unclear),
        (200, failed(58490061), Unclear),
        (200, failed(58490099), Unclear),
        (200, failed(58490070), Unavailable),
        (200, failed(90000011), SignedOut),
        (200, failed(58490030, "Invoice is not a draft."), Refused),
        (400, failed(58490030, "The order number O-1 already exists."), AlreadyThere),
        (400, failed(58490020, "Cannot find entity by key: 'A-1'."), Missing),
        (400, failed(58490022, "'name' is required."), Held),
        (401, failed(90000011), SignedOut),
        (403, failed(58490010), Refused),
        (404, failed(58490040), Missing),
        (404, b"", Missing),
        (409, failed(58490050), Unclear),
        (422, failed(58490030, "another request"), Refused),
        (429, failed(58490070), Unavailable),
        (500, failed(58490060), Unclear),
        (502, b"<html>", Unclear),
        (504, b"", Unclear),
    ],
)
def test_errors(status: int, body: bytes, kind: type[CoreError]) -> None:
    found = reading(status, body)
    assert type(found) is kind


def test_throttling_says_how_long() -> None:
    found = reading(429, failed(58490070), {"retry-after": "7"})
    assert isinstance(found, Unavailable)
    assert found.retry_after == 7


def test_the_vendors_code_is_kept() -> None:
    found = reading(400, failed(58490030))
    assert found is not None
    assert found.code == "58490030"
