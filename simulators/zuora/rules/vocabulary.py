"""The kinds of fields that objects have, and how their values are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulators.kit.clock import SECOND
from simulators.kit.money import major
from simulators.zuora.rules.calendar import stamp

TEXT, DATE, TIME, NUMBER, FLAG = "text", "date", "time", "number", "flag"
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


def text(read: Read) -> Field:
    """A field of text."""
    return Field(TEXT, read)


def money(name: str) -> Field:
    """A field in minor units, shown as a decimal."""
    return Field(NUMBER, lambda o: major(getattr(o, name), o.currency))


def common() -> dict[str, Field]:
    """What every object has."""
    return {
        "id": text(lambda o: o.id),
        "createdDate": Field(TIME, lambda o: o.created_at // SECOND * SECOND),
        "updatedDate": Field(TIME, lambda o: o.updated_at // SECOND * SECOND),
    }


def posted(item: Any) -> int | None:
    """When a document was posted, in whole seconds."""
    return item.posted_at // SECOND * SECOND if item.posted_at else None
