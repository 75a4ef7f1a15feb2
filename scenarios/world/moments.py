"""Faults that happen at a time rather than to a call: outages, lag, early closes, second runs."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from scenarios.faults import CATALOGUE, Fault
from scenarios.lifecycles.departments import Departments
from scenarios.world.build import World

_DAY = 86_400_000_000
# A crew that closes early closes the month under way from here on, before that the last one.
_LATE_IN_MONTH = 25
_READING = "get_invoice"


def schedule(world: World, departments: Departments) -> None:
    """Start a watcher for each such fault of the plan."""
    for index, fault in enumerate(world.plan.faults):
        if CATALOGUE[fault.id].where == "moment":
            world.spawn_outside(_wait(world, departments, fault, index))


async def _wait(world: World, departments: Departments, fault: Fault, index: int) -> None:
    span = min(fault.until_day - fault.from_day, 1.0)
    start = fault.from_day + span * world.draws.uniform("moment", fault.id, fault.from_day)
    await asyncio.sleep(start * _DAY / 1_000_000)
    if world.chance.healed:
        return
    world.recorder.fire(fault.id, (fault.system, "moment", str(index), "1"))
    match fault.id:
        case "F22":
            hours = fault.param("hours")
            world.inbound.closed_until = world.loop.now_us + int(hours * 3_600_000_000)
        case "F35":
            await _lag(world, fault)
        case "F37":
            for name in world.core.model.jobs if world.core else ():
                if name not in ("dunning", "write_off"):
                    await world.run_job(name)
        case "F50":
            await _close_early(world, departments)


async def _lag(world: World, fault: Fault) -> None:
    """The processor's search by itself; of billing, where a plan names it, what is read of one invoice."""
    if fault.system == "zuora":
        lag = int(fault.param("lag_seconds") * 1_000_000)
        world.network.lagging["zuora", _READING] = lag
        await asyncio.sleep(fault.param("hours") * 3600)
        world.network.lagging.clear()
        return
    stripe = world.mocks["stripe"]
    lag = int(fault.param("lag_seconds") * 1_000_000)
    stripe.vendor.disturb(stripe.rules, "search_lag", {"microseconds": lag})
    await asyncio.sleep(fault.param("hours") * 3600)
    stripe.vendor.disturb(stripe.rules, "search_lag", {"microseconds": 0})


async def _close_early(world: World, departments: Departments) -> None:
    this_month = world.today().replace(day=1)
    if world.today().day < _LATE_IN_MONTH:
        this_month = (this_month - timedelta(days=1)).replace(day=1)
    await departments.close(this_month)
