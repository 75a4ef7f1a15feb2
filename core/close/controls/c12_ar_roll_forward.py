"""C12: what receivables were at first, and what moved them, gives what they are."""

from __future__ import annotations

from collections.abc import Sequence

from core.close.control import Control, Matching, Pair, Part, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.ledger import ArMovement


def _sides(extract: Extract) -> Sides:
    lefts = [
        worth((o.entity, o.amount.currency), o.amount, (), o) for o in extract.openings if o.kind == "ar"
    ]
    lefts += [
        worth((m.entity, m.amount.currency), m.amount, (), m)
        for m in extract.ar_movements
        if m.period == extract.month and m.kind != "allocation"
    ]
    rights = [worth((i.entity, i.amount.currency), i.amount, (), i) for i in extract.open_items]
    return lefts, rights


def _cause(extract: Extract, pair: Pair) -> Sequence[Part]:
    strays = [
        m
        for m in extract.ar_movements
        if (m.entity, m.amount.currency) == pair.key and m.period != extract.month
    ]
    back_dated = -sum(m.amount.minor for m in strays if _back_dated(extract, m))
    between = -sum(m.amount.minor for m in strays if m.kind == "allocation")
    rest = pair.amount - back_dated - between
    said = (
        ("back-dated document", back_dated),
        ("allocation between periods", between),
        ("unexplained movement", rest),
    )
    return [Part(cause, amount) for cause, amount in said if amount]


def _back_dated(extract: Extract, movement: ArMovement) -> bool:
    """Dated before the period and entered in it, so that neither opening nor movement has it."""
    return (
        movement.kind != "allocation"
        and movement.on < extract.start
        and movement.created_at is not None
        and movement.created_at.date() >= extract.start
    )


CONTROL = Control(
    "C12", terms("C12"), ("openings", "ar_movements", "open_items"), _sides, _cause, Matching.SUMS
)
