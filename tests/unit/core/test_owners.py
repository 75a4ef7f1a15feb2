"""The night's look at who owns what: told once, after it stood over a night, and again when it comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from core.canonical.errors import Unavailable
from core.close.once import for_one_look
from core.governance.ownership import standard
from core.observing.standing import Deployed, of_deployment
from core.ports.census import Census
from core.reconcile.owners import OwnershipLook, Standing, last_night
from tests.unit.core.fakes import Books, Office, in_office

NIGHT = 86_400


def books(name: str = "Renamed by hand") -> Books:
    made = Books()
    made.ledger_customers["acme"] = name
    return made


def nights(story: Callable[[Office, Callable[[], Awaitable[int]]], Awaitable[None]], of: Books) -> None:
    """Plays with an office; its second argument looks for a night and gives the alerts that this made."""

    async def play(office: Office) -> None:
        look = OwnershipLook(office.desk, office.store, standard())

        async def night() -> int:
            before = len(office.alerts())
            await asyncio.sleep(NIGHT)
            await look.run(for_one_look(office.desk))
            return len(office.alerts()) - before

        await story(office, night)

    in_office(play, of)


def test_what_stands_over_a_night_is_told_once_to_who_answers_for_the_owner() -> None:
    async def story(office: Office, night: Callable[[], Awaitable[int]]) -> None:
        assert await night() == 0
        first = (await last_night(office.store)).standing
        assert first == (Standing("customer acme", "customer.name", "erp", first[0].seen),)
        assert [await night() for _ in range(3)] == [1, 0, 0]
        (alert,) = office.alerts()
        assert "erp shows 'Renamed by hand'" in str(alert)
        assert "[ask: sales operations]" in str(alert)
        (known,) = (await last_night(office.store)).standing
        assert (known.seen, known.told) == (first[0].seen, True)
        assert office.watch.counts["ownership.conflicts"] == 1

    nights(story, books())


def test_what_is_mended_is_forgotten_and_told_again_if_it_comes_back() -> None:
    async def story(office: Office, night: Callable[[], Awaitable[int]]) -> None:
        assert [await night(), await night()] == [0, 1]
        office.books.ledger_customers["acme"] = office.books.accounts["acme"].name
        assert await night() == 0
        assert (await last_night(office.store)).standing == ()
        office.books.ledger_customers["acme"] = "Once more"
        assert [await night(), await night()] == [0, 1]

    nights(story, books())


def test_a_night_without_an_answer_is_told_and_forgets_nothing() -> None:
    async def story(office: Office, night: Callable[[], Awaitable[int]]) -> None:
        await night()
        office.books.trouble("crm.customers", Unavailable("closed for the night"))
        assert await night() == 1
        assert "not looked at: closed for the night" in str(office.alerts()[-1])
        left = await last_night(office.store)
        assert left.error == "closed for the night"
        assert len(left.standing) == 1
        assert await night() == 1
        assert (await last_night(office.store)).error == ""

    nights(story, books())


def test_what_is_known_is_a_gauge_and_holds_nothing_personal() -> None:
    async def story(office: Office, night: Callable[[], Awaitable[int]]) -> None:
        await night()
        said = tuple(await office.store.said(0))
        assert not any("Renamed" in each.body for each in said)
        registry = of_deployment(Deployed(Census((), 0), office.clock.now(), (), said))
        labels = {"field": "customer.name", "system": "erp"}
        assert registry.get_sample_value("tieout_ownership_conflicts", labels) == 1

    nights(story, books())
