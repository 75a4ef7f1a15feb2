"""Handlers that look an address up: its normal form, its authorities, its rates."""

from __future__ import annotations

from typing import Any

from simulators.avatax.routes.amounts import number
from simulators.avatax.routes.reading import address_of, body, checked, query
from simulators.avatax.rules.places import Address, Place, locate, require_complete
from simulators.avatax.rules.rates import Jurisdiction
from simulators.avatax.rules.refusal import TaxRefusal
from simulators.avatax.rules.sandbox import Sandbox
from simulators.avatax.rules.streets import Resolved, mixed, resolve
from simulators.avatax.rules.taxation import NOTHING
from simulators.avatax.wire import requests as wire
from simulators.kit.clock import day
from simulators.kit.table import Call, Reply, json_reply

_CASES = {"": "Upper", "default": "Upper", "0": "Upper", "upper": "Upper", "1": "Upper", "mixed": "Mixed",
          "2": "Mixed"}  # fmt: skip
_SOURCE = "Avalara.AvaTax.Services.Address"


async def resolve_get(_: Sandbox, call: Call) -> Reply:
    """The address in the query."""
    return _resolved(_from_query(call))


async def resolve_post(_: Sandbox, call: Call) -> Reply:
    """The address in the body."""
    return _resolved(body(call, wire.AddressBody))


async def rates_by_address(sandbox: Sandbox, call: Call) -> Reply:
    """TaxRateModel: the rates for goods at an address of the United States today."""
    address = address_of(_from_query(call))
    require_complete("Address", address)
    return _rates(locate(address), day(sandbox.clock.now()).isoformat())


async def rates_by_postal_code(sandbox: Sandbox, call: Call) -> Reply:
    """The same by country and postal code."""
    address = address_of(_from_query(call))
    require_complete("Address", address)
    return _rates(locate(address), day(sandbox.clock.now()).isoformat())


def _rates(place: Place, date: str) -> Reply:
    rates = [(levy, levy.rate_on(date)) for levy in place.levies]
    return json_reply(
        200,
        {
            "totalRate": number(sum((rate for _, rate in rates), NOTHING)),
            "rates": [
                {"rate": number(rate), "name": _rate_name(place, levy), "type": levy.level}
                for levy, rate in rates
            ],
        },
    )


def _rate_name(place: Place, levy: Jurisdiction) -> str:
    return levy.tax_name or f"{place.region} {levy.level.upper()} TAX"


def _from_query(call: Call) -> wire.AddressBody:
    names = {"postalcode": "postalCode", "textcase": "textCase"}
    return checked({names.get(n, n): value for n, value in query(call).items() if value}, wire.AddressBody)


def _resolved(given: wire.AddressBody) -> Reply:
    """AddressResolutionModel; an address that cannot be found is a 200 with messages."""
    text_case = _CASES.get(given.text_case.lower())
    if text_case is None:
        raise TaxRefusal(
            "ModelStateInvalid", "Invalid JSON object.", f"'{given.text_case}' is no 'TextCase'.", "textCase"
        )
    address = address_of(given)
    require_complete("NULL", address)
    found = resolve(address)
    answer: dict[str, Any] = {
        "address": {
            "textCase": text_case,
            "line1": address.line1,
            "line2": address.line2,
            "line3": address.line3,
            "city": address.city,
            "region": address.region,
            "country": address.country or "US",
            "postalCode": address.postal_code,
        },
        "validatedAddresses": [_validated(address, found, text_case)],
    }
    if found.at is not None:
        answer["coordinates"] = {"latitude": number(found.at[0]), "longitude": number(found.at[1])}
    answer["resolutionQuality"] = found.quality
    answer["taxAuthorities"] = [_authority(levy) for levy in found.place.levies] if found.place else []
    if found.message is not None:
        summary, details, refers_to = found.message
        answer["messages"] = [
            {
                "summary": summary,
                "details": details,
                "refersTo": refers_to,
                "severity": "Error",
                "source": _SOURCE,
            }
        ]
    return json_reply(200, answer)


def _authority(levy: Jurisdiction) -> dict[str, str]:
    return {
        "avalaraId": levy.code,
        "jurisdictionName": levy.name,
        "jurisdictionType": levy.level,
        "signatureCode": levy.code[:4],
    }


def _validated(address: Address, found: Resolved, text_case: str) -> dict[str, Any]:
    # What cannot be found comes back as it was given, of unknown type (seen in public answers).
    shown = found.normal or address

    def cased(text: str) -> str:
        return mixed(text) if text_case == "Mixed" and found.normal else text

    answer: dict[str, Any] = {
        "addressType": found.kind or "UnknownAddressType",
        "line1": cased(shown.line1),
        "line2": cased(shown.line2),
        "line3": cased(shown.line3),
        "city": cased(shown.city),
        "region": shown.region,
        "country": shown.country or "US",
        "postalCode": shown.postal_code,
    }
    if found.at is not None:
        answer["latitude"], answer["longitude"] = number(found.at[0]), number(found.at[1])
    return answer
