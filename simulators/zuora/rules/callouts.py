"""Notification definitions and their callouts: HTTP requests whose content is the resolved merge fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from re import compile as pattern
from typing import Any

from simulators.kit.agenda import Agenda
from simulators.kit.clock import Clock
from simulators.kit.ids import Ids
from simulators.kit.webhooks import Outbound
from simulators.zuora.rules.callouts_sent import Courier, Notice, Target
from simulators.zuora.rules.fields_all import field_of, is_object
from simulators.zuora.rules.refusal import INVALID, Refused, not_found

INVOICE_POSTED, INVOICE_DUE, BILL_RUN_DONE = "InvoicePosted", "InvoiceDue", "BillRunCompletion"
SUBSCRIBED, AMENDED = "SubscriptionCreated", "AmendmentProcessed"
ORDERED, ACTION_DONE = "OrderProcessed", "OrderActionProcessed"
MEMO_POSTED, DEBIT_POSTED = "CreditMemoPosted", "DebitMemoPosted"
PAYMENT_PROCESSED, PAYMENT_DECLINED = "PaymentProcessed", "PaymentDeclined"
REFUND_PROCESSED = "PaymentRefundProcessed"
# Standard events by their category code; 0: known by name only. The codes of payments: unconfirmed.
# Events of payments and refunds fire for electronic ones only.
EVENTS: Mapping[str, int] = {
    INVOICE_POSTED: 1110,
    INVOICE_DUE: 1140,
    SUBSCRIBED: 1210,
    AMENDED: 1310,
    BILL_RUN_DONE: 1410,
    PAYMENT_PROCESSED: 2110,
    PAYMENT_DECLINED: 2120,
    REFUND_PROCESSED: 2210,
    MEMO_POSTED: 0,
    DEBIT_POSTED: 0,
    ORDERED: 0,
    ACTION_DONE: 0,
}
NAMESPACE, USER_NAMESPACE = "com.zuora.notification", "user.notification"
_MERGE = pattern(r"<(\w+)\.(\w+)>")
# Other names that merge fields use for an object.
_SAME = {"BillingRun": "BillRun", "Orders": "Order"}


@dataclass(slots=True)
class Definition:
    """One notification. params: content of the callout, with merge fields in angle brackets; extra: what
    is kept only to be shown."""

    id: str
    name: str
    event: str
    namespace: str
    description: str | None
    active: bool
    callout_active: bool
    target: Target
    callout_name: str
    params: Mapping[str, str]
    created_at: int
    callout_id: str
    callout_description: str | None = None
    callout_on: bool = True
    updated_at: int = 0
    extra: Mapping[str, object] = field(default_factory=dict)


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
        self._clock, self._ids = clock, ids
        self.courier = Courier(clock, ids, outbound, agenda, attempts, minutes)
        self.definitions: dict[str, Definition] = {}
        self._by_event: dict[str, dict[str, Definition]] = {}
        self._sent = 0

    @property
    def pending(self) -> int:
        """Deliveries not yet ended."""
        return self.courier.pending

    def define(self, definition: Definition) -> None:
        """Keep a new definition, or one that has changed; Refused for an unknown event or a name that
        is taken."""
        known = definition.event in EVENTS and definition.namespace == NAMESPACE
        if not known:
            event = f"{definition.namespace}:{definition.event}"
            raise Refused(INVALID, f"Event type {event} does not exist.", "eventTypeName")
        for other in self.definitions.values():
            if other.name == definition.name and other.id != definition.id:
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
            if definition.active and definition.callout_active and definition.callout_on:
                self._send(definition, objects)

    def resend(self, keys: Sequence[str]) -> list[str]:
        """Send notices again; those that nobody knows are returned."""
        unknown = []
        for key in dict.fromkeys(keys):
            notice = self.courier.kept.get(key)
            if notice is None:
                unknown.append(key)
            else:
                self.courier.send(replace(notice, attempts=0, ended=False))
        return unknown

    def _send(self, definition: Definition, objects: Mapping[str, object]) -> None:
        self._sent += 1
        texts = definition.params.values()
        merged = {match[0]: resolve(match[0], objects) for text in texts for match in _MERGE.finditer(text)}
        code = EVENTS[definition.event]
        notice = Notice(
            id=self._ids.hex("notification", 32),
            seq=self._sent,
            event=definition.event,
            category=str(code) if code else f"{definition.namespace}:{definition.event}",
            notification=definition.name,
            target=definition.target,
            params={name: resolve(text, objects) for name, text in definition.params.items()},
            subjects=tuple(str(getattr(item, "id", "")) for item in objects.values()),
            context={"<Event.Category>": definition.event, **merged},
            created_at=self._clock.now(),
        )
        self.courier.send(notice)


def resolve(text: str, objects: Mapping[str, object]) -> str:
    """Put the values in the place of `<Object.Field>`; what has no value becomes nothing."""

    def value(match: Any) -> str:
        name, wanted = match.groups()
        name = _SAME.get(name, name)
        item = objects.get(name)
        known = field_of(name, wanted) if item is not None and is_object(name) else None
        shown = known.shown(item) if known else None
        if isinstance(shown, bool):
            return "true" if shown else "false"
        return "" if shown is None else str(shown)

    return _MERGE.sub(value, text)
