"""Every finance story, in the order in which they are told."""

from __future__ import annotations

from scenarios.stories.finance import (
    annual_cancelled_mid_term,
    card_recovers_on_third_try,
    downgrade_then_upgrade_on_one_day,
    refund_in_later_month,
    three_changes_in_one_period,
    upgrade_on_last_day_of_february,
    usage_arrives_late,
)
from scenarios.stories.story import Story

FINANCE: tuple[Story, ...] = (
    upgrade_on_last_day_of_february.STORY,
    downgrade_then_upgrade_on_one_day.STORY,
    three_changes_in_one_period.STORY,
    annual_cancelled_mid_term.STORY,
    card_recovers_on_third_try.STORY,
    refund_in_later_month.STORY,
    usage_arrives_late.STORY,
)
