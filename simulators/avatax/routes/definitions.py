"""Handlers of the definitions that integrations call, from small tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from simulators.avatax.routes.amounts import number
from simulators.avatax.routes.listing import filter_of, listed
from simulators.avatax.routes.nexus import FIELDS as NEXUS_FIELDS
from simulators.avatax.routes.nexus import nexus
from simulators.avatax.routes.reading import address_of, checked, query
from simulators.avatax.rules.catalogue import (
    COUNTRIES,
    CURRENCIES,
    EU,
    EXEMPT_REASONS,
    RATE_TYPES,
    REGIONS,
    SST,
    SUBSCRIPTION_TYPES,
    TAX_CODE_TYPES,
    TAX_TYPES,
)
from simulators.avatax.rules.nexus import known_places
from simulators.avatax.rules.places import locate, require_complete
from simulators.avatax.rules.rates import Jurisdiction
from simulators.avatax.rules.sandbox import Sandbox
from simulators.avatax.rules.states import STATES
from simulators.avatax.rules.taxability import ENTITY_USE_CODES, SYSTEM_TAX_CODES
from simulators.avatax.wire import requests as wire
from simulators.kit.table import Call, Handler, Reply, json_reply

Rows = Callable[[Call], Iterable[dict[str, Any]]]
_NORTH_AMERICA = ("US", "CA")


def table(rows: Rows) -> Handler:
    """A handler that lists those rows."""

    async def list_all(_: Sandbox, call: Call) -> Reply:
        found = list(rows(call))
        names = found[0] if found else {}
        fields = {name.lower(): (lambda row, name=name: row.get(name)) for name in names}
        return listed(call, found, filter_of(call), fields, dict)

    return list_all


def _countries(_: Call) -> Iterable[dict[str, Any]]:
    for code, alpha3, name in COUNTRIES:
        yield {
            "code": code,
            "alpha3Code": alpha3,
            "name": name,
            "isEuropeanUnion": code in EU,
            "addressesRequireRegion": code in _NORTH_AMERICA,
        }


def _regions(call: Call) -> Iterable[dict[str, Any]]:
    wanted = call.params.get("country", "").upper()
    for country, code, name, taxable in REGIONS:
        if wanted in ("", country):
            yield {
                "countryCode": country,
                "code": code,
                "name": name.title(),
                "classification": "State" if country == "US" else "Province",
                "streamlinedSalesTax": country == "US" and code in SST,
                "isRegionTaxable": taxable,
            }


def _currencies(_: Call) -> Iterable[dict[str, Any]]:
    for code, name, digits in CURRENCIES:
        yield {"code": code, "description": name, "decimalDigits": digits}


def _tax_codes(_: Call) -> Iterable[dict[str, Any]]:
    for i, (code, (kind, description)) in enumerate(SYSTEM_TAX_CODES.items(), 1):
        yield {
            "id": i,
            "companyId": 1,
            "taxCode": code,
            "taxCodeTypeId": kind,
            "description": description,
            "parentTaxCode": "",
            "isPhysical": kind == "P",
            "goodsServiceCode": 0,
            "entityUseCode": "",
            "isActive": True,
            "isSSTCertified": False,
        }


def _entity_use_codes(_: Call) -> Iterable[dict[str, Any]]:
    for code, name in ENTITY_USE_CODES.items():
        yield {"code": code, "name": name.upper(), "description": name, "validCountries": ["US", "CA"]}


def _exempt_reasons(_: Call) -> Iterable[dict[str, Any]]:
    for i, name in EXEMPT_REASONS:
        yield {"id": i, "name": name}


def _exposure_zones(_: Call) -> Iterable[dict[str, Any]]:
    for i, (country, code, name, taxable) in enumerate(REGIONS, 1):
        if taxable:
            yield {
                "id": i,
                "name": name.title(),
                "tag": code,
                "description": name.title(),
                "region": code,
                "country": country,
            }


def _tax_types(call: Call) -> Iterable[dict[str, Any]]:
    country = call.params["country"].upper()
    for i, (code, name) in enumerate(TAX_TYPES.get(country, TAX_TYPES[""]), 1):
        yield {"id": i, "taxType": code, "description": name}


def _rate_types(call: Call) -> Iterable[dict[str, Any]]:
    country = call.params["country"].upper()
    for i, (code, name) in enumerate(RATE_TYPES, 1):
        yield {"id": str(i), "rateTypeCode": code, "rateType": name, "country": country, "description": name}


def _subscription_types(_: Call) -> Iterable[dict[str, Any]]:
    for i, name in SUBSCRIPTION_TYPES:
        yield {"id": i, "description": name}


def _jurisdictions(_: Call) -> Iterable[dict[str, Any]]:
    for region, state in STATES.items():
        yield jurisdiction(region, state.levy)
        for area in state.areas:
            for levy in area.levies:
                yield jurisdiction(region, levy)


def jurisdiction(region: str, levy: Jurisdiction) -> dict[str, Any]:
    """JurisdictionModel."""
    return {
        "code": levy.code,
        "name": levy.name,
        "type": levy.level,
        "rate": number(levy.rate),
        "salesRate": number(levy.rate),
        "useRate": number(levy.rate),
        "signatureCode": levy.code[:4],
        "region": region,
        "country": "US",
        "shortName": levy.name,
        "effectiveDate": "1900-01-01",
        "endDate": "9999-12-31",
    }


async def jurisdictions_near(_: Sandbox, call: Call) -> Reply:
    """JurisdictionOverrideModel's list: who taxes at that address."""
    names = {"postalcode": "postalCode"}
    given = {names.get(name, name): value for name, value in query(call).items()}
    address = address_of(checked(given, wire.AddressBody))
    require_complete("Address", address)
    place = locate(address)
    rows = [jurisdiction(place.region, levy) for levy in place.levies]
    return json_reply(200, {"@recordsetCount": len(rows), "value": rows})


async def nexus_places(_: Sandbox, call: Call) -> Reply:
    """Every place where nexus can be declared; narrowed by country and region of the path."""
    country, region = call.params.get("country", "").upper(), call.params.get("region", "").upper()
    return listed(call, known_places(country, region), filter_of(call), NEXUS_FIELDS, nexus)


async def nexus_by_address(_: Sandbox, call: Call) -> Reply:
    """The places of that address where nexus can be declared."""
    names = {"postalcode": "postalCode"}
    given = {names.get(name, name): value for name, value in query(call).items()}
    address = address_of(checked(given, wire.AddressBody))
    require_complete("Address", address)
    place = locate(address)
    found = [n for n in known_places(place.country) if n.region in ("", place.region)]
    return listed(call, found, filter_of(call), NEXUS_FIELDS, nexus)


async def tax_code_types(_: Sandbox, _call: Call) -> Reply:
    """TaxCodeTypesModel: letter to name."""
    return json_reply(200, {"types": TAX_CODE_TYPES})


countries, regions, currencies = table(_countries), table(_regions), table(_currencies)
tax_codes, entity_use_codes = table(_tax_codes), table(_entity_use_codes)
exempt_reasons, exposure_zones = table(_exempt_reasons), table(_exposure_zones)
tax_types, rate_types = table(_tax_types), table(_rate_types)
subscription_types, jurisdictions = table(_subscription_types), table(_jurisdictions)
