"""The `q` filter of collections: conditions joined by AND and OR, brackets first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulators.netsuite.rules.fields.catalogue import known
from simulators.netsuite.rules.query.functions import to_date
from simulators.netsuite.rules.query.tables import TABLE_OF, columns, sorts
from simulators.netsuite.rules.refusal import Refused

_TOKEN = re.compile(r"\s*(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|([()\[\],])|([^\s()\[\],\"']+))")

# Where a property of a record and its column are called differently.
_RENAMED = {
    ("transaction", "customer"): "entity",
    ("transaction", "total"): "foreigntotal",
    ("transaction", "payment"): "foreigntotal",
    ("transaction", "amountremaining"): "foreignamountunpaid",
    ("transaction", "amountpaid"): "foreignamountpaid",
    ("transaction", "unapplied"): "foreignpaymentamountunused",
    ("transaction", "applied"): "foreignpaymentamountused",
    ("transaction", "internalid"): "id",
    ("customer", "internalid"): "id",
    ("customer", "balance"): "balancesearch",
    ("customer", "overduebalance"): "overduebalancesearch",
    ("customer", "depositbalance"): "depositbalancesearch",
    ("customer", "unbilledorders"): "unbilledorderssearch",
    ("item", "salesdescription"): "description",
    ("account", "acctname"): "fullname",
}
_NUMBERS = frozenset(
    {"EQUAL", "GREATER", "GREATER_OR_EQUAL", "LESS", "LESS_OR_EQUAL", "ANY_OF", "BETWEEN", "WITHIN"}
)
_TEXTS = frozenset({"IS", "CONTAIN", "START_WITH", "ENDWITH", "END_WITH"})
_DATES = frozenset({"ON", "BEFORE", "AFTER", "ON_OR_BEFORE", "ON_OR_AFTER", "BETWEEN", "WITHIN"})
# Operators by the sort of the field; numbers of records are taken as numbers and as choices.
_ALLOWED = {
    "T": _TEXTS | {"ANY_OF"},
    "N": _NUMBERS,
    "I": _NUMBERS | {"IS"},
    "D": _DATES,
    "M": _DATES,
    "B": frozenset({"IS"}),
    "?": _TEXTS | _NUMBERS | _DATES,
}
# operator -> SQL with {0} for the column and ?1 for the value; texts are compared without case.
_ONE = {
    "IS": "{0} = ?1 COLLATE NOCASE",
    "EQUAL": "{0} = ?1",
    "GREATER": "{0} > ?1",
    "GREATER_OR_EQUAL": "{0} >= ?1",
    "LESS": "{0} < ?1",
    "LESS_OR_EQUAL": "{0} <= ?1",
    "ON": "substr({0}, 1, 10) = ?1",
    "BEFORE": "substr({0}, 1, 10) < ?1",
    "AFTER": "substr({0}, 1, 10) > ?1",
    "ON_OR_BEFORE": "substr({0}, 1, 10) <= ?1",
    "ON_OR_AFTER": "substr({0}, 1, 10) >= ?1",
    "CONTAIN": "instr(lower({0}), lower(?1)) > 0",
    "START_WITH": "lower(substr({0}, 1, length(?1))) = lower(?1)",
    "END_WITH": "lower(substr({0}, -length(?1))) = lower(?1)",
    "ENDWITH": "lower(substr({0}, -length(?1))) = lower(?1)",
}
_STATUS = ("(type || ':' || status)", "substr(status__df, instr(status__df, ' : ') + 3)")
_BOOLEANS = {"true": "T", "false": "F", "t": "T", "f": "F"}


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


def filterable(kind: str, name: str) -> bool:
    """Whether a field of a record type may be filtered by."""
    try:
        _column(_Reading(kind, [("word", name)], 0, []))
    except Refused:
        return False
    return True


def _tokens(query: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = query.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _invalid(f"'{text[at:]}' was not understood.")
        double, single, mark, word = match.groups()
        quoted = double if double is not None else single
        if quoted is not None:
            found.append(("text", re.sub(r"\\(.)", r"\1", quoted)))
        else:
            found.append(("mark", mark) if mark else ("word", word))
        at = match.end()
    return found


def _joined(reading: _Reading, word: str) -> bool:
    sort, text = reading.peek()
    if sort == "word" and text.upper() == word:
        reading.take()
        return True
    return False


def _either(reading: _Reading) -> str:
    parts = [_both(reading)]
    while _joined(reading, "OR"):
        parts.append(_both(reading))
    return f"({' OR '.join(parts)})"


def _both(reading: _Reading) -> str:
    parts = [_single(reading)]
    while _joined(reading, "AND"):
        parts.append(_single(reading))
    return f"({' AND '.join(parts)})"


def _single(reading: _Reading) -> str:
    if reading.peek() == ("mark", "("):
        reading.take()
        inner = _either(reading)
        if reading.take() != ("mark", ")"):
            raise _invalid("A bracket is not closed.")
        return inner
    column, field = _column(reading)
    sort, word = reading.take()
    operator = word.upper()
    if sort != "word":
        raise _invalid("An operator is missing.")
    plain = operator.removesuffix("_NOT")
    if plain != "EMPTY" and plain not in _ALLOWED[field]:
        raise _invalid(f"Operator '{operator}' is not supported for this field.")
    condition = _condition(reading, column, plain, field)
    if column == '"status"' and TABLE_OF[reading.kind] == "transaction" and plain != "EMPTY":
        # A status is known by its letter, by type and letter, and by its name.
        ways = (condition, *(condition.replace(column, each) for each in _STATUS))
        condition = f"({' OR '.join(ways)})"
    return f"NOT {condition}" if operator != plain else condition


def _condition(reading: _Reading, column: str, operator: str, field: str) -> str:
    if operator == "EMPTY":
        return f"({column} IS NULL OR {column} = '')"
    if operator in ("ANY_OF", "BETWEEN", "WITHIN"):
        values = [_value(reading, operator, each, field) for each in _several(reading)]
        if operator == "ANY_OF":
            return f"({column} IN ({', '.join(values)}))"
        if len(values) != 2:
            raise _invalid(f"{operator} takes two values.")
        of = f"substr({column}, 1, 10)" if field in "DM" else column
        return f"({of} BETWEEN {values[0]} AND {values[1]})"
    sort, text = reading.take()
    if sort not in ("word", "text"):
        raise _invalid(f"{operator} takes a value.")
    place = _value(reading, operator, text, field)
    return f"({_ONE[operator].format(column).replace('?1', place)})"


def _value(reading: _Reading, operator: str, text: str, field: str) -> str:
    if field in "DM" or (field == "?" and operator in _DATES and operator not in _NUMBERS):
        text = _date(text)
    elif field == "B":
        if text.lower() not in _BOOLEANS:
            raise _invalid(f"'{text}' is neither true nor false.")
        text = _BOOLEANS[text.lower()]
    elif field == "?" and text.lower() in ("true", "false"):
        text = _BOOLEANS[text.lower()]
    elif field == "N" and not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise _invalid(f"'{text}' is not a number.")
    reading.values.append(text)
    place = f"?{len(reading.values)}"
    return f"CAST({place} AS NUMERIC)" if field in "NI" and re.fullmatch(r"-?\d+(\.\d+)?", text) else place


def _date(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}(T.*)?", text):
        return text[:10]
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


def _column(reading: _Reading) -> tuple[str, str]:
    """(SQL of a field, its sort)."""
    sort, word = reading.take()
    if sort != "word":
        raise _invalid("A field name is expected.")
    table = TABLE_OF[reading.kind]
    name = _RENAMED.get((table, word.lower()), word.lower())
    field = known(reading.kind, word)
    if name in columns(table):
        if field is not None and field.sort == "boolean":
            return f'"{name}"', "B"
        return f'"{name}"', sorts(table)[name]
    if field is None or field.ruled or field.shown or field.sort in ("sublist", "subrecord"):
        raise _invalid(f"Field '{word}' of record '{reading.kind}' cannot be filtered by.")
    letter = {"boolean": "B", "number": "N", "integer": "N", "date": "D", "moment": "M"}.get(field.sort)
    letter = letter or ("?" if field.sort == "any" else "I" if field.sort == "reference" else "T")
    return f"json_extract(extra__df, '$.\"{name}\"')", letter


def _invalid(why: str) -> Refused:
    detail = f"Invalid search query. Provide a valid search query. {why}"
    return Refused("INVALID_PARAMETER", detail, "QueryParam", "q")
