"""Handlers of companies: made, changed, initialised, configured."""

from __future__ import annotations

from typing import Any

from simulators.avatax.routes.amounts import USER_ID, moment
from simulators.avatax.routes.deletions import deleted
from simulators.avatax.routes.listing import filter_of, listed
from simulators.avatax.routes.nexus import declared, nexus
from simulators.avatax.routes.reading import bodies, body, member, path_number, query
from simulators.avatax.routes.records import keep, record
from simulators.avatax.rules.companies import ROUNDING_LEVELS, Company
from simulators.avatax.rules.filtering import Fields
from simulators.avatax.rules.kinds import CONTACT, ITEM, LOCATION, SETTING, TAX_CODE
from simulators.avatax.rules.places import country_code
from simulators.avatax.rules.refusal import TaxRefusal, required
from simulators.avatax.rules.sandbox import ACCOUNT, Sandbox
from simulators.avatax.wire import setup
from simulators.kit.table import Call, Reply, json_reply

_FIELDS: Fields = {
    "id": lambda c: c.id,
    "companycode": lambda c: c.code,
    "name": lambda c: c.name,
    "isactive": lambda c: c.is_active,
    "isdefault": lambda c: c.is_default,
    "istest": lambda c: c.is_test,
    "hasprofile": lambda c: c.has_profile,
    "isreportingentity": lambda c: c.is_reporting_entity,
    "defaultcountry": lambda c: c.country,
    "basecurrencycode": lambda c: c.currency,
    "taxpayeridnumber": lambda c: c.taxpayer_id,
    "businessidentificationno": lambda c: c.business_id,
    "parentcompanyid": lambda c: c.parent_id,
    "roundinglevelid": lambda c: c.rounding,
    "createddate": lambda c: moment(c.created_at),
    "modifieddate": lambda c: moment(c.modified_at),
}
_ROUNDING = {key: name for i, name in enumerate(ROUNDING_LEVELS) for key in (name.lower(), str(i))}
_FIRST_COMPANY = 1
_NESTED = {
    "contacts": CONTACT, "items": ITEM, "locations": LOCATION, "settings": SETTING, "taxcodes": TAX_CODE,
}  # fmt: skip


async def list_all(sandbox: Sandbox, call: Call) -> Reply:
    """All companies of the account."""
    return listed(
        call, sandbox.companies.all(), filter_of(call), _FIELDS, lambda one: _with_nested(sandbox, call, one)
    )


async def get(sandbox: Sandbox, call: Call) -> Reply:
    """One company by number."""
    company = sandbox.companies.get(path_number(call, "id"))
    return json_reply(200, _with_nested(sandbox, call, company))


async def create(sandbox: Sandbox, call: Call) -> Reply:
    """201 with the new companies and what was made along with them."""
    made = []
    for wish in bodies(call, setup.CompanyBody):
        now = sandbox.clock.now()
        company = sandbox.add_company(
            Company(
                sandbox.new_id("company", _FIRST_COMPANY), created_at=now, modified_at=now, **_wishes(wish)
            )
        )
        try:
            made.append({**render(company), **_made_along(sandbox, company, wish)})
        except TaxRefusal:
            sandbox.remove_company(company.id)
            raise
    return json_reply(201, made)


def _made_along(sandbox: Sandbox, company: Company, wish: setup.CompanyBody) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    if wish.nexus:
        answer["nexus"] = [nexus(declared(sandbox, company.id, one)) for one in wish.nexus]
    for name, kind, given in (
        ("contacts", CONTACT, wish.contacts),
        ("items", ITEM, wish.items),
        ("locations", LOCATION, wish.locations),
        ("settings", SETTING, wish.settings),
        ("taxCodes", TAX_CODE, wish.tax_codes),
    ):
        if given:
            answer[name] = [record(keep(sandbox, kind, company.id, one)) for one in given]
    return answer


async def update(sandbox: Sandbox, call: Call) -> Reply:
    """The company with all its values replaced."""
    wish = body(call, setup.CompanyBody)
    return json_reply(200, render(sandbox.change_company(path_number(call, "id"), _wishes(wish))))


async def delete(sandbox: Sandbox, call: Call) -> Reply:
    """The company is gone."""
    company = sandbox.remove_company(path_number(call, "id"))
    return deleted("Company", [company.id])


async def initialize(sandbox: Sandbox, call: Call) -> Reply:
    """A company with its first contact and location, as the vendor's quick setup makes it."""
    wish = body(call, setup.CompanyInitializationBody)
    for name in ("line1", "city", "region", "postalCode", "country"):
        if not wish.model_dump(by_alias=True)[name]:
            raise required(name)
    now = sandbox.clock.now()
    country = country_code(wish.country)
    new = Company(
        sandbox.new_id("company", _FIRST_COMPANY), wish.company_code, wish.name, country, "USD", now, now,
        taxpayer_id=wish.taxpayer_id_number, business_id=wish.vat_registration_id, is_fein=wish.is_fein,
        parent_id=wish.parent_company_id,
    )  # fmt: skip
    company = sandbox.add_company(new)
    place = {
        "line1": wish.line1, "line2": wish.line2, "line3": wish.line3, "city": wish.city,
        "region": wish.region, "postalCode": wish.postal_code, "country": country,
    }  # fmt: skip
    person = {
        "contactCode": "001", "firstName": wish.first_name, "lastName": wish.last_name, "title": wish.title,
        "email": wish.email, "phone": wish.phone_number, "mobile": wish.mobile_number, "fax": wish.fax_number,
    }  # fmt: skip
    contact = keep(sandbox, CONTACT, company.id, {**place, **person})
    first = {"locationCode": "DEFAULT", "description": "Default location", "isDefault": True}
    kinds = {"addressTypeId": "Location", "addressCategoryId": "MainOffice"}
    location = keep(sandbox, LOCATION, company.id, {**place, **first, **kinds})
    answer = render(company)
    answer["defaultLocationId"] = location.id
    return json_reply(201, {**answer, "contacts": [record(contact)], "locations": [record(location)]})


async def filing_status(sandbox: Sandbox, call: Call) -> Reply:
    """Nothing is filed from a sandbox."""
    sandbox.companies.get(path_number(call, "id"))
    return json_reply(200, "NotYetFiling")


def _wishes(wish: setup.CompanyBody) -> dict[str, Any]:
    return {
        "code": wish.company_code,
        "name": wish.name,
        "country": country_code(wish.default_country),
        "currency": wish.base_currency_code.upper(),
        "is_default": wish.is_default,
        "is_active": wish.is_active,
        "is_test": wish.is_test,
        "has_profile": wish.has_profile,
        "is_reporting_entity": wish.is_reporting_entity,
        "is_fein": wish.is_fein,
        "taxpayer_id": wish.taxpayer_id_number,
        "business_id": wish.business_identification_no,
        "parent_id": wish.parent_company_id,
        "rounding": member("RoundingLevelId", _ROUNDING, wish.rounding_level_id),
    }


def _with_nested(sandbox: Sandbox, call: Call, company: Company) -> dict[str, Any]:
    answer = render(company)
    for word in query(call).get("$include", "").split(","):
        name = word.strip().lower()
        if name == "nexus":
            answer["nexus"] = [nexus(one) for one in sandbox.nexuses.of(company.id)]
        elif name in _NESTED:
            shelf = sandbox.shelves[_NESTED[name].name]
            answer["taxCodes" if name == "taxcodes" else name] = [record(one) for one in shelf.of(company.id)]
    return answer


def render(company: Company) -> dict[str, Any]:
    """CompanyModel."""
    return {
        "id": company.id,
        "accountId": int(ACCOUNT),
        "parentCompanyId": company.parent_id,
        "companyCode": company.code,
        "name": company.name,
        "isDefault": company.is_default,
        "isActive": company.is_active,
        "taxpayerIdNumber": company.taxpayer_id,
        "isFein": company.is_fein,
        "hasProfile": company.has_profile,
        "isReportingEntity": company.is_reporting_entity,
        "defaultCountry": company.country,
        "baseCurrencyCode": company.currency,
        "roundingLevelId": company.rounding,
        "warningsEnabled": False,
        "isTest": company.is_test,
        "taxDependencyLevelId": "Document",
        "inProgress": False,
        "businessIdentificationNo": company.business_id,
        "createdDate": moment(company.created_at),
        "createdUserId": USER_ID,
        "modifiedDate": moment(company.modified_at),
        "modifiedUserId": USER_ID,
    }
