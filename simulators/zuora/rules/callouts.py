"""Notification definitions and their callouts: HTTP requests whose body is the resolved merge fields.

Source of the wire facts: Zuora's callout documentation (attempts, interval, headers, HTTP 200 only).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from re import compile as pattern
from typing import Any

from simulators.kit.agenda import Agenda
from simulators.kit.clock import Clock
from simulators.kit.ids import Ids
from simulators.kit.table import dumps
from simulators.kit.webhooks import Outbound
from simulators.zuora.rules.courier import ATTEMPTS_MAX, Callout, Courier
from simulators.zuora.rules.fields import OBJECTS, field_of
from simulators.zuora.rules.refusal import INVALID, Refused, not_found

BILL_RUN_DONE, INVOICE_POSTED, MEMO_POSTED = "BillRunCompletion", "InvoicePosted", "CreditMemoPosted"
DEBIT_POSTED = "DebitMemoPosted"
INVOICE_DUE, AMENDED, ACTION_DONE = "InvoiceDue", "AmendmentProcessed", "OrderActionProcessed"
PAYMENT_PROCESSED, SUBSCRIBED, ORDERED = "PaymentProcessed", "SubscriptionCreated", "OrderProcessed"
PAYMENT_DECLINED, REFUND_PROCESSED = "PaymentDeclined", "PaymentRefundProcessed"
# Standard events by their category code; those without a code are known by name only. Events of payments
# fire for electronic ones only. The codes from 1120 on that are not in the public list: unconfirmed.
EVENTS: Mapping[str, int] = {
    INVOICE_POSTED: 1110,
    INVOICE_DUE: 1140,
    SUBSCRIBED: 1210,
    AMENDED: 1310,
    BILL_RUN_DONE: 1410,
    PAYMENT_PROCESSED: 1510,
    PAYMENT_DECLINED: 1520,
    REFUND_PROCESSED: 1530,
    MEMO_POSTED: 0,
    DEBIT_POSTED: 0,
    ORDERED: 0,
    ACTION_DONE: 0,
}
NAMESPACE, USER_NAMESPACE = "com.zuora.notification", "user.notification"
_MERGE = pattern(r"<(\w+)\.(\w+)>")


@dataclass(slots=True)
class Definition:
    """One notification. params: body fields with merge fields in angle brackets."""

    id: str
    name: str
    event: str
    namespace: str
    description: str | None
    active: bool
    callout_active: bool
    url: str
    callout_name: str
    params: Mapping[str, str]
    username: str
    password: str
    preemptive: bool
    required_auth: bool
    retry: bool
    created_at: int
    callout_id: str
    updated_at: int = 0

    def secret(self) -> str:
        """The authorization that its requests carry, "" if none is required."""
        if not self.required_auth:
            return ""
        return f"Basic {b64encode(f'{self.username}:{self.password}'.encode()).decode()}"


class Callouts:
    """The definitions of a tenant and the deliveries under way."""

    def __init__(
        self,
        clock: Clock,
        ids: Ids,
        outbound: Outbound,
        agenda: Agenda,
        *,
        attempts: int,
        minutes: int,
    ) -> None:
        self._ids, self._attempts = ids, min(attempts, ATTEMPTS_MAX)
        self.courier = Courier(clock, ids, outbound, agenda, 60.0 * minutes)
        self.definitions: dict[str, Definition] = {}
        self._by_event: dict[str, dict[str, Definition]] = {}

    @property
    def pending(self) -> int:
        """Deliveries not yet ended."""
        return self.courier.pending

    def define(self, definition: Definition) -> None:
        """Keep a definition; Refused for an unknown event or a name that is taken."""
        if definition.event not in EVENTS:
            raise Refused(INVALID, f"Event type {definition.event} does not exist.", "eventTypeName")
        if any(other.name == definition.name for other in self.definitions.values()):
            message = f"A notification definition named {definition.name} already exists."
            raise Refused(INVALID, message, "name")
        self.definitions[definition.id] = definition
        self._by_event.setdefault(definition.event, {})[definition.id] = definition

    def find(self, key: str) -> Definition:
        """The definition by its id."""
        found = self.definitions.get(key)
        if found is None:
            raise not_found("notification definition", key)
        return found

    def redefine(self, key: str, definition: Definition) -> None:
        """Put another definition of the same event in the place of one."""
        old = self.find(key)
        if any(o.name == definition.name for o in self.definitions.values() if o is not old):
            message = f"A notification definition named {definition.name} already exists."
            raise Refused(INVALID, message, "name")
        self.definitions[key] = self._by_event[old.event][key] = definition

    def remove(self, key: str) -> None:
        """Forget a definition; what is under way is still delivered."""
        found = self.find(key)
        del self.definitions[key], self._by_event[found.event][key]

    def wanted(self, event: str) -> bool:
        """Whether anybody asked for the event."""
        return bool(self._by_event.get(event))

    def announce(self, event: str, objects: Mapping[str, object]) -> None:
        """Send the event to everyone who asked for it. objects: what merge fields may refer to."""
        for definition in self._by_event.get(event, {}).values():
            if definition.active and definition.callout_active:
                self._send(definition, objects)

    def _send(self, definition: Definition, objects: Mapping[str, object]) -> None:
        body = dumps({name: resolve(text, objects) for name, text in definition.params.items()})
        callout = Callout(
            id=self._ids.hex("notification", 32),
            name=definition.name,
            event=definition.event,
            namespace=definition.namespace,
            url=definition.url,
            body=body,
            plain={"content-type": "application/json", "user-agent": "Zuora-Callout"},
            secret=definition.secret(),
            preemptive=definition.preemptive,
            attempts_max=self._attempts if definition.retry else 1,
            about=tuple(str(getattr(each, "id", "")) for each in objects.values()),
        )
        self.courier.send(callout)


def resolve(text: str, objects: Mapping[str, object]) -> str:
    """Put the values in the place of `<Object.Field>`; what has no value becomes nothing."""

    def value(match: Any) -> str:
        name, wanted = match.groups()
        name = "BillRun" if name == "BillingRun" else name  # data sources call it so
        item = objects.get(name)
        known = field_of(name, wanted) if item is not None and name in OBJECTS else None
        shown = known.shown(item) if known else None
        if isinstance(shown, bool):
            return "true" if shown else "false"
        return "" if shown is None else str(shown)

    return _MERGE.sub(value, text)
