"""A disk that is full: whoever wrote is told that it was not written, and afterwards all goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from core.canonical.errors import Unavailable
from core.canonical.events import Event, Topic
from core.opening import opened_store


def event(number: int) -> Event:
    return Event(f"e{number}-{'x' * 2000}", "crm", Topic.QUOTE_ACCEPTED, f"q{number}-{'y' * 500}", number)


def test_what_a_full_disk_did_not_take_is_said_and_taken_later(tmp_path: Path) -> None:
    async def main() -> tuple[set[int], set[int], int]:
        path = tmp_path / "core.sqlite3"
        async with opened_store(f"sqlite:{path}") as store:
            full = store._db  # type: ignore[attr-defined]
            (pages,) = full.execute("PRAGMA page_count").fetchone()
            full.execute(f"PRAGMA max_page_count = {pages + 20}")
            taken, refused = set(), set()

            async def accept(number: int) -> None:
                try:
                    await store.accept(event(number), ("flow",), ())
                except Unavailable:
                    refused.add(number)
                else:
                    taken.add(number)

            # One group of many, and each by itself.
            await asyncio.gather(*(accept(number) for number in range(60)))
            for number in range(60, 120):
                await accept(number)
            full.execute("PRAGMA max_page_count = 100000")
            again = [await store.accept(event(number), ("flow",), ()) for number in sorted(refused)]
        with sqlite3.connect(path) as db:
            (kept,) = db.execute("SELECT count(*) FROM inbox").fetchone()
        assert all(again)
        return taken, refused, kept

    taken, refused, kept = asyncio.run(main())
    assert taken
    assert refused
    assert taken | refused == set(range(120))
    assert kept == 120


def test_a_store_that_can_only_fail_is_away_for_whoever_looks_too(tmp_path: Path) -> None:
    async def main() -> None:
        async with opened_store(f"sqlite:{tmp_path / 'core.sqlite3'}") as store:
            store._db.execute("ALTER TABLE task RENAME TO lost")  # type: ignore[attr-defined]
            for look in (store.parked, store.ready, store.census):
                with pytest.raises(Unavailable, match="store: no such table: task"):
                    await look()

    asyncio.run(main())


@pytest.mark.parametrize("path", ["no/such/folder/core.sqlite3", "."])
def test_a_file_that_cannot_be_opened_is_named_at_once(path: str, tmp_path: Path) -> None:
    async def main() -> None:
        async with opened_store(f"sqlite:{tmp_path / path}"):
            raise AssertionError("it was opened")

    with pytest.raises(Unavailable, match=r"store: sqlite:.*: unable to open database file; name a file"):
        asyncio.run(main())


def test_a_file_that_is_no_store_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam, " * 400)

    async def main() -> None:
        async with opened_store(f"sqlite:{file}"):
            raise AssertionError("it was opened")

    with pytest.raises(Unavailable, match="file is not a database"):
        asyncio.run(main())
    assert file.read_text() == "Dear Sir or Madam, " * 400
