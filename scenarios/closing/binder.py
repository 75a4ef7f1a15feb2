"""The outcome of the forty controls as a binder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.close.control import Amount, ReconcilingItem
from core.close.engine import Outcome, State, Sums
from core.close.extract import Extract
from core.reconcile.nightly import CONTROLS as NIGHTLY
from reports.binder import (
    NOT_APPLICABLE,
    NOT_RUN,
    OPEN,
    SIGNED_OFF,
    Binder,
    ControlLine,
    Exception_,
    Side,
    Sum,
)

# Models whose core reconciles by night, and the controls that it keeps true by that.
NIGHTLY_MODELS = frozenset({"hybrid"})
_STATES = {
    State.PASSED: SIGNED_OFF,
    State.EXCEPTIONS: OPEN,
    State.NOT_APPLICABLE: NOT_APPLICABLE,
    State.NOT_RUN: NOT_RUN,
}
_BY_NIGHT = frozenset(number for control in NIGHTLY for number in control.numbers)


def binder_of(
    extract: Extract,
    outcomes: Iterable[Outcome],
    *,
    story: str,
    model: str,
    token: str,
    command: str,
) -> Binder:
    """Every control, in order."""
    return Binder(
        month=extract.month,
        story=story,
        model=model,
        token=token,
        cut_off=f"{extract.cut_off:%Y-%m-%d %H:%M} UTC",
        command=command,
        controls=tuple(_line(outcome, extract.origin, model in NIGHTLY_MODELS) for outcome in outcomes),
    )


def _line(outcome: Outcome, origin: Mapping[str, str], nightly: bool) -> ControlLine:
    terms = outcome.control.terms
    return ControlLine(
        id=outcome.control.id,
        name=terms.name,
        owner=terms.owner,
        state=_state(outcome),
        reason=outcome.reason,
        read=_read(outcome, origin, nightly),
        left_is=terms.left,
        right_is=terms.right,
        keys=terms.keys,
        tolerance=terms.tolerance,
        left=_side(outcome.left),
        right=_side(outcome.right),
        matched=_side(outcome.matched),
        exceptions=tuple(_exception(item) for item in outcome.items),
        unexplained=_sums(outcome.unexplained),
    )


def _state(outcome: Outcome) -> str:
    return _STATES[outcome.state]


def _read(outcome: Outcome, origin: Mapping[str, str], nightly: bool) -> str:
    """ "port" only if every table of the control came through a port; and whether the core looks at the
    same by night, through its ports, as far as those show it."""
    if outcome.state is State.NOT_RUN:
        return ""
    ways = {origin.get(table, "books") for table in outcome.control.tables}
    way = "port" if ways == {"port"} else "books" if ways == {"books"} else "port and books"
    return f"{way}; nightly by port" if nightly and outcome.control.id in _BY_NIGHT else way


def _exception(item: ReconcilingItem) -> Exception_:
    return Exception_(
        cause=item.cause,
        key=item.key,
        amount=Sum(item.amount, item.unit),
        left=Sum(item.left, item.unit),
        right=Sum(item.right, item.unit),
        says=item.says,
        owner=item.owner,
        explained=item.explained,
    )


def _side(sums: Sums) -> Side:
    return Side(sums.rows, _sums(sums.totals))


def _sums(totals: Iterable[tuple[str, Amount]]) -> tuple[Sum, ...]:
    return tuple(Sum(value, unit) for unit, value in totals)
