"""The reference: a mid-market quarter with the faults of healthy vendors, no more."""

from __future__ import annotations

from scenarios.stories.story import Story

STORY = Story(
    name="calm_quarter",
    title="A mid-market company's quarter under ordinary faults",
    profile="mid_market",
    customers=100,
    months=3,
    faults="calm",
)
