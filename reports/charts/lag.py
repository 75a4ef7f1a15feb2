"""Event-to-ERP lag on a log scale: seconds and days have to live in one picture."""

from __future__ import annotations

import math

from reports.charts.svg import BROKEN, SERIES, SOFT, bar, legend, line, picture, text
from reports.compare import ModelTotals
from reports.names import flow_name, model_name
from reports.record import LagResult
from reports.units import DAY, HOUR, MINUTE, format_span

TICKS = (0.01, 0.1, 1.0, 10.0, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY)
LEFT, RIGHT, PLOT, TOP, BAR, GAP = 204.0, 76.0, 712.0, 46.0, 13.0, 18.0
HEIGHT = 3 * (BAR + 3) + GAP


def lag_bars(rows: tuple[ModelTotals, ...], flow: str) -> str:
    """Three bars a model, p50, p95 and p99; a model that breaks laws has those laws' ids in place of bars."""
    lags = {row.model: _find(row, flow) for row in rows}
    low, high = _bounds([lag for lag in lags.values() if lag])
    bottom = TOP + HEIGHT * len(rows)
    parts = [legend(LEFT, 14, list(zip(SERIES, ("p50", "p95", "p99"), strict=False)))]
    for tick in (tick for tick in TICKS if low <= tick <= high):
        x = LEFT + _place(tick, low, high)
        parts.append(line(x, TOP - 8, x, bottom - 6))
        parts.append(text(x, bottom + 12, format_span(tick), text_anchor="middle", fill=SOFT))
    for at, row in enumerate(rows):
        y = TOP + at * HEIGHT
        parts.append(text(LEFT - 12, y + 28, model_name(row.model), text_anchor="end", font_weight="600"))
        lag = lags[row.model]
        parts += _bars(lag, y, low, high) if lag else [no_figure(row.broken_ids, LEFT + 6, y + 28)]
    says = "; ".join(_says(row, lags[row.model]) for row in rows) + ". Logarithmic scale."
    title = f"Lag, {flow_name(flow)}: p50, p95 and p99"
    key = "lag-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in flow)
    return picture(key, title, says, LEFT + PLOT + RIGHT, bottom + 22, parts)


def no_figure(broken: tuple[str, ...], x: float, y: float) -> str:
    """What stands where a performance figure would."""
    if not broken:
        return text(x, y, "not measured", fill=SOFT)
    shown = ", ".join(broken[:8]) + (f" and {len(broken) - 8} more" if len(broken) > 8 else "")
    return text(x, y, f"✗ no figure: {shown} broken", fill=BROKEN)


def _find(row: ModelTotals, flow: str) -> LagResult | None:
    return next((lag for lag in row.pace.lags if lag.flow == flow), None) if row.pace else None


def _bounds(lags: list[LagResult]) -> tuple[float, float]:
    values = [value for lag in lags for value in (lag.p50_s, lag.p95_s, lag.p99_s) if value > 0]
    if not values:
        return 1.0, HOUR
    low = max((tick for tick in TICKS if tick < min(values)), default=TICKS[0])
    high = min((tick for tick in TICKS if tick >= max(values)), default=max(values))
    return low, high


def _place(value: float, low: float, high: float) -> float:
    share = math.log(max(value, low) / low) / math.log(high / low)
    return PLOT * min(share, 1.0)


def _bars(lag: LagResult, y: float, low: float, high: float) -> list[str]:
    parts = []
    named = (("p50", lag.p50_s), ("p95", lag.p95_s), ("p99", lag.p99_s))
    for at, (name, value) in enumerate(named):
        top = y + at * (BAR + 3)
        width = max(_place(value, low, high), 2.0)
        parts.append(bar(LEFT, top, width, BAR, SERIES[at], f"{name} {format_span(value)}"))
        parts.append(text(LEFT + width + 7, top + 11, format_span(value), font_size=11.5))
    return parts


def _says(row: ModelTotals, lag: LagResult | None) -> str:
    name = model_name(row.model)
    if lag is None:
        return f"{name}: no figure, laws are broken" if row.broken else f"{name}: not measured"
    return f"{name}: " + ", ".join(format_span(value) for value in (lag.p50_s, lag.p95_s, lag.p99_s))
