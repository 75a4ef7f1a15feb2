"""Small enough to be played while one waits, long enough for amendments and three closes."""

from __future__ import annotations

from scenarios.stories.story import Story

STORY = Story(
    name="quick",
    title="Twenty customers for three months, for a first look",
    profile="mid_market",
    customers=20,
    months=3,
    faults="calm",
)
