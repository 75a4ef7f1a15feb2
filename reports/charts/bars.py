"""Bars on a plain scale: calls per lifecycle, time to converge, money the books are off by."""

from __future__ import annotations

from reports.charts.lag import no_figure
from reports.charts.svg import BROKEN, SERIES, SOFT, bar, legend, picture, text
from reports.compare import ModelTotals
from reports.names import model_name, system_name
from reports.units import format_money, format_number, format_span

LEFT, RIGHT, PLOT, BAR, STEP = 204.0, 136.0, 652.0, 22.0, 36.0
WIDTH = LEFT + PLOT + RIGHT


def call_bars(rows: tuple[ModelTotals, ...]) -> str:
    """API calls per lifecycle, stacked by system."""
    names = list(dict.fromkeys(s.system for row in rows if row.pace for s in row.pace.systems))
    fills = {name: SERIES[at % len(SERIES)] for at, name in enumerate(names)}
    most = max((row.pace.calls_per_lifecycle for row in rows if row.pace), default=0.0) or 1.0
    parts = [legend(LEFT, 14, [(fills[name], system_name(name)) for name in names])] if names else []
    for at, row in enumerate(rows):
        y = 36 + at * STEP
        parts.append(_label(row, y))
        if row.pace is None:
            parts.append(no_figure(row.broken_ids, LEFT + 6, y + 15))
            continue
        x = LEFT
        for part in row.pace.systems:
            width = PLOT * part.per_lifecycle / most
            tip = f"{system_name(part.system)}: {format_number(part.per_lifecycle)}"
            parts.append(bar(x, y, width, BAR, fills[part.system], tip) if part.per_lifecycle else "")
            x += width
        parts.append(text(x + 8, y + 15, format_number(row.pace.calls_per_lifecycle), font_weight="600"))
    title = "API calls per lifecycle by system"
    said = [f"{model_name(r.model)}: {format_number(r.pace.calls_per_lifecycle)}" for r in rows if r.pace]
    return picture("calls", title, "; ".join(said) or "no figures", WIDTH, 40 + STEP * len(rows), parts)


def converge_bars(rows: tuple[ModelTotals, ...]) -> str:
    """Time from the heal until no difference between the books is open."""
    times = {row.model: row.pace.converge_seconds for row in rows if row.pace}
    most = max((time for time in times.values() if time), default=0.0) or 1.0
    parts = []
    for at, row in enumerate(rows):
        y = 6 + at * STEP
        parts.append(_label(row, y))
        time = times.get(row.model)
        if row.pace is None:
            parts.append(no_figure(row.broken_ids, LEFT + 6, y + 15))
        elif time is None:
            parts.append(text(LEFT + 6, y + 15, "did not converge", fill=BROKEN))
        else:
            width = max(PLOT * time / most, 2.0)
            parts.append(bar(LEFT, y, width, BAR, SERIES[2], format_span(time)))
            parts.append(text(LEFT + width + 8, y + 15, format_span(time), font_weight="600"))
    said = [f"{model_name(model)}: {_never(time)}" for model, time in times.items()]
    title = "Time to converge after the faults end"
    return picture("converge", title, "; ".join(said) or "no figures", WIDTH, 10 + STEP * len(rows), parts)


def money_bars(rows: tuple[ModelTotals, ...], currency: str) -> str:
    """What the books are off by, in one currency; its size whatever its sign, and the sign in the words."""
    amounts = {
        row.model: sum(amount.minor for amount in row.money_effects if amount.currency == currency)
        for row in rows
    }
    most = max((abs(minor) for minor in amounts.values()), default=0) or 1
    parts = []
    for at, row in enumerate(rows):
        y = 6 + at * STEP
        minor = amounts[row.model]
        said = format_money(minor, currency)
        parts.append(_label(row, y))
        width = max(PLOT * abs(minor) / most, 2.0) if minor else 0.0
        parts.append(bar(LEFT, y, width, BAR, BROKEN, said) if minor else "")
        parts.append(
            text(LEFT + width + 8, y + 15, said, font_weight="600")
            if minor
            else text(LEFT + 6, y + 15, said, fill=SOFT)
        )
    words = "; ".join(
        f"{model_name(model)}: {format_money(minor, currency)}" for model, minor in amounts.items()
    )
    return picture(
        f"money-{currency}", f"Money effect in {currency}", words, WIDTH, 10 + STEP * len(rows), parts
    )


def _label(row: ModelTotals, y: float) -> str:
    return text(LEFT - 12, y + 15, model_name(row.model), text_anchor="end", font_weight="600")


def _never(time: float | None) -> str:
    return "did not converge" if time is None else format_span(time)
