"""Lines with list price, fair value and rate: extended stand-alone prices, allocation, carve-in and -out."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.finance.exact import to_major, to_money, whole
from core.finance.revenue.allocation import OutsideRange, Sharing, extended, in_range, relative
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.revenue_reading import amount, currency_of, percent

_SOLD = ("sell", "price", "net", "sales_price", "sell_price", "amount", "sold")
_LIST = ("list", "list_price", "fair_value", "ssp", "standalone", "unit_ssp")

_LOW = ("low", "ssp_low", "range_low", "ssp_min", "min", "lower")
_HIGH = ("high", "ssp_high", "range_high", "ssp_max", "max", "upper")


def lines(case: Case, sharing: Sharing) -> dict[str, Any]:
    """Figures in the order of the lines, in functional currency."""
    currency, rows = currency_of(case), case.inputs["lines"]
    weights = [_weight(row, case.inputs) for row in rows]
    sold = [_sold(row) * _fx(row) for row in rows]
    total = to_money(sum(sold, Fraction(0)), currency)
    if "price" in case.inputs:
        total = to_money(amount(case.inputs["price"], "price"), currency)
    parts = relative(total, weights, sharing)
    shares = [weight / sum(weights) for weight in weights]
    carve = [to_major(part) - each for part, each in zip(parts, sold, strict=True)]
    figures: dict[str, Any] = {"allocation": parts, "carve": carve, "allocatable_total": total}
    figures["extended_ssp"] = figures["ssp"] = [to_money(weight, currency) for weight in weights]
    figures |= dict.fromkeys(
        ("total_ssp", "extended_ssp_total"), to_money(sum(weights, Fraction(0)), currency)
    )
    for digits in range(9):
        cut = [Fraction(whole(share * 10**digits), 10**digits) for share in shares]
        figures[f"relative_{digits}dp"] = figures[f"relative_pct_{digits}dp"] = cut
        hundredths = [Fraction(whole(share * 100 * 10**digits), 10**digits) for share in shares]
        figures[f"relative_percent_{digits}dp"] = hundredths
    figures["relative_pct"] = figures["relative_percent_2dp"]
    figures["carve_in"] = [max(each, Fraction(0)) for each in carve]
    figures["carve_out"] = [max(-each, Fraction(0)) for each in carve]
    figures["carve_sum"] = figures["carve_total"] = sum(carve, Fraction(0))
    each_alone = [to_money(to_major(total) * share, currency) for share in shares]
    figures["independent_half_up_total"] = sum(map(to_major, each_alone), Fraction(0))
    return figures


def _weight(row: Mapping[str, Any], inputs: Mapping[str, Any]) -> Fraction:
    quantity = amount(row.get("quantity", row.get("qty", 1)), "quantity")
    if "range" in row or any(key in row for key in _LOW):
        low, high = row.get("range") or (_end(row, _LOW), _end(row, _HIGH))
        outside = OutsideRange(str(inputs.get("outside_range", row.get("outside_range", "nearest"))))
        return in_range(_sold(row), amount(low, "low"), amount(high, "high"), outside) * _fx(row)
    for key in _LIST:
        if key in row:
            fair = percent(row.get("fair_value_pct", row.get("ssp_pct", 100)), "fair_value_pct")
            return extended(amount(row[key], key), quantity, fair, _fx(row))
    raise NotOffered(f"line: {', '.join(sorted(row))} name no stand-alone price")


def _end(row: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    for key in names:
        if key in row:
            return row[key]
    raise NotOffered(f"line: {', '.join(sorted(row))} name one end of the range only")


def _sold(row: Mapping[str, Any]) -> Fraction:
    for key in _SOLD:
        if key in row:
            return amount(row[key], key)
    raise NotOffered(f"line: {', '.join(sorted(row))} name no selling price")


def _fx(row: Mapping[str, Any]) -> Fraction:
    return amount(row.get("fx", row.get("rate", 1)), "fx")
