"""A whole year of a mid-market company: every renewal comes round once, every month is closed."""

from __future__ import annotations

from scenarios.stories.story import Story

STORY = Story(
    name="year",
    title="A mid-market company's year under ordinary faults",
    profile="mid_market",
    customers=300,
    months=12,
    faults="calm",
)
