"""Notices of the company's own product: an event of use was recorded.

The shape is ours: {"id": of the notice, "type": "usage.recorded", "usage": id of the event of use,
"created": unix seconds}, signed as `t=…,v1=…` in X-Product-Signature. What was used is read afresh.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from core.canonical.events import Event, Topic
from core.connectors.signatures import check_timed_hmac
from core.connectors.webhook_errors import Malformed

CHANNEL = "product"
RECORDED = "usage.recorded"
SIGNATURE = "x-product-signature"


def read(
    headers: Mapping[str, str], body: bytes, secret: str, now_us: int, window_seconds: int
) -> list[Event]:
    """What happened, nothing if it is no concern of ours; BadSignature, Malformed. Header names in lower
    case. An event of use that is told twice comes in two notices about one subject."""
    check_timed_hmac(headers.get(SIGNATURE, ""), body, secret, now_us, window_seconds)
    try:
        notice = orjson.loads(body)
        if notice["type"] != RECORDED:
            return []
        identity, usage, at = str(notice["id"]), str(notice["usage"]), int(notice["created"]) * 1_000_000
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(f"no notice of usage: {error!r}") from None
    if not identity or not usage:
        raise Malformed("a notice of usage without id")
    return [Event(identity, CHANNEL, Topic.USAGE_REPORTED, usage, at)]


def identify(_headers: Mapping[str, str], body: bytes) -> str:
    """The notice's id, for the record only: the signature is not looked at; "" if it has none."""
    try:
        return str(orjson.loads(body)["id"])
    except (KeyError, TypeError, ValueError):
        return ""
