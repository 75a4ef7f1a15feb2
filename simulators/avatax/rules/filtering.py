"""The vendor's filter language: $filter as a tree, and whether a record meets it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from simulators.avatax.rules.refusal import TaxRefusal

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|\"[^\"]*\"|[(),]|[^\s(),'\"]+)")
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
_TEXT = frozenset({"like", "contains", "startswith", "endswith"})
_NULL = frozenset({"isnull", "isnotnull"})
_DEEPEST = 30
T = TypeVar("T")
# Field name in lower case -> how to read it from a record.
Fields = Mapping[str, Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class Criterion:
    """field op values."""

    field: str
    op: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Parts joined by "and" or "or"; "not" has one part."""

    op: str
    parts: tuple[Criterion | Group, ...]


Filter = Criterion | Group


def parse(text: str) -> Filter | None:
    """`a eq 'x' and (b between 1 and 2 or c in (1, 2))`; None for an empty filter."""
    reader = _Reader(text)
    if not reader.tokens:
        return None
    found = reader.alternatives(0)
    if reader.at < len(reader.tokens):
        left = reader.tokens[reader.at]
        if left == ")":
            raise _syntax(text)
        raise TaxRefusal(
            "ExpectedConjunctionError",
            "The filter statement is missing a conjunction.",
            f"Expected AND or OR before '{left}'.",
            "$filter",
        )
    return found


class _Reader:
    """One reading of one filter."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.tokens: list[str] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                raise TaxRefusal(
                    "UnterminatedValueError", "The filter has a value without an end.", text, "$filter"
                )
            self.tokens.append(match[1])
            at = match.end()

    def alternatives(self, depth: int) -> Filter:
        return self._joined("or", self._conditions, depth)

    def _conditions(self, depth: int) -> Filter:
        return self._joined("and", self._term, depth)

    def _joined(self, word: str, part: Callable[[int], Filter], depth: int) -> Filter:
        parts = [part(depth)]
        while self._peek() == word:
            self.at += 1
            parts.append(part(depth))
        return parts[0] if len(parts) == 1 else Group(word, tuple(parts))

    def _term(self, depth: int) -> Filter:
        if depth > _DEEPEST:
            raise _syntax(self.text)
        if self._peek() == "not":
            self.at += 1
            return Group("not", (self._term(depth + 1),))
        if self._peek() != "(":
            return self._criterion()
        self.at += 1
        inner = self.alternatives(depth + 1)
        if self._peek() != ")":
            raise TaxRefusal(
                "OpenClauseException", "The filter has an unclosed parenthesis.", self.text, "$filter"
            )
        self.at += 1
        return inner

    def _criterion(self) -> Criterion:
        name, op = self._next().lower(), self._next().lower()
        if op in _NULL:
            return Criterion(name, op, ())
        if op in _COMPARE or op in _TEXT:
            return Criterion(name, op, (_literal(self._next()),))
        if op == "between":
            low = _literal(self._next())
            if self._next().lower() == "and":
                return Criterion(name, op, (low, _literal(self._next())))
        if op == "in" and self._next() == "(":
            values = []
            while (token := self._next()) != ")":
                if token != ",":
                    values.append(_literal(token))
            if values:
                return Criterion(name, op, tuple(values))
        raise _syntax(self.text)

    def _peek(self) -> str:
        return self.tokens[self.at].lower() if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise _syntax(self.text)
        self.at += 1
        return self.tokens[self.at - 1]


def _literal(token: str) -> str:
    if token[:1] in ("'", '"'):
        return token[1:-1].replace("''", "'")
    return token


def _syntax(text: str) -> TaxRefusal:
    return TaxRefusal("SyntaxError", "The filter cannot be read.", f"Filter: {text}", "$filter")


def necessary(wish: Filter | None) -> tuple[Criterion, ...]:
    """The criteria that every match meets: those joined by "and" at the top."""
    if isinstance(wish, Criterion):
        return (wish,)
    if wish is None or wish.op != "and":
        return ()
    return tuple(criterion for part in wish.parts for criterion in necessary(part))


def mentioned(wish: Filter | None) -> frozenset[str]:
    """Every field that the filter looks at."""
    if wish is None:
        return frozenset()
    if isinstance(wish, Criterion):
        return frozenset({wish.field})
    return frozenset().union(*(mentioned(part) for part in wish.parts))


def select(records: Iterable[T], wish: Filter | None, fields: Fields) -> list[T]:
    """Those records that meet the filter."""
    if wish is None:
        return list(records)
    test = _test(wish, fields)
    return [record for record in records if test(record)]


def _test(wish: Filter, fields: Fields) -> Callable[[Any], bool]:
    if isinstance(wish, Criterion):
        return _single(wish, fields)
    tests = [_test(part, fields) for part in wish.parts]
    if wish.op == "not":
        return lambda record: not tests[0](record)
    combine = all if wish.op == "and" else any
    return lambda record: combine(test(record) for test in tests)


def _single(criterion: Criterion, fields: Fields) -> Callable[[Any], bool]:
    read = fields.get(criterion.field)
    if read is None:
        raise TaxRefusal(
            "InvalidQueryField",
            f"The field '{criterion.field}' cannot be queried.",
            "Check the list of fields of the object that you are querying.",
            "$filter",
        )
    values, op = criterion.values, criterion.op
    if op in _NULL:
        return lambda record: (read(record) in (None, "")) == (op == "isnull")
    if op in _TEXT:
        return _text_test(read, op, values[0].lower())
    if op == "in":
        return lambda record: any(operator.eq(*_alike(read(record), value)) for value in values)
    if op == "between":
        low, high = values
        return lambda record: (
            operator.ge(*_alike(read(record), low)) and operator.le(*_alike(read(record), high))
        )
    compare = _COMPARE[op]
    return lambda record: compare(*_alike(read(record), values[0]))


def _text_test(read: Callable[[Any], Any], op: str, wanted: str) -> Callable[[Any], bool]:
    if op == "like":
        pattern = re.compile(".*".join(re.escape(part) for part in wanted.split("%")), re.DOTALL)
        return lambda record: pattern.fullmatch(str(read(record) or "").lower()) is not None
    if op == "contains":
        return lambda record: wanted in str(read(record) or "").lower()
    if op == "startswith":
        return lambda record: str(read(record) or "").lower().startswith(wanted)
    return lambda record: str(read(record) or "").lower().endswith(wanted)


def _alike(value: Any, text: str) -> tuple[Any, Any]:
    """The value and the text made comparable; text compares without case, as in the vendor's database."""
    if value is None:
        return "", text.lower()
    if isinstance(value, str):
        return value.lower(), text.lower()
    if isinstance(value, bool):
        return value, text.lower() in ("true", "1")
    if not isinstance(value, int | Decimal):
        return str(value).lower(), text.lower()
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise TaxRefusal("InvalidQueryValue", f"'{text}' is not a number.", param="$filter")
    return value, number
