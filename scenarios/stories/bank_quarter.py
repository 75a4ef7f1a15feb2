"""A quarter of customers who pay by debits that come back, and by transfers that are short or over."""

from __future__ import annotations

from scenarios.stories.story import Story

STORY = Story(
    name="bank_quarter",
    title="A quarter of bank payers under ordinary faults",
    profile="bank_payers",
    customers=40,
    months=3,
    faults="calm",
)
