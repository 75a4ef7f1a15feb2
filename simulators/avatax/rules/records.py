"""What a company keeps beside its documents: items, locations, customers and the like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from simulators.avatax.rules.refusal import TaxRefusal, duplicate, not_found, required, too_long


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of record. unique: the fields that no two of a company share; limits: longest text;
    choices: field to the values it may have, in the order of their numbers; defaults: where none is given;
    fields: everything the vendor keeps, in its order."""

    name: str
    fields: tuple[str, ...]
    unique: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    first: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    """values: what the caller may choose; moments in microseconds."""

    id: int
    company_id: int
    values: Mapping[str, Any]
    created_at: int
    modified_at: int


class Shelf:
    """The records of one kind, by number, by company and by what makes them unique."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._by_id: dict[int, Record] = {}
        self._by_key: dict[tuple[object, ...], int] = {}
        self._of: dict[int, dict[int, None]] = {}

    def add(self, company_id: int, given: Mapping[str, Any], number: int, now: int) -> Record:
        """A new record."""
        record = Record(number, company_id, self._checked({**self.kind.defaults, **given}), now, now)
        self._require_free(record)
        self._put(record)
        return record

    def change(self, company_id: int, number: int, given: Mapping[str, Any], now: int) -> Record:
        """The record with all its values replaced."""
        old = self.get(company_id, number)
        new = replace(old, values=self._checked({**self.kind.defaults, **given}), modified_at=now)
        self._require_free(new)
        self._drop(old)
        self._put(new)
        return new

    def remove(self, company_id: int, number: int) -> Record:
        """Gone."""
        record = self.get(company_id, number)
        self._drop(record)
        return record

    def forget(self, company_id: int) -> None:
        """A company has gone."""
        for record in self.of(company_id):
            self._drop(record)

    def get(self, company_id: int, number: int) -> Record:
        """One of a company by number."""
        record = self._by_id.get(number)
        if record is None or record.company_id != company_id:
            raise not_found(self.kind.name, str(number))
        return record

    def find(self, company_id: int, *key: str) -> Record | None:
        """One of a company by what makes it unique, in any case."""
        number = self._by_key.get((company_id, *(part.upper() for part in key)))
        return None if number is None else self._by_id[number]

    def of(self, company_id: int) -> list[Record]:
        """All of one company, in order of creation."""
        return [self._by_id[number] for number in self._of.get(company_id, ())]

    def all(self) -> list[Record]:
        """Those of every company."""
        return list(self._by_id.values())

    def _checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        kind = self.kind
        wrong = [required(name) for name in kind.required if given.get(name) in (None, "")]
        for name, longest in kind.limits.items():
            if len(str(given.get(name) or "")) > longest:
                wrong.append(too_long(name, longest))
        values = {name: given[name] for name in kind.fields if given.get(name) is not None}
        for name, choices in kind.choices.items():
            if name in values:
                values[name] = _choice(name, values[name], choices, wrong)
        if wrong:
            wrong[0].more = tuple(wrong[1:])
            raise wrong[0]
        return values

    def _key(self, record: Record) -> tuple[object, ...]:
        return record.company_id, *(str(record.values.get(name, "")).upper() for name in self.kind.unique)

    def _require_free(self, record: Record) -> None:
        if self.kind.unique and self._by_key.get(self._key(record), record.id) != record.id:
            raise duplicate(self.kind.name, ", ".join(("CompanyId", *map(_pascal, self.kind.unique))))

    def _put(self, record: Record) -> None:
        self._by_id[record.id] = record
        self._of.setdefault(record.company_id, {})[record.id] = None
        if self.kind.unique:
            self._by_key[self._key(record)] = record.id

    def _drop(self, record: Record) -> None:
        del self._by_id[record.id]
        del self._of[record.company_id][record.id]
        if self.kind.unique:
            del self._by_key[self._key(record)]


def _choice(name: str, given: object, choices: tuple[str, ...], wrong: list[TaxRefusal]) -> str:
    text = str(given)
    if text.isdigit() and int(text) < len(choices) and choices[int(text)]:
        return choices[int(text)]
    for choice in choices:
        if choice and choice.lower() == text.lower():
            return choice
    known = ", ".join(choice for choice in choices if choice)
    wrong.append(
        TaxRefusal(
            "InvalidEnumValue",
            f"The field '{name}' has an incorrect value.",
            f"The value '{text}' for the field '{name}' is invalid.  Acceptable values are: {known}.",
            name,
        )
    )
    return text


def _pascal(name: str) -> str:
    return name[:1].upper() + name[1:]
