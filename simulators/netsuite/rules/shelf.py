"""Where records of one type stand: by internal id and by external id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class _Kept(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def external(self) -> str | None: ...


T = TypeVar("T", bound=_Kept)


class Numbers:
    """Whole numbers from a first one on; snapshots keep where it stands."""

    def __init__(self, first: int) -> None:
        self._next = first

    def take(self) -> int:
        """The next number."""
        self._next += 1
        return self._next - 1


class Shelf(Generic[T]):
    """External ids are unique on a shelf; internal ids come from `numbers`, which shelves may share."""

    def __init__(self, kind: str, numbers: Numbers) -> None:
        self.kind = kind
        self._numbers = numbers
        self._rows: dict[str, T] = {}
        self._by_external: dict[str, str] = {}

    def next_id(self) -> str:
        """A fresh internal id."""
        return str(self._numbers.take())

    def get(self, id: str) -> T | None:  # noqa: A002 - the vendor's own word
        return self._rows.get(id)

    def named(self, external: str) -> T | None:
        """The record with this external id."""
        return self._rows.get(self._by_external.get(external, ""))

    def put(self, row: T) -> None:
        """Keep a new record, or a new state of one."""
        before = self._rows.get(row.id)
        if before is not None and before.external:
            self._by_external.pop(before.external, None)
        self._rows[row.id] = row
        if row.external:
            self._by_external[row.external] = row.id

    def drop(self, row: T) -> None:
        del self._rows[row.id]
        if row.external:
            self._by_external.pop(row.external, None)

    def __iter__(self) -> Iterator[T]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)
