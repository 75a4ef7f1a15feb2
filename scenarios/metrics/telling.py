"""The metrics of a run as tables for a terminal, and as plain values for a file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from rich import box
from rich.console import Console
from rich.table import Table

from core.canonical.money import exponent
from core.finance.exact import whole
from core.finance.metrics.movements import annual
from core.finance.metrics.rolls import Roll
from scenarios.metrics.figures import AGES, Figures, Pair

_NONE = "–"


def show(console: Console, found: Sequence[Figures]) -> None:
    """Everything, one currency after the other, and what does not agree."""
    for each in found:
        _bridge(console, each)
        _cash(console, each)
        _rolls(console, f"{each.currency}: deferred revenue (ledger 2100)", each.deferred, each.currency)
        title = f"{each.currency}: remaining performance obligations of contracts with a term"
        _rolls(console, title, each.obligations, each.currency)
    pairs = [(each.currency, pair) for each in found for pair in each.pairs]
    wrong = [(currency, pair) for currency, pair in pairs if not pair.agrees]
    for currency, pair in wrong:
        console.print(said(currency, pair), soft_wrap=True, markup=False, highlight=False)
    console.print(f"{len(pairs)} pairs of figures compared, {len(wrong)} do not agree", highlight=False)


def said(currency: str, pair: Pair) -> str:
    """One disagreement in a line."""
    (left, one), (right, other) = pair.left, pair.right
    off = amount(one - other, currency)
    return (
        f"{pair.name} of {pair.on}: {left} {amount(one, currency)} {currency}, "
        f"{right} {amount(other, currency)} {currency}, off by {off}"
    )


def amount(value: Fraction, currency: str) -> str:
    """Rounded half up to the currency's digits, for the eye and for files; comparing is exact."""
    digits = exponent(currency)
    return f"{Decimal(whole(value * 10**digits)).scaleb(-digits):,f}"


def plain(found: Sequence[Figures]) -> list[dict[str, object]]:
    """For JSON: amounts as decimal strings in major units, rates in percent."""
    return [_plain(each) for each in found]


def _bridge(console: Console, each: Figures) -> None:
    heads = ("month", "opening", "new", "expansion", "reactivation", "contraction", "churn", "MRR")
    table = Table(*heads, "ARR", "NRR %", "GRR %", box=box.SIMPLE, title=f"{each.currency}: MRR and ARR")
    for month in each.months:
        b = month.bridge
        moves = (b.opening, b.new, b.expansion, b.reactivation, -b.contraction, -b.churn, b.closing)
        cells = [amount(value, each.currency) for value in (*moves, annual(b.closing))]
        table.add_row(f"{month.period.start:%Y-%m}", *cells, _rate(month.nrr), _rate(month.grr))
    table.add_row("all", *[""] * 8, _rate(each.nrr), _rate(each.grr))
    console.print(table)


def _cash(console: Console, each: Figures) -> None:
    table = Table("month", "receivables", "DSO", "DSO counted back", box=box.SIMPLE)
    table.title = f"{each.currency}: receivables"
    for month in each.months:
        days = (_rate(month.dso), _rate(month.dso_count_back))
        table.add_row(f"{month.period.start:%Y-%m}", amount(month.receivable, each.currency), *days)
    console.print(table)
    ages = Table(
        *AGES, "open", box=box.SIMPLE, title=f"{each.currency}: open at the end by days since invoice"
    )
    ages.add_row(*(amount(v, each.currency) for v in (*each.aging, sum(each.aging, Fraction(0)))))
    console.print(ages)


def _rolls(console: Console, title: str, rolls: Sequence[Roll], currency: str) -> None:
    kinds = sorted({kind for each in rolls for kind, _ in each.changes})
    table = Table("month", "opening", *kinds, "closing", box=box.SIMPLE, title=title)
    for each in rolls:
        values = (each.opening, *(each.of(kind) for kind in kinds), each.closing)
        table.add_row(f"{each.period.start:%Y-%m}", *(amount(v, currency) for v in values))
    console.print(table)


def _rate(value: Fraction | None) -> str:
    return _NONE if value is None else f"{Decimal(whole(value * 10)).scaleb(-1):f}"


def _plain(each: Figures) -> dict[str, object]:
    def money(value: Fraction) -> str:
        return amount(value, each.currency).replace(",", "")

    return {
        "currency": each.currency,
        "months": [
            {
                "month": f"{month.period.start:%Y-%m}",
                **{
                    name: money(getattr(month.bridge, name))
                    for name in (
                        "opening",
                        "new",
                        "expansion",
                        "reactivation",
                        "contraction",
                        "churn",
                        "closing",
                    )
                },
                "arr": money(annual(month.bridge.closing)),
                "nrr_pct": _rate(month.nrr),
                "grr_pct": _rate(month.grr),
                "receivables": money(month.receivable),
                "dso": _rate(month.dso),
                "dso_count_back": _rate(month.dso_count_back),
            }
            for month in each.months
        ],
        "nrr_pct": _rate(each.nrr),
        "grr_pct": _rate(each.grr),
        "aging": dict(zip(AGES, map(money, each.aging), strict=True)),
        "deferred_revenue": [_plain_roll(one, each.currency) for one in each.deferred],
        "remaining_obligations": [_plain_roll(one, each.currency) for one in each.obligations],
        "disagreements": [said(each.currency, pair) for pair in each.pairs if not pair.agrees],
    }


def _plain_roll(one: Roll, currency: str) -> dict[str, str]:
    rows = {"opening": one.opening, **dict(one.changes), "closing": one.closing}
    cells = {name: amount(value, currency).replace(",", "") for name, value in rows.items()}
    return {"month": f"{one.period.start:%Y-%m}", **cells}
