"""What the Stripe connector makes of answers."""

from __future__ import annotations

import json

import pytest

from core.canonical.errors import (
    AlreadyThere,
    CoreError,
    Held,
    Missing,
    Refused,
    TooLittle,
    Unavailable,
    Unclear,
)
from core.connectors.session import Exchange, SignedOut
from core.connectors.stripe.judge import KeySpent, judge
from core.ports.world import Response

ASK = Exchange("ask_payment", "k", "POST", "/v1/payment_intents", write=True)
READ = Exchange("get_payment", "k", "GET", "/v1/payment_intents/pi_1", write=False)
REPLAYED = {"idempotent-replayed": "true"}


def failed(code: str = "", kind: str = "invalid_request_error", **more: object) -> bytes:
    return json.dumps({"error": {"type": kind, "code": code, "message": "no", **more}}).encode()


def reading(
    status: int, body: bytes, headers: dict[str, str] | None = None, exchange: Exchange = ASK
) -> CoreError | None:
    return judge(exchange, Response(status, headers or {}, body))


def test_a_success_and_a_declined_card_are_answers() -> None:
    assert reading(200, b'{"id": "pi_1"}') is None
    declined = failed("card_declined", "card_error", payment_intent={"id": "pi_1"})
    assert reading(402, declined) is None
    assert reading(402, declined, REPLAYED) is None
    assert type(reading(402, declined, exchange=READ)) is Refused
    assert type(reading(402, failed("card_declined", "card_error"))) is Refused


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"", Unclear),
        (200, b"<html>", Unclear),
        (200, b"[]", Unclear),
        (400, failed("parameter_unknown"), Held),
        (400, failed("amount_too_small"), TooLittle),
        (400, failed("resource_missing"), Missing),
        (404, failed("resource_missing"), Missing),
        (400, failed("payment_intent_unexpected_state"), AlreadyThere),
        (400, failed("", "idempotency_error"), Unclear),
        (409, failed("idempotency_key_in_use", "idempotency_error"), Unclear),
        (424, failed(), Unclear),
        (401, failed("api_key_expired"), SignedOut),
        (403, failed(), Refused),
        (429, failed("rate_limit"), Unavailable),
        (429, failed("lock_timeout"), Unavailable),
        (400, failed("rate_limit"), Unavailable),
        (500, failed("", "api_error"), Unclear),
        (502, b"bad gateway", Unclear),
        (503, b"", Unclear),
    ],
)
def test_errors(status: int, body: bytes, kind: type[CoreError]) -> None:
    assert type(reading(status, body)) is kind


def test_a_failure_kept_under_the_key_is_told_apart_from_a_fresh_one() -> None:
    assert type(reading(500, failed("", "api_error"), REPLAYED)) is KeySpent
    assert issubclass(KeySpent, Unclear)


def test_a_wait_that_the_vendor_names() -> None:
    error = reading(429, failed("rate_limit"), {"retry-after": "7"})
    assert isinstance(error, Unavailable)
    assert error.retry_after == 7.0
