"""The `q` filter of collections: conditions joined by AND and OR, brackets first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulators.netsuite.rules.query.functions import to_date
from simulators.netsuite.rules.query.tables import TABLE_OF, columns
from simulators.netsuite.rules.refusal import Refused

_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([()\[\],])|([^\s()\[\],"]+))')

# Where a property of a record and its column are called differently.
_RENAMED = {
    ("transaction", "customer"): "entity",
    ("transaction", "total"): "foreigntotal",
    ("transaction", "payment"): "foreigntotal",
    ("transaction", "amountremaining"): "foreignamountunpaid",
    ("transaction", "amountpaid"): "foreignamountpaid",
    ("transaction", "unapplied"): "foreignpaymentamountunused",
    ("account", "acctname"): "fullname",
}

# operator -> SQL with {} for the column; % stands for the value inside a pattern.
_ONE = {
    "IS": "{} = ?",
    "EQUAL": "{} = ?",
    "ON": "substr({}, 1, 10) = ?",
    "GREATER": "{} > ?",
    "GREATER_OR_EQUAL": "{} >= ?",
    "LESS": "{} < ?",
    "LESS_OR_EQUAL": "{} <= ?",
    "BEFORE": "substr({}, 1, 10) < ?",
    "AFTER": "substr({}, 1, 10) > ?",
    "ON_OR_BEFORE": "substr({}, 1, 10) <= ?",
    "ON_OR_AFTER": "substr({}, 1, 10) >= ?",
    "CONTAIN": "instr({}, ?) > 0",
    "START_WITH": "substr({0}, 1, length(?1)) = ?1",
    "END_WITH": "substr({0}, -length(?1)) = ?1",
}
_DATED = frozenset({"ON", "BEFORE", "AFTER", "ON_OR_BEFORE", "ON_OR_AFTER"})


@dataclass(slots=True)
class _Reading:
    kind: str
    tokens: list[tuple[str, str]]
    at: int
    values: list[str]

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token


def to_sql(kind: str, query: str) -> tuple[str, tuple[str, ...]]:
    """(condition, its values) for the table of the record type; INVALID_PARAMETER if not understood."""
    reading = _Reading(kind, _tokens(query), 0, [])
    condition = _either(reading)
    if reading.peek()[0] != "end":
        raise _invalid(f"'{reading.peek()[1]}' was not expected.")
    return condition, tuple(reading.values)


def _tokens(query: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = query.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _invalid(f"'{text[at:]}' was not understood.")
        quoted, mark, word = match.groups()
        if quoted is not None:
            found.append(("text", re.sub(r"\\(.)", r"\1", quoted)))
        else:
            found.append(("mark", mark) if mark else ("word", word))
        at = match.end()
    return found


def _either(reading: _Reading) -> str:
    parts = [_both(reading)]
    while reading.peek() == ("word", "OR"):
        reading.take()
        parts.append(_both(reading))
    return f"({' OR '.join(parts)})"


def _both(reading: _Reading) -> str:
    parts = [_single(reading)]
    while reading.peek() == ("word", "AND"):
        reading.take()
        parts.append(_single(reading))
    return f"({' AND '.join(parts)})"


def _single(reading: _Reading) -> str:
    if reading.peek() == ("mark", "("):
        reading.take()
        inner = _either(reading)
        if reading.take() != ("mark", ")"):
            raise _invalid("A bracket is not closed.")
        return inner
    column = _column(reading)
    sort, word = reading.take()
    operator = word.upper()
    if sort != "word":
        raise _invalid("An operator is missing.")
    negated = operator.endswith("_NOT")
    plain = operator.removesuffix("_NOT")
    condition = _condition(reading, column, plain)
    return f"NOT {condition}" if negated else condition


def _condition(reading: _Reading, column: str, operator: str) -> str:
    if operator == "EMPTY":
        return f"({column} IS NULL)"
    if operator in ("ANY_OF", "BETWEEN", "WITHIN"):
        values = [_value(reading, operator, each) for each in _several(reading)]
        if operator == "ANY_OF":
            return f"({column} IN ({', '.join(values)}))"
        if len(values) != 2:
            raise _invalid(f"{operator} takes two values.")
        return f"({column} BETWEEN {values[0]} AND {values[1]})"
    pattern = _ONE.get(operator)
    if pattern is None:
        raise _invalid(f"Operator '{operator}' is not supported.")
    sort, text = reading.take()
    if sort not in ("word", "text"):
        raise _invalid(f"{operator} takes a value.")
    place = _value(reading, operator, text)
    return f"({pattern.format(column).replace('?1', '?').replace('?', place)})"


def _value(reading: _Reading, operator: str, text: str) -> str:
    if operator in _DATED:
        text = _date(text)
    elif text.lower() in ("true", "false"):
        text = "T" if text.lower() == "true" else "F"
    reading.values.append(text)
    return f"?{len(reading.values)}"


def _date(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return text
    try:
        # The vendor reads dates in the user's own format, by default month first.
        return to_date(text, "MM/DD/YYYY") or ""
    except ValueError as error:
        raise _invalid(f"'{text}' is not a date.") from error


def _several(reading: _Reading) -> list[str]:
    if reading.take() != ("mark", "["):
        raise _invalid("A list in square brackets is expected.")
    values = []
    while True:
        sort, text = reading.take()
        if sort not in ("word", "text"):
            raise _invalid("A list is not closed.")
        values.append(text)
        mark = reading.take()
        if mark == ("mark", "]"):
            return values
        if mark != ("mark", ","):
            raise _invalid("A list is not closed.")


def _column(reading: _Reading) -> str:
    sort, word = reading.take()
    if sort != "word":
        raise _invalid("A field name is expected.")
    table = TABLE_OF[reading.kind]
    name = _RENAMED.get((table, word.lower()), word.lower())
    if name not in columns(table):
        raise _invalid(f"Field '{word}' of record '{reading.kind}' cannot be filtered by.")
    return name


def _invalid(why: str) -> Refused:
    return Refused("INVALID_PARAMETER", f"Invalid query parameter value. {why}", "QueryParam", "q")
