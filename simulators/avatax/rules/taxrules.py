"""A company's own tax rules: another rate, or another taxable part, for a place, a tax code, a time.

Unconfirmed: that a rule of the base says which part is taxed, and one of the rate what each named
jurisdiction takes. Rules about entities, caps and thresholds are kept and not applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from simulators.avatax.rules.places import Place
from simulators.avatax.rules.rates import Jurisdiction
from simulators.avatax.rules.records import Record, Shelf
from simulators.avatax.rules.taxability import DEFAULT_TAX_CODE

BASE = frozenset({"BaseRule", "ProductTaxabilityRule"})
RATE = frozenset({"RateRule", "RateOverrideRule"})
_LEVELS = {"CNT": "Country", "STA": "State", "CTY": "County", "CIT": "City", "STJ": "Special"}
_ANY = ("", "*")


class TaxRules:
    """What a company has laid down."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def matching(self, company_id: int, place: Place, tax_code: str, use: str, date: str) -> list[Record]:
        """The rules for such a sale, in order of their making; the last counts."""
        rules = self._shelf.of(company_id)
        if not rules:
            return rules
        code = (tax_code or DEFAULT_TAX_CODE).upper()
        return [rule for rule in rules if _matches(rule.values, place, code, use, date)]


def share_by(rules: list[Record], usual: Decimal) -> Decimal:
    """The taxed part of the amount."""
    for rule in rules:
        if rule.values["taxRuleTypeId"] in BASE:
            usual = Decimal(str(rule.values["value"]))
    return usual


def place_by(rules: list[Record], place: Place) -> Place:
    """The place with the rates that the rules lay down."""
    for rule in rules:
        if rule.values["taxRuleTypeId"] in RATE:
            levies = tuple(_levy_by(rule.values, levy) for levy in place.levies)
            place = replace(place, levies=levies)
    return place


def _levy_by(values: Mapping[str, Any], levy: Jurisdiction) -> Jurisdiction:
    if not values.get("isAllJuris"):
        kind = str(values.get("jurisdictionTypeId") or values.get("jurisTypeId") or "STA")
        if _LEVELS.get(kind.upper(), kind.capitalize()) != levy.level:
            return levy
        named = (str(values.get("jurisName") or ""), str(values.get("jurisCode") or ""))
        if any(named) and levy.name not in named and levy.code not in named:
            return levy
    return replace(levy, rate=Decimal(str(values["value"])), earlier=())


def _matches(values: Mapping[str, Any], place: Place, code: str, use: str, date: str) -> bool:
    country, region = (str(values.get(name) or "").upper() for name in ("country", "region"))
    if country not in (*_ANY, place.country) or region not in (*_ANY, place.region, place.country):
        return False
    if str(values.get("effectiveDate") or "") > date or date > str(values.get("endDate") or "9999-12-31"):
        return False
    wanted = str(values.get("taxCode") or "").upper()
    if wanted not in (*_ANY, code):
        return False
    return str(values.get("entityUseCode") or "").upper() in ("", use)
