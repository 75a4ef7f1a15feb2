"""One org: what comes in from outside is checked here and acted upon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulators.kit.clock import DAY
from simulators.kit.history import History
from simulators.kit.mock import Surroundings
from simulators.kit.ratelimit import Window
from simulators.kit.webhooks import Sender
from simulators.salesforce.rules.automation import HOOKS
from simulators.salesforce.rules.books import books
from simulators.salesforce.rules.catalogue import PREFIXES, external_field
from simulators.salesforce.rules.cursors import Cursors
from simulators.salesforce.rules.identity import USERNAME, Identity
from simulators.salesforce.rules.incoming import incoming
from simulators.salesforce.rules.keys import full_id
from simulators.salesforce.rules.records import Committed, Records
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.relay import PAUSES, ChangeEvent, Relay
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.store import Record
from simulators.salesforce.rules.story import note


class Org:
    """Options: token_seconds (7200), daily_requests (101000; 0: no limit)."""

    def __init__(self, surroundings: Surroundings, render: Callable[[ChangeEvent], bytes]) -> None:
        clock, ids, options = surroundings.clock, surroundings.ids, surroundings.options
        self.clock = clock
        self.history = History(clock)
        sender = Sender(clock, surroundings.outbound, surroundings.agenda, PAUSES)
        self.relay = Relay(clock, ids, sender, render)
        self.records = Records(clock, ids, HOOKS, self._committed)
        self.store = self.records.store
        self.cursors = Cursors(clock, ids, self.store)
        self.identity = Identity(clock, ids, options.get("token_seconds", 7200))
        self.quota = Window(clock, options.get("daily_requests", 101_000), DAY)
        user = {"Username": USERNAME, "Name": "Admin", "Email": USERNAME, "IsActive": True}
        self.records.user_id = self.records.create("User", user).id
        book = {"Name": "Standard Price Book", "IsActive": True, "IsStandard": True}
        self.standard_pricebook = self.records.create("Pricebook2", book).id

    def books(self) -> dict[str, list[dict[str, Any]]]:
        """CrmBooks."""
        return books(self.store)

    def pending(self) -> int:
        """Change events still being delivered, or held back by a paused relay."""
        return self.relay.sender.pending + sum(len(c.held) for c in self.relay.configs.values())

    def _committed(self, changes: list[Committed]) -> None:
        now = self.clock.now()
        for line in changes:
            note(self.history, self.store, line, now)
        self.relay.publish(changes, self.records.user_id)

    # --- what callers ask for

    def create(self, entity: Entity, body: Mapping[str, Any]) -> Record:
        """A new record of a written body."""
        _writable(entity)
        new = incoming(self.records, entity, body, creating=True)
        return self.records.create(entity.name, new)

    def update(self, entity: Entity, text: str, body: Mapping[str, Any]) -> Record:
        """Change the record of that id."""
        _writable(entity)
        record = self.records.wanted(entity, text)
        _without(body, "Id")
        self.records.update(record, incoming(self.records, entity, body, creating=False))
        return record

    def upsert(
        self, entity: Entity, key: str, value: str, body: Mapping[str, Any], *, update_only: bool = False
    ) -> tuple[Record, bool]:
        """(record, whether it was created) by an external id; several matches are refused (300)."""
        _writable(entity)
        field = external_field(entity, key)
        _without(body, field.name)
        if field.name == "Id":
            return self.update(entity, value, body), False
        found = list(self.store.shelves[entity.name].with_value(field.name, value))
        if len(found) > 1:
            said = f"{len(found)} records match {field.name} {value}"
            raise Refused("MULTIPLE_CHOICES", said, related=tuple(r.id for r in found))
        if found:
            self.records.update(found[0], incoming(self.records, entity, body, creating=False))
            return found[0], False
        if update_only:
            raise Refused("NOT_FOUND", "The requested resource does not exist")
        new = incoming(self.records, entity, {**body, field.name: value}, creating=True)
        return self.records.create(entity.name, new), True

    def delete(self, entity: Entity, text: str) -> Record:
        """Put the record of that id into the recycle bin."""
        _writable(entity)
        record = self.records.wanted(entity, text)
        self.records.delete(record)
        return record

    def by_key(self, entity: Entity, key: str, value: str) -> Record:
        """The one live record with this external id."""
        field = external_field(entity, key)
        if field.name == "Id":
            return self.records.wanted(entity, value)
        found = list(self.store.shelves[entity.name].with_value(field.name, value))
        if not found:
            raise Refused("NOT_FOUND", "The requested resource does not exist")
        if len(found) > 1:
            said = f"{len(found)} records match {field.name} {value}"
            raise Refused("MULTIPLE_CHOICES", said, related=tuple(r.id for r in found))
        return found[0]

    def entity_of(self, text: str) -> Entity:
        """The object to which an id belongs, by its prefix."""
        whole = full_id(text)
        entity = PREFIXES.get(whole[:3]) if whole else None
        if entity is None:
            raise Refused("MALFORMED_ID", f"malformed id {text}")
        return entity


def _writable(entity: Entity) -> None:
    if not entity.writable:
        said = f"entity type cannot be changed: {entity.name}"
        raise Refused("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", said)


def _without(body: Mapping[str, Any], name: str) -> None:
    if any(each.lower() == name.lower() for each in body):
        said = f"The {name} field should not be specified in the sobject data."
        raise Refused("INVALID_FIELD", said, (name,))
