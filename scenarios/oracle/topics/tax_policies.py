"""Which rounding policy a text or the name of a figure means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from core.finance.exact import exactly
from core.finance.tax.amounts import Extension
from core.finance.tax.rounding import Base, First, Place, TaxPolicy
from scenarios.oracle.topics.pricing_reading import Units, mode_of

_PLACES = (
    (r"line[\w ,]*combination|combination[\w ,]*line", Place.LINE),
    (r"combination", Place.COMBINATION),
    (r"line_code", Place.LINE_AND_CODE),
    (r"total\w*_code|code\w*_total", Place.CODE),
    (r"line_(and|by|per)_(tax_)?code|code_(and|per|by)_line|line_and_tax", Place.LINE_AND_CODE),
    (r"per_(tax_)?code|by_(tax_)?code|per_tax\b|per_tax_|code_over|each_(tax_)?code", Place.CODE),
    (
        r"per_line|by_line|each_line|(per|by|each)_item|line_level|round_line|rounded_line|line_by_line",
        Place.LINE_AND_CODE,
    ),
    # A total is of each tax code (Dynamics 365: calculation method "total").
    (r"global|per_tax$|(^|_)(by|per)_total", Place.CODE),
    (r"document|per_invoice|invoice_level|on_invoice|whole_invoice|on_total|sum_first", Place.DOCUMENT),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A policy, and where quantity times price is rounded."""

    policy: TaxPolicy
    extension: Extension

    def named(self, text: str) -> Reading:
        """Changed by what a name says."""
        name = re.sub(r"[\s\-]+", "_", text.lower())
        policy, extension = self.policy, self.extension
        place = next((place for pattern, place in _PLACES if re.search(pattern, name)), None)
        if place is not None:
            policy = replace(policy, place=place, base=_base(place))
            extension = Extension.LINE if _base(place) is Base.ROUNDED else Extension.NEVER
        mode = mode_of(name)
        if mode is not None:
            policy = replace(policy, mode=mode)
        if re.search(r"net_(rounded_)?first|base_(rounded_)?first|round_net", name):
            policy = replace(policy, first=First.NET)
        elif re.search(r"tax_(rounded_)?first|round_tax", name):
            policy = replace(policy, first=First.TAX)
        if re.search(r"unit_(price_)?first|round_the_unit|rounded_unit|unit_price_rounded|per_unit", name):
            extension = Extension.UNIT
        elif re.search(r"round_the_line|line_amount_rounded", name):
            extension = Extension.LINE
        return Reading(policy, extension)


def reading(units: Units, *texts: str) -> Reading:
    """The policy of a case by its texts; a line by itself, where nothing is said."""
    found = Reading(TaxPolicy(mode=units.mode), Extension.LINE)
    for text in texts:
        found = found.named(text)
        step = re.search(r"\bat (\d+(?:\.\d+)?)", text)
        if step and exactly(step[1], "method"):
            found = Reading(
                replace(found.policy, step=exactly(step[1], "method") * 10**units.digits), found.extension
            )
    return found


def _base(place: Place) -> Base:
    return Base.ROUNDED if place in (Place.LINE, Place.LINE_AND_CODE) else Base.EXACT
