"""Classifications of a posting: its line's own, else those of the document's heading.

Facts (NetSuite help, "Using Per-Line Classifications", "General Accounting Preferences"): per-line
classifications stand beside one of the heading, which is that of the main line; one that is made mandatory
must be there before a transaction is saved.
"""

from __future__ import annotations

from typing import Any

from simulators.netsuite.rules.fields.lists import SEGMENTS
from simulators.netsuite.rules.records import Extra, Posting, Transaction
from simulators.netsuite.rules.refusal import missing

# Field of a line or a heading: record type of its values.
FIELDS = {"department": "department", "class": "classification", "location": "location", **SEGMENTS}
CLASSIFICATIONS = frozenset(FIELDS.values())
LABELS = {"department": "Department", "class": "Class", "location": "Location"}


def customs(row: Transaction) -> dict[int, Extra]:
    """Fields without rules by the number of the posting line that they are of."""
    return {**{line.line: line.custom for line in row.lines}, **{e.line: e.custom for e in row.entries}}


def chosen(row: Transaction, custom: Extra, field: str) -> str:
    """Internal id of a line's classification, "" if neither it nor the heading has one."""
    for fields in (custom, row.custom):
        value: Any = fields.get(field)
        if isinstance(value, dict) and value.get("id"):
            return str(value["id"])
    return ""


def of(row: Transaction, posting: Posting) -> dict[str, str]:
    """Every classification of a posting, by field."""
    custom = customs(row).get(posting.line, {})
    return {field: chosen(row, custom, field) for field in FIELDS}


def text_of(row: Transaction, posting: Posting, field: str) -> str:
    """A free field of the line, else of the heading."""
    custom = customs(row).get(posting.line, {})
    return str(custom.get(field) or row.custom.get(field) or "")


def partner_of(row: Transaction, posting: Posting) -> str:
    """The subsidiary that a line is due to or from; "" for a line between no two of ours."""
    value: Any = customs(row).get(posting.line, {}).get("dueToFromSubsidiary")
    return str(value["id"]) if isinstance(value, dict) else ""


def require(row: Transaction, mandatory: frozenset[str]) -> None:
    """Refused where a mandatory classification is missing on a line, or on the heading of a document that
    has no lines of its own."""
    carriers = _carriers(row)
    lacks = [
        label
        for field, label in LABELS.items()
        if field in mandatory and not all(chosen(row, custom, field) for custom in carriers)
    ]
    if lacks:
        raise missing(*lacks)


def _carriers(row: Transaction) -> list[Extra]:
    lines = [line.custom for line in row.lines] + [entry.custom for entry in row.entries]
    return lines or [{}]
