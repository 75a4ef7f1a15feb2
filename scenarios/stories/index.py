"""Every story by name."""

from __future__ import annotations

from scenarios.stories import (
    bank_quarter,
    calm_quarter,
    enterprise_quarter,
    month_end,
    quick,
    self_serve_quarter,
    taken_back,
    usage_quarter,
    year,
)
from scenarios.stories.finance.index import FINANCE
from scenarios.stories.story import Story

STORIES: dict[str, Story] = {
    story.name: story
    for story in (
        quick.STORY,
        year.STORY,
        month_end.STORY,
        calm_quarter.STORY,
        enterprise_quarter.STORY,
        self_serve_quarter.STORY,
        usage_quarter.STORY,
        bank_quarter.STORY,
        taken_back.STORY,
        *FINANCE,
    )
}
