"""AvaTax's own SDK: signing in, the account, companies, nexus, refusals at the door."""

from __future__ import annotations

import pytest
import requests
from avalara import AvataxClient  # type: ignore[import-untyped]

from scenarios.sandboxes import Sandboxes, sandboxes
from tests.conformance.avatax_sdk import COMPANY_ID, SEATTLE, client, made, read, refused, sale


def test_ping_says_whether_it_knows_the_caller(lab: Sandboxes) -> None:
    known = lab.credentials("avatax")
    strange = AvataxClient("tieout", "1", "tests", lab.url("avatax"))
    assert made(strange.ping(), 200)["authenticated"] is False
    assert made(strange.add_credentials("2000000001", "wrong").ping(), 200)["authenticated"] is False
    answer = made(client(lab).ping(), 200)
    assert (answer["authenticated"], answer["authenticationType"]) == (True, "AccountIdLicenseKey")
    assert answer["authenticatedAccountId"] == int(known["account"])
    person = AvataxClient("tieout", "1", "tests", lab.url("avatax"))
    person.add_credentials(known["username"], known["password"])
    assert made(person.ping(), 200)["authenticationType"] == "UsernamePassword"
    bearer = AvataxClient("tieout", "1", "tests", lab.url("avatax")).add_credentials(known["bearer_token"])
    assert made(bearer.ping(), 200)["authenticationType"] == "OpenIdBearerToken"
    assert made(bearer.query_companies(), 200)["@recordsetCount"] == 1


def test_strangers_are_401(lab: Sandboxes) -> None:
    sdk = AvataxClient("tieout", "1", "tests", lab.url("avatax"))
    refused(sdk.query_companies(), "AuthenticationException", 30, 401)
    detail = refused(
        sdk.add_credentials("1", "x").create_transaction(sale()), "AuthenticationException", 30, 401
    )
    assert detail["message"] == "Authentication failed."
    assert made(client(lab).list_transactions_by_company("DEFAULT"), 200)["value"] == []


def test_unknown_paths_and_methods_have_an_envelope_too(lab: Sandboxes) -> None:
    base, known = lab.url("avatax"), lab.credentials("avatax")
    pair = (known["account"], known["license_key"])
    for method, path, status in (("GET", "/api/v2/nothing", 404), ("PATCH", "/api/v2/companies", 405)):
        answer = requests.request(method, base + path, auth=pair, timeout=10)
        assert answer.status_code == status
        assert read(answer)["error"]["details"]


def test_another_account_is_forbidden(lab: Sandboxes) -> None:
    sdk, account = client(lab), lab.credentials("avatax")["account"]
    assert made(sdk.get_account(account), 200)["accountStatusId"] == "Active"
    refused(sdk.get_account(1), "PermissionRequired", 49, 403)
    names = {row["subscriptionDescription"] for row in made(sdk.list_my_subscriptions(), 200)["value"]}
    assert {"AvaTaxPro", "AutoAddress"} <= names


def test_a_new_licence_key_shuts_out_the_old_one(lab: Sandboxes) -> None:
    sdk, account = client(lab), lab.credentials("avatax")["account"]
    wish = {"accountId": int(account), "confirmResetLicenseKey": False}
    refused(sdk.account_reset_license_key(account, wish), "MustConfirmResetLicenseKey", 141)
    answer = made(sdk.account_reset_license_key(account, {**wish, "confirmResetLicenseKey": True}), 200)
    refused(sdk.query_companies(), "AuthenticationException", 30, 401)
    sdk.add_credentials(account, answer["privateLicenseKey"])
    assert made(sdk.query_companies(), 200)["@recordsetCount"] == 1


def test_limits_answer_429() -> None:
    with sandboxes("avatax", options={"avatax": {"rate_per_minute": 2}}) as lab:
        sdk = client(lab)
        assert [sdk.query_companies().status_code for _ in range(3)] == [200, 200, 429]
        refused(sdk.query_companies(), "RequestLimitExceeded", 1715, 429)
        assert sdk.ping().status_code == 200


def test_a_company_from_its_cradle_to_its_grave(lab: Sandboxes) -> None:
    sdk = client(lab)
    body = {"companyCode": "EUROPE", "name": "Europe GmbH", "defaultCountry": "DE", "baseCurrencyCode": "EUR"}
    company = made(sdk.create_companies([body]))[0]
    assert (company["companyCode"], company["isDefault"], company["isActive"]) == ("EUROPE", False, True)
    refused(sdk.create_companies([body]), "DuplicateCompanyCode", 142)
    refused(sdk.create_companies([{"name": "Nameless"}]), "ValueRequiredError", 5)
    number = company["id"]
    assert made(sdk.get_company(number), 200)["name"] == "Europe GmbH"
    changed = made(sdk.update_company(number, {**company, "name": "Europe SE", "isActive": False}), 200)
    assert (changed["name"], changed["isActive"]) == ("Europe SE", False)
    refused(sdk.create_transaction(sale(companyCode="EUROPE")), "GetTaxError", 300)
    found = made(sdk.query_companies({"$filter": "companyCode startswith 'eu' and isDefault eq false"}), 200)
    assert [row["id"] for row in found["value"]] == [number]
    assert made(sdk.delete_company(number), 200)[0]["severity"] == "Success"
    detail = refused(sdk.get_company(number), "EntityNotFoundError", 4, 404)
    assert detail["description"] == f"The Company with ID '{number}' was not found."
    refused(sdk.create_transaction(sale(companyCode="EUROPE")), "EntityNotFoundError", 4, 404)


def test_a_new_company_collects_only_where_it_declares(lab: Sandboxes) -> None:
    sdk = client(lab)
    number = made(sdk.create_companies([{"companyCode": "NEW", "name": "New"}]))[0]["id"]
    assert made(sdk.create_transaction(sale(companyCode="NEW")))["totalTax"] == 0
    parent = {"country": "US", "region": "US", "effectiveDate": "2020-01-01"}
    child = {"country": "US", "region": "WA", "effectiveDate": "2020-01-01", "jurisName": "WASHINGTON"}
    refused(sdk.create_nexus(number, [child]), "ParentNexusNotFound", 146)
    rows = made(sdk.create_nexus(number, [parent, child]))
    assert [(row["jurisTypeId"], row["jurisName"]) for row in rows] == [
        ("CNT", "UNITED STATES OF AMERICA"), ("STA", "WASHINGTON"),
    ]  # fmt: skip
    assert made(sdk.create_transaction(sale(companyCode="NEW")))["totalTax"] > 0
    detail = refused(sdk.create_nexus(number, [child]), "DuplicateNexusError", 144)
    assert detail["message"] == "Cannot create duplicate nexus entries."
    refused(sdk.create_nexus(number, [{"country": "ZZ"}]), "GetTaxError", 300)
    refused(sdk.create_nexus(number, [{"country": "US", "region": "OR"}]), "UnknownNexusError", 145)
    later = {**rows[1], "effectiveDate": "2026-02-01"}
    assert made(sdk.update_nexus(number, rows[1]["id"], later), 200)["effectiveDate"] == "2026-02-01"
    assert made(sdk.create_transaction(sale(companyCode="NEW")))["totalTax"] == 0
    backwards = {**later, "endDate": "2026-01-01"}
    refused(sdk.update_nexus(number, rows[1]["id"], backwards), "DateRangeError", 80)
    refused(sdk.delete_nexus(number, rows[0]["id"]), "CannotDeleteParentBeforeChildNexus", 1500)
    assert made(sdk.delete_nexus(number, rows[1]["id"]), 200)
    refused(sdk.get_nexus(number, rows[1]["id"]), "EntityNotFoundError", 4, 404)
    assert made(sdk.list_nexus_by_company(number), 200)["@recordsetCount"] == 1


def test_nexus_by_address(lab: Sandboxes) -> None:
    sdk = client(lab)
    number = made(sdk.create_companies([{"companyCode": "NEW", "name": "New"}]))[0]["id"]
    rows = made(sdk.declare_nexus_by_address(number, [SEATTLE]))
    assert [row["jurisName"] for row in rows[0]["declaredNexus"]] == [
        "UNITED STATES OF AMERICA", "WASHINGTON",
    ]  # fmt: skip
    assert made(sdk.declare_nexus_by_address(number, [SEATTLE]))[0]["declaredNexus"] == []


def test_quick_setup(lab: Sandboxes) -> None:
    sdk = client(lab)
    body = {
        "name": "Quick", "companyCode": "QUICK", "firstName": "Ann", "lastName": "Lee", "phoneNumber": "1",
        "email": "ann@quick.test", **SEATTLE,
    }  # fmt: skip
    company = made(sdk.company_initialize(body))
    assert company["companyCode"] == "QUICK"
    places = made(sdk.list_locations_by_company(company["id"]), 200)["value"]
    assert [row["city"] for row in places] == ["Seattle"]
    assert made(sdk.list_contacts_by_company(company["id"]), 200)["value"][0]["email"] == "ann@quick.test"
    refused(sdk.company_initialize({**body, "city": "", "companyCode": "Q2"}), "ValueRequiredError", 5)
    kept = [{"category": "AvaCertServiceConfig", "name": "IsUpdateEnabled", "value": "true"}]
    assert made(sdk.set_company_configuration(company["id"], kept), 200)[0]["value"] == "true"
    assert made(sdk.get_company_configuration(company["id"]), 200)[0]["name"] == "IsUpdateEnabled"
    account = lab.credentials("avatax")["account"]
    assert made(sdk.get_account_configuration(account), 200) == []
    assert made(sdk.set_account_configuration(account, kept), 200)[0]["accountId"] == int(account)
    assert made(sdk.get_filing_status(company["id"]), 200) == "NotYetFiling"
    groups = made(sdk.list_nexus_by_company_and_tax_type_group(COMPANY_ID, "SalesAndUse"), 200)
    assert {row["country"] for row in groups["value"]} == {"US"}


@pytest.mark.parametrize(
    ("kind", "body", "change", "key"),
    [
        (
            "item",
            {"itemCode": "SEAT", "description": "Seat", "taxCode": "SW052000"},
            {"description": "Chair"},
            "itemCode",
        ),
        (
            "tax_code",
            {"taxCode": "MINE01", "taxCodeTypeId": "P", "description": "Own"},
            {"description": "Ours"},
            "taxCode",
        ),
        (
            "location",
            {**SEATTLE, "locationCode": "HQ", "addressTypeId": "Location", "addressCategoryId": "MainOffice"},
            {"city": "Tacoma"},
            "locationCode",
        ),
        (
            "contact",
            {"contactCode": "C1", "firstName": "Ann", "lastName": "Lee", "email": "a@b.test"},
            {"lastName": "Li"},
            "contactCode",
        ),
        ("u_p_c", {"upc": "012345678905", "description": "Tea"}, {"description": "Green tea"}, "upc"),
    ],
)
def test_records_are_made_found_changed_and_deleted(
    lab: Sandboxes, kind: str, body: dict[str, str], change: dict[str, str], key: str
) -> None:
    sdk = client(lab)
    create, update = getattr(sdk, f"create_{kind}s"), getattr(sdk, f"update_{kind}")
    get, delete, listing = (
        getattr(sdk, f"get_{kind}"), getattr(sdk, f"delete_{kind}"), getattr(sdk, f"list_{kind}s_by_company"),
    )  # fmt: skip
    first = made(create(COMPANY_ID, [body]))[0]
    assert (first["companyId"], first[key]) == (COMPANY_ID, body[key])
    refused(create(COMPANY_ID, [body]), "DuplicateEntry", 193)
    missing = {name: value for name, value in body.items() if name != key}
    refused(create(COMPANY_ID, [missing]), "ValueRequiredError", 5)
    assert made(get(COMPANY_ID, first["id"]), 200) == first
    changed = made(update(COMPANY_ID, first["id"], {**first, **change}), 200)
    assert change.items() <= changed.items()
    found = made(listing(COMPANY_ID, {"$filter": f"{key} eq '{body[key].lower()}'"}), 200)
    assert [row["id"] for row in found["value"]] == [first["id"]]
    assert made(delete(COMPANY_ID, first["id"]), 200)
    refused(get(COMPANY_ID, first["id"]), "EntityNotFoundError", 4, 404)


def test_definitions(lab: Sandboxes) -> None:
    sdk = client(lab)
    countries = {row["code"]: row for row in made(sdk.list_countries(), 200)["value"]}
    assert (countries["DE"]["alpha3Code"], countries["DE"]["isEuropeanUnion"]) == ("DEU", True)
    assert made(sdk.list_regions_by_country("US", {"$filter": "code eq 'WA'"}), 200)["@recordsetCount"] == 1
    digits = {row["code"]: row["decimalDigits"] for row in made(sdk.list_currencies(), 200)["value"]}
    assert (digits["JPY"], digits["USD"], digits["KWD"]) == (0, 2, 3)
    uses = {row["code"] for row in made(sdk.list_entity_use_codes(), 200)["value"]}
    assert {"A", "G", "R", "TAXABLE"} <= uses
    assert made(sdk.list_tax_codes({"$filter": "taxCode eq P0000000"}), 200)["@recordsetCount"] == 1
    assert made(sdk.list_nexus_by_country("US"), 200)["@recordsetCount"] > 40
    for answer in (
        sdk.list_tax_type_groups(), sdk.list_nexus_tax_type_groups(), sdk.list_tax_sub_types(),
        sdk.list_parameters({"$filter": "attributeType eq Transaction"}), sdk.list_unit_of_measurement(),
        sdk.list_tax_authorities(), sdk.list_tax_authority_types(), sdk.list_filing_frequencies(),
        sdk.list_security_roles(), sdk.list_subscription_types(), sdk.list_certificate_exempt_reasons(),
        sdk.list_certificate_exposure_zones(), sdk.list_rate_types_by_country("US"),
    ):  # fmt: skip
        assert made(answer, 200)["@recordsetCount"] == len(read(answer)["value"]) > 0
    assert made(sdk.list_tax_code_types(), 200)["types"]["P"] == "Product"
    near = made(sdk.list_nexus_by_address({"line1": "1 Pine", "postalCode": "98101"}), 200)
    assert [row["region"] for row in near["value"]] == ["US", "WA"]
