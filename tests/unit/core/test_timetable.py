"""The timetable: each job at its hour; a run that a power cut broke off is made good, once."""

from __future__ import annotations

import asyncio

from core.reliability.timetable import Entry, keep
from core.store.sqlite import SqliteStore
from scenarios.world.loop import run

HOUR = 3_600_000_000
START = 100 * 24 * HOUR


class Days:
    """A clock, a watch and a job of 2 o'clock that takes an hour, or ends in trouble."""

    def __init__(self, loop, store) -> None:
        self._loop, self.store = loop, store
        self.began: list[int] = []
        self.ended: list[int] = []
        self.alerts: list[str] = []
        self.trouble = False
        self.here = True

    def now(self) -> int:
        return START + int(self._loop.now_us)

    def alert(self, _severity: str, _subject: str, text: str) -> None:
        self.alerts.append(text)

    async def job(self) -> bool:
        self.began.append((self.now() - START) // HOUR)
        if not self.here:
            return False
        await asyncio.sleep(3600)
        if self.trouble:
            raise ValueError("nobody thought of it")
        self.ended.append((self.now() - START) // HOUR)
        return True

    def start(self) -> asyncio.Task[None]:
        entry = Entry("nightly", 2.0, self.job)
        return asyncio.get_running_loop().create_task(keep(entry, self, self, self.store))  # type: ignore[arg-type]


def played(story, store=None):
    async def main(loop):
        days = Days(loop, store)
        await story(days)
        return days

    return run(main)


async def until(days: Days, hour: int) -> None:
    await asyncio.sleep(hour * 3600 - (days.now() - START) / 1_000_000 + 1)


def test_each_day_at_its_hour_and_nothing_before_the_first():
    async def story(days: Days) -> None:
        await until(days, 1)
        days.start()
        await until(days, 52)

    assert played(story, SqliteStore()).began == [2, 26, 50]
    assert played(story).began == [2, 26, 50]


def test_a_run_that_was_broken_off_is_made_good_when_the_process_is_back():
    async def story(days: Days) -> None:
        first = days.start()
        await until(days, 26)
        first.cancel()  # in the middle of the second night
        await until(days, 30)
        days.start()
        await until(days, 55)

    assert played(story, SqliteStore()).began == [2, 26, 30, 50]
    assert played(story).began == [2, 26, 50]


def test_many_missed_days_are_made_good_once_and_what_has_ended_is_not_repeated():
    async def story(days: Days) -> None:
        first = days.start()
        await until(days, 4)
        first.cancel()
        days.start().cancel()
        await until(days, 5)
        second = days.start()  # the night is over and done
        await until(days, 20)
        second.cancel()
        await until(days, 24 * 5)
        days.start()
        await until(days, 24 * 5 + 4)

    assert played(story, SqliteStore()).began == [2, 120, 122]


def test_what_failed_or_was_left_to_another_worker_is_not_counted_as_done():
    store = SqliteStore()

    async def story(days: Days) -> None:
        days.trouble = True
        first = days.start()
        await until(days, 5)
        first.cancel()
        days.trouble, days.here = False, False
        second = days.start()
        await until(days, 8)
        second.cancel()
        days.here = True
        days.start()
        await until(days, 10)

    days = played(story, store)
    assert days.began == [2, 5, 8]
    assert days.ended == [9]
    assert days.alerts == ["ended by ValueError: nobody thought of it"]
