"""Event relays: who is told of changes."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import model_of
from simulators.salesforce.routes.metadata import METADATA_TABLE
from simulators.salesforce.rules.org import Org
from simulators.salesforce.wire.events import RelayConfig, RelaySwitch, relay_config
from simulators.salesforce.wire.records import saved

_ROOT = "/services/data/{version}/tooling/sobjects/EventRelayConfig"


async def create(org: Org, call: Call) -> Reply:
    """201 with id and, our own addition, the `secret` that events are signed with."""
    wish = model_of(call, RelayConfig)
    config = org.relay.open(
        wish.DeveloperName, wish.MasterLabel, wish.EventChannel, wish.DestinationResourceName, wish.State,
        wish.EventTypes,
    )  # fmt: skip
    return json_reply(201, {**saved(config.id), "secret": config.secret})


async def read(org: Org, call: Call) -> Reply:
    """The relay, without its secret."""
    return json_reply(200, relay_config(org.relay.find(call.params["id"]), call.params["version"]))


async def update(org: Org, call: Call) -> Reply:
    """204; only the state may change."""
    org.relay.switch(org.relay.find(call.params["id"]), model_of(call, RelaySwitch).State)
    return Reply(204)


async def delete(org: Org, call: Call) -> Reply:
    """204."""
    org.relay.close(org.relay.find(call.params["id"]))
    return Reply(204)


TOOLING_TABLE = (
    *METADATA_TABLE,
    Route("POST", _ROOT, "create_relay", create, "subscribe to change events", RelayConfig),
    Route("GET", f"{_ROOT}/{{id}}", "retrieve_relay", read, "a subscription"),
    Route("PATCH", f"{_ROOT}/{{id}}", "update_relay", update, "run, pause or stop it", RelaySwitch),
    Route("DELETE", f"{_ROOT}/{{id}}", "delete_relay", delete, "end it"),
)
