"""Events and the endpoints that subscribe to them; every delivery is signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from simulators.kit.agenda import Agenda
from simulators.kit.clock import DAY, SECOND, Clock
from simulators.kit.history import History
from simulators.kit.webhooks import Delivery, Outbound, Sender
from simulators.stripe.rules.deliveries import GONE, Line, Signed
from simulators.stripe.rules.event_types import EVENT_TYPES
from simulators.stripe.rules.numbers import Numbers
from simulators.stripe.rules.pictures import Pictures, remembered
from simulators.stripe.rules.records import NOTHING, Metadata, merged
from simulators.stripe.rules.records_events import Endpoint, Event
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.shelf import Key, Shelf

# Seconds between attempts: exponential, three days in all (docs.stripe.com/webhooks names only the
# three days; the steps are unconfirmed).
RETRY_PAUSES = (300, 1800, 7200, 18000, 36000, *[43200] * 5)
_ENDPOINTS_MOST = 16
_KEPT_FOR = 30 * DAY

Shape = Callable[[Any, int], dict[str, Any]]


class Events:
    """One a mode. `shape` draws a record as the wire shows it; `dumps` makes bytes of that."""

    def __init__(
        self,
        clock: Clock,
        numbers: Numbers,
        history: History,
        outbound: Outbound,
        agenda: Agenda,
        live: bool,
        shape: Shape,
        dumps: Callable[[object], bytes],
        wall: Clock | None = None,
        pauses: Sequence[int] = RETRY_PAUSES,
    ) -> None:
        # When events are written in a test clock's time, they are sent and kept in the mock's own.
        self._wall = wall or clock
        self._clock, self._numbers, self._history, self._live = clock, numbers, history, live
        self._outbound, self._agenda, self._shape, self._dumps = outbound, agenda, shape, dumps
        self._pauses = pauses
        self.log: Shelf[Event] = Shelf()
        self.endpoints: Shelf[Endpoint] = Shelf()
        self._senders: dict[str, Sender] = {}
        self._pictures = Pictures()
        # How many of the coming events are delivered twice; what waits while deliveries are held back.
        self.repeats = 0
        self.held: list[tuple[Endpoint, Event, Delivery, bytes]] | None = None
        # The request being served: (its id, its idempotency key); empty for Stripe's own doings.
        self.request: tuple[str, str] = ("", "")
        # Told of every event once it is written down (billing minds its payment intents).
        self.watcher: Callable[[str, Any], None] | None = None

    def emit(self, type: str, record: Any, previous: Mapping[str, Any] | None = None) -> None:  # noqa: A002
        """Write an event down and start delivering it. previous: the changed fields as they were."""
        now = self._clock.now()
        shown = self._shape(record, now)
        if remembered(type):
            previous = previous or self._pictures.seen(type, shown)
        event = Event(
            self._numbers.new("evt"),
            now,
            self._live,
            type,
            shown,
            previous,
            *self.request,
            logged_at=self._wall.now(),
        )
        self.log.add(event, *_keys(type))
        wanting = [e for e in self.endpoints if _wants(e, type)]
        for endpoint in wanting:
            event.deliveries.append(self._deliver(event, endpoint, len(wanting), now))
            if self.repeats > 0:
                event.deliveries.append(self._deliver(event, endpoint, len(wanting), now))
        self.repeats = max(0, self.repeats - 1) if wanting else self.repeats
        if self.watcher is not None:
            self.watcher(type, record)

    def recent(self, id: str) -> Event | None:  # noqa: A002
        """The event, unless unknown or older than the thirty days that Stripe keeps events for."""
        event = self.log.get(id)
        return event if event and event.logged_at > self._wall.now() - _KEPT_FOR else None

    def kept_since(self) -> int:
        """Unix second before which events are no longer listed: what is too old is taken off the lists.

        An event of a test clock may say any time; what counts is when it was written down.
        """
        listed = self.log.under(())
        while listed and listed[0].logged_at <= self._wall.now() - _KEPT_FOR:
            old = listed[0]
            for key in ((), ("type", old.type), *(("group", group) for group in groups(old.type))):
                self.log.unfile(old, key)
        return 0

    def pending(self) -> int:
        """Deliveries under way or waiting for their next attempt."""
        return sum(self._senders[e.id].pending for e in self.endpoints if not e.disabled)

    def _deliver(self, event: Event, endpoint: Endpoint, count: int, now: int) -> Delivery:
        drawn = self._shape(event, now)
        drawn["pending_webhooks"] = count
        drawn["api_version"] = endpoint.api_version or drawn["api_version"]
        body = self._dumps(drawn)
        if self.held is not None:
            waiting = Delivery(event.id, endpoint.url)
            self.held.append((endpoint, event, waiting, body))
            return waiting
        return self._send(endpoint, event, body)

    def _send(self, endpoint: Endpoint, event: Event, body: bytes) -> Delivery:
        return self._senders[endpoint.id].send(endpoint.url, event.id, body, Signed(endpoint, body))

    def hold(self) -> None:
        """Keep events back from now on."""
        self.held = self.held or []

    def release(self, order: Callable[[list[Any]], list[Any]]) -> None:
        """Let go what was kept back, in an order of the caller's."""
        held, self.held = self.held or [], None
        for endpoint, event, waiting, body in order(held):
            event.deliveries.remove(waiting)
            event.deliveries.append(self._send(endpoint, event, body))

    def resend(self, event: Event, endpoint: Endpoint) -> None:
        """Once more, as from the dashboard."""
        now = self._clock.now()
        drawn = self._shape(event, now)
        drawn["pending_webhooks"] = max(1, drawn["pending_webhooks"])
        drawn["api_version"] = endpoint.api_version or drawn["api_version"]
        event.deliveries.append(self._send(endpoint, event, self._dumps(drawn)))

    def subscribe(
        self,
        *,
        url: str,
        enabled_events: Sequence[str],
        description: str | None = None,
        api_version: str | None = None,
        metadata: Metadata | None = NOTHING,
    ) -> Endpoint:
        """A new endpoint with a fresh secret."""
        if len(self.endpoints.under(())) >= _ENDPOINTS_MOST:
            raise Refused(f"You have reached the maximum of {_ENDPOINTS_MOST} test webhook endpoints.")
        endpoint = Endpoint(
            self._numbers.new("we"),
            self._clock.now(),
            self._live,
            self._checked(url),
            _known(enabled_events),
            ((self._numbers.secret("whsec_", 32), 0),),
            description,
            api_version,
            merged(NOTHING, metadata),
        )
        self.endpoints.add(endpoint)
        line = Line(endpoint, self._outbound, self._wall, self._agenda)
        self._senders[endpoint.id] = Sender(
            self._wall,
            line,
            self._agenda,
            self._pauses,
            succeeded=_settled,
        )
        self._history.note("webhook_endpoint", endpoint.id, "created", "enabled")
        return endpoint

    def resubscribe(self, endpoint: Endpoint, changes: Mapping[str, Any]) -> Endpoint:
        """Change url, enabled_events, disabled, description or metadata."""
        if "url" in changes:
            endpoint.url = self._checked(changes["url"])
        if "enabled_events" in changes:
            endpoint.enabled_events = _known(changes["enabled_events"])
        if "metadata" in changes:
            endpoint.metadata = merged(endpoint.metadata, changes["metadata"])
        if "description" in changes:
            endpoint.description = changes["description"]
        endpoint.disabled = changes.get("disabled", endpoint.disabled)
        if changes.get("disabled") is False:
            endpoint.failing_since = 0
        state = "disabled" if endpoint.disabled else "enabled"
        self._history.note("webhook_endpoint", endpoint.id, "updated", state)
        return endpoint

    def unsubscribe(self, endpoint: Endpoint) -> None:
        """Delete an endpoint; attempts still waiting are not made."""
        endpoint.deleted = True
        self.endpoints.unfile(endpoint, ())
        self._history.note("webhook_endpoint", endpoint.id, "deleted", "deleted")

    def roll_secret(self, endpoint: Endpoint, secret: str, overlap_seconds: int) -> None:
        """Sign with a new secret, and for a while with the old one too."""
        until = self._clock.now() + overlap_seconds * SECOND
        old = tuple((text, until) for text, last in endpoint.secrets if last == 0)
        endpoint.secrets = ((secret, 0), *old)
        self._history.note("webhook_endpoint", endpoint.id, "secret_rolled", "enabled")

    def _checked(self, url: str) -> str:
        scheme, _, rest = url.partition("://")
        if scheme not in ("http", "https") or not rest:
            text = "Invalid URL: An explicit scheme (such as https) must be provided."
            raise Refused(text, code="url_invalid", param="url")
        if self._live and scheme != "https":
            raise Refused("Invalid URL: URL must use https in live mode.", code="url_invalid", param="url")
        return url


def _settled(status: int) -> bool:
    return 200 <= status < 300 or status == GONE


@cache
def _keys(type: str) -> tuple[Key, ...]:  # noqa: A002
    """Under what the log lists events of the type."""
    return ("type", type), *(("group", group) for group in groups(type))


def groups(type: str) -> tuple[str, ...]:  # noqa: A002
    """The prefixes that a wildcard may name: charge.dispute.created -> charge, charge.dispute."""
    parts = type.split(".")
    return tuple(".".join(parts[:i]) for i in range(1, len(parts)))


def _wants(endpoint: Endpoint, type: str) -> bool:  # noqa: A002
    return not endpoint.disabled and (type in endpoint.enabled_events or "*" in endpoint.enabled_events)


def _known(names: Sequence[str]) -> tuple[str, ...]:
    for i, name in enumerate(names):
        if name != "*" and name not in EVENT_TYPES:
            raise Refused(f"Invalid enabled_events[{i}]: {name}", param=f"enabled_events[{i}]")
    return tuple(names)
