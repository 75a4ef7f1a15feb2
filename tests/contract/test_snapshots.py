"""Every vendor's memory can be kept, brought back and forked, whatever has happened in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import pytest

from scenarios.profiles.profile import read_profile
from scenarios.provision import make_hands, provision
from simulators.kit.clock import DAY
from simulators.kit.table import Call, dumps
from simulators.kit.tenant import Ground, Tenant
from simulators.kit.tenants import Tenants
from simulators.roster import VENDORS

NOW = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z


class Standstill:
    def now(self) -> int:
        return NOW


class Deaf:
    """A subscriber that never answers, so that something is always under way."""

    async def post(self, url: str, headers: Any, body: bytes, *, event: str, attempt: int) -> int | None:
        return None


class World:
    """A house of tenants whose background work runs as tasks of the test's loop."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []
        self.tenants = Tenants(Ground(VENDORS, Standstill(), "snap", Deaf(), self.spawn, {}))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.get_running_loop().create_task(work))

    async def furnish(self, tenant: Tenant) -> None:
        """Catalogue, items, subscribers; and a payment, so that events are under way."""
        credentials = {name: m.vendor.credentials(m.rules) for name, m in tenant.mocks.items()}

        async def reach(
            method: str, system: str, path: str, headers: dict[str, str], body: bytes
        ) -> tuple[int, dict[str, str], bytes]:
            plain, _, query = path.partition("?")
            given = {name.lower(): value for name, value in headers.items()}
            call = Call(method, plain, query, {"host": system, **given}, body, base_url=f"http://{system}")
            reply = await tenant.mocks[system].call(call)
            return reply.status, {n.lower(): v for n, v in reply.headers}, reply.body

        hands = make_hands(reach, credentials, tenant.clock)
        await provision(hands, read_profile("mid_market").products, "http://core.test", webhooks=True)
        form = {
            "amount": "1999", "currency": "usd", "payment_method": "pm_card_visa", "confirm": "true",
            "automatic_payment_methods[enabled]": "true",
            "automatic_payment_methods[allow_redirects]": "never",
        }  # fmt: skip
        await hands.call("stripe", "POST", "/v1/payment_intents", form=form)


def books(tenant: Tenant) -> dict[str, Any]:
    found = {name: mock.rules.books() for name, mock in tenant.mocks.items()}
    return {name: json.loads(dumps(book)) for name, book in found.items()}


def history(tenant: Tenant) -> list[Any]:
    return [change for mock in tenant.mocks.values() for change in mock.rules.history.changes]


def play(story: Any) -> Any:
    async def main() -> Any:
        world = World()
        try:
            return await story(world)
        finally:
            world.tenants.close()
            for task in world.tasks:
                task.cancel()

    return asyncio.run(main())


def test_all_systems_come_back_as_they_were_and_go_on_from_there() -> None:
    async def story(world: World) -> None:
        main = world.tenants.main
        await world.furnish(main)
        await asyncio.sleep(0.01)
        main.keep("furnished")
        before, log, pending = books(main), history(main), pendings(main)
        assert pending["stripe"], "a webhook waits for its next attempt"
        await main.timeline.advance(40 * DAY)
        assert books(main) != before, "payouts went to the bank meanwhile"
        later = books(main)
        main.restore("furnished")
        assert (main.clock.now(), books(main), history(main)) == (NOW, before, log)
        assert pendings(main) == pending
        # The same time brings the same things, again and again.
        await main.timeline.advance(40 * DAY)
        assert books(main) == later

    play(story)


def pendings(tenant: Tenant) -> dict[str, int]:
    return {name: mock.rules.pending() for name, mock in tenant.mocks.items()}


def test_a_fork_goes_its_own_way() -> None:
    async def story(world: World) -> None:
        main = world.tenants.main
        await world.furnish(main)
        fork = world.tenants.make("fork", main)
        assert books(fork) == books(main)
        before = books(main)
        await fork.timeline.advance(10 * DAY)
        assert books(fork) != before
        assert (books(main), main.clock.now()) == (before, NOW)

    play(story)


def test_a_reset_gives_the_same_credentials_and_ids_again() -> None:
    async def story(world: World) -> None:
        main = world.tenants.main
        first = {name: m.vendor.credentials(m.rules) for name, m in main.mocks.items()}
        await world.furnish(main)
        once = books(main)
        main.reset()
        assert {name: m.vendor.credentials(m.rules) for name, m in main.mocks.items()} == first
        assert books(main) != once
        await world.furnish(main)
        assert books(main) == once

    play(story)


@pytest.mark.parametrize("name", VENDORS)
def test_a_first_day_can_be_any_day(name: str) -> None:
    async def story(world: World) -> None:
        world.tenants.main.reset(NOW + 400 * DAY)
        mock = world.tenants.main.mocks[name]
        assert {change.at for change in mock.rules.history.changes} <= {NOW + 400 * DAY}
        assert mock.rules.pending() == 0

    play(story)
