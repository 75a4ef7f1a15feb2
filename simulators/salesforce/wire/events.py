"""Change data capture events as JSON; the relay's configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, model_validator

from simulators.kit.table import dumps


class Change(Protocol):
    """A change event as far as it is shown; at: microseconds."""

    @property
    def channel(self) -> str: ...
    @property
    def entity(self) -> str: ...
    @property
    def record_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def transaction(self) -> str: ...
    @property
    def sequence(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def at(self) -> int: ...
    @property
    def user(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def changed(self) -> Sequence[str]: ...
    @property
    def nulled(self) -> Sequence[str]: ...
    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def replay_id(self) -> int: ...


def _plain(body: Any) -> Any:
    """The vendor's own shape is FullName and Metadata; the columns by which it is read serve as well."""
    if not isinstance(body, dict) or not isinstance(body.get("Metadata"), dict):
        return body
    told = {_COLUMNS.get(name, name): value for name, value in body["Metadata"].items()}
    named = {"DeveloperName": body["FullName"]} if "FullName" in body else {}
    return {**{n: v for n, v in body.items() if n not in ("FullName", "Metadata")}, **named, **told}


_COLUMNS = {
    "eventChannel": "EventChannel", "destinationResourceName": "DestinationResourceName",
    "label": "MasterLabel", "state": "State", "relayOption": "RelayOption",
}  # fmt: skip


class RelayConfig(BaseModel):
    """POST /tooling/sobjects/EventRelayConfig. The vendor's destination is a named credential and its
    first state STOP; a plain URL, RUN at once and EventTypes are this sandbox's additions."""

    model_config = ConfigDict(extra="forbid")
    DeveloperName: str
    EventChannel: str
    DestinationResourceName: str
    State: str = "STOP"
    MasterLabel: str = ""
    RelayOption: str = ""
    EventTypes: list[str] = []

    _shape = model_validator(mode="before")(_plain)


class RelaySwitch(BaseModel):
    """PATCH /tooling/sobjects/EventRelayConfig/{id}: only the state may change."""

    model_config = ConfigDict(extra="forbid")
    State: str
    RelayOption: str = ""

    _shape = model_validator(mode="before")(_plain)


class Relayed(Protocol):
    """A relay's configuration as far as it is shown."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def types(self) -> Sequence[str]: ...


def relay_config(config: Relayed, version: str) -> dict[str, Any]:
    """A relay; its secret is told once, at creation."""
    path = f"/services/data/{version}/tooling/sobjects/EventRelayConfig/{config.id}"
    return {
        "attributes": {"type": "EventRelayConfig", "url": path},
        "Id": config.id,
        "DeveloperName": config.name,
        "MasterLabel": config.label,
        "EventChannel": config.channel,
        "DestinationResourceName": config.url,
        "State": config.state,
        "EventTypes": list(config.types),
    }


def change_event(event: Change) -> bytes:
    """One event in the JSON form of the streaming API."""
    key = event.transaction
    header = {
        "entityName": event.entity,
        "recordIds": [event.record_id],
        "changeType": event.kind,
        "changeOrigin": event.origin,
        "transactionKey": f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}",
        "sequenceNumber": event.sequence,
        "commitTimestamp": event.at // 1000,
        "commitUser": event.user,
        "commitNumber": event.number,
        "changedFields": event.changed,
        "nulledFields": event.nulled,
        "diffFields": (),
    }
    payload = {"ChangeEventHeader": header, **event.values}
    schema = f"tieout-{event.entity}"  # opaque to receivers
    data = {"schema": schema, "payload": payload, "event": {"replayId": event.replay_id}}
    return dumps({"data": data, "channel": event.channel})
