"""A quarter of seats and metered calls: use told late and twice, rated by tiers, billed in arrears."""

from __future__ import annotations

from scenarios.stories.story import Story

STORY = Story(
    name="usage_quarter",
    title="A usage product's quarter under ordinary faults",
    profile="usage_heavy",
    customers=40,
    months=3,
    faults="calm",
)
