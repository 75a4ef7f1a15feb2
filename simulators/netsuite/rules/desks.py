"""Which desk writes which record type; the same four acts for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulators.netsuite.rules import catalogue, documents, masters, parties, periods, schedules
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.fields.lists import PLAIN
from simulators.netsuite.rules.kinds import ITEMS, TRANSACTIONS
from simulators.netsuite.rules.refusal import Refused, forbidden, invalid_content, nonexistent, user_error
from simulators.netsuite.rules.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Desk:
    """create(company, kind, wish) -> record; update(company, record, wish, replace); delete.

    None where the role of the integration may not."""

    create: Callable[[Company, str, Any], Any] | None
    update: Callable[[Company, Any, Any, frozenset[str]], None]
    delete: Callable[[Company, Any], None] | None


_DOCUMENTS = Desk(documents.create, documents.update, documents.delete)
_ITEMS = Desk(catalogue.create, catalogue.update, catalogue.delete)
_MASTERS = Desk(masters.create, masters.update, masters.delete)
_LISTS = Desk(masters.create_plain, masters.update_plain, masters.delete_plain)
_DESKS = {
    "customer": Desk(parties.create, parties.update, parties.delete),
    **dict.fromkeys(ITEMS, _ITEMS),
    **dict.fromkeys(TRANSACTIONS, _DOCUMENTS),
    **dict.fromkeys(("subsidiary", "currency", "account", "term"), _MASTERS),
    **dict.fromkeys(PLAIN, _LISTS),
    "accountingPeriod": Desk(None, periods.update, None),
    "revRecSchedule": Desk(schedules.create, schedules.update, schedules.delete),
}


def shelf(company: Company, kind: str) -> Shelf[Any]:
    """The shelf of a record type; refused if there is no such type."""
    found = company.shelves.get(kind)
    if found is None:
        raise Refused(
            "NOT_FOUND", f"Record type '{kind}' does not exist.", "Url", f"/services/rest/record/v1/{kind}"
        )
    return found


def find(company: Company, kind: str, key: str) -> Any:
    """A record by internal id, or by external id where the key is `eid:X`."""
    rows = shelf(company, kind)
    row = rows.named(key[4:]) if key.startswith("eid:") else rows.get(key)
    if row is None and kind in TRANSACTIONS and company.transaction(key) is not None:
        raise user_error("Transaction type specified is incorrect.")
    if row is None:
        raise nonexistent(kind, key)
    return row


def create(company: Company, kind: str, wish: Any) -> Any:
    """A new record."""
    shelf(company, kind)
    return _create(company, kind, wish)


def update(company: Company, kind: str, key: str, wish: Any, replace: frozenset[str]) -> Any:
    """Change a record in part."""
    row = find(company, kind, key)
    _desk(kind, "edit").update(company, row, wish, replace)
    return row


def upsert(company: Company, kind: str, external: str, wish: Any, replace: frozenset[str]) -> Any:
    """Change the record with this external id, or create it."""
    rows = shelf(company, kind)
    desk = _desk(kind, "edit")
    if wish.get("externalId", external) != external:
        raise invalid_content("The external ID of body and URL differ.", "externalId")
    row = rows.named(external)
    if row is None:
        return _create(company, kind, {**wish, "externalId": external})
    desk.update(company, row, wish, replace)
    return row


def delete(company: Company, kind: str, key: str) -> None:
    """Take a record away, where the vendor allows it."""
    row = find(company, kind, key)
    desk = _desk(kind, "delete")
    if desk.delete is None:
        raise forbidden(f"delete records of type {kind}")
    desk.delete(company, row)


def _create(company: Company, kind: str, wish: Any) -> Any:
    desk = _desk(kind, "create")
    if desk.create is None:
        raise forbidden(f"create records of type {kind}")
    return desk.create(company, kind, wish)


def _desk(kind: str, act: str) -> Desk:
    desk = _DESKS.get(kind)
    if desk is None:
        raise forbidden(f"{act} records of type {kind}")
    return desk
