"""How amounts, spans of time and counts are written for people."""

from __future__ import annotations

EXPONENTS = dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0) | (
    dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


def format_money(minor: int, currency: str) -> str:
    """123456 EUR → "EUR 1,234.56"; 500 JPY → "JPY 500"; the digits never pass through a float."""
    exponent = EXPONENTS.get(currency, 2)
    whole, part = divmod(abs(minor), 10**exponent)
    sign = "-" if minor < 0 else ""
    cents = f".{part:0{exponent}d}" if exponent else ""
    return f"{currency} {sign}{whole:,}{cents}"


def format_span(seconds: float) -> str:
    """A span in the one unit that reads best: 820 ms, 4.2 s, 3.5 min, 6 h, 2.5 d."""
    if seconds < 0:
        return "-" + format_span(-seconds)
    if seconds == 0:
        return "0 s"
    if seconds < 0.9995:
        return f"{seconds * 1000:.3g} ms"
    for unit, size, limit in (("s", 1.0, MINUTE), ("min", MINUTE, HOUR), ("h", HOUR, 2 * DAY)):
        if _digits(seconds / size) != _digits(limit / size) and seconds < limit:
            return f"{_digits(seconds / size)} {unit}"
    return _days(seconds)


def format_number(value: float) -> str:
    """A count or a mean: thousands apart, at most two digits after the point."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:,.2f}"


def plural(count: int, noun: str, many: str = "") -> str:
    """1 law, 2 laws; `many` where the plural is not noun + s."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def join_words(words: tuple[str, ...] | list[str]) -> str:
    """a; a and b; a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]


def _days(seconds: float) -> str:
    days = seconds / DAY
    return f"{days:,.0f} d" if days >= 100 else f"{_digits(days)} d"


def _digits(value: float) -> str:
    """Three significant digits at most, without a trailing ".0"."""
    text = f"{value:.0f}" if value >= 100 else f"{value:.1f}"
    return text.removesuffix(".0")
