"""Looks on at the core's inbox: what it has accepted, and how old that was when it was forgotten."""

from __future__ import annotations

from collections.abc import Callable

from core.store.sqlite import SqliteStore
from scenarios.evidence.durable import Remembered
from scenarios.world.telling_time import TellsTime

_DAY_US = 86_400_000_000
# For how long an event may come again, by itself or by hand, as public documents say: events of payments can
# be sent again for 30 days (docs.stripe.com/cli/events/resend), the CRM's bus keeps them for 72 hours (Change
# Data Capture developer guide). Nobody says it of callouts; the company's own senders do as the longest.
_REPEATED_DAYS = {"payments": 30, "crm": 3, "billing": 30, "product": 30, "bank": 30}

_SEEN = "CREATE TEMP TABLE forgotten (channel TEXT NOT NULL, age INTEGER NOT NULL)"
_SEE = """CREATE TEMP TRIGGER inbox_forgets AFTER DELETE ON main.inbox BEGIN
INSERT INTO forgotten VALUES (OLD.channel, lab_now() - OLD.at); END"""
_CHANNELS = """SELECT channel, count(*), count(age), coalesce(min(age), 0)
FROM (SELECT channel, NULL AS age FROM main.inbox UNION ALL SELECT channel, age FROM forgotten)
GROUP BY channel ORDER BY channel"""


class InboxLog(TellsTime):
    """Of a store that one process has open. now: microseconds."""

    def __init__(self, store: SqliteStore, now: Callable[[], int]) -> None:
        super().__init__(store.database, now)
        for statement in ("PRAGMA temp_store = MEMORY", _SEEN, _SEE):
            self._db.execute(statement)

    def evidence(self, kept_days: int) -> tuple[Remembered, ...]:
        """By channel, where anything was accepted. kept_days: what the core is set to."""
        kept = kept_days * _DAY_US
        return tuple(
            Remembered(channel, accepted, forgotten, youngest, kept, _REPEATED_DAYS[channel] * _DAY_US)
            for channel, accepted, forgotten, youngest in self._db.execute(_CHANNELS)
        )
