"""Accounting months: which one a date falls into, and whether it may still be posted to."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from simulators.kit.clock import day
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.records import Period
from simulators.netsuite.rules.refusal import missing, user_error
from simulators.netsuite.rules.wishes import PeriodWish

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BEFORE, _AFTER = 12, 36


def open_calendar(company: Company) -> None:
    """A year back to three years on; what lies before the present month is closed."""
    now = company.clock.now()
    today = day(now)
    present = today.year * 12 + today.month - 1
    for number in range(present - _BEFORE, present + _AFTER + 1):
        year, month = divmod(number, 12)
        key = f"{year:04d}-{month + 1:02d}"
        end = monthrange(year, month + 1)[1]
        row = Period(company.periods.next_id(), key, f"{_MONTHS[month]} {year}", f"{key}-01", f"{key}-{end}")
        if number < present:
            row.closed = row.ar_locked = row.all_locked = True
            row.closed_at = now
        row.modified_at = now
        company.periods.put(row)
        company.months[key] = row
        company.labels["accountingPeriod", row.name] = row.id
        company.touch("accountingPeriod", row.id)


def period_of(company: Company, when: str) -> Period:
    """The period of a transaction date; refused if there is none."""
    period = company.months.get(when[:7])
    if period is None:
        raise user_error(f"The transaction date {when} is not within any accounting period.")
    return period


def require_open(company: Company, period_id: str, *, locked_by_ar: bool) -> None:
    """Refuse a posting into a closed or locked period. The REST wording is unconfirmed."""
    period = company.periods.get(period_id)
    if period is None:
        raise missing("Posting Period")
    if period.closed:
        raise user_error(
            f"The posting period {period.name} is closed. You cannot create, change or delete a "
            "transaction in a closed period."
        )
    if period.all_locked or (locked_by_ar and period.ar_locked):
        raise user_error(
            f"The posting period {period.name} is locked. You cannot create, change or delete this "
            "transaction in a locked period."
        )


def update(company: Company, row: Period, wish: PeriodWish, _replace: frozenset[str]) -> None:
    """Close, reopen or lock; closing locks everything, reopening unlocks everything."""
    closed = row.closed if wish.get("closed") is None else bool(wish.get("closed"))
    ar, every = row.ar_locked, row.all_locked
    if closed != row.closed:
        ar = every = closed
    if wish.get("arLocked") is not None:
        ar = bool(wish.get("arLocked"))
    if wish.get("allLocked") is not None:
        every = bool(wish.get("allLocked"))
    ar = ar or every or closed
    every = every or closed
    if (closed, ar, every) == (row.closed, row.ar_locked, row.all_locked):
        return
    event = "closed" if closed and not row.closed else "reopened" if row.closed and not closed else "locked"
    if event == "locked" and not (ar or every):
        event = "unlocked"
    now = company.clock.now()
    row.closed, row.ar_locked, row.all_locked = closed, ar, every
    row.closed_at = (row.closed_at or now) if closed else 0
    row.modified_at = now
    company.touch("accountingPeriod", row.id)
    state = "closed" if closed else "locked" if every else "ar_locked" if ar else "open"
    company.history.note("period", row.id, event, state, refs=(row.key, row.name))


def set_closed(company: Company, key: str, closed: bool) -> None:
    """Close or reopen a month by key "2026-01"; ValueError if there is no such month."""
    row = company.months.get(key)
    if row is None:
        raise ValueError(f"name: {key!r} is not an accounting period such as {next(iter(company.months))!r}")
    update(company, row, {"closed": closed}, frozenset())


def later(when: str, days: int) -> str:
    """The date `days` after."""
    return date.fromordinal(date.fromisoformat(when).toordinal() + days).isoformat()
