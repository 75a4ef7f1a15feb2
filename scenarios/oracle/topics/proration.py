"""Cases of the topic proration."""

from __future__ import annotations

from typing import Any

from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics import proration_cases, proration_terms, proration_timeline

# What a case's words fit first is what it is read as: the most particular vocabulary comes first.
_READERS = (
    proration_cases.DATE_PAIRS,
    proration_cases.RATIOS,
    proration_cases.PLAN_MATRIX,
    proration_cases.PAID_AND_UNUSED,
    proration_cases.TRIAL,
    proration_terms.SEGMENTS,
    proration_terms.FIRST_DAY,
    (proration_timeline.fits, proration_timeline.answer),
    proration_terms.STUB,
)


def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention or the case's words are not known."""
    for fits, read in _READERS:
        if fits(case.inputs):
            return read(case)
    raise NotOffered(f"{case.subtopic}: no kind of proration has inputs {sorted(case.inputs)}")
