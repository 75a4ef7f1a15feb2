"""How cases of the topic fx write amounts, rates and rounding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from core.canonical.money import exponent
from core.finance.exact import Rounding, exactly, whole
from core.finance.ledger.exchange import Owned, realised
from core.finance.ledger.rates import Quotation
from scenarios.oracle.case import Case, NotOffered

BOOKED = (
    "booked_rate",
    "rate_invoice",
    "bill_rate",
    "rate_bill",
    "invoice_rate",
    "rate_at_invoice",
    "rate_booked",
    "booked_at",
    "booked",
    "original_rate",
    "charge_rate",
    "from",
    "rate",
    "at",
)
LATER = (
    "to",
    "paid_at",
    "paid_at_rate",
    "settled_at",
    "rate_paid",
    "rate_payment",
    "payment_rate",
    "settle_rate",
    "new_rate",
)
CLOSING = (
    "closing_rate",
    "rate_month_end",
    "rate_at_month_end",
    "rate_period_end",
    "rate_closing",
    "closing",
    "revalued_at",
    "month_end_rate",
    "month_end",
    "balance_sheet_rate",
    "rate_at_close",
)
_AMOUNTS = ("fx", "amount", "foreign", "open", "balance", "amount_fx", "fx_amount")
_OWN_CURRENCY = re.compile(r"(?:(?P<what>[a-z_]+)_)?(?P<code>[a-z]{3})")
_SUPPLIER = re.compile(r"^bill(_|$)|payable|supplier|vendor|purchase")
_DIVIDES = ("/ rate", "divisor", "per unit of home", "divide")
_PLACES = re.compile(r"(\d+)\s*(?:dp|decimals?|places)")


class Reading:
    """A case's conventions, and its numbers by them."""

    def __init__(self, case: Case) -> None:
        text = (
            f"{case.convention} {case.inputs.get('convention', '')} {case.inputs.get('method', '')}".lower()
        )
        named = any("per_unit_of_home" in key for key in case.inputs)
        divides = named or any(word in text for word in _DIVIDES)
        self.quotation = Quotation.FOREIGN_PER_HOME if divides else Quotation.HOME_PER_FOREIGN
        # What is owed to a supplier moves the other way than what a customer owes.
        self.owned = Owned.LIABILITY if supplier_keys(case.inputs) else Owned.ASSET
        rounding = case.rounding.lower().replace("-", "_")
        places = _PLACES.search(rounding)
        self._places = int(places[1]) if places else None
        self._how = Rounding.HALF_EVEN if "half_even" in rounding else Rounding.HALF_UP

    def gain(self, fx: Fraction, then: Fraction, now: Fraction) -> Fraction:
        """What is gained (a loss is negative) between two rates, by what the case is about."""
        return realised(fx, then, now, self.quotation, self.owned)

    def figure(self, value: Fraction) -> Fraction:
        """As the case rounds; exact ones that would never end are rounded to cents."""
        places = self._places
        if places is None:
            rest = value.denominator
            for prime in (2, 5):
                while rest % prime == 0:
                    rest //= prime
            if rest == 1:
                return value
            places = 2
        return Fraction(whole(value * 10**places, self._how), 10**places)


def supplier_keys(inputs: Mapping[str, Any]) -> list[str]:
    """Keys that say that something is owed to a supplier."""
    return [key for key in inputs if _SUPPLIER.search(key)]


def rate_of(row: Mapping[str, Any], names: tuple[str, ...]) -> Fraction | None:
    """The first rate under any of these names."""
    for name in names:
        if name in row and not isinstance(row[name], Mapping | list):
            return exactly(row[name], name, "treasury")
    return None


def needed(rate: Fraction | None, what: str) -> Fraction:
    """NotOffered names the rate that is not given."""
    if rate is None:
        raise NotOffered(f"rate: {what} is not given under a name that is known here")
    return rate


def amount_of(row: Mapping[str, Any]) -> Fraction | None:
    """The foreign amount: under a plain name, or under a currency's ("usd", "invoice_eur")."""
    for name in _AMOUNTS:
        if name in row and not isinstance(row[name], Mapping | list):
            return exactly(row[name], name)
    for name, value in row.items():
        match = _OWN_CURRENCY.fullmatch(name)
        if match and _is_currency(match["code"]) and not isinstance(value, Mapping | list):
            return exactly(value, name)
    return None


def rows_of(value: Any) -> Iterator[Mapping[str, Any]]:
    """A list of objects, or one object as a list of one."""
    if isinstance(value, Mapping):
        yield value
    elif isinstance(value, list):
        yield from (row for row in value if isinstance(row, Mapping))


def is_list_of_rows(value: Any) -> bool:
    """Whether it is a list with objects only."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _is_currency(code: str) -> bool:
    try:
        exponent(code.upper())
    except ValueError:
        return False
    return True
