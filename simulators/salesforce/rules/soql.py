"""SOQL text into a query: literals are taken out first, so that one parse serves every value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

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


@dataclass(frozen=True, slots=True)
class Value:
    """A literal: mark n of the text (kind s, n, d or t), or null, true, false (kind "")."""

    kind: str
    mark: int = -1
    plain: bool | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """operator: =, !=, <, <=, >, >=, like, in or not in."""

    path: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """operator: and, or, not."""

    operator: str
    parts: tuple[Condition, ...]


Condition = Comparison | Logic


@dataclass(frozen=True, slots=True)
class Sort:
    path: str
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """select: paths and subqueries in order; empty for COUNT(). limit, offset: marks, -1 if absent."""

    select: tuple[str | Query, ...]
    source: str
    where: Condition | None
    order: tuple[Sort, ...]
    limit: int
    offset: int


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


def parsed(shape: str) -> Query:
    """The query of a shape; MALFORMED_QUERY says where it is wrong."""
    try:
        tree = _grammar().parse(shape)
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        end = token is None or token.type == "$END"
        said = "unexpected token: '<EOF>'" if end else f"unexpected token: '{token}'"
        raise _malformed(f"\nERROR at Row:{error.line}:Column:{error.column}\n{said}") from None
    query: Query = _Reader().transform(tree)
    return query


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    text = Path(__file__).with_name("soql.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", maybe_placeholders=False)


class _Reader(Transformer[Token, Any]):
    """Builds the query; marks are met, and so numbered, in the order of the text."""

    def __init__(self) -> None:
        super().__init__()
        self._marks = 0

    def MARK(self, token: Token) -> Value:
        self._marks += 1
        return Value(token[1], self._marks - 1)

    NUMBER = MARK

    def start(self, parts: list[Any]) -> Any:
        return parts[0]

    def query(self, parts: list[Any]) -> Query:
        select, source, *rest = parts
        clauses: dict[str, Any] = {"where": None, "order": (), "limit": -1, "offset": -1, **dict(rest)}
        return Query(select, str(source), **clauses)

    def count(self, _: list[Any]) -> tuple[str | Query, ...]:
        return ()

    def items(self, parts: list[Any]) -> tuple[str | Query, ...]:
        return tuple(parts)

    def field(self, parts: list[Token]) -> str:
        return str(parts[0])

    def child(self, parts: list[Query]) -> Query:
        return parts[0]

    def where(self, parts: list[Condition]) -> tuple[str, Condition]:
        return "where", parts[0]

    def all_of(self, parts: list[Condition]) -> Logic:
        return Logic("and", tuple(parts))

    def any_of(self, parts: list[Condition]) -> Logic:
        return Logic("or", tuple(parts))

    def negation(self, parts: list[Condition]) -> Logic:
        return Logic("not", tuple(parts))

    def compare(self, parts: list[Any]) -> Comparison:
        path, operator, value = parts
        return Comparison(str(path), "!=" if operator == "<>" else str(operator), (value,))

    def like(self, parts: list[Any]) -> Comparison:
        return Comparison(str(parts[0]), "like", (parts[1],))

    def one_of(self, parts: list[Any]) -> Comparison:
        return Comparison(str(parts[0]), "in", parts[1])

    def none_of(self, parts: list[Any]) -> Comparison:
        return Comparison(str(parts[0]), "not in", parts[1])

    def operands(self, parts: list[Value]) -> tuple[Value, ...]:
        return tuple(parts)

    def value(self, parts: list[Any]) -> Value:
        (only,) = parts
        if isinstance(only, Value):
            return only
        return Value("", plain={"TRUE": True, "FALSE": False, "NULL": None}[only.type])

    def order(self, parts: list[Sort]) -> tuple[str, tuple[Sort, ...]]:
        return "order", tuple(parts)

    def sort(self, parts: list[Token]) -> Sort:
        said = {token.type for token in parts[1:]}
        return Sort(str(parts[0]), "DESC" in said, "LAST" in said)

    def limit(self, parts: list[Value]) -> tuple[str, int]:
        return "limit", parts[0].mark

    def offset(self, parts: list[Value]) -> tuple[str, int]:
        return "offset", parts[0].mark
