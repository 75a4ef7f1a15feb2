"""Handlers of nexus: where a company collects tax."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulators.avatax.routes.amounts import USER_ID, moment
from simulators.avatax.routes.deletions import deleted
from simulators.avatax.routes.listing import filter_of, listed
from simulators.avatax.routes.reading import address_of, bodies, body, date_of, member, path_number, query
from simulators.avatax.rules.filtering import Fields
from simulators.avatax.rules.nexus import LOCAL_TYPES, NEXUS_TYPES, Nexus, place_of
from simulators.avatax.rules.places import locate, require_complete
from simulators.avatax.rules.refusal import TaxRefusal
from simulators.avatax.rules.sandbox import Sandbox
from simulators.avatax.wire import setup
from simulators.kit.table import Call, Reply, json_reply

FIELDS: Fields = {
    "id": lambda n: n.id,
    "companyid": lambda n: n.company_id,
    "country": lambda n: n.country,
    "region": lambda n: n.region or n.country,
    "jurisname": lambda n: n.name,
    "juriscode": lambda n: n.code,
    "juristypeid": lambda n: "STA" if n.region else "CNT",
    "jurisdictiontypeid": lambda n: "State" if n.region else "Country",
    "effectivedate": lambda n: n.effective,
    "enddate": lambda n: n.ends,
    "nexustypeid": lambda n: n.kind,
}
_TYPES = {key: name for i, name in enumerate(NEXUS_TYPES) for key in (name.lower(), str(i))}
_LOCAL = {key: name for i, name in enumerate(LOCAL_TYPES) for key in (name.lower(), str(i))}


async def list_of_company(sandbox: Sandbox, call: Call) -> Reply:
    """Where the company collects tax."""
    company = sandbox.companies.get(path_number(call, "companyId"))
    return listed(call, sandbox.nexuses.of(company.id), filter_of(call), FIELDS, nexus)


async def list_of_account(sandbox: Sandbox, call: Call) -> Reply:
    """Where any company of the account collects tax."""
    return listed(call, sandbox.nexuses.all(), filter_of(call), FIELDS, nexus)


async def list_of_group(sandbox: Sandbox, call: Call) -> Reply:
    """Where the company collects taxes of that group."""
    company = sandbox.companies.get(path_number(call, "companyId"))
    group = call.params["taxTypeGroup"].lower()
    found = [n for n in sandbox.nexuses.of(company.id) if nexus(n)["taxTypeGroup"].lower() == group]
    return listed(call, found, filter_of(call), FIELDS, nexus)


async def get(sandbox: Sandbox, call: Call) -> Reply:
    """One declaration."""
    company = sandbox.companies.get(path_number(call, "companyId"))
    return json_reply(200, nexus(sandbox.nexuses.get(company.id, path_number(call, "id"))))


async def declare(sandbox: Sandbox, call: Call) -> Reply:
    """201 with the declarations; those before a refused one of the same call stand (unconfirmed)."""
    company = sandbox.companies.get(path_number(call, "companyId"))
    wishes = bodies(call, setup.NexusBody)
    return json_reply(201, [nexus(declared(sandbox, company.id, wish)) for wish in wishes])


async def declare_by_address(sandbox: Sandbox, call: Call) -> Reply:
    """201: for each address its country and state, as far as they are not declared yet."""
    company = sandbox.companies.get(path_number(call, "companyId"))
    answers = []
    for wish in bodies(call, setup.NexusByAddressBody):
        address = address_of(wish)
        require_complete("Address", address)
        place = locate(address)
        made = []
        for region in ("", place.region) if place.region else ("",):
            given = {"country": place.country, "region": region}
            dates = {"effectiveDate": wish.effective_date, "endDate": wish.end_date}
            try:
                made.append(declared(sandbox, company.id, setup.NexusBody(**given, **dates)))
            except TaxRefusal as refusal:
                if refusal.code != "DuplicateNexusError":
                    raise
        answers.append(
            {
                "address": {"line1": address.line1, "city": address.city, "region": address.region,
                            "postalCode": address.postal_code, "country": place.country},
                "declaredNexus": [nexus(one) for one in made],
            }
        )  # fmt: skip
    return json_reply(201, answers)


async def update(sandbox: Sandbox, call: Call) -> Reply:
    """Other dates and kinds; country and region stay."""
    company = sandbox.companies.get(path_number(call, "companyId"))
    old = sandbox.nexuses.get(company.id, path_number(call, "id"))
    wish = body(call, setup.NexusBody)
    place = place_of(wish.country, wish.region)
    if (place.country, place.region) != (old.country, old.region):
        raise TaxRefusal(
            "ValidationException",
            "The jurisdiction of a nexus cannot be changed.",
            "Delete this nexus and create another.",
            "Nexus",
        )
    changed = replace(old, **_wishes(wish), modified_at=sandbox.clock.now())
    return json_reply(200, nexus(sandbox.change_nexus(changed)))


async def withdraw(sandbox: Sandbox, call: Call) -> Reply:
    """200 with one ErrorDetail per deletion."""
    company_id, nexus_id = path_number(call, "companyId"), path_number(call, "id")
    cascade = query(call).get("cascadedelete", "").lower() == "true"
    gone = sandbox.withdraw_nexus(company_id, nexus_id, cascade=cascade)
    return deleted("Nexus", [one.id for one in gone])


def declared(sandbox: Sandbox, company_id: int, wish: setup.NexusBody) -> Nexus:
    """One declaration made."""
    place = place_of(wish.country, wish.region, wish.juris_code, wish.juris_name)
    return sandbox.declare_nexus(company_id, place, **_wishes(wish))


def _wishes(wish: setup.NexusBody) -> dict[str, Any]:
    given = {
        "effective": date_of("effectiveDate", wish.effective_date) if wish.effective_date else "",
        "ends": date_of("endDate", wish.end_date) if wish.end_date else "",
        "kind": member("NexusTypeId", _TYPES, wish.nexus_type_id) if wish.nexus_type_id else "",
        "local_kind": member("LocalNexusTypeId", _LOCAL, wish.local_nexus_type_id)
        if wish.local_nexus_type_id
        else "",
        "tax_id": wish.tax_id,
    }
    return {name: value for name, value in given.items() if value}


def nexus(record: Nexus) -> dict[str, Any]:
    """NexusModel."""
    american = record.country == "US"
    return {
        "id": record.id,
        "companyId": record.company_id,
        "country": record.country,
        "region": record.region or record.country,
        "jurisTypeId": "STA" if record.region else "CNT",
        "jurisdictionTypeId": "State" if record.region else "Country",
        "jurisCode": record.code,
        "jurisName": record.name,
        "effectiveDate": record.effective,
        "endDate": record.ends,
        "shortName": record.name,
        "signatureCode": "",
        "stateAssignedNo": "",
        "nexusTypeId": record.kind,
        "sourcing": "Destination",
        "hasLocalNexus": bool(record.region),
        "localNexusTypeId": record.local_kind,
        "hasPermanentEstablishment": record.permanent,
        "taxId": record.tax_id,
        "streamlinedSalesTax": False,
        "isSSTActive": False,
        "createdDate": moment(record.created_at),
        "createdUserId": USER_ID,
        "modifiedDate": moment(record.modified_at),
        "modifiedUserId": USER_ID,
        "taxTypeGroup": "SalesAndUse" if american else "InputAndOutput",
        "nexusTaxTypeGroup": "SalesAndUse" if american else "VAT",
        "isSellerImporterOfRecord": False,
        "taxableNexus": record.kind != "None",
    }
