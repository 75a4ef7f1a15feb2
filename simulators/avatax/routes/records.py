"""Handlers of a company's records, one set for every kind: list, get, create, update, delete."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from simulators.avatax.routes.amounts import USER_ID, moment
from simulators.avatax.routes.deletions import deleted
from simulators.avatax.routes.listing import filter_of, listed
from simulators.avatax.routes.reading import date_of, listed_bodies, parsed, path_number
from simulators.avatax.rules.filtering import Fields
from simulators.avatax.rules.kinds import CERTIFICATE, ITEM, KINDS, LOCATION, TAX_CODE, TAX_RULE
from simulators.avatax.rules.records import Kind, Record
from simulators.avatax.rules.refusal import TaxRefusal, malformed
from simulators.avatax.rules.sandbox import Sandbox
from simulators.avatax.rules.taxability import SYSTEM_TAX_CODES
from simulators.kit.table import Call, Handler, Reply, json_reply

_SYSTEM_SHAPE = re.compile(r"[A-Z]{1,2}[0-9A-Z]{6,7}|NT", re.ASCII)
_DATES = frozenset({"effectiveDate", "endDate", "signedDate", "expirationDate", "registeredDate"})


def _reader(name: str) -> Callable[[Record], Any]:
    return lambda record: record.values.get(name)


def fields_of(kind: Kind) -> Fields:
    """What lists of that kind can be filtered and ordered by."""
    own = {name.lower(): _reader(name) for name in kind.fields}
    return {
        **own,
        "id": lambda r: r.id,
        "companyid": lambda r: r.company_id,
        "createddate": lambda r: moment(r.created_at),
        "modifieddate": lambda r: moment(r.modified_at),
    }


FIELDS = {kind.name: fields_of(kind) for kind in KINDS}


def record(one: Record) -> dict[str, Any]:
    """Any of the models, with what the vendor adds to it."""
    return {
        "id": one.id,
        "companyId": one.company_id,
        **one.values,
        "createdDate": moment(one.created_at),
        "createdUserId": USER_ID,
        "modifiedDate": moment(one.modified_at),
        "modifiedUserId": USER_ID,
    }


def given(kind: Kind, body: object) -> dict[str, Any]:
    """The fields of one body, names in any case, dates as the vendor keeps them."""
    if not isinstance(body, dict):
        raise malformed(type(body).__name__, kind.name, "model")
    spelt = {name.lower(): name for name in kind.fields}
    values: dict[str, Any] = {
        spelt.get(str(name).lower(), str(name)): value for name, value in body.items() if value is not None
    }
    for name in _DATES & values.keys():
        values[name] = date_of(name, str(values[name]))
    return values


def keep(sandbox: Sandbox, kind: Kind, company_id: int, body: object) -> Record:
    """A new record."""
    values = given(kind, body)
    require_sense(sandbox, kind, company_id, values)
    number = sandbox.new_id(kind.name, kind.first)
    made = sandbox.shelves[kind.name].add(company_id, values, number, sandbox.clock.now())
    _note(sandbox, kind, made, "created")
    return made


def lister(kind: Kind, *, whole_account: bool = False) -> Handler:
    """All records of a company, or of every company of the account."""

    async def list_all(sandbox: Sandbox, call: Call) -> Reply:
        shelf = sandbox.shelves[kind.name]
        records = shelf.all() if whole_account else shelf.of(_company(sandbox, call))
        return listed(call, records, filter_of(call), FIELDS[kind.name], record)

    return list_all


def getter(kind: Kind) -> Handler:
    """One record by number."""

    async def get(sandbox: Sandbox, call: Call) -> Reply:
        company_id = _company(sandbox, call)
        return json_reply(200, record(sandbox.shelves[kind.name].get(company_id, path_number(call, "id"))))

    return get


def creator(kind: Kind) -> Handler:
    """201 with the new records of the body's array."""

    async def create(sandbox: Sandbox, call: Call) -> Reply:
        company_id = _company(sandbox, call)
        bodies = listed_bodies(call)
        return json_reply(201, [record(keep(sandbox, kind, company_id, one)) for one in bodies])

    return create


def updater(kind: Kind) -> Handler:
    """The record with all its values replaced."""

    async def update(sandbox: Sandbox, call: Call) -> Reply:
        company_id = _company(sandbox, call)
        shelf = sandbox.shelves[kind.name]
        number = path_number(call, "id")
        shelf.get(company_id, number)
        values = given(kind, parsed(call))
        require_sense(sandbox, kind, company_id, values)
        changed = shelf.change(company_id, number, values, sandbox.clock.now())
        _note(sandbox, kind, changed, "changed")
        return json_reply(200, record(changed))

    return update


def remover(kind: Kind) -> Handler:
    """Gone."""

    async def remove(sandbox: Sandbox, call: Call) -> Reply:
        company_id = _company(sandbox, call)
        gone = sandbox.shelves[kind.name].remove(company_id, path_number(call, "id"))
        _note(sandbox, kind, gone, "deleted")
        return deleted(kind.name, [gone.id])

    return remove


def _company(sandbox: Sandbox, call: Call) -> int:
    return sandbox.companies.get(path_number(call, "companyId")).id


def _note(sandbox: Sandbox, kind: Kind, one: Record, event: str) -> None:
    refs = tuple(str(one.values.get(name, "")) for name in kind.unique)
    state = "Deleted" if event == "deleted" else "Active"
    sandbox.history.note(kind.name.lower(), str(one.id), event, state, refs=refs)


def require_sense(sandbox: Sandbox, kind: Kind, company_id: int, values: Mapping[str, Any]) -> None:
    """What the shape alone does not show."""
    if kind is ITEM and values.get("taxCode"):
        code = str(values["taxCode"])
        own = sandbox.shelves[TAX_CODE.name].find(company_id, code)
        if own is None and not _SYSTEM_SHAPE.fullmatch(code.upper()):
            raise TaxRefusal(
                "TaxCodeAssociatedWithItemCodeNotFound",
                "The tax code for this item was not found.",
                f"The tax code '{code}' was not found.",
                "taxCode",
            )
    if kind is TAX_CODE and str(values.get("taxCode", "")).upper() in SYSTEM_TAX_CODES:
        raise TaxRefusal(
            "DuplicateSystemTaxCode",
            "You cannot create a tax code that is the same as a system tax code.",
            f"'{values['taxCode']}' is a system tax code.",
            "taxCode",
        )
    if kind is CERTIFICATE:
        _require_range(values, "exemptPercentage", 100)
    if kind is TAX_RULE:
        _require_range(values, "value", 1)
    if kind is LOCATION:
        salesperson = "Salesperson"
        types = str(values.get("addressTypeId", "")), str(values.get("addressCategoryId", ""))
        if (types[0] == salesperson) != (types[1] == salesperson):
            raise TaxRefusal(
                "InvalidAddressTypeAndCategory",
                "Invalid AddressType and AddressCategory combination.",
                f"{types[0]} {types[1]}",
                "addressTypeId",
            )


def _require_range(values: Mapping[str, Any], field: str, most: int) -> None:
    value = values.get(field, 0)
    if isinstance(value, int | Decimal) and 0 <= value <= most:
        return
    raise TaxRefusal(
        "RangeError",
        f"The field {field} is out of range.",
        f"Value must be between 0 and {most}.",
        field,
    )
