"""One org: what comes in from outside is checked here and acted upon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from simulators.kit.clock import DAY, at
from simulators.kit.history import History
from simulators.kit.mock import Surroundings
from simulators.kit.ratelimit import Window
from simulators.kit.webhooks import Sender, no_longer_than
from simulators.salesforce.rules import bin as recycling
from simulators.salesforce.rules.automation import HOOKS
from simulators.salesforce.rules.batches import Batches
from simulators.salesforce.rules.books import books
from simulators.salesforce.rules.bulk import Bulk
from simulators.salesforce.rules.catalogue import Catalogue, external_field
from simulators.salesforce.rules.changes import Bus, ChangeEvent
from simulators.salesforce.rules.checks import Checks
from simulators.salesforce.rules.contracting import requote
from simulators.salesforce.rules.cursors import Cursors
from simulators.salesforce.rules.duplicates import DuplicateRules
from simulators.salesforce.rules.identity import Identity
from simulators.salesforce.rules.incoming import incoming
from simulators.salesforce.rules.keys import full_id, record_id
from simulators.salesforce.rules.loading import Loader
from simulators.salesforce.rules.records import Committed, Records
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.relay import PAUSES, Relay
from simulators.salesforce.rules.schema import Entity, Field
from simulators.salesforce.rules.setups import set_up
from simulators.salesforce.rules.signin import USERNAME
from simulators.salesforce.rules.store import Record
from simulators.salesforce.rules.story import note
from simulators.salesforce.rules.streaming import HOLD, Streaming
from simulators.salesforce.rules.values import kept

OPTIONS = {
    "token_seconds": "life of a session (7200)",
    "daily_requests": "calls a day; 0: no limit (101000)",
    "rotate_refresh": "0: a refresh token may be used again; else its reuse ends all that came of it (1)",
    "bulk_seconds": "how long each step of a bulk job takes; 0: a moment (0)",
    "relay_pause_seconds": "between two attempts of a relay, at most; 0: as long as the table says (0)",
    "poll_seconds": "how long a streaming poll is held back (110)",
}


class Org:
    """One sandbox, fresh at every reset."""

    def __init__(self, surroundings: Surroundings, render: Callable[[ChangeEvent], bytes]) -> None:
        clock, ids, options = surroundings.clock, surroundings.ids, surroundings.options
        self.clock, self._ids, self._opened_at = clock, ids, clock.now()
        self.history = History(clock)
        self.catalogue = Catalogue()
        pauses = no_longer_than(options.get("relay_pause_seconds", 0), PAUSES)
        sender = Sender(clock, surroundings.outbound, surroundings.agenda, pauses)
        self.bus = Bus(clock, ids, self.catalogue)
        self.relay = Relay(clock, ids, self.catalogue, sender, render)
        hold = options.get("poll_seconds", HOLD)
        self.streaming = Streaming(clock, ids, surroundings.agenda, self.bus, hold)
        self.records = Records(clock, ids, self.catalogue, HOOKS, self._committed)
        self.checks = Checks()
        self.definitions: dict[str, str] = {}  # id of a custom field's definition -> Object.Field
        self.duplicates = DuplicateRules()
        self.records.checks += (self.checks.check, self.duplicates.check)
        self.store = self.records.store
        self.cursors = Cursors(clock, ids, self.store)
        loader = Loader(self, self.records, self.cursors)
        self.bulk = Bulk(clock, ids, surroundings.agenda, loader, options.get("bulk_seconds", 0))
        self.batches = Batches(ids, self.bulk)
        rotate = bool(options.get("rotate_refresh", 1))
        self.identity = Identity(clock, ids, options.get("token_seconds", 7200), rotate=rotate)
        self.quota = Window(clock, options.get("daily_requests", 101_000), DAY)
        self._settle_in()

    def _settle_in(self) -> None:
        """What a fresh org holds."""
        profile = set_up(self.records)
        user = {
            "Username": USERNAME, "Name": "Admin", "LastName": "Admin", "Alias": "admin", "Email": USERNAME,
            "IsActive": True, "TimeZoneSidKey": "GMT", "LocaleSidKey": "en_US",
            "LanguageLocaleKey": "en_US", "UserType": "Standard", "ProfileId": profile,
        }  # fmt: skip
        self.records.user_id = self.identity.user_id = self.records.create("User", user).id
        book = {"Name": "Standard Price Book", "IsActive": True, "IsStandard": True}
        self.standard_pricebook = self.records.create("Pricebook2", book).id
        org = {
            "Name": "Tieout", "IsSandbox": True, "OrganizationType": "Developer Edition",
            "InstanceName": "CS1", "LanguageLocaleKey": "en_US", "DefaultLocaleSidKey": "en_US",
            "TimeZoneSidKey": "GMT", "Country": "US", "FiscalYearStartMonth": Decimal(1),
        }  # fmt: skip
        self.records.create("Organization", org)
        self.bus.begin()
        self.refresh_token = self.identity.standing_refresh_token()

    @property
    def defined_at(self) -> datetime:
        """When what the objects are was last changed, their record types among it."""
        types = self.store.shelves["RecordType"].records.values()
        typed = (datetime.fromisoformat(each.values["LastModifiedDate"]) for each in types)
        return max([at(max(self._opened_at, self.catalogue.changed_at)), *typed])

    def books(self) -> dict[str, list[dict[str, Any]]]:
        """CrmBooks."""
        return books(self.store)

    def pending(self) -> int:
        """Change events still being delivered, or held back by a paused relay, and jobs at work."""
        held = sum(len(config.held) for config in self.relay.configs.values())
        return self.relay.sender.pending + held + self.bulk.pending()

    def _committed(self, changes: list[Committed]) -> None:
        now = self.clock.now()
        for line in changes:
            note(self.history, self.store, line, now)
        self._tell(self.bus.publish(changes, self.records.user_id))

    def _tell(self, events: list[tuple[Entity, ChangeEvent]]) -> None:
        self.relay.take(events)
        self.streaming.tell()

    def gap(self, ids: list[str], kind: str) -> None:
        """See Bus.gap."""
        found = [self.records.wanted(self.entity_of(text), text) for text in ids]
        self._tell(self.bus.gap(found, kind, self.records.user_id))

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
        found = self._with_key(entity, field, value)
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
        recycling.delete(self.records, record)
        return record

    def _with_key(self, entity: Entity, field: Field, value: str) -> list[Record]:
        """Live records with this external id, which may be a number."""
        plain = kept(entity, field, value)
        return [] if plain is None else list(self.store.shelves[entity.name].with_value(field.name, plain))

    def by_key(self, entity: Entity, key: str, value: str) -> Record:
        """The one live record with this external id."""
        field = external_field(entity, key)
        if field.name == "Id":
            return self.records.wanted(entity, value)
        found = self._with_key(entity, field, value)
        if not found:
            raise Refused("NOT_FOUND", "The requested resource does not exist")
        if len(found) > 1:
            said = f"{len(found)} records match {field.name} {value}"
            raise Refused("MULTIPLE_CHOICES", said, related=tuple(r.id for r in found))
        return found[0]

    def requote(self, contract: Record, kind: str) -> Record:
        """See contracting.requote."""
        return requote(self.records, contract, kind)

    def next_id(self, prefix: str) -> str:
        """An id for something that is no record: a rule, a field's definition."""
        return record_id(prefix, self._ids.count(f"record/{prefix}"))

    def entity_of(self, text: str) -> Entity:
        """The object to which an id belongs, by its prefix."""
        whole = full_id(text)
        entity = self.catalogue.prefixes.get(whole[:3]) if whole else None
        if entity is None:
            raise Refused("MALFORMED_ID", f"malformed id {text}")
        return entity

    def merge(
        self, kind: str, master: str, others: list[str], body: Mapping[str, Any]
    ) -> tuple[Record, list[str], list[str]]:
        """See bin.merge; `body`: changed values of the master."""
        entity = self.catalogue.entity(kind)
        changed = incoming(self.records, entity, body, creating=False)
        return recycling.merge(self.records, entity.name, master, others, changed)


def _writable(entity: Entity) -> None:
    if not entity.writable:
        said = f"entity type cannot be changed: {entity.name}"
        raise Refused("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", said)


def _without(body: Mapping[str, Any], name: str) -> None:
    if any(each.lower() == name.lower() for each in body):
        said = f"The {name} field should not be specified in the sobject data."
        raise Refused("INVALID_FIELD", said, (name,))
