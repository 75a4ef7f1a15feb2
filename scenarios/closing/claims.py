"""What the controls say of every month that a run has ended, as evidence for a law to judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from core.close.control import Control
from core.close.controls.index import CONTROLS
from core.close.engine import Outcome, Sums
from core.close.extract import Extract
from scenarios.closing.extract import extract_of
from scenarios.closing.frame import at
from scenarios.evidence.controls import ControlFinding, ControlRun, Tally
from scenarios.evidence.run import Evidence

# How a control is run: the engine's own way, or a planted bug's.
Runner = Callable[[Control, Extract], Outcome]


def claims_of(evidence: Evidence, runner: Runner) -> tuple[ControlRun, ...]:
    """All forty over each month in which the run had business from its first day to its last."""
    return tuple(
        _claim(month, runner(control, extract))
        for month in months_over(evidence)
        for extract in (extract_of(evidence, month),)
        for control in CONTROLS.values()
    )


def months_over(evidence: Evidence) -> Iterator[str]:
    """Names such as "2026-01", in order."""
    month = at(evidence.started_at).date().replace(day=1)
    last = date.fromisoformat(evidence.billed_through)
    while (after := (month + timedelta(days=32)).replace(day=1)) - timedelta(days=1) <= last:
        yield month.isoformat()[:7]
        month = after


def _claim(month: str, outcome: Outcome) -> ControlRun:
    return ControlRun(
        month=month,
        control=outcome.control.id,
        state=outcome.state.value,
        left=_tally(outcome.left),
        right=_tally(outcome.right),
        agreed=_tally(outcome.matched),
        agreed_right=_tally(outcome.matched_right),
        findings=tuple(
            ControlFinding(item.key, item.cause, item.unit, Fraction(item.amount), item.says)
            for item in outcome.items
        ),
    )


def _tally(sums: Sums) -> Tally:
    return Tally(sums.rows, tuple((unit, Fraction(value)) for unit, value in sums.totals))
