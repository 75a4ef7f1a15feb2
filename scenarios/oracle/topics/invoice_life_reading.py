"""How cases tell the life of an invoice: its service, its amounts, what happened to it and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.finance.calendar import Period, add_months
from core.finance.cash.invoice_life import Cut, Regained, Rules, TaxLost
from core.finance.exact import exactly
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.cash_reading import Unit, day, first, has_day, rows_of

# What a key says that happened; the first that fits.
_KINDS = (
    ("won", r"won|reinstat|reversed_dispute|dispute_revers"),
    ("lost", r"lost"),
    ("issue", r"issued|finali[sz]ed|invoiced|invoice_date|billed|invoice_at"),
    ("dispute", r"dispute|chargeback"),
    ("refund", r"refund"),
    ("void", r"void"),
    ("give_up", r"uncollectible|bad_?debt|writ\w+_?off|given_up"),
    ("pay", r"paid|pay|recover|collected|settled"),
)
_CREDIT = r"credit_balance|balance_applied|credit_applied|customer_balance|customer_credit"


@dataclass(frozen=True, slots=True)
class Happening:
    """amount: minor units, None for all of it."""

    on: date
    kind: str
    amount: int | None = None
    outside: bool = False


def service(inputs: Mapping[str, Any]) -> Period:
    """[first day, day after the last); one without days is earned when it is billed."""
    given = first(inputs, "service", "service_period", "period")
    days = first(inputs, "service_days", "month_days")
    if isinstance(given, Mapping):
        given = [first(given, "start", "from"), first(given, "end", "to", "until")]
    if isinstance(given, list) and len(given) == 2:
        start, end = day(given[0], "service"), day(given[1], "service")
        inclusive = inputs.get("inclusive") is True or "inclusive" in str(given[1])
        return Period(start, end + timedelta(days=1) if inclusive else end)
    if isinstance(days, Mapping):
        return _of_days(days)
    at = next((value for key, value in inputs.items() if has_day(value)), None)
    if at is not None:
        # No service period: earned when it is billed.
        return Period(day(at), day(at))
    raise NotOffered("service: its first day and the day after its last are read")


def _of_days(days: Mapping[str, Any]) -> Period:
    """{"jan": 17, "feb": 14}: the service begins so many days before the end of its first month."""
    months = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
    name, count = next(iter(days.items()))
    number = re.search(r"(\d{4})-(\d{2})", name)
    year, month = (int(number[1]), int(number[2])) if number else (2019, months.index(name.lower()[:3]) + 1)
    following = add_months(date(year, month, 1), 1)
    start = following - timedelta(days=int(count))
    return Period(start, start + timedelta(days=sum(int(n) for n in days.values())))


def amounts(inputs: Mapping[str, Any], unit: Unit) -> tuple[int, int]:
    """(net, tax); an invoice with a tax beside it is its total."""
    given = first(inputs, "invoice", "amount", "total", "gross", "invoice_total", "invoice_amount", "price")
    net = first(inputs, "net", "subtotal", "invoice_net")
    tax = first(inputs, "tax", "invoice_tax", "tax_amount")
    if isinstance(given, Mapping):
        net, tax = first(given, "net", "subtotal"), first(given, "tax", "tax_amount")
        given = first(given, "total", "gross", "amount")
    percent = first(inputs, "tax_pct", "tax_rate_pct", "vat_pct")
    if given is None and net is None:
        raise NotOffered("invoice: its amount is read from invoice, total, or net and tax")
    if tax is None and percent is not None:
        share = exactly(percent, "tax_pct") / 100
        if net is not None:
            tax = exactly(net, "net") * share
        else:
            tax = exactly(given, "invoice") * share / (1 + share)
    taxed = unit.minor(tax, "tax") if tax is not None else 0
    if net is not None:
        return unit.minor(net, "net"), taxed
    return unit.minor(given, "invoice") - taxed, taxed


def applied_of(inputs: Mapping[str, Any], unit: Unit) -> int:
    """What of the credit balance goes on the invoice; negative where more is owed."""
    for key, value in inputs.items():
        if re.search(_CREDIT, key) and not isinstance(value, Mapping | list | bool):
            return unit.minor(value, key)
    return 0


def rules(case: Case, inputs: Mapping[str, Any]) -> Rules:
    """The switches that the case's words name."""
    said = f"{case.convention} {case.subtopic} {inputs.get('tax_relief', '')}".lower()
    names = str(case.wanted).lower()
    restored = re.search(r"restor|reinstat|not a gain|without gain|as revenue", said) or (
        re.search(r"won", said) and "recover" not in names and "gain" not in said
    )
    lost = re.search(r"no (tax )?relief|without (tax )?relief|tax (is )?(part of|inside) ", said)
    return Rules(
        Regained.RESTORED if restored else Regained.GAIN,
        TaxLost.LOST if lost or inputs.get("tax_relief") is False else TaxLost.RELIEVED,
        cut=Cut.MONTH if re.search(r"(open|current|whole|same) (month|period)", said) else Cut.DAY,
    )


def happenings_of(inputs: Mapping[str, Any], unit: Unit) -> Iterator[Happening]:
    """Of keys and of lists of events, in no order."""
    charged = [v for v in inputs.values() if isinstance(v, Mapping) and first(v, "fee", "dispute_fee")]
    if charged:
        raise NotOffered("fee: what a processor takes for a dispute is no movement of the invoice")
    for key, value in inputs.items():
        if key in ("service", "service_period", "period", "variants", "month_days"):
            continue
        if key in ("events", "steps", "timeline") and isinstance(value, list):
            for row in value:
                yield from _event(row, unit)
            continue
        for row in rows_of(value):
            yield from _keyed(key, row, unit)


def _event(row: Any, unit: Unit) -> Iterator[Happening]:
    if not isinstance(row, Mapping):
        return
    said = " ".join(str(first(row, "type", "event", "what", "kind", "action") or "").split("_"))
    kind = kind_of(said) if said else ""
    if kind:
        yield _happening(kind, said, row, unit)
        return
    for key, value in row.items():
        if kind_of(key):
            inner = value if isinstance(value, Mapping) else {"amount": value}
            yield _happening(kind_of(key), key, {**row, **inner}, unit)
            return


def _keyed(key: str, row: Any, unit: Unit) -> Iterator[Happening]:
    kind = kind_of(key)
    if not kind or re.search(_CREDIT, key):
        return
    if has_day(row):
        yield Happening(day(row), kind, None, _outside(key))
    elif isinstance(row, Mapping) and _at(row) is not None:
        yield _happening(kind, key, row, unit)
        for inner, value in row.items():
            # {"at": …, "won_at": …}: what became of it.
            if kind == "dispute" and kind_of(inner) in ("won", "lost") and has_day(value):
                yield Happening(day(value), kind_of(inner))
            if (
                kind == "dispute"
                and inner in ("outcome", "result", "status")
                and kind_of(str(value)) == "won"
            ):
                yield Happening(day(first(row, "closed_at", "decided_at", "outcome_at")), "won")


def _happening(kind: str, said: str, row: Mapping[str, Any], unit: Unit) -> Happening:
    amount = first(row, "amount", "gross", "total")
    minor = unit.minor(amount, said) if amount not in (None, "full", "all", True) else None
    at = _at(row)
    if at is None:
        raise NotOffered(f"{said}: it has no day")
    return Happening(day(at), kind, minor, _outside(said) or row.get("out_of_band") is True)


def _at(row: Mapping[str, Any]) -> Any:
    return first(row, "at", "on", "date", "day")


def kind_of(words: str) -> str:
    """Which happening words mean, or an empty text."""
    return next((kind for kind, pattern in _KINDS if re.search(pattern, words.lower())), "")


def _outside(words: str) -> bool:
    return bool(re.search(r"out_?of_?band|external|outside", words))
