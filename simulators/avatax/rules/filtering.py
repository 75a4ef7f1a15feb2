"""$filter, $orderby, $top and $skip, as far as lists of companies, nexus and documents need them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from simulators.avatax.rules.refusal import TaxRefusal

PAGE_MAX = 1000
_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[(),]|[^\s(),']+)")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "gte": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "lte": operator.le,
}
T = TypeVar("T")
# Field name in lower case -> how to read it from a record.
Fields = Mapping[str, Callable[[Any], str | int | bool | Decimal]]


@dataclass(frozen=True, slots=True)
class Criterion:
    """field op values; op is one of _COMPARE, "between" or "in"."""

    field: str
    op: str
    values: tuple[str, ...]


def parse(text: str) -> tuple[Criterion, ...]:
    """`a eq 'x' and b between 1 and 2 and c in (1, 2)`; "or" and brackets around terms are not known."""
    tokens = _tokens(text)
    criteria: list[Criterion] = []
    at = 0
    while at < len(tokens):
        if criteria:
            if tokens[at].lower() == "or":
                raise TaxRefusal("CriteriaNotSupportedError", "'or' is not supported here.", param="$filter")
            if tokens[at].lower() != "and":
                raise _syntax(text)
            at += 1
        criterion, at = _criterion(text, tokens, at)
        criteria.append(criterion)
    return tuple(criteria)


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise _syntax(text)
        tokens.append(match[1])
        at = match.end()
    return tokens


def _criterion(text: str, tokens: list[str], at: int) -> tuple[Criterion, int]:
    try:
        name, op, first = tokens[at].lower(), tokens[at + 1].lower(), tokens[at + 2]
        if op in _COMPARE:
            return Criterion(name, op, (_literal(first),)), at + 3
        if op == "between" and tokens[at + 3].lower() == "and":
            return Criterion(name, op, (_literal(first), _literal(tokens[at + 4]))), at + 5
        if op == "in" and first == "(":
            end = tokens.index(")", at)
            values = tuple(_literal(token) for token in tokens[at + 3 : end] if token != ",")
            if values:
                return Criterion(name, op, values), end + 1
    except (IndexError, ValueError):
        pass
    raise _syntax(text)


def _literal(token: str) -> str:
    return token[1:-1].replace("''", "'") if token.startswith("'") else token


def _syntax(text: str) -> TaxRefusal:
    return TaxRefusal("SyntaxError", f"The filter '{text}' cannot be read.", param="$filter")


def select(records: Iterable[T], criteria: Sequence[Criterion], fields: Fields) -> list[T]:
    """Those records that meet every criterion."""
    tests = [_test(criterion, fields) for criterion in criteria]
    return [record for record in records if all(test(record) for test in tests)]


def _test(criterion: Criterion, fields: Fields) -> Callable[[Any], bool]:
    read = fields.get(criterion.field)
    if read is None:
        raise TaxRefusal(
            "InvalidQueryField", f"'{criterion.field}' is no field to filter by.", param="$filter"
        )
    values, op = criterion.values, criterion.op
    if op == "in":
        return lambda record: any(operator.eq(*_alike(read(record), value)) for value in values)
    if op == "between":
        low, high = values
        return lambda record: (
            operator.ge(*_alike(read(record), low)) and operator.le(*_alike(read(record), high))
        )
    compare = _COMPARE[op]
    return lambda record: compare(*_alike(read(record), values[0]))


def _alike(value: str | int | bool | Decimal, text: str) -> tuple[Any, Any]:
    """The value and the text made comparable; text compares without case, as in the vendor's database."""
    if isinstance(value, str):
        return value.lower(), text.lower()
    if isinstance(value, bool):
        return value, text.lower() in ("true", "1")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise TaxRefusal("InvalidQueryValue", f"'{text}' is not a number.", param="$filter")
    return value, number


def order(records: list[T], text: str, fields: Fields) -> list[T]:
    """By `field [ASC|DESC], …`; stable, so that pages do not overlap."""
    for term in reversed([term.split() for term in text.split(",") if term.strip()]):
        read = fields.get(term[0].lower())
        if read is None or len(term) > 2 or (term[1:] and term[1].upper() not in ("ASC", "DESC")):
            raise TaxRefusal("FieldNotOrderableError", f"Cannot order by '{' '.join(term)}'.")
        records = sorted(records, key=read, reverse=len(term) == 2 and term[1].upper() == "DESC")
    return records


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted."""

    top: int
    skip: int


def page(top: str, skip: str) -> Page:
    """At most 1,000 records from `skip` on; "" and 0 mean no wish."""
    return Page(min(_count("$top", top) or PAGE_MAX, PAGE_MAX), _count("$skip", skip))


def _count(name: str, text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise TaxRefusal("QueryParameterOutOfRange", f"{name} must be a whole number from 0.", param=name)
    return int(text[:18])
