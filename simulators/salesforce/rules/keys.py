"""Record ids: 15 case-sensitive characters, or 18 with a checksum that makes them case-safe."""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# One checksum character stands for the upper-case letters among five characters of the id.
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def checksum(short: str) -> str:
    """The three characters that make an 18-character id of a 15-character one."""
    out = ""
    for start in (0, 5, 10):
        bits = sum(1 << i for i in range(5) if "A" <= short[start + i] <= "Z")
        out += _CHECK[bits]
    return out


def record_id(prefix: str, count: int) -> str:
    """The 18-character id of the count-th record of an object whose key prefix is `prefix`."""
    tail = ""
    for _ in range(9):
        count, digit = divmod(count, 62)
        tail = _DIGITS[digit] + tail
    short = f"{prefix}5g0{tail}"
    return short + checksum(short)


def full_id(text: str) -> str | None:
    """The 18-character form of a 15- or 18-character id; None if it is not the shape of an id."""
    if not (text.isascii() and text.isalnum()):
        return None
    if len(text) == 15:
        return text + checksum(text)
    return _restored(text) if len(text) == 18 else None


def _restored(text: str) -> str | None:
    """Letter case put right by the checksum: 18-character ids survive tools that change case."""
    letters = list(text[:15])
    for group, mark in enumerate(text[15:].upper()):
        bits = _CHECK.find(mark)
        if bits < 0:
            return None
        for i in range(5):
            at = group * 5 + i
            letters[at] = letters[at].upper() if bits >> i & 1 else letters[at].lower()
    short = "".join(letters)
    return short + text[15:].upper() if checksum(short) == text[15:].upper() else None
