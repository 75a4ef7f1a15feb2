"""All forty controls at a glance: one cell each, state by colour and by sign."""

from __future__ import annotations

from collections.abc import Sequence

from reports.charts.svg import element, escaped, picture, text

_LOOK = {
    "signed off": ("var(--holds-bg, #dcefe5)", "var(--holds, #1f6b4a)", "✓"),
    "exceptions open": ("var(--broken, #b3261e)", "var(--on-broken, #ffffff)", "✗"),
    "not applicable": ("var(--code, #f3f4f6)", "var(--soft, #5d6675)", "○"),
    "not run": ("var(--code, #f3f4f6)", "var(--soft, #5d6675)", "–"),
}
# What is too long for a cell; the title of the cell says it whole.
_SHORT = {"exceptions open": "open", "not applicable": "no rows"}
_ACROSS, _WIDE, _HIGH, _GAP = 10, 96, 46, 6


def strip(controls: Sequence[tuple[str, str, str, int]]) -> str:
    """controls: (id, name, state, open exceptions)."""
    parts = []
    for place, (name, title, state, open_) in enumerate(controls):
        row, column = divmod(place, _ACROSS)
        x, y = column * (_WIDE + _GAP), row * (_HIGH + _GAP)
        fill, ink, sign = _LOOK[state]
        says = f"{name} {title}: {state}" + (f", {open_} open" if open_ else "")
        box = element(
            "rect",
            element("title", escaped(says)),
            x=x,
            y=y,
            width=_WIDE,
            height=_HIGH,
            rx=5,
            fill=fill,
        )
        label = text(x + 10, y + 20, name, fill=ink, font_size=13.0, font_weight="600")
        word = f"{sign} {open_} open" if open_ else f"{sign} {_SHORT.get(state, state)}"
        parts += [box, label, text(x + 10, y + 37, word, fill=ink, font_size=12.0)]
    rows = -(-len(controls) // _ACROSS)
    states = [state for _, _, state, _ in controls]
    told = ", ".join(f"{states.count(state)} {state}" for state in _LOOK)
    width, height = _ACROSS * (_WIDE + _GAP) - _GAP, rows * (_HIGH + _GAP) - _GAP
    return picture("controls", "The controls of the close", told, width, height, parts)
