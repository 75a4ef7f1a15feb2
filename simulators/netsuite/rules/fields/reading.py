"""How the lists of fields are written, and how to look one up."""

from __future__ import annotations

from dataclasses import dataclass

# Sorts of fields by their letter in the lists.
SORTS = {
    "s": "text",
    "n": "number",
    "i": "integer",
    "b": "boolean",
    "d": "date",
    "t": "moment",
    "e": "choice",
    "r": "reference",
    "l": "sublist",
    "o": "subrecord",
}


@dataclass(frozen=True, slots=True)
class Field:
    """sort: one of SORTS; to: the record type a reference means, the shape of a subrecord, "" if open.

    ruled: the rules know it; shown: the vendor computes it, and what a caller gives is not taken.
    """

    name: str
    sort: str
    to: str = ""
    ruled: bool = False
    shown: bool = False


Fields = dict[str, Field]


def fields(*texts: str) -> Fields:
    """Lines of a sort's letter and its names; `*name` is ruled, `!name` computed, `name=type` refers."""
    found: Fields = {}
    for text in texts:
        for line in text.strip().splitlines():
            letter, *names = line.split()
            for each in names:
                name, _, to = each.lstrip("*!").partition("=")
                found[name] = Field(name, SORTS[letter], to, each.startswith("*"), each.startswith("!"))
    return found
