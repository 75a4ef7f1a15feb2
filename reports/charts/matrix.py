"""The laws × models matrix: a symbol in every cell, so that colour is never the only sign."""

from __future__ import annotations

from reports.charts.svg import INK, LINE, SOFT, element, escaped, line, picture, text
from reports.compare import LawTotal, ModelTotals
from reports.names import model_name
from reports.units import plural

SYMBOLS = {"holds": "✓", "broken": "✗", "undecided": "?", "empty": "○"}
ROW, COLUMN, LABEL, TOP = 27.0, 112.0, 492.0, 44.0
TITLE_CHARS = 66


def law_matrix(rows: tuple[ModelTotals, ...]) -> str:
    """A row a law, a column a model; the first row of the broken ones can be seen from across the room."""
    laws = rows[0].laws if rows else ()
    width = LABEL + COLUMN * len(rows)
    height = TOP + ROW * len(laws) + 6
    parts = [_head(at, row) for at, row in enumerate(rows)]
    for at, law in enumerate(laws):
        y = TOP + at * ROW
        parts.append(line(0, y, width, y))
        parts.append(text(0, y + 18, law.id, font_weight="600"))
        parts.append(_title(law, y))
        parts += [_cell(column, y, row, row.laws[at]) for column, row in enumerate(rows)]
    broken = sum(len(row.broken) for row in rows)
    says = f"{plural(len(laws), 'law')} by {plural(len(rows), 'model')}; {plural(broken, 'cell')} broken."
    return picture("matrix", "Laws held and broken by each model", says, width, height, parts)


def cell_state(law: LawTotal) -> str:
    """holds, broken, undecided; or empty: it held, but there was nothing to examine."""
    return "empty" if law.state == "holds" and law.examined == 0 else law.state


def _head(at: int, row: ModelTotals) -> str:
    x = LABEL + (at + 0.5) * COLUMN
    words = model_name(row.model).split(" ", 1)
    y = 20 if len(words) == 2 else 34
    parts = [
        text(x, y + 15 * i, word, text_anchor="middle", font_weight="600") for i, word in enumerate(words)
    ]
    return "".join(parts)


def _title(law: LawTotal, y: float) -> str:
    short = law.title if len(law.title) <= TITLE_CHARS else law.title[: TITLE_CHARS - 1].rstrip() + "…"
    return element("g", element("title", escaped(law.title)), text(44, y + 18, short, fill=SOFT))


def _cell(column: int, y: float, row: ModelTotals, law: LawTotal) -> str:
    state = cell_state(law)
    x = LABEL + column * COLUMN
    tip = f"{law.id}, {model_name(row.model)}: {_says(law, state)}"
    ink = {"broken": "var(--on-broken, #fff)", "empty": SOFT}.get(state, INK)
    count = f" {law.witnesses}" if state == "broken" and law.witnesses else ""
    return element(
        "g",
        element("title", escaped(tip)),
        element(
            "rect",
            x=x + 4,
            y=y + 3,
            width=COLUMN - 8,
            height=ROW - 6,
            rx=3,
            fill=_fill(state),
            stroke=_edge(state),
        ),
        text(
            x + COLUMN / 2, y + 18, SYMBOLS[state] + count, text_anchor="middle", font_weight="600", fill=ink
        ),
    )


def _says(law: LawTotal, state: str) -> str:
    if state == "empty":
        return "holds, with nothing to examine"
    tried = f"{plural(law.examined, 'fact')} examined"
    return f"{state}, {tried}" + (
        f", {plural(law.witnesses, 'witness', 'witnesses')}" if law.witnesses else ""
    )


def _fill(state: str) -> str:
    return {
        "holds": "var(--holds-bg, #dcefe5)",
        "broken": "var(--broken, #b3261e)",
        "undecided": "var(--undecided-bg, #f7e7bd)",
    }.get(state, "none")


def _edge(state: str) -> str:
    return LINE if state == "empty" else "none"
