"""The waterfall as tables for a terminal, and as plain values for a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich import box
from rich.console import Console
from rich.table import Table

from core.canonical.money import Money
from core.finance.revenue.waterfall import Row
from scenarios.revenue.figures import Waterfall

# Columns of months that a terminal has room for; later ones are summed.
_SHOWN = 12


def show(console: Console, found: Sequence[Waterfall], *, contracts: int) -> None:
    """Everything, one currency after the other. contracts: rows of single contracts, the largest first."""
    for each in found:
        _rows(console, each, f"{each.currency}: revenue by month of booking", each.by_month)
        if contracts:
            largest = sorted(each.by_contract, key=lambda row: (-abs(row.total), row.name))[:contracts]
            _rows(console, each, f"{each.currency}: revenue by contract", largest)
        _rolls(console, each)
        _ends(console, each)
        for wrong in each.wrong:
            said = f"{wrong.what}: own {_text(wrong.own, each)}, ledger {_text(wrong.ledger, each)}"
            console.print(said, soft_wrap=True, markup=False, highlight=False)
    compared, wrongs = sum(e.compared for e in found), sum(len(e.wrong) for e in found)
    late = sum(each.not_yet for each in found)
    console.print(
        f"{compared} figures worked out again from billing's documents, {wrongs} do not agree; "
        f"{late} documents came after the last release",
        highlight=False,
    )


def plain(found: Sequence[Waterfall]) -> list[dict[str, object]]:
    """For JSON: amounts as decimal strings in major units."""
    return [_plain(each) for each in found]


def _rows(console: Console, each: Waterfall, title: str, rows: Sequence[Row]) -> None:
    shown = each.columns[:_SHOWN]
    heads = ["", "booked", *(f"{month:%Y-%m}" for month in shown)]
    if len(each.columns) > len(shown):
        heads.append("later")
    table = Table(*heads, box=box.SIMPLE, title=title)
    for row in [*rows, _total(rows)]:
        months = [*row.months[: len(shown)]]
        if len(each.columns) > len(shown):
            months.append(sum(row.months[len(shown) :]))
        table.add_row(row.name, *(_text(minor, each) for minor in (row.total, *months)))
    console.print(table)


def _total(rows: Sequence[Row]) -> Row:
    width = len(rows[0].months) if rows else 0
    return Row("all", sum(r.total for r in rows), tuple(sum(r.months[i] for r in rows) for i in range(width)))


def _rolls(console: Console, each: Waterfall) -> None:
    title = f"{each.currency}: deferred revenue less contract asset"
    table = Table("month", "opening", "booked", "recognised", "closing", box=box.SIMPLE, title=title)
    for roll in each.rolls:
        values = (roll.opening, roll.booked, -roll.recognised, roll.closing)
        mark = "" if _is_released(each, roll.month) else " planned"
        table.add_row(f"{roll.month:%Y-%m}{mark}", *(_text(minor, each) for minor in values))
    console.print(table)


def _ends(console: Console, each: Waterfall) -> None:
    through = f"{each.through:%Y-%m}" if each.through else "no month"
    table = Table(
        "", each.currency, box=box.SIMPLE, title=f"{each.currency}: where it stands after {through}"
    )
    for name, minor in (
        ("contract liabilities, net by contract", each.liabilities),
        ("contract assets, net by contract", each.assets),
        ("remaining obligations of contracts with a term: billed", each.rpo_billed),
        ("remaining obligations of contracts with a term: not yet billed", each.rpo_unbilled),
        ("billed ahead of contracts that can be ended at any time (no obligation)", each.cancellable),
    ):
        table.add_row(name, _text(minor, each))
    console.print(table)


def _is_released(each: Waterfall, month: date) -> bool:
    return each.through is not None and month <= each.through


def _text(minor: int, each: Waterfall) -> str:
    return f"{Money(minor, each.currency).major:,f}"


def _plain(each: Waterfall) -> dict[str, object]:
    def text(minor: int) -> str:
        return f"{Money(minor, each.currency).major:f}"

    def rows(found: Sequence[Row]) -> list[dict[str, object]]:
        return [
            {
                "name": row.name,
                "booked": text(row.total),
                "months": {f"{m:%Y-%m}": text(v) for m, v in zip(each.columns, row.months, strict=True) if v},
            }
            for row in found
        ]

    return {
        "currency": each.currency,
        "released_through": f"{each.through:%Y-%m}" if each.through else None,
        "by_month": rows(each.by_month),
        "by_contract": rows(each.by_contract),
        "roll_forward": [
            {
                "month": f"{roll.month:%Y-%m}",
                "opening": text(roll.opening),
                "booked": text(roll.booked),
                "recognised": text(roll.recognised),
                "closing": text(roll.closing),
            }
            for roll in each.rolls
        ],
        "contract_assets": text(each.assets),
        "contract_liabilities": text(each.liabilities),
        "remaining_obligations": {
            "billed": text(each.rpo_billed),
            "not_billed": text(each.rpo_unbilled),
            "cancellable_billed": text(each.cancellable),
        },
        "compared": each.compared,
        "after_last_release": each.not_yet,
        "disagreements": [
            {"what": wrong.what, "own": text(wrong.own), "ledger": text(wrong.ledger)} for wrong in each.wrong
        ],
    }
