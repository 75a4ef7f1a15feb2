"""Stripe's events: signed, repeated, in no order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from core.canonical.events import Event, Topic
from core.connectors.notices import moment_us, named
from core.connectors.signatures import check_timed_hmac
from core.connectors.stripe.wire import API_VERSION
from core.connectors.webhook_errors import Malformed, UnknownType, UnknownVersion

CHANNEL = "payments"
_NAME_MOST = 255
# charge.refunded says the same as refund.created and is left out.
EVENT_TYPES = (
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.closed",
    "payout.paid",
    "payout.failed",
)
_INTENTS = {
    "payment_intent.succeeded": Topic.PAYMENT_SETTLED,
    "payment_intent.payment_failed": Topic.PAYMENT_FAILED,
}
_OTHERS = {
    "refund.failed": Topic.REFUND_FAILED,
    "charge.dispute.created": Topic.DISPUTE_OPENED,
    "charge.dispute.funds_withdrawn": Topic.DISPUTE_WITHDRAWN,
    # Says won or lost; charge.dispute.funds_reinstated comes with it and says no more.
    "charge.dispute.closed": Topic.DISPUTE_CLOSED,
    "payout.paid": Topic.PAYOUT_PAID,
    "payout.failed": Topic.PAYOUT_FAILED,
}


def read(
    headers: Mapping[str, str], body: bytes, secret: str, now_us: int, window_seconds: int
) -> list[Event]:
    """What happened, nothing if it is no concern of ours; BadSignature, Malformed, UnknownType. Header names
    in lower case; secret: the endpoint's whsec_…"""
    check_timed_hmac(headers.get("stripe-signature", ""), body, secret, now_us, window_seconds)
    event = _object(body)
    _check_version(event.get("api_version"))
    try:
        about, kind = event["data"]["object"], named(event["type"], "type")
        if kind not in EVENT_TYPES:
            raise UnknownType(kind)
        topic = _topic(kind, about)
        if topic is None:
            return []
        identity, subject = named(event["id"], "id"), named(about["id"], "data.object.id")
        at = moment_us(event["created"], "created")
        return [Event(identity, CHANNEL, topic, subject, at, _comes_of(about))]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"an event without what every event has: {error!r}") from None


def _check_version(given: object) -> None:
    """Releases of one name do not break each other (https://docs.stripe.com/api/versioning); an event of
    another is not guessed at."""
    release = API_VERSION.partition(".")[2]
    if given is not None and str(given).partition(".")[2] != release:
        raise UnknownVersion(
            f"unknown version: {str(given)[:40]!r}; releases named {release!r} are read here"
        )


def identify(_headers: Mapping[str, str], body: bytes) -> str:
    """The event's id, for the record only: the signature is not looked at; "" if it has none."""
    try:
        return str(_object(body).get("id", ""))
    except Malformed:
        return ""


def _object(body: bytes) -> dict[str, Any]:
    try:
        event = orjson.loads(body)
    except ValueError:
        raise Malformed("the body is no JSON") from None
    if not isinstance(event, dict):
        raise Malformed("the body is no JSON object")
    return event


def _comes_of(about: Mapping[str, Any]) -> str:
    """The invoice that an intent was made for, or the intent that money went back of."""
    named = (about.get("metadata") or {}).get("invoice") or about.get("payment_intent")
    return named if isinstance(named, str) and len(named) <= _NAME_MOST else ""


def _topic(kind: str, about: Mapping[str, Any]) -> Topic | None:
    topic = _INTENTS.get(kind)
    if topic is not None:
        # An intent that was not made for an invoice is somebody else's business.
        return topic if (about.get("metadata") or {}).get("invoice") else None
    if kind in ("refund.created", "refund.updated"):
        return Topic.PAYMENT_REFUNDED if about.get("status") == "succeeded" else None
    return _OTHERS.get(kind)
