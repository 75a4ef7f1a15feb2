"""SOQL text into a query: literals are taken out first, so that one parse serves every value."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedInput, VisitError

from simulators.salesforce.rules.query import Query
from simulators.salesforce.rules.reading import Reader
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.values import moment_of

LIMIT_TEXT = 100_000  # characters a query may have
_LITERAL = re.compile(
    r"'(?P<s>(?:[^'\\]|\\.)*)'"
    r"|(?<![\w.])(?:"
    r"(?P<t>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<d>\d{4}-\d\d-\d\d)"
    r"|(?P<n>[+-]?\d+(?:\.\d*)?))(?![\w.])"
    r"|(?P<x>\?)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_AROUND = 40  # characters of the query that a refusal shows on either side
# Refusals that the vendor words with the place in the query, and what they name.
_PLACED = re.compile(
    r"No such column '(\w+)'|relationship '(\w+)'|sObject type '([\w.]+)'|duplicate field selected: (\w+)"
)


def shaped(text: str) -> tuple[str, list[Any]]:
    """(the text with marks for its literals, the value of each); MALFORMED_QUERY if one is none."""
    if len(text) > LIMIT_TEXT:
        raise Refused("QUERY_TOO_COMPLICATED", f"SOQL statement exceeds {LIMIT_TEXT} characters")
    values: list[Any] = []

    def mark(found: re.Match[str]) -> str:
        kind = found.lastgroup or ""
        if kind == "x":
            raise _malformed("unexpected token: '?'")
        values.append(_literal(kind, found[kind]))
        return f"?{kind}"

    return _LITERAL.sub(mark, text), values


def _literal(kind: str, text: str) -> object:
    try:
        if kind == "s":
            return _ESCAPE.sub(_plain, text) if "\\" in text else text
        if kind == "n":
            return Decimal(text)
        return moment_of(text) if kind == "t" else text
    except ValueError:
        raise _malformed(f"unexpected token: '{text}'") from None


def _plain(found: re.Match[str]) -> str:
    # Escaped wildcards keep their backslash: only LIKE tells them from bare ones.
    return found[0] if found[1] in "%_" else _ESCAPED.get(found[1], found[1])


def _malformed(text: str) -> Refused:
    return Refused("MALFORMED_QUERY", text)


class Misread(Exception):
    """The text is no query. position: in the shape; -1 at its end."""

    def __init__(self, position: int, token: str) -> None:
        super().__init__(token)
        self.position, self.token = position, token


@lru_cache(maxsize=2048)
def parsed(shape: str) -> Query:
    """The query of a shape; Misread says where it is wrong."""
    try:
        tree = _grammar().parse(shape)
        query: Query = Reader().transform(tree)
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        if token is None:
            raise Misread(error.pos_in_stream or 0, shape[error.pos_in_stream or 0 :][:1]) from None
        raise Misread(-1 if token.type == "$END" else error.pos_in_stream or 0, str(token)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, Refused):
            raise error.orig_exc from None
        raise
    return query


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    text = Path(__file__).with_name("soql.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", maybe_placeholders=False)


def misread(text: str, error: Misread) -> Refused:
    """MALFORMED_QUERY in the vendor's words, with the place in the text."""
    if error.position < 0:
        return _malformed("unexpected token: '<EOF>'")
    position = _in_text(text, error.position)
    token = error.token
    for found in _LITERAL.finditer(text):
        if found.start() == position:
            token = found[0].strip("'")
    return _malformed(_shown(text, position, f"unexpected token: '{token}'"))


def placed(text: str, refused: Refused) -> Refused:
    """The same refusal with the place in the query where it names something of the query."""
    found = _PLACED.search(refused.message)
    if found is None or refused.message.startswith("\n"):
        return refused
    name = next(each for each in found.groups() if each)
    bare = _LITERAL.sub(lambda each: " " * len(each[0]), text)
    spot = re.search(rf"(?<![\w]){re.escape(name)}(?!\w)", bare, re.IGNORECASE)
    if spot is None:
        return refused
    start = spot.start()
    while start and (bare[start - 1].isalnum() or bare[start - 1] in "._"):
        start -= 1
    return Refused(refused.code, _shown(text, start, refused.message), refused.fields)


def _in_text(text: str, position: int) -> int:
    """A position in the shape as one in the text."""
    moved = 0
    for found in _LITERAL.finditer(text):
        if found.start() - moved >= position:
            break
        moved += len(found[0]) - 2
    return position + moved


def _shown(text: str, position: int, said: str) -> str:
    row = text.count("\n", 0, position) + 1
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start : end if end >= 0 else len(text)]
    column = position - start
    first = max(0, column - _AROUND)
    part = line[first : column + _AROUND]
    return f"\n{part}\n{' ' * (column - first)}^\nERROR at Row:{row}:Column:{column + 1}\n{said}"
