"""A store of one kind of object: found by id, by number, by indexed values, by time of change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar


class Kept(Protocol):
    """What a shelf can hold. seq: order of creation; updated_at: microseconds."""

    id: str
    seq: int
    number: str
    updated_at: int


T = TypeVar("T", bound=Kept)


class Shelf(Generic[T]):
    """indexed: name of a field and how to read it; an index answers equality without a walk."""

    def __init__(self, **indexed: Callable[[T], object]) -> None:
        self._readers = indexed
        self._by_id: dict[str, T] = {}
        self._by_number: dict[str, T] = {}
        self._index: dict[str, dict[object, dict[str, T]]] = {name: {} for name in indexed}
        self._values: dict[str, tuple[object, ...]] = {}
        self._by_change: dict[str, T] = {}
        self._numbers: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[T]:
        return iter(self._by_id.values())

    def get(self, key: str) -> T | None:
        """By id or by number, as every key of the vendor's paths may be either."""
        return self._by_id.get(key) or self._by_number.get(key)

    def put(self, item: T, now: int) -> None:
        """Add the item, or note that it has changed: call it after every change."""
        item.updated_at = now
        key = item.id
        values = tuple(read(item) for read in self._readers.values())
        before = self._values.get(key)
        if before != values:
            self._reindex(key, item, before, values)
        self._by_id[key] = item
        if self._numbers.get(key, item.number) != item.number:
            self._by_number.pop(self._numbers[key], None)
        self._by_number[item.number], self._numbers[key] = item, item.number
        self._by_change.pop(key, None)
        self._by_change[key] = item

    def drop(self, item: T) -> None:
        """Forget the item (a version that another replaces)."""
        self._reindex(item.id, item, self._values.pop(item.id, None), ())
        del self._by_id[item.id], self._by_change[item.id], self._numbers[item.id]
        if self._by_number.get(item.number) is item:
            del self._by_number[item.number]

    def indexes(self, name: str) -> bool:
        """Whether `where` knows this field."""
        return name in self._index

    def where(self, name: str, value: object) -> dict[str, T]:
        """Items whose indexed field equals `value`, by id."""
        return self._index[name].get(value) or {}

    def changed_since(self, moment: int) -> Iterator[T]:
        """Items changed at or after `moment`, latest change first."""
        for item in reversed(self._by_change.values()):
            if item.updated_at < moment:
                return
            yield item

    def _reindex(
        self, key: str, item: T, before: tuple[object, ...] | None, values: tuple[object, ...]
    ) -> None:
        names = list(self._readers)
        if before is not None:
            for name, value in zip(names, before, strict=True):
                bucket = self._index[name][value]
                del bucket[key]
                if not bucket:
                    del self._index[name][value]
        if values:
            for name, value in zip(names, values, strict=True):
                self._index[name].setdefault(value, {})[key] = item
            self._values[key] = values
