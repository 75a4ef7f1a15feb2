"""What the NetSuite connector makes of answers."""

from __future__ import annotations

import json

import pytest

from core.canonical.errors import (
    AlreadyThere,
    CoreError,
    Held,
    Missing,
    PeriodClosed,
    Refused,
    Unavailable,
    Unclear,
)
from core.connectors.netsuite.judge import judge
from core.connectors.session import Exchange, SignedOut
from core.ports.world import Response

PUT = Exchange("post_invoice", "k", "PUT", "/x", write=True)
GET = Exchange("get_invoice", "k", "GET", "/x", write=False)


def failed(code: str, text: str) -> bytes:
    return json.dumps(
        {"title": "Bad Request", "o:errorDetails": [{"detail": text, "o:errorCode": code}]}
    ).encode()


@pytest.mark.parametrize(
    ("exchange", "status", "body"), [(PUT, 204, b""), (PUT, 200, b"{}"), (GET, 200, b'{"id": "1"}')]
)
def test_success(exchange: Exchange, status: int, body: bytes) -> None:
    assert judge(exchange, Response(status, {}, body)) is None


@pytest.mark.parametrize(
    ("exchange", "status", "body", "kind"),
    [
        (GET, 200, b"", Unclear),
        (GET, 200, b'{"id": ', Unclear),
        (PUT, 200, b'{"id": ', Unclear),
        (PUT, 202, b"", Unclear),
        (PUT, 400, failed("USER_ERROR", "Error … The posting period Jan 2026 is closed."), PeriodClosed),
        (PUT, 400, failed("USER_ERROR", "Transactions in a locked period cannot be changed."), PeriodClosed),
        (PUT, 400, failed("TRAN_PERIOD_CLOSED", "no"), PeriodClosed),
        (PUT, 400, failed("USER_ERROR", "This record already exists."), AlreadyThere),
        (PUT, 400, failed("USER_ERROR", "Invalid Field Value X for the following field: item"), Missing),
        (PUT, 400, failed("USER_ERROR", "Please enter value(s) for: Customer"), Held),
        (PUT, 400, failed("RCRD_HAS_BEEN_CHANGED", "Record has been changed"), Unavailable),
        (PUT, 400, failed("SSS_REQUEST_LIMIT_EXCEEDED", "later"), Unavailable),
        (GET, 401, failed("INVALID_LOGIN", "Invalid login attempt."), SignedOut),
        (GET, 404, failed("NONEXISTENT_ID", "The record instance does not exist."), Missing),
        (GET, 429, failed("CONCURRENCY_LIMIT_EXCEEDED", "Request blocked."), Unavailable),
        (PUT, 500, failed("UNEXPECTED_ERROR", "An unexpected error occurred."), Unclear),
        (PUT, 503, b"", Unclear),
        (PUT, 400, b'{"error": "invalid_grant", "error_description": "expired"}', Refused),
    ],
)
def test_errors(exchange: Exchange, status: int, body: bytes, kind: type[CoreError]) -> None:
    assert type(judge(exchange, Response(status, {}, body))) is kind
