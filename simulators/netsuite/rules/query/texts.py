"""Oracle's functions of texts that SQLite does not have: pads, capitals, places, regular expressions."""

from __future__ import annotations

import re
import sqlite3
from decimal import Decimal, InvalidOperation

Given = str | int | None
_WORD = re.compile(r"[^\W_]+")
_PATTERN_MAX = 512  # characters that the database takes in a pattern


def install(base: sqlite3.Connection) -> None:
    """Teach the functions to a database."""
    for name, count, act in (
        ("ns_lpad", 3, lpad), ("ns_rpad", 3, rpad), ("ns_initcap", 1, initcap), ("ns_instr", 4, instr),
        ("ns_translate", 3, translate), ("ns_power", 2, power), ("ns_regexp_substr", 5, regexp_substr),
        ("ns_regexp_replace", 6, regexp_replace), ("ns_regexp_instr", 5, regexp_instr),
        ("ns_regexp_like", 3, regexp_like), ("ns_regexp_count", 4, regexp_count),
    ):  # fmt: skip
        base.create_function(name, count, act, deterministic=True)


def _padding(text: Given, length: Given, fill: Given) -> tuple[str, str] | None:
    """(the text, cut; what is missing), None where Oracle has nothing."""
    filler = " " if fill is None else str(fill)
    if text is None or length is None or int(length) <= 0:
        return None
    whole = str(text)[: int(length)]
    missing = int(length) - len(whole)
    return whole, (filler * (missing // len(filler) + 1))[:missing]


def lpad(text: Given, length: Given, fill: Given) -> str | None:
    """LPAD: filled up on the left, or cut, to a length."""
    found = _padding(text, length, fill)
    return None if found is None else found[1] + found[0]


def rpad(text: Given, length: Given, fill: Given) -> str | None:
    """RPAD: the same on the right."""
    found = _padding(text, length, fill)
    return None if found is None else found[0] + found[1]


def initcap(text: Given) -> str | None:
    """INITCAP: each word with a capital, the rest of it small."""
    return None if text is None else _WORD.sub(lambda word: word[0].capitalize(), str(text))


def instr(text: Given, part: Given, start: Given, occurrence: Given) -> int | None:
    """INSTR: where a part stands, 1 for the first character, 0 for nowhere; below 0 it looks backwards."""
    if text is None or part is None:
        return None
    whole, wanted = str(text), str(part)
    begin, nth = int(start or 1), int(occurrence or 1)
    places = [at for at in range(len(whole) - len(wanted) + 1) if whole.startswith(wanted, at)]
    if begin < 0:
        found = [at for at in reversed(places) if at <= len(whole) + begin]
    else:
        found = [at for at in places if at >= begin - 1]
    return found[nth - 1] + 1 if 1 <= nth <= len(found) else 0


def translate(text: Given, old: Given, new: Given) -> str | None:
    """TRANSLATE: character by character; those without a partner go."""
    if text is None or old is None or new is None:
        return None
    table: dict[int, str | None] = {}
    for place, each in enumerate(str(old)):
        table.setdefault(ord(each), str(new)[place] if place < len(str(new)) else None)
    return str(text).translate(table)


def power(base: Given, exponent: Given) -> Given:
    """POWER with a whole exponent; others are not exact and not here."""
    if base is None or exponent is None:
        return None
    try:
        found = Decimal(str(base)) ** int(Decimal(str(exponent)))
        if int(Decimal(str(exponent))) != Decimal(str(exponent)):
            raise ValueError(f"POWER: the exponent {exponent!r} is not whole")
    except (InvalidOperation, ZeroDivisionError) as error:
        raise ValueError(f"POWER: {base!r} and {exponent!r}") from error
    return int(found) if found == found.to_integral_value() else str(found)


def _compiled(pattern: Given, wish: Given) -> re.Pattern[str]:
    """Oracle's flags: i no case, n the point takes line ends, m lines, x spaces are for the eye."""
    text = str(pattern)
    if len(text) > _PATTERN_MAX:
        raise ValueError(f"a regular expression has at most {_PATTERN_MAX} characters")
    flags = re.RegexFlag(0)
    for letter in str(wish or "").lower():
        flags |= {"i": re.I, "n": re.S, "m": re.M, "x": re.X}.get(letter, re.RegexFlag(0))
    for name, meant in (("alpha", "A-Za-z"), ("digit", "0-9"), ("alnum", "A-Za-z0-9"), ("space", r"\s"),
                        ("upper", "A-Z"), ("lower", "a-z"), ("punct", r"!-/:-@\[-`{-~")):  # fmt: skip
        text = text.replace(f"[:{name}:]", meant)
    try:
        return re.compile(text, flags)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error


def _nth(text: Given, pattern: Given, start: Given, nth: Given, wish: Given) -> re.Match[str] | None:
    found = _compiled(pattern, wish).finditer(str(text), max(int(start or 1) - 1, 0))
    for count, match in enumerate(found, start=1):
        if count == int(nth or 1):
            return match
    return None


def regexp_substr(text: Given, pattern: Given, start: Given, nth: Given, wish: Given) -> str | None:
    """REGEXP_SUBSTR: the n-th match from a place on, or nothing."""
    if text is None or pattern is None:
        return None
    match = _nth(text, pattern, start, nth, wish)
    return match[0] or None if match else None


def regexp_instr(text: Given, pattern: Given, start: Given, nth: Given, wish: Given) -> int | None:
    """REGEXP_INSTR: where the n-th match begins, 0 for nowhere."""
    if text is None or pattern is None:
        return None
    match = _nth(text, pattern, start, nth, wish)
    return match.start() + 1 if match else 0


def regexp_replace(
    text: Given, pattern: Given, new: Given, start: Given, nth: Given, wish: Given
) -> str | None:
    """REGEXP_REPLACE: every match from a place on, or the n-th alone; \\1 is the first group."""
    if text is None or pattern is None:
        return None if text is None else str(text)
    begin, only, count = max(int(start or 1) - 1, 0), int(nth or 0), 0

    def put(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        if only and count != only:
            return match[0]
        return re.sub(r"\\(\d)", lambda group: match[int(group[1])] or "", str(new or ""))

    whole = str(text)
    return (whole[:begin] + _compiled(pattern, wish).sub(put, whole[begin:])) or None


def regexp_like(text: Given, pattern: Given, wish: Given) -> int | None:
    """REGEXP_LIKE: 1 where there is a match anywhere."""
    if text is None or pattern is None:
        return None
    return int(_compiled(pattern, wish).search(str(text)) is not None)


def regexp_count(text: Given, pattern: Given, start: Given, wish: Given) -> int | None:
    """REGEXP_COUNT: matches from a place on."""
    if text is None or pattern is None:
        return None
    return len(_compiled(pattern, wish).findall(str(text), max(int(start or 1) - 1, 0)))
