"""TO_CHAR of a number: Oracle's number formats."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_FORMAT = re.compile(
    r"(?P<fm>FM)?(?P<dollar>\$)?(?P<whole>[09,G]*)(?:[.D](?P<part>[09]*))?(?P<minus>MI)?", re.I
)


def numeral(value: Decimal, pattern: str) -> str:
    """1234.5 as '9,999.99' is ' 1,234.50': a place for the sign, unless the format begins with FM; hashes
    where it is too narrow. ValueError for a format with elements other than FM $ 0 9 , . and MI."""
    found = _FORMAT.fullmatch(pattern)
    if found is None:
        raise ValueError(f"{pattern!r} is not a number format that is known here")
    whole, part = found["whole"].upper().replace("G", ","), found["part"] or ""
    places = whole.replace(",", "")
    exact = abs(value).quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP)
    digits, _, decimals = f"{exact:f}".partition(".")
    digits = "" if digits == "0" and "0" not in places else digits
    if len(digits) > len(places):
        return "#" * (len(pattern.removeprefix("FM")) + 1)
    least = len(places) - places.index("0") if "0" in places else 0
    body = _grouped(digits.rjust(least, "0"), whole)
    if part:
        shown = decimals.rstrip("0") if found["fm"] and "0" not in part else decimals
        body += f".{shown}"
    sign = "-" if value < 0 and exact else ""
    text = f"{body}{sign or ' '}" if found["minus"] else f"{sign}{found['dollar'] or ''}{body}"
    if found["fm"]:
        return text.strip()
    return text.rjust(len(whole) + bool(found["dollar"]) + (1 + len(part) if part else 0) + 1)


def _grouped(digits: str, whole: str) -> str:
    """The digits under the places of a format, from the right, with its commas between them."""
    out, left = "", digits
    for place in reversed(whole):
        if not left:
            break
        if place == ",":
            out = f",{out}"
        else:
            out, left = f"{left[-1]}{out}", left[:-1]
    return out
