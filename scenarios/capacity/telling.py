"""Demand and capacity as a table of the terminal, as Markdown and as plain values for a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rich import box
from rich.table import Table

from scenarios.capacity.demand import AT_ONCE, SPANS, Standing, first_to_break
from scenarios.capacity.facts import VendorDemand

Found = Mapping[str, Sequence[VendorDemand]]
NO_LIMIT = "no limit in the mock"
DEMAND = ("model", "vendor", "mean an hour", *(f"busiest {name}" for name in SPANS), "at once as played")
FACT = ("model", "vendor", "by the clock, an hour", "grows with customers: calls of one …")
LIMIT = ("model", "vendor", "limit", "demand", "use %", "room", "breaks at growth ×")


def decimal(value: Fraction, digits: int = 1, *, down: bool = False) -> str:
    """Rounded half up, or down, for the eye; what is compared is exact. value: not below 0."""
    scaled = value * 10**digits
    whole = (2 * scaled.numerator + (0 if down else scaled.denominator)) // (2 * scaled.denominator)
    return f"{Decimal(whole).scaleb(-digits):,f}"


def demand_rows(found: Found) -> list[tuple[str, ...]]:
    """Cells under DEMAND."""
    return [
        (
            model,
            v.system,
            decimal(v.mean_an_hour),
            *(decimal(each, 0) for each in v.busiest.values()),
            str(v.at_once),
        )
        for model, vendors in found.items()
        for v in vendors
    ]


def fact_rows(found: Found) -> list[tuple[str, ...]]:
    """Cells under FACT."""
    return [
        (
            model,
            v.system,
            decimal(v.by_clock),
            ", ".join(f"{fact} {decimal(calls)}" for fact, calls in v.by_fact.items()) or "none",
        )
        for model, vendors in found.items()
        for v in vendors
    ]


def limit_rows(found: Found) -> list[tuple[str, ...]]:
    """Cells under LIMIT."""
    return [
        row
        for model, vendors in found.items()
        for v in vendors
        for row in ([_limit(model, v, s) for s in v.limits] or [(model, v.system, NO_LIMIT, "", "", "", "")])
    ]


def tables(found: Found) -> list[Table]:
    """For the terminal."""
    made = []
    for title, heads, rows in _all(found):
        table = Table(*heads, title=title, title_justify="left", box=box.SIMPLE)
        for row in rows:
            table.add_row(*row)
        made.append(table)
    return made


def markdown(found: Found) -> str:
    """The same as Markdown."""
    lines = []
    for title, heads, rows in _all(found):
        lines += [f"**{title}**", "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
        lines += [*(f"| {' | '.join(row)} |" for row in rows), ""]
    return "\n".join([*lines, *(f"- {line}" for line in verdicts(found))]) + "\n"


def verdicts(found: Found) -> list[str]:
    """For each model the limit that breaks first, in a line."""
    said = []
    for model, vendors in found.items():
        pairs = [(v.system, limit) for v in vendors for limit in v.limits]
        first = first_to_break(limit for _, limit in pairs)
        if first is None or first.growth is None:
            said.append(f"{model}: no growth breaks a limit of these mocks")
            continue
        system = next(name for name, limit in pairs if limit is first)
        what = f"{system} {_said(first)}"
        times = decimal(first.growth, 2, down=True)
        said.append(
            f"{model}: broken at this size: {what}, at {times} times it"
            if first.growth < 1
            else f"{model}: up to {times} times this size; the first to break is {what}"
        )
    return said


def plain(found: Found) -> dict[str, Any]:
    """For JSON: exact fractions as text ("7/3"), windows in microseconds (0: at once)."""
    return {model: [_plain(each) for each in vendors] for model, vendors in found.items()}


def _all(found: Found) -> tuple[tuple[str, tuple[str, ...], list[tuple[str, ...]]], ...]:
    return (
        ("Demand, calls", DEMAND, demand_rows(found)),
        ("What grows and what does not", FACT, fact_rows(found)),
        ("Against the vendors' limits", LIMIT, limit_rows(found)),
    )


def _limit(model: str, vendor: VendorDemand, limit: Standing) -> tuple[str, ...]:
    sign, room = ("-", -limit.room) if limit.room < 0 else ("", limit.room)
    grown = "never" if limit.growth is None else decimal(limit.growth, 2, down=True)
    use = decimal(100 * limit.use, 2)
    return (model, vendor.system, _said(limit), decimal(limit.demand, 2), use, sign + decimal(room, 2), grown)


def _said(limit: Standing) -> str:
    if limit.window == AT_ONCE:
        return f"{limit.most:,} at once"
    known = {window: name for name, window in SPANS.items()}
    name = known.get(limit.window, f"{limit.window} us")
    return f"{limit.most:,} in {'an' if name == 'hour' else 'a'} {name}"


def _plain(vendor: VendorDemand) -> dict[str, Any]:
    return {
        "vendor": vendor.system,
        "calls_played": vendor.calls,
        "mean_an_hour": str(vendor.mean_an_hour),
        "busiest": {name: str(calls) for name, calls in vendor.busiest.items()},
        "at_once_as_played": vendor.at_once,
        "calls_by_fact": {name: str(calls) for name, calls in vendor.by_fact.items()},
        "an_hour_by_clock": str(vendor.by_clock),
        "limits": [
            {
                "window_us": limit.window,
                "most": limit.most,
                "demand": str(limit.demand),
                "use": str(limit.use),
                "room": str(limit.room),
                "breaks_at_growth": None if limit.growth is None else str(limit.growth),
            }
            for limit in vendor.limits
        ],
    }
