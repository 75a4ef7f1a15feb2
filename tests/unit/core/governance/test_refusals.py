"""A flood of refusals is a few lines with a count, and the chain holds."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Unavailable
from core.governance.audit import Deed, Trail
from core.governance.chain import verify
from core.governance.refusals import Refusals
from core.store.sqlite import SqliteStore

MINUTE = 60_000_000


class Moments:
    def __init__(self) -> None:
        self.at = 5 * MINUTE

    def now(self) -> int:
        return self.at


def deed(who: str, subject: str = "evt_1") -> Deed:
    return Deed(who, "webhooks:send", "receive", subject, reason="signature")


async def lines(store: SqliteStore):
    return await store.audited(0, 10_000)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 90)), max_size=60))
def test_every_refusal_is_a_line_or_in_a_count_and_no_minute_has_more_than_it_may(comes):
    async def main() -> None:
        store, moments = SqliteStore(), Moments()
        refusals = Refusals(Trail(store, moments.now), moments.now, most=3)
        for who, seconds in comes:
            moments.at += seconds * 1_000_000
            await refusals.write(deed(who))
        await refusals.settle(all_=True)
        found = await lines(store)
        assert verify(found)[1] is None
        counted = sum(int(e.subject.split()[0]) if e.subject.endswith(" more") else 1 for e in found)
        assert counted == len(comes)
        spans = {(e.who, e.moment // MINUTE) for e in found if not e.subject.endswith(" more")}
        for who, minute in spans:
            own = [e for e in found if (e.who, e.moment // MINUTE) == (who, minute) and e.subject == "evt_1"]
            assert len(own) <= 3

    asyncio.run(main())


def test_ten_thousand_at_once_are_twenty_one_lines_and_hide_no_other_sender():
    async def main() -> list[str]:
        store, moments = SqliteStore(), Moments()
        refusals = Refusals(Trail(store, moments.now), moments.now)
        await asyncio.gather(*(refusals.write(deed("webhook:stripe", f"evt_{n}")) for n in range(10_000)))
        await refusals.write(deed("webhook:zuora", "n1"))
        moments.at += MINUTE
        await refusals.settle()
        found = await lines(store)
        assert verify(found)[1] is None
        assert len(found) == 22
        return [found[-2].who, found[-1].subject, found[-1].reason]

    who, subject, reason = asyncio.run(main())
    assert (who, subject) == ("webhook:zuora", "9980 more")
    assert reason == "9980 more in the same minute; the last: evt_9999: signature"


def test_a_count_that_could_not_be_written_is_not_lost():
    class Away:
        away = False

        def __init__(self, store: SqliteStore) -> None:
            self.store = store

        async def note(self, deed, now):
            if self.away:
                raise Unavailable("gone", system="store")
            return await self.store.note(deed, now)

    async def main() -> list[str]:
        store, moments = SqliteStore(), Moments()
        book = Away(store)
        refusals = Refusals(Trail(book, moments.now), moments.now, most=1)
        for _ in range(4):
            await refusals.write(deed("unknown"))
        moments.at += MINUTE
        book.away = True
        with pytest.raises(Unavailable):
            await refusals.settle()
        book.away = False
        await refusals.settle(all_=True)
        return [e.subject for e in await lines(store)]

    assert asyncio.run(main()) == ["evt_1", "3 more"]
