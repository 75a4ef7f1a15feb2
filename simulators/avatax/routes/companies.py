"""Handlers of what surrounds the documents: service, companies, nexus, addresses."""

from __future__ import annotations

from typing import Any

from simulators.avatax.routes.answers import company as render_company
from simulators.avatax.routes.answers import nexus as render_nexus
from simulators.avatax.routes.door import signed_in
from simulators.avatax.routes.listing import criteria_of, listed
from simulators.avatax.routes.reading import address_of, checked, date_of, parsed, path_number, query
from simulators.avatax.rules.companies import OPEN_END
from simulators.avatax.rules.filtering import Fields
from simulators.avatax.rules.places import Address, country_code, locate, require_complete, zip_state
from simulators.avatax.rules.refusal import NUMBERS, TaxRefusal
from simulators.avatax.rules.sandbox import ACCOUNT, Sandbox
from simulators.avatax.wire import requests as wire
from simulators.kit.table import Call, Reply, json_reply

_COMPANY_FIELDS: Fields = {
    "id": lambda c: c.id,
    "companycode": lambda c: c.code,
    "name": lambda c: c.name,
    "isactive": lambda _: True,
    "isdefault": lambda _: True,
    "defaultcountry": lambda c: c.country,
}
_NEXUS_FIELDS: Fields = {
    "id": lambda n: n.id,
    "companyid": lambda n: n.company_id,
    "country": lambda n: n.country,
    "region": lambda n: n.region or n.country,
    "effectivedate": lambda n: n.effective,
    "enddate": lambda n: n.ends,
}


async def ping(_: Sandbox, call: Call) -> Reply:
    """Always 200; says whether the caller is known."""
    known = signed_in(call)
    answer: dict[str, Any] = {"version": "26.10.0", "authenticated": known}
    if known:
        answer |= {
            "authenticationType": "LicenseKey",
            "authenticatedUserName": ACCOUNT,
            "authenticatedUserId": 1,
            "authenticatedAccountId": int(ACCOUNT),
        }
    return json_reply(200, answer)


async def list_companies(sandbox: Sandbox, call: Call) -> Reply:
    """All companies of the account."""
    return listed(call, sandbox.companies, criteria_of(call), _COMPANY_FIELDS, render_company)


async def get_company(sandbox: Sandbox, call: Call) -> Reply:
    """One company by number."""
    return json_reply(200, render_company(sandbox.company(path_number(call, "id"))))


async def list_nexus(sandbox: Sandbox, call: Call) -> Reply:
    """Where the company collects tax."""
    company = sandbox.company(path_number(call, "companyId"))
    return listed(call, sandbox.nexuses.of(company.id), criteria_of(call), _NEXUS_FIELDS, render_nexus)


async def declare_nexus(sandbox: Sandbox, call: Call) -> Reply:
    """201 with the declarations; those before a refused one of the same call stand (unconfirmed)."""
    company = sandbox.company(path_number(call, "companyId"))
    given = parsed(call)
    if not isinstance(given, list):
        raise TaxRefusal("ModelStateInvalid", "The body must be an array of nexus.", param="model")
    wishes = [checked(one, wire.NexusBody) for one in given]
    declared = [
        sandbox.declare_nexus(
            company.id,
            wish.country,
            wish.region,
            date_of("effectiveDate", wish.effective_date) if wish.effective_date else "1900-01-01",
            date_of("endDate", wish.end_date) if wish.end_date else OPEN_END,
        )
        for wish in wishes
    ]
    return json_reply(201, [render_nexus(nexus) for nexus in declared])


async def withdraw_nexus(sandbox: Sandbox, call: Call) -> Reply:
    """200 with one ErrorDetail per deletion, as the vendor reports deletions."""
    company_id, nexus_id = path_number(call, "companyId"), path_number(call, "id")
    cascade = query(call).get("cascadedelete", "").lower() == "true"
    withdrawn = sandbox.withdraw_nexus(company_id, nexus_id, cascade=cascade)
    code = "DeleteInformation"
    return json_reply(
        200,
        [
            {
                "code": code,
                "number": NUMBERS[code],
                "message": f"Nexus with ID {nexus.id} deleted.",
                "severity": "Success",
            }
            for nexus in withdrawn
        ],
    )


async def resolve_get(_: Sandbox, call: Call) -> Reply:
    """The address in the query."""
    names = {"postalcode": "postalCode", "textcase": "textCase"}
    given = {names.get(name, name): value for name, value in query(call).items()}
    return _resolved(checked(given, wire.AddressBody))


async def resolve_post(_: Sandbox, call: Call) -> Reply:
    """The address in the body."""
    return _resolved(checked(parsed(call), wire.AddressBody))


def _resolved(given: wire.AddressBody) -> Reply:
    """AddressResolutionModel; an address that cannot be found is a 200 with messages."""
    address = address_of(given)
    require_complete("Address", address)
    answer: dict[str, Any] = {
        "address": {
            "textCase": given.text_case or "Upper",
            "line1": address.line1,
            "line2": address.line2,
            "line3": address.line3,
            "city": address.city,
            "region": address.region,
            "country": address.country or "US",
            "postalCode": address.postal_code,
        },
        "validatedAddresses": [],
        "coordinates": None,  # there is no map in here
        "resolutionQuality": "NotCoded",
        "taxAuthorities": [],
    }
    try:
        place = locate(address)
    except TaxRefusal as refusal:
        answer["messages"] = [_message(refusal)]
        return json_reply(200, answer)
    answer["validatedAddresses"] = [_validated(address, mixed=given.text_case.lower() == "mixed")]
    answer["resolutionQuality"] = "PostalCentroidGood" if address.postal_code else "RegionCentroid"
    answer["taxAuthorities"] = [
        {"avalaraId": levy.code, "jurisdictionName": levy.name, "jurisdictionType": levy.level}
        for levy in place.levies
    ]
    return json_reply(200, answer)


def _validated(address: Address, *, mixed: bool) -> dict[str, Any]:
    country = country_code(address.country)
    region = zip_state(address.postal_code) if country == "US" and address.postal_code else address.region

    def cased(text: str) -> str:
        return text if mixed else text.upper()

    return {
        "addressType": "StreetOrResidentialAddress" if address.line1 else "UnknownAddressType",
        "line1": cased(address.line1),
        "line2": cased(address.line2),
        "line3": cased(address.line3),
        "city": cased(address.city),
        "region": region.upper(),
        "country": country,
        "postalCode": address.postal_code,
    }


def _message(refusal: TaxRefusal) -> dict[str, str]:
    return {
        "summary": refusal.message,
        "details": refusal.description or refusal.message,
        "refersTo": refusal.param or "Address",
        "severity": "Error",
        "source": "Avalara.AvaTax.Services.Address",
    }
