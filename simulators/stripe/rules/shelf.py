"""Keeps the records of one kind by id and by whatever they are looked up by, newest first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Generic, Protocol, TypeVar

from simulators.kit.clock import SECOND

Key = tuple[str, ...]
ALL: Key = ()

_SEQ = attrgetter("seq")
_CREATED = attrgetter("created_at")


class Kept(Protocol):
    """What a record must have to be shelved; seq counts the records of its shelf."""

    id: str
    seq: int
    created_at: int


R = TypeVar("R", bound=Kept)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted. Cursors are ids and exclusive.

    since and before: unix seconds, half-open [since, before).
    """

    limit: int = 10
    starting_after: str = ""
    ending_before: str = ""
    since: int | None = None
    before: int | None = None


class Shelf(Generic[R]):
    """One a kind of record. Looking up costs the same however many there are."""

    def __init__(self) -> None:
        self._by_id: dict[str, R] = {}
        self._rows: dict[Key, list[R]] = {ALL: []}
        # Keys under which records have yet to be listed: many are never asked for.
        self._later: list[tuple[R, Sequence[Key]]] = []
        self._count = 0
        # Whether what was added later was also created later; not so where test clocks have a say.
        self._steady = True

    def __iter__(self) -> Iterator[R]:
        """Every listed record, oldest first."""
        return iter(self._rows[ALL])

    def get(self, id: str) -> R | None:  # noqa: A002
        return self._by_id.get(id)

    def add(self, record: R, *keys: Key) -> R:
        """Shelve a new record under its id and under each key."""
        rows = self._rows[ALL]
        if rows and record.created_at < rows[-1].created_at:
            self._steady = False
        self._count += 1
        record.seq = self._count
        self._by_id[record.id] = record
        self._rows[ALL].append(record)
        for key in keys:
            self.file(record, key)
        return record

    def swap(self, record: R) -> None:
        """Let the record's id find it, and not the record that had the id before."""
        self._by_id[record.id] = record

    def file(self, record: R, key: Key) -> None:
        """List the record under one more key."""
        rows = self._rows.get(key)
        if rows is None:
            self._rows[key] = [record]
            return
        if not rows or rows[-1].seq < record.seq:
            rows.append(record)
            return
        place = bisect_left(rows, record.seq, key=_SEQ)
        if rows[place] is not record:
            rows.insert(place, record)

    def file_later(self, record: R, keys: Sequence[Key]) -> None:
        """List the record under keys that nothing reads before `file_all`."""
        self._later.append((record, keys))

    def file_all(self) -> None:
        """List everything that `file_later` has put off."""
        if self._later:
            later, self._later = self._later, []
            for record, keys in later:
                for key in keys:
                    self.file(record, key)

    def unfile(self, record: R, key: Key) -> None:
        """List the record under this key no longer; its id still finds it."""
        rows = self._rows.get(key)
        if rows:
            place = bisect_left(rows, record.seq, key=_SEQ)
            if place < len(rows) and rows[place] is record:
                del rows[place]
            if not rows and key != ALL:
                del self._rows[key]

    def under(self, key: Key) -> list[R]:
        """Everything under a key, oldest first; not to be changed."""
        return self._rows.get(key, [])

    def page(self, key: Key, page: Page, keep: Callable[[R], bool] | None = None) -> tuple[list[R], bool]:
        """(records newest first, whether there are more in the direction of paging).

        The cursors must be known ids; the caller has refused unknown ones.
        """
        rows = self._rows.get(key, [])
        low, high = 0, len(rows)
        if not self._steady and (page.since is not None or page.before is not None):
            keep = _within(page, keep)
            page = replace(page, since=None, before=None)
        if page.since is not None:
            low = bisect_left(rows, page.since * SECOND, key=_CREATED)
        if page.before is not None:
            high = bisect_left(rows, page.before * SECOND, key=_CREATED)
        if page.ending_before:
            low = max(low, bisect_left(rows, self._by_id[page.ending_before].seq + 1, key=_SEQ))
            found = _take(rows, range(low, high), page.limit + 1, keep)
            return found[: page.limit][::-1], len(found) > page.limit
        if page.starting_after:
            high = min(high, bisect_left(rows, self._by_id[page.starting_after].seq, key=_SEQ))
        found = _take(rows, range(high - 1, low - 1, -1), page.limit + 1, keep)
        return found[: page.limit], len(found) > page.limit

    def joined(self, keys: Sequence[Key], page: Page) -> tuple[list[R], bool]:
        """Like `page`, of all that stands under any of the keys; a record stands under one of them."""
        most = replace(page, limit=page.limit + 1)
        found = [record for key in keys for record in self.page(key, most)[0]]
        found.sort(key=_SEQ, reverse=True)
        kept = found[-page.limit :] if page.ending_before else found[: page.limit]
        return kept, len(found) > page.limit


def _within(page: Page, keep: Callable[[R], bool] | None) -> Callable[[R], bool]:
    """The window of time as one more condition."""
    low = -1 if page.since is None else page.since * SECOND
    high = None if page.before is None else page.before * SECOND

    def both(record: R) -> bool:
        at = record.created_at
        return low <= at and (high is None or at < high) and (keep is None or keep(record))

    return both


def _take(rows: list[R], order: range, count: int, keep: Callable[[R], bool] | None) -> list[R]:
    found: list[R] = []
    for i in order:
        if keep is None or keep(rows[i]):
            found.append(rows[i])
            if len(found) == count:
                break
    return found
