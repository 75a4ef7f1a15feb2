"""A mock's memory as bytes, and back: what it remembers, not where it stands."""

from __future__ import annotations

import io
import pickle
from typing import Any

from simulators.kit.schema import Change

# What belongs to the place, not to the memory: passed by name, and found again where it is thawed.
_PLACES = ("clock", "outbound", "spawn", "peers", "options")


def freeze(rules: Any, around: Any, mock: object, changes: tuple[Change, ...] = ()) -> bytes:
    """The rules, the ids still to come, the agenda, the chosen options, the changes of the schema; TypeError
    names what cannot be kept.

    A closure, a lock or a socket in a vendor's state cannot: keep bound methods and values instead.
    """
    buffer = io.BytesIO()
    pickler = _Freezer(buffer, around, mock)
    try:
        pickler.dump((rules, around.ids, around.agenda, dict(around.options), changes))
    except (pickle.PicklingError, AttributeError) as error:
        raise TypeError(f"{type(rules).__name__} cannot be kept in a snapshot: {error}") from error
    return buffer.getvalue()


def thaw(snapshot: bytes, around: Any, mock: object) -> tuple[Any, dict[str, Any]]:
    """(rules; ids, agenda, options and changes by these names) in the place of `around` and `mock`."""
    rules, ids, agenda, options, changes = _Thawer(io.BytesIO(snapshot), around, mock).load()
    return rules, {"ids": ids, "agenda": agenda, "options": options, "changes": changes}


class _Freezer(pickle.Pickler):
    def __init__(self, buffer: io.BytesIO, around: Any, mock: object) -> None:
        super().__init__(buffer, protocol=pickle.HIGHEST_PROTOCOL)
        self._names = {id(getattr(around, name)): name for name in _PLACES}
        self._names[id(around)], self._names[id(mock)] = "around", "mock"

    def persistent_id(self, obj: Any) -> str | None:
        return self._names.get(id(obj))


class _Thawer(pickle.Unpickler):
    def __init__(self, buffer: io.BytesIO, around: Any, mock: object) -> None:
        super().__init__(buffer)
        self._places = {name: getattr(around, name) for name in _PLACES} | {"around": around, "mock": mock}

    def persistent_load(self, pid: Any) -> Any:
        return self._places[pid]
