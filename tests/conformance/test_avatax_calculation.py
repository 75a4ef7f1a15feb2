"""AvaTax's own SDK and its TransactionBuilder: what is taxed, where, how much, and to whom."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import requests
from avalara.transaction_builder import TransactionBuilder  # type: ignore[import-untyped]

from scenarios.sandboxes import Sandboxes
from tests.conformance.avatax_sdk import (
    AUSTIN,
    BERLIN,
    COMPANY,
    COMPANY_ID,
    DALLAS,
    ON,
    PARIS,
    SEATTLE,
    client,
    made,
    read,
    refused,
    sale,
)

SEATTLE_RATE = Decimal("0.1035")


def consistent(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, after every sum in it has been checked."""
    lines = answer["lines"]
    for total, part in (
        ("totalAmount", "lineAmount"), ("totalTax", "tax"), ("totalTaxable", "taxableAmount"),
        ("totalExempt", "exemptAmount"), ("totalDiscount", "discountAmount"),
        ("totalTaxCalculated", "taxCalculated"),
    ):  # fmt: skip
        assert answer[total] == sum(line[part] for line in lines), total
    for line in lines:
        assert line["tax"] == sum(detail["tax"] for detail in line["details"])
        assert line["taxableAmount"] + line["exemptAmount"] + line["discountAmount"] == line["lineAmount"]
        for detail in line["details"]:
            parts = detail["taxableAmount"] + detail["nonTaxableAmount"] + detail["exemptAmount"]
            assert parts == line["lineAmount"] - line["discountAmount"]
    assert answer["totalTax"] == sum(row["tax"] for row in answer["summary"])
    return answer


def taxed(lab: Sandboxes, **changes: Any) -> dict[str, Any]:
    """A sale, taxed and checked."""
    return consistent(made(client(lab).create_transaction(sale(**changes))))


def test_the_builder_as_it_comes(lab: Sandboxes) -> None:
    builder = TransactionBuilder(client(lab), COMPANY, "SalesInvoice", "ACME")
    answer = made(
        builder.with_address("SingleLocation", SEATTLE)
        .with_transaction_code("B-1")
        .with_line(100.0, 1, "Y0001", "P0000000")
        .with_line(50.0, 2, "Y0002", "SW052000")
        .with_parameter("Source", "Web")
        .with_commit()
        .create()
    )
    consistent(answer)
    assert (answer["code"], answer["status"], answer["totalAmount"]) == ("B-1", "Committed", 150)
    assert answer["totalTax"] == Decimal("15.53")
    assert answer["parameters"][0]["value"] == "Web"


def test_the_builders_overrides_and_discounts(lab: Sandboxes) -> None:
    sdk = client(lab)
    builder = TransactionBuilder(sdk, COMPANY, "SalesInvoice", "ACME")
    answer = made(
        builder.with_address("ShipFrom", AUSTIN)
        .with_address("ShipTo", SEATTLE)
        .with_discount_amount(10.0)
        .with_line(100.0, 1, "A")
        .with_item_discount(True)
        .with_line_tax_override("TaxAmount", "Agreed", 5.0, None)
        .with_line(75.0, 1, "B")
        .create()
    )
    consistent(answer)
    first, second = answer["lines"]
    assert (first["discountAmount"], first["taxableAmount"], first["tax"]) == (10, 90, 5)
    assert (first["taxOverrideType"], first["taxCalculated"]) == ("TaxAmount", Decimal("9.32"))
    assert (second["discountAmount"], second["taxableAmount"]) == (0, 75)
    exempt = TransactionBuilder(sdk, COMPANY, "SalesOrder", "ACME").with_address("SingleLocation", SEATTLE)
    answer = made(exempt.with_exempt_line(100.0, "A", "CERT-1").create())
    assert (answer["totalTax"], answer["totalExempt"]) == (0, 100)


def test_latitude_and_longitude_find_the_nearest_place(lab: Sandboxes) -> None:
    sdk = client(lab)
    builder = TransactionBuilder(sdk, COMPANY, "SalesOrder", "ACME").with_latlong(
        "SingleLocation", 47.6, -122.3
    )
    answer = made(builder.with_line(100.0, 1, "A").create())
    assert answer["totalTax"] == Decimal("10.35")
    sea = TransactionBuilder(sdk, COMPANY, "SalesOrder", "ACME").with_latlong("SingleLocation", 0, 0)
    refused(sea.with_line(100.0, 1, "A").create(), "GetTaxError", 300)


def test_names_in_any_case_and_lax_dates(lab: Sandboxes) -> None:
    body = {
        "TYPE": "salesinvoice", "COMPANYCODE": "default", "Date": "2026-11-23 06:43:06.333994",
        "customercode": 42, "Addresses": {"SingleLocation": {"POSTALCODE": 98101}},
        "LINES": [{"AMOUNT": "100.00", "TaxCode": "P0000000", "somethingElse": None}],
    }  # fmt: skip
    answer = consistent(made(client(lab).create_transaction(body)))
    assert (answer["date"], answer["customerCode"], answer["totalTax"]) == (
        "2026-11-23", "42", Decimal("10.35"),
    )  # fmt: skip
    base, auth = lab.url("avatax"), client(lab).auth
    query = "%24FILTER=code%20eq%20'x'&%24Top=1"
    url = f"{base}/api/v2/companies/DEFAULT/transactions?{query}"
    assert requests.get(url, auth=auth, timeout=10).status_code == 200


def test_jurisdiction_by_jurisdiction(lab: Sandboxes) -> None:
    answer = taxed(lab)
    details = answer["lines"][0]["details"]
    assert [(d["jurisType"], d["jurisName"], d["rate"]) for d in details] == [
        ("STA", "WASHINGTON", Decimal("0.065")), ("CIT", "SEATTLE", Decimal("0.0385")),
    ]  # fmt: skip
    first = details[0]
    assert (first["country"], first["region"], first["jurisCode"]) == ("US", "WA", "53")
    assert (first["taxName"], first["rateType"], first["taxType"]) == ("WA STATE TAX", "General", "Sales")
    assert (first["stateAssignedNo"], first["taxCalculated"]) == ("1726", Decimal("6.50"))
    assert [row["jurisType"] for row in answer["summary"]] == ["State", "City"]


def test_lines_with_places_of_their_own(lab: Sandboxes) -> None:
    lines = [
        {"number": "1", "amount": 100, "addresses": {"singleLocation": BERLIN}},
        {"number": "2", "amount": 100, "addresses": {"shipTo": PARIS}},
        {"number": "3", "amount": 100},
    ]
    answer = taxed(lab, lines=lines)
    assert [line["tax"] for line in answer["lines"]] == [19, 20, Decimal("10.35")]


@pytest.mark.parametrize("amount", ["33.35", "-33.35", "0", "0.01", "1234567.89"])
def test_amounts_of_every_size_are_consistent(lab: Sandboxes, amount: str) -> None:
    for address in (SEATTLE, AUSTIN, BERLIN):
        for included in (False, True):
            line = {"number": "1", "amount": amount, "taxCode": "SW052000", "taxIncluded": included}
            answer = taxed(lab, type="SalesOrder", addresses={"singleLocation": address}, lines=[line])
            if included:
                assert answer["totalAmount"] + answer["totalTax"] == Decimal(amount)
            else:
                assert answer["totalAmount"] == Decimal(amount)


def test_tax_included(lab: Sandboxes) -> None:
    line = {"number": "1", "amount": 119, "taxIncluded": True}
    answer = taxed(lab, addresses={"singleLocation": BERLIN}, lines=[line])
    assert (answer["totalAmount"], answer["totalTax"]) == (100, 19)
    assert answer["lines"][0]["taxIncluded"] is True


def test_discounts_are_shared_by_amount(lab: Sandboxes) -> None:
    lines = [
        {"number": "1", "amount": 100, "discounted": True},
        {"number": "2", "amount": 75, "discounted": "true"},
        {"number": "3", "amount": 10, "discounted": False},
    ]
    answer = taxed(lab, discount=50, lines=lines)
    assert [line["discountAmount"] for line in answer["lines"]] == [
        Decimal("28.57"), Decimal("21.43"), 0,
    ]  # fmt: skip
    assert (answer["totalDiscount"], answer["totalTaxable"]) == (50, 135)
    refused(client(lab).create_transaction(sale(discount=50)), "NoLinesDiscounted", 190)


def test_the_vendors_own_example_of_a_discount(lab: Sandboxes) -> None:
    # Developer guide, test 6.2.3: ten dollars off the first of two lines, on Bainbridge Island in 2017.
    place = {
        "line1": "100 Ravine Lane NE",
        "city": "Bainbridge Island",
        "region": "WA",
        "postalCode": "98110",
    }
    lines = [
        {"number": "1", "amount": 100, "taxCode": "P0000000", "discounted": "true"},
        {"number": "2", "amount": 75, "taxcode": "P0000000", "discounted": "false"},
    ]
    answer = taxed(lab, date="2017-06-15", discount="10", addresses={"singleLocation": place}, lines=lines)
    first, second = answer["lines"]
    assert (first["discountAmount"], first["taxableAmount"]) == (10, 90)
    assert first["taxCalculated"] == Decimal("8.10")
    assert (second["discountAmount"], second["taxableAmount"]) == (0, 75)


def test_a_tax_of_ones_own(lab: Sandboxes) -> None:
    lines = [{"number": "1", "amount": 100}, {"number": "2", "amount": 200}]
    override = {"type": "TaxAmount", "taxAmount": 10, "reason": "Migration"}
    answer = taxed(lab, lines=lines, taxOverride=override)
    assert (answer["totalTax"], answer["totalTaxCalculated"]) == (10, Decimal("31.05"))
    assert [line["tax"] for line in answer["lines"]] == [Decimal("3.33"), Decimal("6.67")]
    assert (answer["taxOverrideType"], answer["taxOverrideReason"]) == ("TaxAmount", "Migration")
    bad = sale(taxOverride={"type": "TaxAmount", "reason": "?"})
    refused(client(lab).create_transaction(bad), "ValueRequiredError", 5)


def test_the_tax_of_another_day(lab: Sandboxes) -> None:
    override = {"type": "TaxDate", "taxDate": "2020-08-01", "reason": "Return"}
    answer = taxed(lab, addresses={"singleLocation": BERLIN}, taxOverride=override)
    assert (answer["totalTax"], answer["taxDate"], answer["date"]) == (16, "2020-08-01", ON)
    line = {"number": "1", "amount": 100, "taxOverride": {**override, "taxDate": "2023-05-05"}}
    answer = taxed(lab, lines=[line])
    assert (answer["totalTax"], answer["lines"][0]["taxDate"]) == (Decimal("10.25"), "2023-05-05")


@pytest.mark.parametrize(
    ("country", "date", "tax"),
    [
        ("EE", "2025-06-30", 22),
        ("EE", "2025-07-01", 24),
        ("FI", "2024-08-31", 24),
        ("FI", "2024-09-01", "25.50"),
        ("SK", "2024-12-31", 20),
        ("JP", "2019-09-30", 8),
        ("JP", "2019-10-01", 10),
        ("GB", "2026-01-01", 20),
    ],
)
def test_rates_have_dates(lab: Sandboxes, country: str, date: str, tax: Any) -> None:
    place = {"country": country, "postalCode": "10001", "line1": "1", "city": "X"}
    answer = taxed(lab, date=date, addresses={"singleLocation": place})
    assert answer["totalTax"] == Decimal(tax)
    assert answer["lines"][0]["details"][0]["taxType"] == "Output"


def test_businesses_of_two_eu_countries(lab: Sandboxes) -> None:
    ends = {"shipFrom": BERLIN, "shipTo": PARIS}
    answer = taxed(lab, addresses=ends, businessIdentificationNo="FR12345678901")
    assert (answer["totalTax"], answer["totalTaxable"]) == (0, 100)
    assert "Reverse charge" in answer["invoiceMessages"][0]["content"]
    assert answer["businessIdentificationNo"] == "FR12345678901"
    for changes in (
        {"addresses": ends},
        {"addresses": ends, "businessIdentificationNo": "IT12345678901"},
        {"addresses": {"singleLocation": PARIS}, "businessIdentificationNo": "FR12345678901"},
    ):
        assert taxed(lab, **changes)["totalTax"] == 20


def test_canada(lab: Sandboxes) -> None:
    sdk = client(lab)
    winnipeg = {"line1": "780 Powerhouse Rd", "city": "Winnipeg", "region": "MB", "postalCode": "R3H 1C7"}
    toronto = {"line1": "1 Bay St", "city": "Toronto", "region": "ON", "postalCode": "M5H 2N2"}
    places = [{**place, "country": "CA"} for place in (winnipeg, toronto)]
    assert taxed(lab, addresses={"singleLocation": places[0]})["totalTax"] == 0
    made(sdk.create_nexus(COMPANY_ID, [{"country": "CA"}]))
    assert taxed(lab, addresses={"singleLocation": places[0]})["totalTax"] == 5
    assert taxed(lab, addresses={"singleLocation": places[1]})["totalTax"] == 13
    made(sdk.create_nexus(COMPANY_ID, [{"country": "CA", "region": "MB"}]))
    answer = taxed(lab, addresses={"singleLocation": places[0]})
    names = [row["taxName"] for row in answer["summary"]]
    assert (answer["totalTax"], names) == (12, ["CANADA GST", "MANITOBA PST"])


def test_texas_taxes_goods_where_they_come_from(lab: Sandboxes) -> None:
    ends = {"shipFrom": DALLAS, "shipTo": AUSTIN}
    names = [d["jurisName"] for d in taxed(lab, addresses=ends)["lines"][0]["details"]]
    assert names == ["TEXAS", "DALLAS", "DALLAS MTA"]
    lines = [{"number": "1", "amount": 100, "taxCode": "SW052000"}]
    answer = taxed(lab, addresses=ends, lines=lines)
    assert answer["lines"][0]["details"][1]["jurisName"] == "AUSTIN"
    assert answer["totalTaxable"] == 80
    names = [
        d["jurisName"]
        for d in taxed(lab, addresses={"shipFrom": SEATTLE, "shipTo": AUSTIN})["lines"][0]["details"]
    ]
    assert names[1] == "AUSTIN"


def test_taxability_differs_by_code_and_state(lab: Sandboxes) -> None:
    irvine = {"line1": "2000 Main St", "city": "Irvine", "region": "CA", "postalCode": "92614"}
    philadelphia = {"line1": "1 Market St", "city": "Philadelphia", "region": "PA", "postalCode": "19103"}
    lines = [
        {"number": str(n), "amount": 100, "taxCode": code}
        for n, code in enumerate(("P0000000", "SW052000", "FR020100", "PC040100", "NT"), 1)
    ]
    answer = taxed(lab, addresses={"singleLocation": irvine}, lines=lines)
    assert [bool(line["tax"]) for line in answer["lines"]] == [True, False, False, True, False]
    answer = taxed(lab, addresses={"singleLocation": philadelphia}, lines=lines)
    assert [bool(line["tax"]) for line in answer["lines"]] == [True, True, True, False, False]


def test_a_companys_own_rules(lab: Sandboxes) -> None:
    sdk = client(lab)
    rule = {
        "taxRuleTypeId": "ProductTaxabilityRule", "country": "US", "region": "WA", "taxCode": "P0000000",
        "effectiveDate": "2026-01-01", "value": 0, "isAllJuris": True,
    }  # fmt: skip
    kept = made(sdk.create_tax_rules(COMPANY_ID, [rule]))[0]
    assert (taxed(lab)["totalTax"], taxed(lab)["totalExempt"]) == (0, 100)
    assert taxed(lab, date="2025-12-31")["totalTax"] == Decimal("10.35")
    assert taxed(lab, addresses={"singleLocation": AUSTIN})["totalTax"] == Decimal("8.25")
    rate = {**rule, "taxRuleTypeId": "RateOverrideRule", "value": 0.05, "isAllJuris": False}
    made(sdk.update_tax_rule(COMPANY_ID, kept["id"], {**rate, "jurisTypeId": "STA"}), 200)
    answer = taxed(lab)
    assert [d["rate"] for d in answer["lines"][0]["details"]] == [Decimal("0.05"), Decimal("0.0385")]
    refused(sdk.create_tax_rules(COMPANY_ID, [{**rule, "value": 7}]), "RangeError", 6)
    refused(sdk.create_tax_rules(COMPANY_ID, [{**rule, "taxRuleTypeId": "Mood"}]), "InvalidEnumValue", 164)
    made(sdk.delete_tax_rule(COMPANY_ID, kept["id"]), 200)
    assert taxed(lab)["totalTax"] == Decimal("10.35")


def test_items_bring_their_tax_code(lab: Sandboxes) -> None:
    item = {"itemCode": "FREE", "description": "Not taxable", "taxCode": "NT"}
    made(client(lab).create_items(COMPANY_ID, [item]))
    lines = [
        {"number": "1", "amount": 100, "itemCode": "free"},
        {"number": "2", "amount": 100, "itemCode": "FREE", "taxCode": "P0000000"},
    ]
    answer = taxed(lab, lines=lines)
    assert [(line["taxCode"], line["tax"]) for line in answer["lines"]] == [
        ("NT", 0), ("P0000000", Decimal("10.35")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "tax"),
    [
        ({"exemptionNo": "X-1"}, 0),
        ({"entityUseCode": "G"}, 0),
        ({"customerUsageType": "A"}, 0),
        ({"entityUseCode": "TAXABLE", "exemptionNo": "X-1"}, "10.35"),
        ({"entityUseCode": "MED1"}, "10.35"),
        ({"entityUseCode": "A", "taxOverride": {"type": "Exemption", "reason": "Own use"}}, "10.35"),
    ],
)
def test_exemptions(lab: Sandboxes, changes: dict[str, Any], tax: Any) -> None:
    answer = taxed(lab, **changes)
    assert answer["totalTax"] == Decimal(tax)
    assert answer["totalExempt"] == (0 if answer["totalTax"] else 100)


def test_a_certificate_frees_its_customer_in_its_state(lab: Sandboxes) -> None:
    sdk = client(lab)
    person = {**SEATTLE, "customerCode": "ACME", "name": "Acme"}
    made(sdk.create_customers(COMPANY_ID, [person]))
    refused(sdk.create_customers(COMPANY_ID, [person]), "DuplicateEntry", 193)
    body = {
        "signedDate": "2025-01-01", "expirationDate": "2099-12-31", "exposureZone": {"name": "Washington"},
        "exemptionReason": {"name": "RESALE"}, "exemptPercentage": 0,
    }  # fmt: skip
    certificate = made(sdk.create_certificates(COMPANY_ID, [body]))[0]
    assert taxed(lab)["totalTax"] > 0
    made(sdk.link_certificates_to_customer(COMPANY_ID, "ACME", {"certificates": [certificate["id"]]}), 200)
    answer = taxed(lab)
    assert (answer["totalTax"], answer["lines"][0]["exemptCertId"]) == (0, certificate["id"])
    assert taxed(lab, customerCode="OTHER")["totalTax"] > 0
    assert taxed(lab, addresses={"singleLocation": AUSTIN})["totalTax"] > 0
    assert taxed(lab, date="2024-12-31")["totalTax"] > 0
    status = made(sdk.list_valid_certificates_for_customer(COMPANY_ID, "ACME", "US", "WA"), 200)
    assert (status["status"], status["certificate"]["id"]) == ("Exempt", certificate["id"])
    linked = made(sdk.list_certificates_for_customer(COMPANY_ID, "ACME"), 200)["value"]
    assert [row["id"] for row in linked] == [certificate["id"]]
    made(sdk.update_certificate(COMPANY_ID, certificate["id"], {**body, "exemptPercentage": 40}), 200)
    answer = taxed(lab)
    assert (answer["totalExempt"], answer["totalTaxable"]) == (40, 60)
    made(
        sdk.unlink_certificates_from_customer(COMPANY_ID, "ACME", {"certificates": [certificate["id"]]}), 200
    )
    assert taxed(lab)["totalExempt"] == 0
    refused(sdk.get_customer(COMPANY_ID, "NOBODY"), "EntityNotFoundError", 4, 404)


def test_rounding_by_document_is_a_setting_of_the_company(lab: Sandboxes) -> None:
    sdk = client(lab)
    lines = [{"number": str(n), "amount": "0.33", "taxCode": "P0000000"} for n in range(1, 11)]
    place = {"singleLocation": BERLIN}
    assert taxed(lab, addresses=place, lines=lines)["totalTax"] == Decimal("0.60")
    company = made(sdk.get_company(COMPANY_ID), 200)
    assert company["roundingLevelId"] == "Line"
    made(sdk.update_company(COMPANY_ID, {**company, "roundingLevelId": "Document"}), 200)
    assert taxed(lab, addresses=place, lines=lines)["totalTax"] == Decimal("0.63")


def test_currencies(lab: Sandboxes) -> None:
    tokyo = {"line1": "1-1", "city": "Tokyo", "postalCode": "100-0001", "country": "JP"}
    exchange = {"exchangeRate": 0.0067, "exchangeRateEffectiveDate": ON, "exchangeRateCurrencyCode": "USD"}
    answer = taxed(
        lab, currencyCode="jpy", addresses={"singleLocation": tokyo},
        lines=[{"number": "1", "amount": 1005}], **exchange,
    )  # fmt: skip
    assert (answer["currencyCode"], answer["totalTax"]) == ("JPY", 101)
    assert (answer["exchangeRate"], answer["exchangeRateCurrencyCode"]) == (Decimal("0.0067"), "USD")
    refused(client(lab).create_transaction(sale(currencyCode="DOLLARS")), "ModelStateInvalid", 70)


@pytest.mark.parametrize(
    ("changes", "code", "number"),
    [
        ({"addresses": {}}, "MissingAddress", 304),
        ({"addresses": {"shipFrom": SEATTLE}}, "MissingAddress", 304),
        ({"addresses": {"shipTo": {"city": "Seattle"}}}, "InvalidAddress", 309),
        ({"addresses": {"shipTo": {**SEATTLE, "region": "NY"}}}, "GetTaxError", 300),
        ({"addresses": {"singleLocation": SEATTLE, "shipTo": AUSTIN}}, "AddressConflictException", 301),
        ({"lines": []}, "MissingLine", 311),
        ({"customerCode": ...}, "ValueRequiredError", 5),
        ({"date": ...}, "ValueRequiredError", 5),
        ({"date": "someday"}, "ModelStateInvalid", 70),
        ({"type": "Barter"}, "ModelStateInvalid", 70),
        ({"code": "x" * 51}, "StringLengthError", 13),
        ({"lines": [{"number": "1", "amount": "ten"}]}, "ModelStateInvalid", 70),
        ({"companyCode": "NOBODY"}, "EntityNotFoundError", 4),
    ],
)
def test_refusals(lab: Sandboxes, changes: dict[str, Any], code: str, number: int) -> None:
    status = 404 if number == 4 else 400
    sdk = client(lab)
    refused(sdk.create_transaction(sale(**changes)), code, number, status)
    assert sdk.get_transaction_by_code(COMPANY, "INV-1").status_code == 404


def test_everything_that_is_wrong_is_named(lab: Sandboxes) -> None:
    answer = client(lab).create_transaction({"type": "SalesInvoice", "lines": [{"amount": "x"}]})
    details = read(answer)["error"]["details"]
    assert {d["refersTo"] for d in details} == {"date", "customerCode", "lines.0.amount"}


def test_addresses_are_resolved(lab: Sandboxes) -> None:
    sdk = client(lab)
    given = {"line1": "2000 main street", "city": "irvine", "region": "CA", "country": "US"}
    for answer in (sdk.resolve_address(given), sdk.resolve_address_post(given)):
        found = made(answer, 200)
        valid = found["validatedAddresses"][0]
        assert (valid["line1"], valid["city"], valid["region"]) == ("2000 MAIN ST", "IRVINE", "CA")
        assert (found["address"]["line1"], found["address"]["textCase"]) == ("2000 main street", "Upper")
        assert found["coordinates"]["latitude"] == valid["latitude"]
        assert found["resolutionQuality"] == "Intersection"
        kinds = [row["jurisdictionType"] for row in found["taxAuthorities"]]
        assert kinds[:2] == ["State", "County"]
        assert "messages" not in found
    case = made(sdk.resolve_address({**given, "textCase": "Mixed"}), 200)["validatedAddresses"][0]
    assert case["line1"] == "2000 Main St"
    unknown = made(sdk.resolve_address({"line1": "1 A St", "postalCode": "00000", "region": "CA"}), 200)
    assert (unknown["resolutionQuality"], unknown["messages"][0]["severity"]) == ("NotCoded", "Error")
    nameless = made(sdk.resolve_address({"line1": "tester", "city": "Irvine", "region": "CA"}), 200)
    assert nameless["messages"][0]["refersTo"] == "Address.Line1"
    abroad = made(sdk.resolve_address(BERLIN), 200)
    assert abroad["messages"][0]["summary"] == "Country not supported."
    detail = refused(sdk.resolve_address({"city": "Irvine"}), "InvalidAddress", 309)
    assert detail["message"] == "The address value was incomplete."


def test_rates_for_goods(lab: Sandboxes) -> None:
    sdk = client(lab)
    rates = made(sdk.tax_rates_by_postal_code({"country": "US", "postalCode": "98101"}), 200)
    assert (rates["totalRate"], len(rates["rates"])) == (SEATTLE_RATE, 2)
    assert made(sdk.tax_rates_by_address(SEATTLE), 200)["totalRate"] == SEATTLE_RATE


def test_purchases_and_places_by_code(lab: Sandboxes) -> None:
    sdk = client(lab)
    detail = taxed(lab, type="PurchaseInvoice")["lines"][0]["details"][0]
    assert detail["taxType"] == "ConsumerUse"
    place = {**SEATTLE, "locationCode": "HQ", "addressTypeId": 1, "addressCategoryId": "MainOffice"}
    made(sdk.create_locations(COMPANY_ID, [place]))
    answer = taxed(lab, code="L", addresses={"singleLocation": {"locationCode": "hq"}})
    assert (answer["totalTax"], answer["addresses"][0]["city"]) == (Decimal("10.35"), "Seattle")
    lost = sale(addresses={"singleLocation": {"locationCode": "MOON"}})
    refused(sdk.create_transaction(lost), "AddressLocationNotFound", 310)
