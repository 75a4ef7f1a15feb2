"""Builds a query of the parser's tree; marks are met, and so numbered, in the order of the text."""

from __future__ import annotations

import re
from typing import Any

from lark import Token, Transformer

from simulators.salesforce.rules.query import (
    Comparison,
    Condition,
    Func,
    Logic,
    Named,
    Operand,
    Query,
    Semi,
    Sort,
    TypeOf,
    Value,
)
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.spans import is_span

_MONEY = re.compile(r"[A-Za-z]{3}\d+")


class Reader(Transformer[Token, Any]):
    """One a parse."""

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
        clauses: dict[str, Any] = {
            "alias": "", "where": None, "group": (), "having": None, "order": (), "limit": -1, "offset": -1,
            **dict(part for part in rest if part is not None),
        }  # fmt: skip
        return Query(select, str(source), **clauses)

    def items(self, parts: list[Any]) -> tuple[Any, ...]:
        return tuple(parts)

    def named(self, parts: list[Any]) -> Named:
        alias = parts[1][1] if len(parts) > 1 else ""
        return Named(parts[0], alias)

    def alias(self, parts: list[Token]) -> tuple[str, str]:
        return "alias", str(parts[0])

    def child(self, parts: list[Query]) -> Query:
        return parts[0]

    def type_of(self, parts: list[Any]) -> TypeOf:
        whens = tuple(part[1] for part in parts[1:] if part[0] == "when")
        other = next((part[1] for part in parts[1:] if part[0] == "other"), ())
        return TypeOf(str(parts[0]), whens, other)

    def when(self, parts: list[Token]) -> tuple[str, tuple[str, tuple[str, ...]]]:
        return "when", (str(parts[0]), tuple(str(part) for part in parts[1:]))

    def other(self, parts: list[Token]) -> tuple[str, tuple[str, ...]]:
        return "other", tuple(str(part) for part in parts)

    def path(self, parts: list[Token]) -> str:
        return str(parts[0])

    def call(self, parts: list[Any]) -> Func:
        name, *arguments = parts
        first = arguments[0] if arguments else ""
        if isinstance(first, Func):
            if str(name).upper() == "FORMAT" and first.name != "CONVERTCURRENCY":
                return Func("FORMAT", first.path, (first,))
            # A time zone changes nothing here: the org's is GMT, and its amounts are shown as they are.
            first = first.path if first.name in ("CONVERTTIMEZONE", "CONVERTCURRENCY") else ""
        return Func(str(name).upper(), first, tuple(arguments[1:]))

    def ignored(self, _: list[Any]) -> None:
        return None

    def all_rows(self, _: list[Any]) -> None:
        raise Refused("MALFORMED_QUERY", "ALL ROWS not allowed in this context")

    def where(self, parts: list[Condition]) -> tuple[str, Condition]:
        return "where", parts[0]

    def having(self, parts: list[Condition]) -> tuple[str, Condition]:
        return "having", parts[0]

    def all_of(self, parts: list[Condition]) -> Logic:
        return Logic("and", tuple(parts))

    def any_of(self, parts: list[Condition]) -> Logic:
        return Logic("or", tuple(parts))

    def negation(self, parts: list[Condition]) -> Logic:
        return Logic("not", tuple(parts))

    def compare(self, parts: list[Any]) -> Comparison:
        operand, operator, value = parts
        return Comparison(operand, "!=" if operator == "<>" else str(operator), (value,))

    def like(self, parts: list[Any]) -> Comparison:
        return Comparison(parts[0], "like", (parts[1],))

    def one_of(self, parts: list[Any]) -> Comparison:
        return Comparison(parts[0], "in", parts[1])

    def none_of(self, parts: list[Any]) -> Comparison:
        return Comparison(parts[0], "not in", parts[1])

    def includes(self, parts: list[Any]) -> Comparison:
        return Comparison(parts[0], "includes", parts[1])

    def excludes(self, parts: list[Any]) -> Comparison:
        return Comparison(parts[0], "excludes", parts[1])

    def semi(self, parts: list[Any]) -> Semi:
        return Semi(parts[0], False, parts[1])

    def anti(self, parts: list[Any]) -> Semi:
        return Semi(parts[0], True, parts[1])

    def operands(self, parts: list[Value]) -> tuple[Value, ...]:
        return tuple(parts)

    def value(self, parts: list[Any]) -> Value:
        first = parts[0]
        if isinstance(first, Value):
            return first
        if first.type != "PATH":
            return Value("", plain={"TRUE": True, "FALSE": False, "NULL": None}[first.type])
        mark = parts[1].mark if len(parts) > 1 else -1
        if is_span(str(first).upper(), mark >= 0):
            return Value("r", mark, str(first).upper())
        if _MONEY.fullmatch(first):
            return Value("c", plain=str(first)[3:])
        raise Refused("MALFORMED_QUERY", f"unexpected token: '{first}'")

    def group(self, parts: list[Operand]) -> tuple[str, tuple[Operand, ...]]:
        return "group", tuple(parts)

    def order(self, parts: list[Sort]) -> tuple[str, tuple[Sort, ...]]:
        return "order", tuple(parts)

    def sort(self, parts: list[Any]) -> Sort:
        said = {token.type for token in parts[1:]}
        return Sort(parts[0], "DESC" in said, "LAST" in said)

    def limit(self, parts: list[Value]) -> tuple[str, int]:
        return "limit", parts[0].mark

    def offset(self, parts: list[Value]) -> tuple[str, int]:
        return "offset", parts[0].mark
