"""Comma-separated values, in and out, as the bulk interfaces read and write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from simulators.salesforce.rules.refusal import Refused

DELIMITERS = {"BACKQUOTE": "`", "CARET": "^", "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "TAB": "\t"}
ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
_NULL = "#N/A"  # empties a field; an empty cell leaves it as it is


def read_table(data: bytes, delimiter: str) -> tuple[list[str], list[list[str]]]:
    """(header, rows); INVALIDBATCH if it cannot be read."""
    try:
        text = data.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=DELIMITERS[delimiter]) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused("INVALIDBATCH", f"InvalidBatch : {error}") from None
    return (rows[0], rows[1:]) if rows else ([], [])


def write_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = "COMMA", ending: str = "LF"
) -> bytes:
    """A table with every value in quotes."""
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=DELIMITERS[delimiter], lineterminator=ENDINGS[ending], quoting=csv.QUOTE_ALL
    )
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def cell(value: Any) -> str:
    """A kept value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def body_of(header: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    """A row as a written body: parents by external id nested, empty cells left out."""
    body: dict[str, Any] = {}
    for name, text in zip(header, row, strict=True):
        if text == "":
            continue
        value = None if text == _NULL else text
        way, dot, key = name.rpartition(".")
        if dot:
            body[way.rpartition(":")[2]] = None if value is None else {key: value}
        else:
            body[name] = value
    return body
