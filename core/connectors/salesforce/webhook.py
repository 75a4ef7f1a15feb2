"""Change events of opportunities, as a signed relay posts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from core.canonical.events import Event, Topic
from core.connectors.notices import moment_us, named
from core.connectors.salesforce.wire import CLIENT, WON
from core.connectors.signatures import check_timed_hmac
from core.connectors.webhook_errors import Malformed, UnknownType

CHANNEL = "crm"
# What a relay has to be asked for.
EVENT_TYPES = ("OpportunityChangeEvent",)


def read(
    headers: Mapping[str, str], body: bytes, secret: str, now_us: int, window_seconds: int
) -> list[Event]:
    """An accepted quote for each opportunity that was closed as won, nothing for any other change, nor for
    what we wrote ourselves;
    BadSignature, Malformed, UnknownType for other objects. Header names in lower case; secret: the
    relay's."""
    check_timed_hmac(headers.get("x-event-relay-signature", ""), body, secret, now_us, window_seconds)
    try:
        event = orjson.loads(body)
        payload, identity = event["data"]["payload"], _identity(event)
        header = payload["ChangeEventHeader"]
        if (entity := named(header["entityName"], "entityName")) != "Opportunity":
            raise UnknownType(f"{entity}ChangeEvent")
        if _ours(header):
            return []
        # Only changed fields are carried: a stage is there when it was set, at creation or later.
        if payload.get("StageName") != WON:
            return []
        at = moment_us(header["commitTimestamp"], "commitTimestamp", units=1000)
        if not isinstance(header["recordIds"], list):
            raise Malformed("recordIds: no list")
        ids = [named(record, "recordIds") for record in header["recordIds"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"no change event: {error!r}") from None
    if header.get("changeType") not in ("CREATE", "UPDATE", "UNDELETE"):
        return []
    return [
        # A change of several records at once is one event of the vendor's, and several of ours.
        Event(identity if i == 0 else f"{identity}/{i}", CHANNEL, Topic.QUOTE_ACCEPTED, record, at)
        for i, record in enumerate(ids)
    ]


def identify(_headers: Mapping[str, str], body: bytes) -> str:
    """The event's id, for the record only: the signature is not looked at; "" if it has none."""
    try:
        return _identity(orjson.loads(body))
    except (KeyError, TypeError, ValueError, Malformed):
        return ""


def _identity(event: Any) -> str:
    # A replay id counts within its channel.
    replay = event["data"]["event"]["replayId"]
    return named(f"{event['channel']}:{replay}", "replayId")


def echo(body: bytes) -> bool:
    """Whether an event tells of a write of our own; the signature is not looked at."""
    try:
        return _ours(orjson.loads(body)["data"]["payload"]["ChangeEventHeader"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _ours(header: Mapping[str, Any]) -> bool:
    return str(header.get("changeOrigin") or "").endswith(f";client={CLIENT}")
