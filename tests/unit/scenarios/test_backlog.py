"""A backlog is drained past a vendor that meters; whoever asks faster than it bears is refused."""

from __future__ import annotations

import pytest

from core.reliability.ratelimit import Pace
from scenarios.bench_backlog import RANKS, drain, drain_for_real


def test_a_backlog_is_drained_as_fast_as_may_be_and_nothing_is_refused():
    found = drain(400)
    assert found.events == 400
    assert found.refused == 0
    assert found.most <= 10
    # Eighty in each second, the first at once.
    assert 4 <= found.seconds < 7
    assert (found.disordered, found.overlapped) == (0, 0)


def test_payments_are_done_long_before_statuses_and_without_ranks_they_are_not():
    ranked, plain = drain(2000), drain(2000, ranks={})
    assert ranked.medians["payment"] < ranked.medians["status"] / 3
    assert plain.medians["payment"] > plain.medians["status"] * 0.9
    # Money costs the others no time in all.
    assert ranked.seconds == pytest.approx(plain.seconds, rel=0.02)


def test_a_quota_is_kept_day_by_day_and_what_cannot_wait_has_the_last_of_it():
    found = drain(600, Pace(10, per_second=80, per_day=250))
    assert found.events == 600
    assert found.a_day <= 250
    assert found.refused == 0
    assert found.medians["payment"] < 60
    assert found.seconds > 2 * 86_400
    assert (found.disordered, found.overlapped) == (0, 0)


def test_in_real_time_on_a_file_with_a_night_in_between(tmp_path):
    found = drain_for_real(f"sqlite:{tmp_path}/core.db", 500, RANKS)
    assert (found.events, found.refused, found.disordered, found.overlapped) == (500, 0, 0, 0)
    assert found.a_day <= 400
    assert found.medians["payment"] < found.medians["status"]


def test_a_pace_above_what_is_borne_is_seen_by_the_vendors_meter():
    assert drain(400, Pace(10, per_second=160)).refused > 0
