"""Open differences between the books after the heal, one strip a model."""

from __future__ import annotations

from reports.charts.lag import no_figure
from reports.charts.svg import LINE, SERIES, SOFT, element, line, picture, text
from reports.names import model_name
from reports.record import ModelResult
from reports.units import format_span, plural

LEFT, PLOT, STRIP, STEP, TOP = 204.0, 652.0, 34.0, 50.0, 10.0


def open_strips(runs: tuple[ModelResult, ...]) -> str:
    """A step line that ends at zero where the books tie out again; runs without samples are left out."""
    shown = tuple(run for run in runs if run.open_after_heal)
    span = max((sample.after_heal_s for run in shown for sample in run.open_after_heal), default=0.0) or 1.0
    most = max((sample.open for run in shown for sample in run.open_after_heal), default=0) or 1
    bottom = TOP + STEP * len(shown)
    parts = []
    for at, run in enumerate(shown):
        y = TOP + at * STEP
        parts.append(line(LEFT, y + STRIP, LEFT + PLOT, y + STRIP))
        parts.append(text(LEFT - 12, y + 22, model_name(run.model), text_anchor="end", font_weight="600"))
        if run.broken:
            parts.append(no_figure(tuple(law.id for law in run.broken), LEFT + 6, y + 22))
            continue
        parts.append(_steps(run, y, span, most))
        left = run.open_after_heal[-1].open
        parts.append(text(LEFT + PLOT + 8, y + STRIP, f"{left} left" if left else "tied out", fill=SOFT))
    for share in (0.0, 0.25, 0.5, 0.75, 1.0) if shown else ():
        x = LEFT + PLOT * share
        parts.append(element("line", x1=x, x2=x, y1=TOP, y2=bottom - 10, stroke=LINE, stroke_dasharray="2 4"))
        parts.append(text(x, bottom + 8, format_span(span * share), text_anchor="middle", fill=SOFT))
    says = "; ".join(
        f"{model_name(run.model)}: from {run.open_after_heal[0].open} to {run.open_after_heal[-1].open}"
        for run in shown
    )
    title = f"Open differences after the heal, up to {plural(most, 'difference')}"
    return picture("open", title, says, LEFT + PLOT + 90, bottom + 18, parts)


def _steps(run: ModelResult, y: float, span: float, most: int) -> str:
    points = []
    height = y + STRIP
    for sample in run.open_after_heal:
        x = LEFT + PLOT * sample.after_heal_s / span
        points.append(f"{x:.1f},{height:.1f}")
        height = y + STRIP - STRIP * sample.open / most
        points.append(f"{x:.1f},{height:.1f}")
    points.append(f"{LEFT + PLOT:.1f},{height:.1f}")
    floor = f" {LEFT + PLOT:.1f},{y + STRIP:.1f} {LEFT:.1f},{y + STRIP:.1f}"
    area = element("polygon", points=" ".join(points) + floor, fill=SERIES[0], fill_opacity=0.15)
    return area + element(
        "polyline", points=" ".join(points), fill="none", stroke=SERIES[0], stroke_width=1.8
    )
