"""Notices of the company's own product: an event of use was recorded.

The shape is ours: {"id": of the notice, "type": "usage.recorded", "usage": id of the event of use,
"created": unix seconds, "version": 1}, signed as `t=…,v1=…` in
X-Product-Signature. What was used is read afresh.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from core.canonical.events import Event, Topic
from core.connectors.notices import moment_us, named
from core.connectors.signatures import check_timed_hmac
from core.connectors.webhook_errors import Malformed, UnknownType, UnknownVersion

CHANNEL = "product"
RECORDED = "usage.recorded"
# Of the shape above; a notice without one is of the first.
VERSION = 1
SIGNATURE = "x-product-signature"


def read(
    headers: Mapping[str, str], body: bytes, secret: str, now_us: int, window_seconds: int
) -> list[Event]:
    """What happened; BadSignature, Malformed, UnknownType. Header names in lower case. An event of use
    that is told twice comes in two notices about one subject."""
    check_timed_hmac(headers.get(SIGNATURE, ""), body, secret, now_us, window_seconds)
    try:
        notice = orjson.loads(body)
        if (version := notice.get("version", VERSION)) != VERSION:
            raise UnknownVersion(f"unknown version: {str(version)[:40]!r}; {VERSION} is read here")
        if (kind := named(notice["type"], "type")) != RECORDED:
            raise UnknownType(kind)
        identity, usage = named(notice["id"], "id"), named(notice["usage"], "usage")
        at = moment_us(notice["created"], "created")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"no notice of usage: {error!r}") from None
    return [Event(identity, CHANNEL, Topic.USAGE_REPORTED, usage, at)]


def identify(_headers: Mapping[str, str], body: bytes) -> str:
    """The notice's id, for the record only: the signature is not looked at; "" if it has none."""
    try:
        return str(orjson.loads(body)["id"])
    except (KeyError, TypeError, ValueError):
        return ""
