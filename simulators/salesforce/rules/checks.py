"""The org's own rules about records: validation rules, and which record types an object has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulators.kit.clock import day
from simulators.salesforce.rules.formulas import View, holds, parsed, paths
from simulators.salesforce.rules.paths import resolve
from simulators.salesforce.rules.records import Records
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.store import Record
from simulators.salesforce.rules.values import moment_text


@dataclass(slots=True)
class ValidationRule:
    """A record for which the formula is true is refused with the message."""

    id: str
    entity: str
    name: str
    formula: str
    message: str
    field: str = ""
    active: bool = True
    description: str = ""


class Checks:
    """One an org; asked before every write."""

    def __init__(self) -> None:
        self.rules: dict[str, ValidationRule] = {}
        self._of: dict[str, list[ValidationRule]] = {}

    def add(self, records: Records, rule: ValidationRule) -> None:
        """Take up a rule; its formula must make sense for its object."""
        entity = records.catalogue.entity(rule.entity)
        for path in paths(rule.formula):
            if not path.startswith("$"):
                resolve(records.catalogue, entity, path)
        parsed(rule.formula)
        if any(r.entity == rule.entity and r.name == rule.name for r in self.rules.values()):
            said = f"The developer name {rule.name} is already in use"
            raise Refused("DUPLICATE_DEVELOPER_NAME", said)
        self.rules[rule.id] = rule
        self._of.setdefault(rule.entity, []).append(rule)

    def drop(self, rule: ValidationRule) -> None:
        """Give a rule up."""
        del self.rules[rule.id]
        self._of[rule.entity].remove(rule)

    def check(self, records: Records, record: Record | None, entity: Entity, new: dict[str, Any]) -> None:
        """Refuse what a rule refuses."""
        key = new.get("RecordTypeId")
        if key is not None and "RecordTypeId" in entity.fields:
            kind = records.store.by_id[key]
            if kind.values["SobjectType"] != entity.name or not kind.values["IsActive"]:
                said = f"Record Type ID: this ID value isn't valid for the user: {key}"
                raise Refused("INVALID_CROSS_REFERENCE_KEY", said, ("RecordTypeId",))
        rules = self._of.get(entity.name)
        if not rules:
            return
        old: Mapping[str, Any] = record.values if record else entity.blank
        view = _view(records, entity, {**old, **new}, old, record is None)
        for rule in rules:
            if rule.active and holds(rule.formula, view):
                fields = (rule.field,) if rule.field else ()
                raise Refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, fields)


def _view(
    records: Records, entity: Entity, values: Mapping[str, Any], old: Mapping[str, Any], new: bool
) -> View:
    def read(whole: Mapping[str, Any], path: str) -> Any:
        found = resolve(records.catalogue, entity, path)
        current: Mapping[str, Any] = whole
        for step in found.steps:
            parent = records.store.by_id.get(current.get(step.name) or "")
            if parent is None:
                return None
            current = parent.values
        return current.get(found.field.name)

    now = records.clock.now()
    return View(
        lambda path: read(values, path), lambda path: read(old, path), day(now), moment_text(now), new
    )
