"""Cases of the topic dunning: retry calendars with overdue states, campaigns over thresholds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.canonical.money import Money
from core.finance.cash.dunning import (
    Campaign,
    Open,
    Overdue,
    Policy,
    Request,
    Spacing,
    aligned_gaps,
    overdue_by,
    retries,
    state_dates,
)
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.fitting import Figures, fitted
from scenarios.oracle.topics.cash_reading import Unit, day, first, rows_of, unit_of

_GAPS = ("retry_gaps_days", "gaps_days", "retry_gaps", "gaps", "retry_days", "retry_schedule")
_STATES = ("states", "overdue_states", "unpaid_states", "overdue")
_DAYS = ("day", "days", "after_days", "days_since_earliest_unpaid", "days_overdue", "days_unpaid", "at_day")
_UNPAID = ("oldest_unpaid_invoice", "earliest_unpaid_invoice", "oldest_unpaid", "earliest_unpaid")
_FAILED = (
    "first_failure",
    "failed_at",
    "failed_on",
    "payment_failed",
    "unpaid_since",
    "invoice_date",
    *_UNPAID,
)
_MENDED = ("fixed_at", "fixed_on", "card_fixed", "payment_method_fixed", "mended_on", "paid_at", "paid_on")


def answer(case: Case) -> Any:
    """NotOffered where the inputs name neither a retry calendar nor a threshold."""
    if any(key in case.inputs for key in ("threshold", "thresholds")):
        return _campaign(case)
    if any(key in case.inputs for key in (*_GAPS, *_STATES)):
        return _calendar(case)
    raise NotOffered(f"{case.subtopic}: inputs {sorted(case.inputs)} name no retries and no threshold")


# --- retries and overdue states ---


def _calendar(case: Case) -> Any:
    inputs = case.inputs
    if any(re.search(r"business|working|weekend|holiday", key) and inputs[key] for key in inputs):
        raise NotOffered("business_days: gaps and states are counted in days of the calendar")
    start = day(first(inputs, *_FAILED), "first_failure")
    states = [(int(days), name) for days, name in _states(inputs)]
    gaps = [int(gap) for gap in rows_of(first(inputs, *_GAPS))]
    if not gaps:
        lead = int(str(first(inputs, "days_before", "retry_days_before") or 1))
        ahead = int(str(first(inputs, "first_retry_days", "first_gap") or 1))
        gaps = aligned_gaps([days for days, _ in states], ahead, lead)
    mended = first(inputs, *_MENDED)
    tries = retries(start, gaps, day(mended) if mended else None)
    paid = tries[-1] if mended and tries[-1] >= day(mended) else None
    since = first(inputs, "unpaid_since", "invoice_date")
    entered = state_dates(day(since) if since else start, states, paid)
    figures: Figures = {
        "retries|retry_dates|attempts|retry": [each.isoformat() for each in tries],
        "state_dates|states|state": [on.isoformat() for on, _ in entered],
        "offsets|retry_days|cumulative_days|days_after_failure|retry_offsets": [
            (each - start).days for each in tries
        ],
        "retry_gaps_days|gaps|gap_days": gaps,
        "states_entered|state_names": [name for _, name in entered],
        "last_retry|final_retry": tries[-1].isoformat(),
        "first_retry": tries[0].isoformat(),
        "retry_count|number_of_retries|attempts_made": len(tries),
        "final_state|last_state|state_at_end": entered[-1][1] if entered else "",
        "paid_on|succeeded_on|recovered_on|payment_date": paid.isoformat() if paid else None,
    }
    figures |= {_slug(name): on.isoformat() for on, name in entered}
    return _answered(case.wanted, figures, entered, inputs)


def _answered(
    wanted: Any, figures: Figures, entered: list[tuple[date, str]], inputs: Mapping[str, Any]
) -> Any:
    rest: Figures = {}
    found: Figures = {}
    checks = [day(each) for each in rows_of(first(inputs, "checks", "check_dates", "as_of", "dates"))]
    for key, shape in wanted.items():
        on = re.search(r"\d{4}-\d{2}-\d{2}", key)
        if on and re.search(r"state", key):
            found[key] = _state_on(entered, date.fromisoformat(on[0]))
        elif isinstance(shape, list) and len(shape) == len(checks) and re.search(r"state", key):
            found[key] = [_state_on(entered, each) for each in checks]
        elif isinstance(shape, Mapping):
            found[key] = {name: figures.get(_slug(name)) for name in shape}
        elif isinstance(shape, list) and any(isinstance(row, Mapping) for row in shape):
            found[key] = [{name: _of_state(name, on_, state) for name in shape[0]} for on_, state in entered]
        else:
            rest[key] = shape
    return {**found, **(fitted(rest, figures) if rest else {})}


def _state_on(entered: list[tuple[date, str]], on: date) -> str:
    return next((name for at, name in reversed(entered) if at <= on), "CLEAR")


def _of_state(name: str, on: date, state: str) -> str:
    return state if re.search(r"state|name", name) else on.isoformat()


def _states(inputs: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    given = first(inputs, *_STATES) or []
    if isinstance(given, Mapping):
        yield from ((days, name) for name, days in given.items())
        return
    for row in given:
        yield first(row, *_DAYS), str(first(row, "state", "name"))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


# --- campaigns ---


@dataclass(frozen=True, slots=True)
class _Played:
    unit: Unit
    rule: Overdue
    invoices: list[Open]
    requests: list[Request]
    by_run: dict[date, dict[str, int]]
    finished_on: date | None


def _campaign(case: Case) -> Any:
    played = _play(case)
    return {key: _figure(key, shape, played) for key, shape in case.wanted.items()}


def _play(case: Case) -> _Played:
    inputs, unit = case.inputs, unit_of(case)
    thresholds = _thresholds(inputs, unit)
    said = case.convention.lower()
    rule = Overdue.ON_DUE if re.search(r"on (the|its) due (date|day)", said) else Overdue.AFTER_DUE
    spacing = Spacing.EVERY if re.search(r"every|at least .* days after", said) else Spacing.AFTER
    policy = Policy(
        thresholds,
        int(first(inputs, "max_attempts", "attempts", "attempts_limit") or 1),
        int(first(inputs, "days_between", "days_between_attempts") or 0),
        rule,
        spacing,
    )
    campaign, invoices = Campaign(policy), list(_invoices(inputs, unit, rule))
    requests: list[Request] = []
    by_run: dict[date, dict[str, int]] = {}
    finished = None
    for run in sorted(day(each, "runs") for each in rows_of(first(inputs, "runs", "dunning_runs"))):
        requests += campaign.run(run, invoices)
        customers = {each.customer for each in invoices}
        by_run[run] = {
            currency: max((campaign.attempts(each, currency) for each in customers), default=0)
            for currency in thresholds
        }
        if finished is None and all(n >= policy.max_attempts for n in by_run[run].values()):
            finished = run
    return _Played(unit, rule, invoices, requests, by_run, finished)


def _thresholds(inputs: Mapping[str, Any], unit: Unit) -> dict[str, Money]:
    given = first(inputs, "thresholds", "threshold")
    if isinstance(given, Mapping):
        return {code: Unit(code).money(amount, "thresholds") for code, amount in given.items()}
    if isinstance(given, list):
        rows = [(str(row["currency"]), first(row, "amount", "threshold")) for row in given]
        return {code: Unit(code).money(amount, "thresholds") for code, amount in rows}
    return {unit.currency: unit.money(given, "threshold")}


def _invoices(inputs: Mapping[str, Any], unit: Unit, rule: Overdue) -> Iterator[Open]:
    for row in rows_of(first(inputs, "overdue", "invoices", "open_invoices")):
        money = Unit(str(row.get("currency") or unit.currency)).money(row["amount"], "overdue")
        paid = first(row, "paid_at", "paid_on", "paid")
        due = first(row, "due", "due_date", "due_on")
        if due is None:
            since = first(row, "overdue_from", "overdue_since", "marked_overdue", "overdue_at", "on", "date")
            # Overdue from that day on.
            late = day(since, "overdue")
            due = late if rule is Overdue.ON_DUE else late - timedelta(days=1)
        customer = str(first(row, "customer", "account") or "")
        yield Open(day(due, "due"), money, customer, day(paid) if paid else None)


def _figure(key: str, shape: Any, played: _Played) -> Any:
    said = re.search(r"\d{4}-\d{2}-\d{2}", key)
    on = date.fromisoformat(said[0]) if said else None
    if "overdue" in key:
        return _overdue(key, shape, on, played)
    if "attempt" in key:
        runs = [run for run in sorted(played.by_run) if on is None or run <= on]
        counts = played.by_run[runs[-1]] if runs else {}
        if isinstance(shape, Mapping):
            return {code: counts.get(code, 0) for code in shape}
        return max(counts.values(), default=0)
    if "finish" in key or "exhausted" in key or "complet" in key:
        return played.finished_on.isoformat() if played.finished_on else None
    asked = [r for r in played.requests if on is None or r.on == on]
    if re.search(r"total|sum", key) and not isinstance(shape, list | Mapping):
        return sum((r.amount.major for r in asked), start=0)
    if isinstance(shape, list):
        return _requests(shape, asked)
    if isinstance(shape, Mapping):
        return {code: sum(r.amount.currency == code for r in asked) for code in shape}
    if re.search(r"count|number|requests$", key):
        return len(asked)
    raise NotOffered(f"{key}: requests, attempts, overdue amounts and the end of a campaign are known")


def _requests(shape: list[Any], asked: list[Request]) -> list[Any]:
    if not shape or not isinstance(shape[0], Mapping):
        return [r.on.isoformat() for r in asked] if shape else [_row({}, r) for r in asked]
    return [_row(shape[0], r) for r in asked]


def _row(shape: Mapping[str, Any], r: Request) -> dict[str, Any]:
    names = {
        "run": r.on.isoformat(),
        "on": r.on.isoformat(),
        "date": r.on.isoformat(),
        "amount": r.amount.major,
        "currency": r.amount.currency,
        "attempt": r.attempt,
        "customer": r.customer,
    }
    return {key: names.get(key) for key in shape} if shape else names


def _overdue(key: str, shape: Any, on: date | None, played: _Played) -> Any:
    last = on or max(played.by_run, default=date.max)
    sums = overdue_by(played.invoices, last, played.rule)
    by_code: dict[str, Money] = {}
    for (_, code), amount in sums.items():
        by_code[code] = by_code.get(code, Money(0, code)) + amount
    if isinstance(shape, Mapping):
        return {code: by_code[code].major if code in by_code else 0 for code in shape}
    code = next((code for code in by_code if code.lower() in key.lower()), played.unit.currency)
    return by_code[code].major if code in by_code else next((m.major for m in by_code.values()), 0)
