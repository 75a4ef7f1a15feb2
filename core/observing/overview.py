"""The whole deployment at one look, for the page and for whoever asks: plain values, ready for JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from core.canonical.errors import CoreError
from core.observing.health import Dependency, Process, State, together, vendor, workers
from core.observing.recent import Sample
from core.observing.slo import Burn
from core.observing.view import View
from core.ports.census import Census
from core.ports.memory import Said

_DAY_US = 86_400_000_000
# A process that was not heard of for so long is no part of the deployment any more.
_FORGOTTEN_US = 900_000_000
_ALERTS = 50


async def health(view: View) -> tuple[State, list[Dependency]]:
    """Without raising: what does not answer is down."""
    now = view.clock.now()
    try:
        said = await view.store.said(now - _FORGOTTEN_US)
    except CoreError as error:
        return State.DOWN, [Dependency("store", State.DOWN, error.detail)]
    found = [Dependency("store", State.UP), await _bus(view)]
    processes = _processes(said)
    found.append(workers(processes, now, wanted=view.workers))
    found += [vendor(system, each) for system, each in sorted(_vendors(processes, now).items())]
    return together(found), found


async def overview(view: View) -> dict[str, Any]:
    """Unavailable if the store does not answer. Moments in microseconds, all else in the unit of its name."""
    now = view.clock.now()
    state, dependencies = await health(view)
    census, burns = await view.store.census(), await view.objectives.look()
    said = await view.store.said(0)
    processes = [each for each in _processes(said) if each.at > now - _FORGOTTEN_US]
    spent = await view.store.day_spent(now // _DAY_US)
    return {
        "at": now,
        "state": state,
        "dependencies": [asdict(each) for each in dependencies],
        "flows": [_flow(view, burn, census) for burn in burns],
        "outbox": census.unpublished,
        "overdue_us": census.overdue_us(now),
        "samples": [_sample(each) for each in view.recent.samples],
        "vendors": [
            _vendor(system, each, spent.get(system, 0))
            for system, each in sorted(_vendors(processes, now).items())
        ],
        "processes": [
            {
                "name": each.name,
                "role": each.said.get("role", ""),
                "since": each.said.get("since", 0),
                "said_at": each.at,
                "alive": each.alive(now),
            }
            for each in processes
        ],
        "jobs": [_job(each) for each in said if each.name.startswith("job/")],
        "reconciliation": _reconciliation(said),
        "alerts": _alerts(processes),
    }


async def _bus(view: View) -> Dependency:
    if view.bus is None:
        return Dependency("bus", State.UP)
    try:
        await view.bus.backlog()
    except CoreError as error:
        return Dependency("bus", State.DOWN, f"{error.detail}; messages wait in the outbox")
    return Dependency("bus", State.UP)


def _processes(said: Sequence[Said]) -> list[Process]:
    return [
        Process(each.name.removeprefix("process/"), each.at, json.loads(each.body))
        for each in said
        if each.name.startswith("process/")
    ]


def _vendors(processes: Sequence[Process], now: int) -> dict[str, list[Mapping[str, Any]]]:
    """Standings by system, of the processes that are alive."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for process in processes:
        if process.alive(now):
            for system, standing in process.said.get("vendors", {}).items():
                found.setdefault(system, []).append(standing)
    return found


def _vendor(system: str, standings: Sequence[Mapping[str, Any]], today: int) -> dict[str, Any]:
    is_well = vendor(system, standings)

    def added(name: str) -> int:
        return sum(int(each[name]) for each in standings)

    return {
        "system": system,
        "state": is_well.state,
        "why": is_well.why,
        **{name: added(name) for name in ("ok", "fail", "info", "running", "waiting", "at_once")},
        "per_second": standings[0]["per_second"],
        "per_mille": min(each["per_mille"] for each in standings),
        "paused_us": max(each["paused_us"] for each in standings),
        "slow_us": max(each["slow_us"] for each in standings),
        "per_day": standings[0]["per_day"],
        "today": today,
    }


def _flow(view: View, burn: Burn, census: Census) -> dict[str, Any]:
    queues = view.queues(burn.flow)
    standing = [each for each in census.standings if each.queue in queues]

    def count(state: str) -> int:
        return sum(each.count for each in standing if each.state == state)

    return {
        "flow": burn.flow,
        "owner": burn.owner,
        "objective_minutes": burn.minutes,
        **{state: count(state) for state in ("waiting", "in_hand", "held")},
        "again": sum(each.again for each in standing if each.state != "held"),
        "windows": {
            f"{minutes}m": {
                "good": counts.good,
                "bad": counts.bad,
                "burn_per_mille": round(dict(burn.rates)[f"{minutes}m"] * 1000),
            }
            for minutes, counts in sorted(burn.counts.items())
        },
        "alarms": list(burn.ringing),
    }


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        **asdict(sample),
        "done": sum(sample.done.values()),
        "missed": sum(sample.missed.values()),
    }


def _job(said: Said) -> dict[str, Any]:
    return {"name": said.name.removeprefix("job/"), **json.loads(said.body)}


def _reconciliation(said: Sequence[Said]) -> dict[str, Any]:
    """The night's controls, as they were told last; at 0 where none has run."""
    for each in said:
        if each.name == "reconciliation":
            return {"at": each.at, "controls": json.loads(each.body)}
    return {"at": 0, "controls": []}


def _alerts(processes: Sequence[Process]) -> list[dict[str, Any]]:
    found = [
        {"at": at, "severity": severity, "subject": subject, "text": text, "process": process.name}
        for process in processes
        for at, severity, subject, text in process.said.get("alerts", ())
    ]
    return sorted(found, key=lambda each: (-each["at"], each["subject"]))[:_ALERTS]
