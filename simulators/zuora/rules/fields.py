"""Fields of objects, for queries and merge fields: how a value is read, compared and shown.

Names are the object query's (lower camel case, SDK `expanded_*` models); ZOQL and merge fields use the
same names with a capital first letter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from simulators.kit.clock import SECOND
from simulators.kit.money import major
from simulators.zuora.rules.calendar import stamp

TEXT, DATE, TIME, NUMBER, FLAG = "text", "date", "time", "number", "flag"
USER = "402881e522cf4f9b0122cf5d82860002"  # who makes everything here (ours)
Read = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """kind: how its values are compared and written; read: its value, None where there is none."""

    kind: str
    read: Read

    def shown(self, item: object) -> Any:
        """The value as it is sent: a moment and a date as text, an amount as Decimal."""
        value = self.read(item)
        if value is None:
            return None
        if self.kind == TIME:
            return stamp(value)
        return value.isoformat() if self.kind == DATE else value


Vocabulary = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Row:
    """Something that lives inside another object: a line of a document, a segment of a charge. up: what
    it lives in; it: itself, None where the row says something of `up` alone; key: an id of its own where
    `it` has none; more: what cannot be read from either."""

    up: Any
    it: Any
    key: str = ""
    more: Any = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.key or str(self.it.id)

    @property
    def seq(self) -> int:
        """Its place in the order of creation: that of the object it lives in."""
        return int(self.up.seq)

    @property
    def created_at(self) -> int:
        """When it came into being."""
        return int(getattr(self.it, "created_at", 0) or self.up.created_at)

    @property
    def updated_at(self) -> int:
        """When it last changed, as far as that is known."""
        return int(getattr(self.it, "updated_at", 0) or self.up.updated_at)

    @property
    def currency(self) -> str:
        """What its amounts are in."""
        return str(getattr(self.up, "currency", None) or self.up.account.currency)

    @property
    def account(self) -> Any:
        """Whose it is."""
        return self.up.account

    @property
    def custom(self) -> Mapping[str, object]:
        """Its own custom fields."""
        found: Mapping[str, object] = getattr(self.it, "custom", None) or {}
        return found


def text(read: Read | str) -> Field:
    """A text by a reader, or by the path of an attribute."""
    return Field(TEXT, attrgetter(read) if isinstance(read, str) else read)


def number(read: Read | str) -> Field:
    """A number."""
    return Field(NUMBER, attrgetter(read) if isinstance(read, str) else read)


def flag(read: Read | str) -> Field:
    """A truth value."""
    return Field(FLAG, attrgetter(read) if isinstance(read, str) else read)


def day(read: Read | str) -> Field:
    """A date."""
    return Field(DATE, attrgetter(read) if isinstance(read, str) else read)


def moment(read: Read | str) -> Field:
    """A moment in microseconds, 0: none; seconds are what is compared and shown."""
    found = attrgetter(read) if isinstance(read, str) else read

    def whole(item: Any) -> int | None:
        value = found(item)
        return value // SECOND * SECOND if value else None

    return Field(TIME, whole)


def money(read: Read | str) -> Field:
    """An amount kept in minor units of the item's currency."""
    found = attrgetter(read) if isinstance(read, str) else read
    return Field(NUMBER, lambda item: None if (v := found(item)) is None else major(v, item.currency))


def always(value: object) -> Field:
    """A field that says the same of every object."""
    kind = FLAG if isinstance(value, bool) else NUMBER if isinstance(value, int) else TEXT
    return Field(kind, lambda _: value)


def common() -> dict[str, Field]:
    """What every object has."""
    return {
        "id": text("id"),
        "createdById": always(USER),
        "createdDate": moment("created_at"),
        "updatedById": always(USER),
        "updatedDate": moment("updated_at"),
    }


def id_of(item: Any) -> str | None:
    """The id of something that may be missing."""
    return str(item.id) if item is not None else None
