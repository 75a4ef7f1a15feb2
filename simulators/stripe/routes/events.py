"""Events and webhook endpoints over HTTP."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, json_reply
from simulators.stripe.routes.answers import drawn, one, page, taken
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.records_events import Endpoint, Event
from simulators.stripe.rules.refusals import no_such
from simulators.stripe.wire.forms import Invalid
from simulators.stripe.wire.params import Listing, Nothing, said
from simulators.stripe.wire.params_funds import EndpointCreate, EndpointUpdate, EventList
from simulators.stripe.wire.shapes import shape


async def retrieve_event(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "event")
    event = mode.events.recent(call.params["id"])
    if event is None:
        raise no_such("event", call.params["id"], "id", path=True)
    return one(mode, event, form.expand)


async def list_events(mode: Mode, call: Call) -> Reply:
    form = taken(EventList, call, "event", many=True)
    if form.type and form.types:
        raise Invalid("You may only specify one of these parameters: type, types.")
    if len(form.types) > 20:
        raise Invalid("You may specify up to 20 types.", param="types")
    since = mode.events.kept_since()

    def keep(event: Event) -> bool:
        done = all(d.outcome == "delivered" for d in event.deliveries)
        return form.delivery_success in (None, done)

    if form.types and form.delivery_success is None:
        keys = [_listed_under(name) for name in dict.fromkeys(form.types)]
        return page(mode, mode.events.log, form, call, "event", since=since, joined=keys)
    if form.types:
        wanted = frozenset(form.types)

        def both(event: Event) -> bool:
            return event.type in wanted and keep(event)

        return page(mode, mode.events.log, form, call, "event", (), both, since)
    key = _listed_under(form.type) if form.type else ()
    return page(mode, mode.events.log, form, call, "event", key, keep, since)


def _listed_under(name: str) -> tuple[str, ...]:
    """charge.* and charge.refunded are both lists of their own."""
    return ("group", name[:-2]) if name.endswith(".*") else ("type", name)


async def create_endpoint(mode: Mode, call: Call) -> Reply:
    form = taken(EndpointCreate, call, "webhook_endpoint")
    endpoint = mode.events.subscribe(**said(form))
    # The only answer that ever shows the secret.
    secret = endpoint.secrets[0][0]
    return json_reply(200, {**shape(endpoint, mode.clock.now()), "secret": secret})


async def retrieve_endpoint(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "webhook_endpoint")
    return one(mode, _endpoint(mode, call), form.expand)


async def update_endpoint(mode: Mode, call: Call) -> Reply:
    form = taken(EndpointUpdate, call, "webhook_endpoint")
    return one(mode, mode.events.resubscribe(_endpoint(mode, call), form.given()), form.expand)


async def list_endpoints(mode: Mode, call: Call) -> Reply:
    form = taken(Listing, call, "webhook_endpoint", many=True)
    return page(mode, mode.events.endpoints, form, call, "webhook endpoint")


async def delete_endpoint(mode: Mode, call: Call) -> Reply:
    taken(Nothing, call, "webhook_endpoint")
    endpoint = _endpoint(mode, call)
    mode.events.unsubscribe(endpoint)
    return drawn(mode, {"id": endpoint.id, "object": "webhook_endpoint", "deleted": True})


def _endpoint(mode: Mode, call: Call) -> Endpoint:
    endpoint = mode.events.endpoints.get(call.params["webhook_endpoint"])
    if endpoint is None or endpoint.deleted:
        raise no_such("webhook endpoint", call.params["webhook_endpoint"], "id", path=True)
    return endpoint
