"""Duplicate rules: records that are too like another are refused, or taken when the caller insists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulators.salesforce.rules.records import Records
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.store import Record

# What the vendor says unless a rule has words of its own.
ALERT = "Use one of these records?"
_SHOWN = 100  # matches that an answer names at most


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """Two records of the object with the same values in all of the fields (case apart, none empty) are
    duplicates. allow: the caller may save one all the same; otherwise it is blocked, whatever is asked."""

    id: str
    entity: str
    name: str
    fields: tuple[str, ...]
    allow: bool = True
    alert: str = ALERT


class Duplicates(Refused):
    """DUPLICATES_DETECTED, with what was found."""

    def __init__(self, rule: DuplicateRule, found: tuple[str, ...]) -> None:
        super().__init__("DUPLICATES_DETECTED", rule.alert, (), found)
        self.rule = rule


class DuplicateRules:
    """One an org; asked before every write. insisted: the call under way takes duplicates knowingly."""

    def __init__(self) -> None:
        self.insisted = False
        self._of: dict[str, list[DuplicateRule]] = {}

    def add(self, records: Records, rule: DuplicateRule) -> None:
        """Take up a rule; its fields must exist."""
        for name in rule.fields:
            records.catalogue.field_of(f"{rule.entity}.{name}")
        mine = self._of.setdefault(rule.entity, [])
        if any(each.name == rule.name for each in mine):
            said = f"The developer name {rule.name} is already in use"
            raise Refused("DUPLICATE_DEVELOPER_NAME", said)
        mine.append(rule)

    def check(self, records: Records, record: Record | None, entity: Entity, new: dict[str, Any]) -> None:
        """Refuse what is too like another record; a change of other fields is not looked at."""
        for rule in self._of.get(entity.name, ()):
            if rule.allow and self.insisted:
                continue
            if record is not None and not any(name in new for name in rule.fields):
                continue
            now = {**(record.values if record else {}), **new}
            found = _matches(records, rule, record, now)
            if found:
                raise Duplicates(rule, found[:_SHOWN])


def _matches(
    records: Records, rule: DuplicateRule, own: Record | None, now: Mapping[str, Any]
) -> tuple[str, ...]:
    wanted = [_folded(now.get(name)) for name in rule.fields]
    if None in wanted:
        return ()
    shelf = records.store.shelves[rule.entity]
    return tuple(
        each.id
        for each in shelf.records.values()
        if not each.deleted
        and each is not own
        and [_folded(each.values[name]) for name in rule.fields] == wanted
    )


def _folded(value: object) -> object:
    text = " ".join(value.lower().split()) if isinstance(value, str) else value
    return None if text == "" else text
