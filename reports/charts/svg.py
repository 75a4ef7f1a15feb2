"""The few pieces every picture is built of."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

INK = "var(--ink, #1d2430)"
SOFT = "var(--soft, #5d6675)"
LINE = "var(--line, #d9dde4)"
BROKEN = "var(--broken, #b3261e)"
SERIES = (
    "var(--s1, #2f5d8c)",
    "var(--s2, #c77b30)",
    "var(--s3, #3d8a72)",
    "var(--s4, #7a5aa6)",
    "var(--s5, #a34a63)",
    "var(--s6, #7c8494)",
)
CHAR_PX = 6.6


def element(name: str, *children: str, **attributes: str | float) -> str:
    """One SVG element; `class_` and `font_size` become class and font-size; children are markup already."""
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_number(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{''.join(children)}</{name}>" if children else f"<{name}{said}/>"


def text(x: float, y: float, said: str, **attributes: str | float) -> str:
    """Text in the page's own font; escaped here, nowhere else."""
    style: dict[str, str | float] = {"fill": INK, "font_size": 12.0}
    style.update(attributes)
    return element("text", escaped(said), x=x, y=y, **style)


def bar(x: float, y: float, width: float, height: float, fill: str, tip: str) -> str:
    """A bar that tells its value to whoever points at it, or listens."""
    return element(
        "rect",
        element("title", escaped(tip)),
        x=x,
        y=y,
        width=max(width, 1.0),
        height=height,
        rx=2,
        fill=fill,
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = LINE) -> str:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=1)


def picture(key: str, title: str, says: str, width: float, height: float, parts: list[str]) -> str:
    """The whole: it scales with the page, and title and description serve those who do not see it."""
    return element(
        "svg",
        element("title", escaped(title), id=f"{key}-title"),
        element("desc", escaped(says), id=f"{key}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        style=f"max-width:{_number(width)}px",
        class_="chart",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
    )


def legend(x: float, y: float, entries: list[tuple[str, str]]) -> str:
    """(colour, name) side by side."""
    parts = []
    for fill, name in entries:
        parts.append(element("rect", x=x, y=y - 9, width=11, height=11, rx=2, fill=fill))
        parts.append(text(x + 17, y, name, fill=SOFT))
        x += 17 + len(name) * CHAR_PX + 22
    return "".join(parts)


def clean(said: str) -> str:
    """Without the characters that XML cannot hold."""
    spans = ("\t\n", "\r\r", " \ud7ff", "\ue000\ufffd", "\U00010000\U0010ffff")
    return "".join(c for c in said if any(span[0] <= c <= span[1] for span in spans))


def escaped(said: str) -> str:
    return escape(clean(said))


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
