"""Two closes in a storm of faults: early closed periods, late webhooks, crashes while the month ends."""

from __future__ import annotations

from scenarios.stories.story import Story

STORY = Story(
    name="month_end",
    title="Two month ends of a mid-market company in a storm of faults",
    profile="mid_market",
    customers=60,
    months=2,
    faults="storm",
)
