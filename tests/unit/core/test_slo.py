"""Objectives: burn rates over two windows, counted in the store, told to their owners once."""

from __future__ import annotations

import asyncio
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.events import Event, Topic
from core.connectivity.flows import FLOWS
from core.connectivity.queues import flow_queues
from core.connectivity.reactions import REACTIONS
from core.observing.slo import ALARMS, WINDOWS, Counts, Objective, burn, burn_rate, rings
from core.observing.watching import Objectives, objectives
from core.realtime import LogWatch
from core.store.sqlite import SqliteStore
from tests.unit.core.test_metrics import Hand

TARGET = Fraction(99, 100)
MINUTE = 60_000_000
COUNTS = st.builds(Counts, st.integers(0, 10_000), st.integers(0, 10_000))
BY_WINDOW = st.fixed_dictionaries(dict.fromkeys(WINDOWS, COUNTS))
TARGETS = st.fractions(Fraction(1, 100), Fraction(9999, 10_000))


@settings(max_examples=60)
@given(BY_WINDOW, TARGETS, st.sampled_from(ALARMS), st.sampled_from(WINDOWS), st.integers(1, 100))
def test_more_misses_never_silence_an_alarm(windows, target, alarm, at, more):
    worse = {**windows, at: Counts(windows[at].good, windows[at].bad + more)}
    assert rings(alarm, worse, target) >= rings(alarm, windows, target)


@settings(max_examples=60)
@given(BY_WINDOW, TARGETS, st.sampled_from(ALARMS), st.booleans())
def test_an_alarm_needs_both_windows(windows, target, alarm, long):
    quiet = alarm.long_minutes if long else alarm.short_minutes
    assert not rings(alarm, {**windows, quiet: Counts(windows[quiet].good, 0)}, target)


@settings(max_examples=60)
@given(COUNTS, TARGETS, st.integers(1, 50))
def test_a_burn_rate_knows_shares_and_not_sizes(counts, target, times):
    rate = burn_rate(counts, target)
    assert rate == burn_rate(Counts(counts.good * times, counts.bad * times), target)
    total = counts.good + counts.bad
    # What was missed is the rate times what may be missed.
    assert rate * (1 - target) * total == (counts.bad if total else 0)


@pytest.mark.parametrize(
    ("bad_in_hour", "bad_in_five", "bad_in_six", "bad_in_thirty", "ringing"),
    [
        # Of a thousand each; one per cent may be missed: 144 in a thousand is 14.4 times as fast.
        (144, 144, 0, 0, ("fast",)),
        (143, 144, 0, 0, ()),
        (144, 143, 0, 0, ()),
        (0, 0, 60, 60, ("slow",)),
        (0, 0, 60, 59, ()),
        (144, 144, 60, 60, ("fast", "slow")),
    ],
)
def test_the_thresholds(bad_in_hour, bad_in_five, bad_in_six, bad_in_thirty, ringing):
    bad = {60: bad_in_hour, 5: bad_in_five, 360: bad_in_six, 30: bad_in_thirty}
    windows = {minutes: Counts(1000 - missed, missed) for minutes, missed in bad.items()}
    assert burn(Objective("f", "o", 60, ("f",), TARGET), windows).ringing == ringing


def test_a_target_without_a_budget_is_refused():
    with pytest.raises(ValueError, match="target"):
        Objective("f", "o", 60, ("f",), Fraction(1))


def test_every_queue_belongs_to_one_flow_and_every_consumer_acts_for_its_own():
    queues = flow_queues()
    everything = [queue for found in queues.values() for queue in found]
    assert len(everything) == len(set(everything)) == len(FLOWS) + len(REACTIONS)
    for reaction in REACTIONS:
        (flow,) = (FLOWS[name] for name, found in queues.items() if reaction.consumer in found)
        assert reaction.acts[0].__name__ in {step.name for step in flow.steps}, reaction.consumer


def test_a_flow_that_misses_its_objective_is_told_once_to_its_owner_and_once_more_when_it_is_over():
    async def main() -> None:
        store, clock = SqliteStore(), Hand(1000 * MINUTE)
        watch = LogWatch(clock)
        seen = Objectives(store, clock, watch, objectives(TARGET))

        async def look() -> list[tuple[str, str]]:
            before = len(watch.alerts)
            seen.tell(await seen.look())
            return [(severity, subject) for _, severity, subject, _ in list(watch.alerts)[before:]]

        # Ten orders come in; the vendor is away, nothing ends: no order is late before its hour is over.
        for n in range(10):
            happened = Event(f"e{n}", "crm", Topic.QUOTE_ACCEPTED, f"Q-{n}", clock.at)
            await store.accept(happened, ["order_to_subscription"], [])
        assert await look() == []
        clock.at += 61 * MINUTE
        assert await look() == [("high", "order_to_subscription"), ("medium", "order_to_subscription")]
        assert "10 of 10" in watch.alerts[0][3]
        assert "ask sales operations" in watch.alerts[0][3]
        clock.at += MINUTE
        assert await look() == []
        # It is back; what ends late now was missed before and is not counted a second time.
        for task in await store.claim("w", clock.at, clock.at + MINUTE, 10):
            await store.finish(task, [], clock.at)
        clock.at += 5 * MINUTE
        assert await look() == [("low", "order_to_subscription")]
        clock.at += 30 * MINUTE
        assert await look() == [("low", "order_to_subscription")]
        store.close()

    asyncio.run(main())
