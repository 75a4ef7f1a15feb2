"""CometD (Bayeux over HTTP long polling): hands shaken, channels subscribed to, change events handed out."""

from __future__ import annotations

from typing import Any

import orjson

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import session_of
from simulators.salesforce.rules.changes import ChangeEvent
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.wire.events import change_event

Message = dict[str, Any]
_TRANSPORTS = ["long-polling"]


async def bayeux(org: Org, call: Call) -> Reply:
    """An array of messages, answered in order; a connect is answered when there is something to tell."""
    if org.identity.find(session_of(call)) is None:
        advice = {"interval": 0, "reconnect": "none"}
        refused = {
            "ext": {"sfdc": {"failureReason": "401::Authentication invalid"}},
            "advice": advice,
            "channel": "/meta/handshake",
            "error": "401::Authentication invalid",
            "successful": False,
        }
        return json_reply(401, [refused])  # fmt: skip
    try:
        sent = call.json()
    except ValueError:
        sent = None
    messages = [sent] if isinstance(sent, dict) else sent
    if not isinstance(messages, list) or not all(isinstance(each, dict) for each in messages) or not messages:
        return json_reply(400, [{"error": "400::Malformed messages", "successful": False}])
    out: list[Any] = []
    for message in messages:
        act = _ACTS.get(str(message.get("channel")))
        if act is None:
            out.append(_answer(message, error=f"404::Unknown channel {message.get('channel')}"))
            continue
        try:
            out += await act(org, message)
        except Refused as refused:
            failed = _answer(message, error=f"{refused.code}::{refused.message}")
            if refused.message == "Unknown client":
                failed["advice"] = {"interval": 0, "reconnect": "handshake"}
            if "subscription" in message:
                failed["subscription"] = message["subscription"]
            out.append(failed)
    return json_reply(200, out)


def _answer(message: Message, *, error: str = "", **more: Any) -> Message:
    """The acknowledgement of a message."""
    out: Message = {"channel": message.get("channel"), "successful": not error, **more}
    if "clientId" in message:
        out["clientId"] = message["clientId"]
    if "id" in message:
        out["id"] = message["id"]
    if error:
        out["error"] = error
    return out


def _advice(org: Org) -> Message:
    return {"interval": 0, "timeout": org.streaming.hold * 1000, "reconnect": "retry"}


async def _handshake(org: Org, message: Message) -> list[Any]:
    wished = message.get("supportedConnectionTypes") or _TRANSPORTS
    if "long-polling" not in wished:
        return [
            _answer(message, error="400::Unsupported connection types", supportedConnectionTypes=_TRANSPORTS)
        ]
    client = org.streaming.shake_hands()
    ext = {"replay": True, "payload.format": True}
    done = _answer(
        message, ext=ext, minimumVersion="1.0", version="1.0", supportedConnectionTypes=_TRANSPORTS,
        advice=_advice(org),
    )  # fmt: skip
    return [{**done, "clientId": client.id}]


async def _connect(org: Org, message: Message) -> list[Any]:
    client = org.streaming.client(str(message.get("clientId")))
    advised = message.get("advice")
    timeout = advised.get("timeout") if isinstance(advised, dict) else None
    events = await org.streaming.poll(client, wait=timeout != 0)
    return [*_told(events), _answer(message, advice=_advice(org))]


def _told(events: list[ChangeEvent]) -> list[Any]:
    return [orjson.Fragment(change_event(event)) for event in events]


async def _subscribe(org: Org, message: Message) -> list[Any]:
    client = org.streaming.client(str(message.get("clientId")))
    wished = message.get("subscription")
    channels = [str(each) for each in wished] if isinstance(wished, list) else [str(wished)]
    ext = message.get("ext")
    replay = ext.get("replay") if isinstance(ext, dict) else None
    places = replay if isinstance(replay, dict) else {}
    for channel in channels:
        place = places.get(channel, -1)
        if not isinstance(place, int):
            raise Refused("400", f"The replayId {{{place}}} you provided was invalid.")
        org.streaming.subscribe(client, channel, place)
    return [_answer(message, subscription=wished)]


async def _unsubscribe(org: Org, message: Message) -> list[Any]:
    client = org.streaming.client(str(message.get("clientId")))
    wished = message.get("subscription")
    for channel in wished if isinstance(wished, list) else [wished]:
        org.streaming.unsubscribe(client, str(channel))
    return [_answer(message, subscription=wished)]


async def _disconnect(org: Org, message: Message) -> list[Any]:
    org.streaming.leave(org.streaming.client(str(message.get("clientId"))))
    return [_answer(message)]


_ACTS = {
    "/meta/handshake": _handshake, "/meta/connect": _connect, "/meta/subscribe": _subscribe,
    "/meta/unsubscribe": _unsubscribe, "/meta/disconnect": _disconnect,
}  # fmt: skip

_PATH = "/cometd/{version}"

COMETD_TABLE = (
    Route("POST", _PATH, "cometd", bayeux, "change events by long polling (CometD)", scope="own"),
    Route("POST", f"{_PATH}/{{message}}", "cometd_message", bayeux, "the same; some clients add the kind",
          scope="own"),
    Route("POST", f"{_PATH}/meta/{{message}}", "cometd_meta", bayeux, "the same", scope="own"),
)  # fmt: skip
