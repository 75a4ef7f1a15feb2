"""Accounting periods: which month a date falls into, and whether it may still be posted to."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from simulators.kit.clock import day
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.extras import kept
from simulators.netsuite.rules.records import Period
from simulators.netsuite.rules.refusal import Refused, missing, user_error
from simulators.netsuite.rules.wishes import Wish

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BEFORE, _AFTER = 12, 36


def open_calendar(company: Company) -> None:
    """A year back to three years on; what lies before the present month is closed.

    Months are the base periods; quarters and years above them take no postings.
    """
    now = company.clock.now()
    today = day(now)
    present = today.year * 12 + today.month - 1
    for number in range(present - _BEFORE, present + _AFTER + 1):
        year, month = divmod(number, 12)
        key = f"{year:04d}-{month + 1:02d}"
        end = monthrange(year, month + 1)[1]
        row = Period(company.periods.next_id(), key, f"{_MONTHS[month]} {year}", f"{key}-01", f"{key}-{end}")
        if number < present:
            row.closed = row.ar_locked = row.ap_locked = row.all_locked = True
            row.closed_at = now
        company.months[key] = row
    _group(company)
    for row in (*company.months.values(), *company.periods):
        row.modified_at = now
        company.periods.put(row)
        company.labels["accountingPeriod", row.name] = row.id
        company.touch("accountingPeriod", row.id)


def _group(company: Company) -> None:
    groups: dict[str, Period] = {}
    months = list(company.months.values())
    for row in months:
        year, month = int(row.key[:4]), int(row.key[5:])
        quarter = (month - 1) // 3 + 1
        last = monthrange(year, quarter * 3)[1]
        for name, start, end, sort in (
            (f"FY {year}", f"{year}-01-01", f"{year}-12-31", "year"),
            (
                f"Q{quarter} {year}",
                f"{year}-{quarter * 3 - 2:02d}-01",
                f"{year}-{quarter * 3:02d}-{last}",
                "quarter",
            ),
        ):
            if name not in groups:
                groups[name] = Period(company.periods.next_id(), name, name, start, end, sort=sort)
        groups[f"Q{quarter} {year}"].parent = groups[f"FY {year}"].id
        row.parent = groups[f"Q{quarter} {year}"].id
    for group in groups.values():
        within = [row for row in months if group.start <= row.start and row.end <= group.end]
        group.closed = group.ar_locked = group.ap_locked = group.all_locked = all(
            row.closed for row in within
        )
        group.closed_at = company.clock.now() if group.closed else 0
        company.periods.put(group)


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
    if period.sort != "month":
        raise user_error(f"The posting period {period.name} is not a base period and takes no transactions.")
    if period.closed:
        raise closed(period.name)
    if period.all_locked or (locked_by_ar and period.ar_locked):
        raise user_error(
            f"The posting period {period.name} is locked. You cannot create, change or delete this "
            "transaction in a locked period."
        )


def closed(name: str) -> Refused:
    """What is said of a posting into a closed period."""
    return user_error(
        f"The posting period {name} is closed. You cannot create, change or delete a "
        "transaction in a closed period."
    )


def lenient(company: Company, period_id: str) -> bool:
    """Whether changes that leave the ledger alone are let into the closed period."""
    period = company.periods.get(period_id)
    return period is not None and period.lenient


def update(company: Company, row: Period, wish: Wish, replace: frozenset[str]) -> None:
    """Close, reopen or lock; closing locks everything, reopening unlocks everything."""
    row.custom = kept(company, "accountingPeriod", row.custom, wish.get("custom", {}), replace)
    if wish.get("allowNonGLChanges") is not None and wish["allowNonGLChanges"] != row.lenient:
        row.lenient = wish["allowNonGLChanges"]
        row.modified_at = company.clock.now()
        company.touch("accountingPeriod", row.id)
    closed = row.closed if wish.get("closed") is None else bool(wish.get("closed"))
    ar, ap, every = row.ar_locked, row.ap_locked, row.all_locked
    if closed != row.closed:
        ar = ap = every = closed
    if wish.get("arLocked") is not None:
        ar = bool(wish.get("arLocked"))
    if wish.get("apLocked") is not None:
        ap = bool(wish.get("apLocked"))
    if wish.get("allLocked") is not None:
        every = bool(wish.get("allLocked"))
    ar, ap = ar or every or closed, ap or every or closed
    every = every or closed
    if (closed, ar, ap, every) == (row.closed, row.ar_locked, row.ap_locked, row.all_locked):
        return
    event = "closed" if closed and not row.closed else "reopened" if row.closed and not closed else "locked"
    if event == "locked" and not (ar or ap or every):
        event = "unlocked"
    now = company.clock.now()
    row.closed, row.ar_locked, row.ap_locked, row.all_locked = closed, ar, ap, every
    row.closed_at = (row.closed_at or now) if closed else 0
    row.modified_at = now
    company.touch("accountingPeriod", row.id)
    state = (
        "closed" if closed else "locked" if every else "ar_locked" if ar else "ap_locked" if ap else "open"
    )
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
