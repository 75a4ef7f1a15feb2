"""Many small customers who pay by card and come and go: payments, declines and refunds prevail."""

from __future__ import annotations

from scenarios.stories.story import Story

STORY = Story(
    name="self_serve_quarter",
    title="A self-serve company's quarter, mostly cards",
    profile="self_serve",
    customers=200,
    months=3,
    faults="calm",
)
