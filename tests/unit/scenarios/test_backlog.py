"""A backlog is drained past a vendor that meters; whoever asks faster than it bears is refused."""

from __future__ import annotations

from core.reliability.ratelimit import Pace
from scenarios.bench_backlog import drain


def test_a_backlog_is_drained_as_fast_as_may_be_and_nothing_is_refused():
    found = drain(400)
    assert found.events == 400
    assert found.refused == 0
    assert found.most <= 10
    # Eighty in each second, the first at once.
    assert 4 <= found.virtual_seconds < 7
    assert set(found.medians) == {"payment", "status"}


def test_a_pace_above_what_is_borne_is_seen_by_the_vendors_meter():
    assert drain(400, Pace(10, per_second=160)).refused > 0
