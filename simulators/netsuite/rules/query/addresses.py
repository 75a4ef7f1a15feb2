"""The rows of a customer's address book: its lines, and the addresses that they name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.netsuite.rules.query.cells import flag, moment, pick
from simulators.netsuite.rules.records import Customer

# The first column names the customer, for whom the rows are made again.
ADDRESSES = {
    "customeraddressbook": "entity I, internalid I, addressbookaddress I, label T, defaultbilling T, "
    "defaultshipping T, isresidential T, lastmodifieddate M",
    "customeraddressbookentityaddress": "recordowner I, nkey I, addressee T, attention T, addrphone T, "
    "addr1 T, addr2 T, addr3 T, city T, state T, dropdownstate T, zip T, country T, addrtext T, override T, "
    "lastmodifieddate M",
}
_PLAIN = ("addressee", "attention", "addrPhone", "addr1", "addr2", "addr3", "city", "state", "zip")
_MOST = 1000  # lines that a key of ours keeps apart


def address_rows(row: Customer) -> dict[str, list[dict[str, object]]]:
    """The rows by table; keys are made of the customer's and the line's number."""
    book: list[dict[str, object]] = []
    found: list[dict[str, object]] = []
    stamp = moment(row.modified_at)
    for line, each in enumerate(_lines(row), start=1):
        key = int(row.id) * _MOST + line
        book.append(
            {
                "entity": int(row.id), "internalid": key, "addressbookaddress": key,
                "label": each.get("label"), "lastmodifieddate": stamp,
                "defaultbilling": flag(bool(each.get("defaultBilling"))),
                "defaultshipping": flag(bool(each.get("defaultShipping"))),
                "isresidential": flag(bool(each.get("isResidential"))),
            }
        )  # fmt: skip
        where = each.get("addressBookAddress")
        where = where if isinstance(where, Mapping) else {}
        found.append(
            {
                **{name.lower(): where.get(name) for name in _PLAIN},
                "recordowner": int(row.id), "nkey": key, "country": pick(dict(where), "country"),
                "dropdownstate": where.get("state"), "override": flag(bool(where.get("override"))),
                "addrtext": _whole(where), "lastmodifieddate": stamp,
            }
        )  # fmt: skip
    return {"customeraddressbook": book, "customeraddressbookentityaddress": found}


def _lines(row: Customer) -> list[Mapping[str, Any]]:
    kept = row.custom.get("addressBook")
    items = kept.get("items") if isinstance(kept, dict) else None
    return [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []


def _whole(where: Mapping[str, Any]) -> str | None:
    """The address as it is written on an envelope."""
    place = " ".join(str(where[name]) for name in ("city", "state", "zip") if where.get(name))
    country = pick(dict(where), "country")
    lines = [where.get(name) for name in ("attention", "addressee", "addr1", "addr2", "addr3")]
    return "\n".join(str(each) for each in (*lines, place, country) if each) or None
