"""Cases of the topic proration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics import (
    proration_cases,
    proration_paid,
    proration_parts,
    proration_series,
    proration_terms,
    proration_timeline,
)

# What a case's words fit first is what it is read as: the most particular vocabulary comes first.
_READERS = (
    proration_cases.DATE_PAIRS,
    proration_cases.RATIOS,
    proration_cases.PLAN_MATRIX,
    proration_paid.PAID_AND_UNUSED,
    proration_cases.TRIAL,
    proration_series.SERIES,
    proration_parts.CAP,
    proration_parts.ALIGNED,
    proration_parts.RENEWAL,
    proration_terms.SEGMENTS,
    proration_terms.FIRST_DAY,
    proration_parts.UNITS,
    (proration_timeline.fits, proration_timeline.answer),
    proration_parts.MONTHS_AND_DAYS,
    proration_series.STRETCHES,
    proration_terms.STUB,
)


def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention or the case's words are not known."""
    for fits, read in _READERS:
        if fits(case.inputs):
            return read(case)
    groups = {k: v for k, v in case.inputs.items() if isinstance(v, Mapping) and k in case.wanted}
    rows = next((v for v in case.inputs.values() if _are_rows(v)), None)
    if groups:
        return {key: _inside(case, key, group, case.wanted[key]) for key, group in groups.items()}
    if rows is not None:
        return _each(case, rows)
    raise NotOffered(f"{case.subtopic}: no kind of proration has inputs {sorted(case.inputs)}")


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _each(case: Case, rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    """A list of small cases that share what stands beside it."""
    told: dict[str, Any] = {}
    for index, (key, shape) in enumerate(case.wanted.items()):
        if isinstance(shape, list):
            told[key] = [_inside(case, key, row, s) for row, s in zip(rows, shape, strict=False)]
        elif index < len(rows):
            named = next((r for r in rows if r.get("name") == key or r.get("id") == key), rows[index])
            told[key] = _inside(case, key, named, shape)
    return told


def _inside(case: Case, key: str, row: Mapping[str, Any], shape: Any) -> Any:
    """One row as a case of its own, with what stands beside the rows; a single figure by the list's name."""
    beside = {k: v for k, v in case.inputs.items() if not _are_rows(v) and not isinstance(v, Mapping)}
    name = key.removesuffix("s")
    wanted = shape if isinstance(shape, dict) else {name: None}
    found = answer(replace(case, inputs={**beside, **row}, wanted=wanted))
    return found if isinstance(shape, dict) else found.get(name)
