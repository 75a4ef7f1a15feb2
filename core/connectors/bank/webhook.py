"""Notices of the company's bank: a customer's money was booked, in or out.

The shape is ours: {"id": of the notice, "type": "transfer.received" or "transfer.sent", "transfer": the
bank's id, "created": unix seconds}, signed as `t=…,v1=…` in X-Bank-Signature. What moved is read afresh.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from core.canonical.events import Event, Topic
from core.connectors.signatures import check_timed_hmac
from core.connectors.webhook_errors import Malformed

CHANNEL = "bank"
SIGNATURE = "x-bank-signature"
_TOPICS = {"transfer.received": Topic.TRANSFER_RECEIVED, "transfer.sent": Topic.TRANSFER_SENT}


def read(
    headers: Mapping[str, str], body: bytes, secret: str, now_us: int, window_seconds: int
) -> list[Event]:
    """What happened, nothing if it is no concern of ours; BadSignature, Malformed. Header names in lower
    case."""
    check_timed_hmac(headers.get(SIGNATURE, ""), body, secret, now_us, window_seconds)
    try:
        notice = orjson.loads(body)
        topic = _TOPICS.get(notice["type"])
        if topic is None:
            return []
        identity, transfer = str(notice["id"]), str(notice["transfer"])
        at = int(notice["created"]) * 1_000_000
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(f"no notice of a transfer: {error!r}") from None
    if not identity or not transfer:
        raise Malformed("a notice of a transfer without id")
    return [Event(identity, CHANNEL, topic, transfer, at)]


def identify(_headers: Mapping[str, str], body: bytes) -> str:
    """The notice's id, for the record only: the signature is not looked at; "" if it has none."""
    try:
        return str(orjson.loads(body)["id"])
    except (KeyError, TypeError, ValueError):
        return ""
