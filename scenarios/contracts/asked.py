"""Changes of schemas as they are typed: SYSTEM.RECORD.FIELD[:KIND[=TO]]."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.contracts.checking import NEW_NAME, NEW_VALUE
from simulators.kit.schema import Change, Kind, change_of, records_of
from simulators.roster import VENDORS

_USUAL = {"": NEW_NAME, "renamed": NEW_NAME, "extended": NEW_VALUE}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change, and whose schema it is."""

    system: str
    change: Change

    def __str__(self) -> str:
        return f"{self.system}.{self.change}"


def read_change(text: str) -> Wanted:
    """As in "netsuite.customer.companyName:renamed=legalName"; without a kind the field is renamed, without a
    value it is a value that nobody knows. ValueError names what is wrong with it, and what there is."""
    where, _, how = text.partition(":")
    system, _, rest = where.partition(".")
    record, _, field = rest.partition(".")
    if system not in VENDORS:
        raise ValueError(f"change: {text!r}: {system!r} is no system; one of: {', '.join(VENDORS)}")
    if not record or not field:
        raise ValueError(f"change: {text!r}: give SYSTEM.RECORD.FIELD, as in netsuite.customer.companyName")
    kind, _, to = how.partition("=")
    vendor = VENDORS[system]
    records = records_of(vendor.table, vendor.records)
    try:
        usual = to or _USUAL.get(kind, "")
        wish = {"kind": kind or Kind.RENAMED.value, "record": record, "field": field, "to": usual}
        return Wanted(system, change_of(wish, system, records))
    except ValueError as wrong:
        raise ValueError(f"change: {text!r}: {wrong}") from None
