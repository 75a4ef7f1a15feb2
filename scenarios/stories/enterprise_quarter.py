"""Few and large contracts, paid by transfer and late: receivables stay open over the closes."""

from __future__ import annotations

from scenarios.stories.story import Story

STORY = Story(
    name="enterprise_quarter",
    title="An enterprise seller's quarter",
    profile="enterprise",
    customers=60,
    months=3,
    faults="calm",
)
