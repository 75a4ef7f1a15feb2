"""How published cases of billing name prices, dates, conventions and figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.finance.billing.book import Document
from core.finance.billing.convention import (
    BillingConvention,
    ChangeDay,
    EndDate,
    RoundingPlace,
    Suspended,
    Unused,
)
from core.finance.billing.prorating import Plan
from core.finance.calendar import DayCount, Period
from core.finance.exact import Rounding, exactly, to_major, to_money
from scenarios.oracle.case import Case, NotOffered

_LENGTHS = (
    ("semi", 6),
    ("half_year", 6),
    ("quarter", 3),
    ("annual", 12),
    ("year", 12),
    ("month", 1),
)
_PRICE = re.compile(r"price|amount|paid|fee|unit|plan|^(old|new|to|from)$|monthly|annual|yearly|quarterly")
_NO_PRICE = re.compile(r"days|_at$|^at$|^on$|date|qty|quantity|seats$|units$|period|count|day$|tax|rate|name")
# Words of a convention's text, and the switch they mean; the first that is found of each kind counts.
_WORDS: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"30[ /-]*360|strict 30", {"day_count": DayCount.THIRTY_360}),
    (r"(actual|days) ?/ ?360", {"day_count": DayCount.ACTUAL_360}),
    (r"(actual|days) ?/ ?365|365[- ]day", {"day_count": DayCount.ACTUAL_365}),
    (r"30[- ]day|fixed 30|30 days in|assume 30", {"day_count": DayCount.FIXED_30}),
    (r"(change|cancel\w*|terminat\w*) day (belongs to the old|is used|billed on the old)",
     {"change_day": ChangeDay.OLD_PLAN}),
    (r"counts as used|day of termination is (used|billed|charged)", {"change_day": ChangeDay.OLD_PLAN}),
    (r"(?<!not )inclusive", {"end_date": EndDate.INCLUSIVE}),
    (r"no credit|without credit|not credited|no refund", {"unused": Unused.NOTHING}),
    (r"credit note", {"unused": Unused.CREDIT_NOTE}),
    (r"next invoice", {"unused": Unused.NEXT_INVOICE}),
    (r"refunded|is refund", {"unused": Unused.REFUND}),
    (r"extends? the (end|term)", {"suspended": Suspended.EXTENDS}),
    (r"half[_ -]even|banker", {"rounding": Rounding.HALF_EVEN}),
    (r"round(ed)? down|truncat|floor|\bdown\b", {"rounding": Rounding.DOWN}),
    (r"round(ed)? up|\bceil|(?<!half_)(?<!half-)(?<!half )\bup\b,? \d", {"rounding": Rounding.UP}),
    (r"per document|on the (document|invoice) total", {"place": RoundingPlace.DOCUMENT}),
)  # fmt: skip
_CURRENCY = {0: "JPY", 2: "USD", 3: "KWD"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a case says of its conventions. exact: figures that decimals can write are not rounded."""

    convention: BillingConvention
    currency: str
    exact: bool

    def figure(self, amount: Fraction) -> Any:
        """An exact amount as the case wants it."""
        finite = 10**12 % amount.denominator == 0
        return amount if self.exact and finite else to_major_rounded(self, amount)


def to_major_rounded(terms: Terms, amount: Fraction) -> Fraction:
    """In major units, rounded by the convention to the currency."""
    return to_major(to_money(amount, terms.currency, terms.convention.rounding))


def terms_of(case: Case, **given: Any) -> Terms:
    """The switches a case's texts name; `given` are what its vocabulary implies, texts come before them."""
    text = f"{case.convention}; {case.rounding}".lower()
    kind = case.subtopic.lower().replace("_", " ")
    found: dict[str, Any] = {}
    for pattern, switch in _WORDS:
        if re.search(pattern, text) or ("day_count" in switch and re.search(pattern, kind)):
            found = {**switch, **found}
    digits = re.search(r"(\d+) ?(dp|decimal)", case.rounding)
    places = int(digits[1]) if digits else 2
    currency = str(case.inputs.get("currency") or _CURRENCY.get(places, ""))
    if not currency:
        raise NotOffered(f"rounding: no currency has {places} decimals")
    convention = replace(BillingConvention(), **{**given, **found})
    return Terms(convention, currency, case.rounding.strip().lower().startswith("exact"))


def number(value: Any, field: str = "amount") -> Fraction:
    """An exact number from a case."""
    return exactly(value if isinstance(value, Fraction) else str(value), field)


def day(value: Any) -> date:
    """An ISO date, or the date of an ISO moment."""
    return date.fromisoformat(str(value)[:10])


def is_date(value: Any) -> bool:
    """Whether it reads as one."""
    return isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value) is not None


def period(value: Any, convention: BillingConvention | None = None) -> Period:
    """A pair of dates, or {start, end} with `end_inclusive` for a last day."""
    inclusive = convention is not None and convention.end_date is EndDate.INCLUSIVE
    if isinstance(value, Mapping):
        start = day(first_of(value, "start", "from", "begin"))
        if "end_inclusive" in value:
            return Period(start, day(value["end_inclusive"]) + timedelta(days=1))
        value = [start.isoformat(), first_of(value, "end", "to", "until")]
    start, end = day(value[0]), day(value[1])
    if inclusive or (len(value) > 2 and value[2] == "inclusive"):
        end += timedelta(days=1)
    return Period(start, end)


def first_of(values: Mapping[str, Any], *names: str) -> Any:
    """The first of several names that is there; None for none of them."""
    return next((values[name] for name in names if name in values), None)


def months_in(key: str) -> int | None:
    """The length of a billing period that a name speaks of."""
    return next((months for word, months in _LENGTHS if word in key), None)


def plan_in(values: Mapping[str, Any], *words: str, months: int = 1) -> Plan | None:
    """The first price under a name with one of the words (any price for none), with its period and quantity.

    "to_annual_price", "old_monthly_price", "new_qty" with "new_unit" are read; `months` where none is named.
    """
    for key, value in values.items():
        if not _PRICE.search(key) or _NO_PRICE.search(key) or isinstance(value, Mapping | list | bool):
            continue
        if words and not any(word in key.split("_") for word in words):
            continue
        named = months_in(key) or months_in(str(values.get("interval", ""))) or months
        return Plan(number(value, key), named, quantity_in(values, *words))
    return None


def quantity_in(values: Mapping[str, Any], *words: str) -> Fraction:
    """The quantity under a name with one of the words; 1 where there is none."""
    for key, value in values.items():
        parts = key.split("_")
        counts = {"qty", "quantity", "seats", "units"} & set(parts)
        if counts and (not words or any(word in parts for word in words) or len(parts) == 1):
            return number(value, key)
        if key in words and isinstance(value, int):
            return Fraction(value)
    return Fraction(1)


def figures_of(document: Document, terms: Terms, *, lines: bool) -> dict[str, Fraction]:
    """A document's amounts in major units; lines: signed so that they add up to what is due."""

    def major(minor: int) -> Fraction:
        return to_major(Money(minor, terms.currency))

    sign = -1 if lines else 1
    return {
        "charge": major(document.charged),
        "unused": -major(document.given_back),
        "net": major(document.net),
        "generated": major(document.generated),
        "used": sign * major(document.used),
        "due": major(document.due),
        "left": major(document.credit_left),
        "refunded": major(document.refunded),
        "forgone": major(document.forgone),
    }


# What a published figure is called, by the words of its name: first match counts.
_CREDITED = r"credit|repair|unused|refund"
_NAMES: tuple[tuple[str, str], ...] = (
    (r"days_(used|elapsed|consumed|served)|(^|_)(used|elapsed|consumed|served)_days", "days_used"),
    (rf"days.*({_CREDITED}|remain)|({_CREDITED}|remain)\w*days", "days_unused"),
    (r"^(?!actual|assume|fixed|strict|thirty)(.*_)?days", "days_charged"),
    (rf"(?=.*({_CREDITED}))(gross|with_tax|incl)|(?=.*({_CREDITED})).*(gross|with_tax|incl)", "unused_gross"),
    (rf"(?=.*({_CREDITED})).*tax", "unused_tax"),
    (r"gross|with_tax|incl_tax|including_tax", "charge_gross"),
    (r"(^|_)tax", "charge_tax"),
    (r"uncapped|before_cap|theoretical", "uncapped"),
    (r"(?<!un)used_part|consumed_part|(^|_)kept|^consumed$|value_used|for_used|earned", "kept"),
    (r"credit_left|credit_balance|balance_left|remaining_credit|left_over|account_credit_after", "left"),
    (r"credit_used|credits?_applied|credit_consumed|(?<!un)used_credit", "used"),
    (r"credit_generated|generated|to_account_credit|account_credit|credit_to_account|cba", "generated"),
    (r"forgone|lost", "forgone"),
    (r"refund", "refunded"),
    (r"repair|unused|(blocked|pause|suspension)_credit|credit_for|^credits?(_|$)|_credit$|note", "unused"),
    (r"\bdue|_due|to_pay|payable|amount_due|invoice_total", "due"),
    (r"net|total", "net"),
    (
        r"new_item|charge|recurring|remaining|first|prorat|stub|amount|invoice|resume|fee|price|initial|tcv",
        "charge",
    ),
)
_POSITIVE = re.compile(r"credit_for|credit_note|credit_amount|(credit|unused|refund)\w*(gross|tax)")


def filled(wanted: Any, figures: Mapping[str, Any]) -> dict[str, Any]:
    """For every single figure that is wanted, ours: by its own name, else by what its words mean."""
    found: dict[str, Any] = {}
    for key, shape in (wanted or {}).items():
        if isinstance(shape, dict | list):
            continue
        if key in figures:
            found[key] = figures[key]
            continue
        name = next((meaning for pattern, meaning in _NAMES if re.search(pattern, key)), None)
        if name is not None and name in figures:
            value = figures[name]
            found[key] = abs(value) if _POSITIVE.search(key) and not isinstance(value, str) else value
    return found
