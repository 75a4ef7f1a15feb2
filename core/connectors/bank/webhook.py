"""Notices of the company's bank: a customer's money was booked, in or out.

The shape is ours: {"id": of the notice, "type": "transfer.received" or "transfer.sent", "transfer": the
bank's id, "created": unix seconds, "version": 1}, signed as `t=…,v1=…` in
X-Bank-Signature. What moved is read afresh.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from core.canonical.events import Event, Topic
from core.connectors.notices import moment_us, named
from core.connectors.signatures import check_timed_hmac
from core.connectors.webhook_errors import Malformed, UnknownType, UnknownVersion

CHANNEL = "bank"
SIGNATURE = "x-bank-signature"
# Of the shape above; a notice without one is of the first.
VERSION = 1
_TOPICS = {"transfer.received": Topic.TRANSFER_RECEIVED, "transfer.sent": Topic.TRANSFER_SENT}


def read(
    headers: Mapping[str, str], body: bytes, secret: str, now_us: int, window_seconds: int
) -> list[Event]:
    """What happened; BadSignature, Malformed, UnknownType. Header names in lower case."""
    check_timed_hmac(headers.get(SIGNATURE, ""), body, secret, now_us, window_seconds)
    try:
        notice = orjson.loads(body)
        if (version := notice.get("version", VERSION)) != VERSION:
            raise UnknownVersion(f"unknown version: {str(version)[:40]!r}; {VERSION} is read here")
        topic = _TOPICS.get(kind := named(notice["type"], "type"))
        if topic is None:
            raise UnknownType(kind)
        identity, transfer = named(notice["id"], "id"), named(notice["transfer"], "transfer")
        at = moment_us(notice["created"], "created")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"no notice of a transfer: {error!r}") from None
    return [Event(identity, CHANNEL, topic, transfer, at)]


def identify(_headers: Mapping[str, str], body: bytes) -> str:
    """The notice's id, for the record only: the signature is not looked at; "" if it has none."""
    try:
        return str(orjson.loads(body)["id"])
    except (KeyError, TypeError, ValueError):
        return ""
