"""Accounting periods of an entity: which day a document falls on, and where it goes when that is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.canonical.errors import Held
from core.finance.calendar import Period
from core.finance.ledger.policy import CutOff
from core.finance.ledger.posting import original_period

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    """What a period still takes."""

    OPEN = "open"
    CLOSED_FOR_RECEIVABLES = "closed_for_receivables"  # journals only
    LOCKED = "locked"


class Book(StrEnum):
    """What wants to be posted."""

    RECEIVABLES = "receivables"  # invoices, credit memos, receipts, refunds
    GENERAL = "general"  # journals


@dataclass(frozen=True, slots=True)
class AccountingPeriod:
    """days: half-open."""

    days: Period
    status: Status = Status.OPEN

    def takes(self, book: Book) -> bool:
        """Whether it does."""
        if self.status is Status.LOCKED:
            return False
        return self.status is Status.OPEN or book is Book.GENERAL


@dataclass(frozen=True, slots=True)
class Placed:
    """on: the posting day; late: it is not the document's own; original_period: the month that it is of,
    "" where it is posted in it."""

    on: date
    late: bool = False
    original_period: str = ""


def entity_day(at_us: int, zone: str) -> date:
    """The day of a moment (microseconds since 1970) where the entity keeps its books.

    Held for a time zone that is none.
    """
    try:
        where = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Held(f"zone: {zone!r} is no time zone; give one such as Europe/Berlin") from None
    return (_EPOCH + timedelta(microseconds=at_us)).astimezone(where).date()


def cut_off(service: date | None, invoiced: date, policy: CutOff) -> date:
    """The date that decides the period; a document without a service date goes by its own."""
    return service if policy is CutOff.SERVICE_DATE and service is not None else invoiced


def place(on: date, book: Book, periods: Sequence[AccountingPeriod]) -> Placed:
    """Its own day where the period takes it, else the first day of the next that does, flagged and linked.

    Held where the day is in no period, or none after it is open.
    """
    ordered = sorted(periods, key=lambda period: period.days.start)
    own = next((period for period in ordered if period.days.start <= on < period.days.end), None)
    if own is None:
        raise Held(f"period: none holds {on}; open the accounting year")
    if own.takes(book):
        return Placed(on)
    later = next((p for p in ordered if p.days.start > on and p.takes(book)), None)
    if later is None:
        raise Held(f"period: none after {on} takes {book}; open the next one")
    return Placed(later.days.start, late=True, original_period=original_period(on))
