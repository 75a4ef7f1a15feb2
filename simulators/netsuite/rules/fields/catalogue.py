"""One place to ask what fields a record type, a sublist or a subrecord has."""

from __future__ import annotations

from simulators.netsuite.rules.fields.lists import LINES_LISTED, LISTS, PLAIN, SEGMENTS
from simulators.netsuite.rules.fields.money import LINES_PAID, TRANSACTIONS_PAID
from simulators.netsuite.rules.fields.reading import Field, Fields
from simulators.netsuite.rules.fields.sales import LINES_SOLD, TRANSACTIONS_SOLD

RECORDS: dict[str, Fields] = {**LISTS, **TRANSACTIONS_SOLD, **TRANSACTIONS_PAID}
# Sublists whose lines have rules; the lines of every other sublist are kept as they come.
LINES: dict[str, Fields] = {**LINES_LISTED, **LINES_SOLD, **LINES_PAID}

# By record type, the beginning of the names that an account gives its own fields.
_CUSTOM = {
    "customer": "custentity",
    "contact": "custentity",
    "employee": "custentity",
    "vendor": "custentity",
    **dict.fromkeys((*TRANSACTIONS_SOLD, *TRANSACTIONS_PAID), "custbody"),
    **{kind: "custitem" for kind in LISTS if kind.endswith("Item")},
}


def custom(kind: str) -> str:
    """How the names of custom fields begin."""
    return "custcol" if "." in kind else _CUSTOM.get(kind, "custrecord")


def known(kind: str, name: str) -> Field | None:
    """The field of a record type ("invoice") or of the lines of a sublist ("invoice.item")."""
    found = (LINES if "." in kind else RECORDS).get(kind, {}).get(name)
    if found is None and name in SEGMENTS and kind.partition(".")[0] not in PLAIN:
        return Field(name, "reference", SEGMENTS[name])
    if found is None and name.startswith(custom(kind)):
        return Field(name, "any")
    return found


def sublists(kind: str) -> tuple[str, ...]:
    """The names of a record type's sublists."""
    return tuple(each.name for each in RECORDS.get(kind, {}).values() if each.sort == "sublist")
