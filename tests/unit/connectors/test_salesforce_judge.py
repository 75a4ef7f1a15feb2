"""What the Salesforce connector makes of answers."""

from __future__ import annotations

import json

import pytest

from core.canonical.errors import CoreError, Held, Missing, Refused, Unavailable, Unclear
from core.connectors.salesforce.judge import judge
from core.connectors.session import Exchange, SignedOut
from core.ports.world import Response

WRITE = Exchange("mirror_invoice", "k", "PATCH", "/x", write=True)
SIGN_IN = Exchange("sign_in", "", "POST", "/services/oauth2/token", write=False)


def failed(code: str, text: str = "no") -> bytes:
    return json.dumps([{"errorCode": code, "message": text}]).encode()


def reading(status: int, body: bytes, exchange: Exchange = WRITE) -> CoreError | None:
    return judge(exchange, Response(status, {}, body))


@pytest.mark.parametrize(("status", "body"), [(200, b'{"id": "a"}'), (201, b"{}"), (200, b"[]"), (204, b"")])
def test_success(status: int, body: bytes) -> None:
    assert reading(status, body) is None


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"", Unclear),
        (200, b"<html>", Unclear),
        (300, b'["/services/data/v62.0/sobjects/Invoice__c/a"]', Refused),
        (400, failed("REQUIRED_FIELD_MISSING"), Held),
        (400, failed("INVALID_FIELD", "Foreign key external ID: acc-9 not found for field"), Missing),
        (400, failed("INVALID_FIELD", "No such column"), Held),
        (400, failed("UNABLE_TO_LOCK_ROW"), Unavailable),
        (400, failed("DUPLICATE_VALUE"), Unavailable),
        (400, failed("INVALID_QUERY_LOCATOR"), Unavailable),
        (401, failed("INVALID_SESSION_ID"), SignedOut),
        (403, failed("REQUEST_LIMIT_EXCEEDED"), Unavailable),
        (403, failed("INSUFFICIENT_ACCESS"), Refused),
        (404, failed("NOT_FOUND"), Missing),
        (404, failed("ENTITY_IS_DELETED"), Missing),
        (500, failed("UNKNOWN_EXCEPTION"), Unclear),
        (503, b"unavailable", Unclear),
    ],
)
def test_errors(status: int, body: bytes, kind: type[CoreError]) -> None:
    assert type(reading(status, body)) is kind


def test_a_refused_sign_in_is_no_refusal_of_the_act() -> None:
    body = b'{"error": "invalid_client", "error_description": "no"}'
    assert type(reading(400, body, SIGN_IN)) is Unavailable
    assert type(reading(500, b"", SIGN_IN)) is Unclear
