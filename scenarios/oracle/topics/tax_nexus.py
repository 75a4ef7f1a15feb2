"""Cases of the topic tax_nexus: thresholds by state as data, activity, and what follows from both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.finance.exact import exactly
from core.finance.tax.nexus import (
    Activity,
    Measure,
    Reach,
    Rule,
    Sale,
    Taxability,
    Threshold,
    collects,
    has_nexus,
    nexus_on,
    nexus_since,
    taxability_of,
    threshold_on,
)
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.pricing_reading import first
from scenarios.oracle.topics.understanding import understood

_SALES, _COUNTS = ("sales", "amount", "revenue"), ("transactions", "count")
_MARKETPLACE = ("marketplace_sales", "marketplace", "sales_through_marketplace")
_TEXT = {
    "sales": Rule.SALES,
    "sales_only": Rule.SALES,
    "transactions": Rule.TRANSACTIONS,
    "transactions_only": Rule.TRANSACTIONS,
    "and": Rule.AND,
    "both": Rule.AND,
    "or": Rule.OR,
    "either": Rule.OR,
}


@understood
def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention."""
    return _Answer(case).of(case.wanted, "")


class _Answer:
    def __init__(self, case: Case) -> None:
        inputs = case.inputs
        self._inputs = inputs
        self._rules = _rules(inputs, case)
        self._activity = first(inputs, "activity", "sales", "activities") or {}
        self._counts = case.convention.lower()
        said = first(inputs, "day", "on", "as_of", "date")
        self._day = date.fromisoformat(str(said)) if said else date.max
        self._registered = first(inputs, "registered", "registrations")
        # An office, staff or stock in a state makes the seller register there, whatever it sells.
        self._present = frozenset(_states_of(inputs))
        table: Mapping[str, Any] = next(
            (value for key, value in inputs.items() if "taxable" in key or "taxability" in key), {}
        )
        self._taxable = {state: _taxability(value) for state, value in table.items()} if table else {}

    def of(self, wanted: Any, name: str) -> Any:
        """By state, for every figure that is named."""
        if not isinstance(wanted, Mapping):
            state = next(iter(self._activity), "")
            return self._state(name, state)
        states = set(self._activity) | {rule.state for rule in self._rules}
        return {
            key: self._state(name, str(key)) if key in states else self.of(value, str(key))
            for key, value in wanted.items()
        }

    def _state(self, name: str, state: str) -> Any:
        if re.search(r"since|from|date|crossed|first", name):
            day = nexus_since(self._rules, state, self._sales(state))
            return day.isoformat() if day else None
        nexus = self._nexus(state)
        if re.search(r"collect|charge|tax_due", name):
            registered = self._registered is None or state in self._registered
            return collects(nexus, taxability_of(self._taxable, state), registered)
        if re.search(r"taxab", name):
            return taxability_of(self._taxable, state) is Taxability.TAXABLE
        if not re.search(r"nexus|register|registration|oblig|duty|exceed|required|must|has_|^$", name):
            raise NotOffered(f"{name}: nexus, since when, taxability and whether tax is collected are read")
        if re.search(r"register", name) and self._registered is not None:
            return nexus and state not in self._registered
        return nexus

    def _nexus(self, state: str) -> bool:
        if state in self._present:
            return True
        given = self._activity.get(state)
        if given is None:
            given = {"sales": "0", "transactions": 0}
        if isinstance(given, Mapping) and not self._listed(given):
            return has_nexus(threshold_on(self._rules, state, self._on()), _activity(given, self._counts))
        return nexus_on(self._rules, state, self._sales(state), self._on(state))

    def _on(self, state: str = "") -> date:
        if self._day != date.max:
            return self._day
        sales = self._sales(state) if state else []
        return max((sale.day for sale in sales), default=date.max)

    def _listed(self, given: Mapping[str, Any]) -> bool:
        return isinstance(first(given, "invoices", "list"), list)

    def _sales(self, state: str) -> list[Sale]:
        given = self._activity.get(state) or []
        rows = first(given, "invoices", "list") if isinstance(given, Mapping) else given
        if not isinstance(rows, list):
            raise NotOffered(f"activity.{state}: invoices with a date and an amount are needed for dates")
        return [
            Sale(
                date.fromisoformat(str(first(row, "date", "day", "on"))),
                exactly(first(row, "amount", "sales"), "sales"),
            )
            for row in rows
        ]


def _rules(inputs: Mapping[str, Any], case: Case) -> list[Threshold]:
    table = first(inputs, "thresholds", "rules", "states")
    if not isinstance(table, Mapping):
        raise NotOffered("thresholds: an object of rules by state is read")
    said = case.convention.lower()
    reach = Reach.EXCEEDED
    if re.search(r"met,? not exceeded|met or exceeded|at or above|reached|at least", said):
        reach = Reach.MET
    found: list[Threshold] = []
    for state, value in table.items():
        for row in value if isinstance(value, list) else [value]:
            found.append(_threshold(str(state), row, reach))
    return found


def _threshold(state: str, row: Mapping[str, Any], reach: Reach) -> Threshold:
    sales, transactions = first(row, "sales", "amount", "revenue"), first(row, "transactions", "count")
    said = str(first(row, "rule", "test", "operator") or "").lower().replace("-", "_").replace(" ", "_")
    if not said:
        said = "sales" if transactions is None else "transactions" if sales is None else "or"
    if said not in _TEXT:
        raise NotOffered(f"thresholds.{state}.rule: {said!r} is none of {sorted(_TEXT)}")
    how = str(first(row, "reach", "comparison", "threshold_is") or "").lower()
    if how:
        reach = Reach.MET if how in ("met", ">=", "at_least", "meets") else Reach.EXCEEDED
    since, until = (
        first(row, "since", "from", "effective", "valid_from"),
        first(row, "until", "to", "valid_to"),
    )
    measure = first(row, "measure", "period", "measurement_period")
    return Threshold(
        state,
        None if sales is None else exactly(sales, "sales"),
        None if transactions is None else int(transactions),
        _TEXT[said],
        reach,
        Measure(str(measure)) if measure in set(Measure) else Measure.PREVIOUS_OR_CURRENT,
        date.fromisoformat(str(since)) if since else date.min,
        date.fromisoformat(str(until)) - timedelta(days=1) if until else date.max,
    )


def _states_of(inputs: Mapping[str, Any]) -> list[str]:
    given = first(inputs, "physical_presence", "physical_nexus", "presence", "locations", "offices") or ()
    if isinstance(given, Mapping):
        return [str(state) for state, there in given.items() if there]
    return [str(given)] if isinstance(given, str) else [str(state) for state in given]


def _activity(given: Mapping[str, Any], said: str) -> Activity:
    if unread := set(given) - {*_SALES, *_COUNTS, *_MARKETPLACE, "marketplace_sales_excluded"}:
        raise NotOffered(f"activity: what {', '.join(sorted(unread))} means for a threshold is not known")
    sales = exactly(first(given, *_SALES) or 0, "sales")
    # Where a marketplace collects, its sales are not the seller's own.
    own = sales - exactly(first(given, "marketplace_sales_excluded") or 0, "sales")
    if (through := first(given, *_MARKETPLACE)) is not None:
        out = re.search(r"exclu|(do|does|are|is) not (count|included)|not counted|without marketplace", said)
        if not out and not re.search(r"includ|count", said):
            raise NotOffered("marketplace_sales: whether they count towards the threshold is not said")
        own -= exactly(through, "sales") if out else 0
    return Activity(Fraction(own), int(first(given, *_COUNTS) or 0))


def _taxability(value: Any) -> Taxability:
    if value is True or value == "true":
        return Taxability.TAXABLE
    if value is False or value == "false":
        return Taxability.EXEMPT
    return Taxability.PARTLY if str(value).startswith("part") else Taxability(str(value))
