"""Figures that are looked at when asked for: of the whole deployment, and of a process's limiters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge

from core.observing.presence import SILENT_US
from core.observing.slo import Burn
from core.ports.census import Census
from core.ports.memory import Said
from core.reconcile.owners import NAME, read_night
from core.reliability.ratelimit import Standing


@dataclass(frozen=True, slots=True)
class Deployed:
    """What the store knows at a moment. now: microseconds; burns: by flow; said: by processes and jobs."""

    census: Census
    now: int
    burns: tuple[Burn, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A gauge. name: ends with its unit, where it has one."""

    name: str
    says: str
    labels: tuple[str, ...] = ()


TASKS = Told("tieout_tasks", "Tasks that have not ended.", ("queue", "state"))
AGAIN = Told("tieout_tasks_tried_before", "Open tasks that failed before and are tried again.", ("queue",))
OLDEST = Told("tieout_oldest_due_task_age_seconds", "How long the oldest due task has waited.")
OUTBOX = Told("tieout_outbox_messages", "Messages that have not gone out.")
BURN = Told(
    "tieout_slo_burn_rate",
    "How many times faster than allowed a flow misses its objective.",
    ("flow", "window"),
)
ALARM = Told("tieout_slo_alarm", "1 while an alarm of a flow's objective rings.", ("flow", "alarm"))
ALIVE = Told("tieout_process_alive", "1 where a process was heard of lately, else 0.", ("name", "role"))
JOB_END = Told("tieout_job_last_end_timestamp_seconds", "When a job ended last.", ("name", "state"))
JOB_TOOK = Told("tieout_job_last_duration_seconds", "How long a job took last.", ("name",))
CONFLICTS = Told(
    "tieout_ownership_conflicts",
    "Copies that are not as the owner of the field has it, as the last night's look left them.",
    ("field", "system"),
)
# Told by the API process alone, or a sum over the processes would count them several times.
OF_DEPLOYMENT = (TASKS, AGAIN, OLDEST, OUTBOX, BURN, ALARM, ALIVE, JOB_END, JOB_TOOK, CONFLICTS)

RUNNING = Told("tieout_vendor_requests_running", "Requests at a vendor now, from this process.", ("system",))
WAITING = Told("tieout_vendor_requests_waiting", "Requests that wait for their turn.", ("system",))
SHARE = Told(
    "tieout_vendor_rate_ratio", "Share of the full rate that a vendor bears at present.", ("system",)
)
PAUSE = Told("tieout_vendor_pause_seconds", "How long a vendor may not be asked yet.", ("system",))
OF_LIMITS = (RUNNING, WAITING, SHARE, PAUSE)


def of_deployment(seen: Deployed) -> CollectorRegistry:
    """Made anew each time: a queue that has emptied is not shown with its last figure for ever."""
    registry, gauges = _made(OF_DEPLOYMENT)
    for each in seen.census.standings:
        gauges[TASKS].labels(each.queue, each.state).set(each.count)
        if each.again and each.state != "held":
            gauges[AGAIN].labels(each.queue).inc(each.again)
    gauges[OLDEST].set(seen.census.overdue_us(seen.now) / 1_000_000)
    gauges[OUTBOX].set(seen.census.unpublished)
    for burn in seen.burns:
        for window, value in burn.rates:
            gauges[BURN].labels(burn.flow, window).set(round(value * 1000) / 1000)
        for alarm in burn.ringing:
            gauges[ALARM].labels(burn.flow, alarm).set(1)
    for said in seen.said:
        kind, _, name = said.name.partition("/")
        body = json.loads(said.body)
        if kind == NAME:
            for found in read_night(said).standing:
                gauges[CONFLICTS].labels(found.field, found.other).inc()
        if kind == "process":
            gauges[ALIVE].labels(name, body["role"]).set(int(seen.now - said.at < SILENT_US))
        elif kind == "job" and body["ended_at"]:
            gauges[JOB_END].labels(name, body["state"]).set(body["ended_at"] / 1_000_000)
            gauges[JOB_TOOK].labels(name).set((body["ended_at"] - body["began_at"]) / 1_000_000)
    return registry


def of_limits(standings: Sequence[Standing]) -> CollectorRegistry:
    """Of the vendors that this process speaks to."""
    registry, gauges = _made(OF_LIMITS)
    for each in standings:
        gauges[RUNNING].labels(each.system).set(each.running)
        gauges[WAITING].labels(each.system).set(each.waiting)
        gauges[SHARE].labels(each.system).set(each.per_mille / 1000)
        gauges[PAUSE].labels(each.system).set(each.paused_us / 1_000_000)
    return registry


def _made(wanted: Iterable[Told]) -> tuple[CollectorRegistry, dict[Told, Gauge]]:
    registry = CollectorRegistry()
    return registry, {each: Gauge(each.name, each.says, each.labels, registry=registry) for each in wanted}
