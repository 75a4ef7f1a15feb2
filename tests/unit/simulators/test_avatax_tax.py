"""What AvaTax makes of a sale: places, rates, shares, rounding, exemptions, refusals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from .avatax_client import AUSTIN, BERLIN, SAAS, SEATTLE, Client, sale


def taxed(address, amount=100, **changes):
    return Client().create(amount=amount, addresses={"shipTo": address}, **changes).json


@pytest.mark.parametrize(
    ("address", "tax"),
    [
        (SEATTLE, "10.35"),
        ({"region": "NY", "postalCode": "10001", "country": "US"}, "8.88"),
        ({"region": "PA", "postalCode": "19103"}, "8.00"),
        ({"city": "Cleveland", "region": "OH", "line1": "1 A St"}, "8.00"),
        ({"postalCode": "94105-1234"}, "0.00"),  # California does not tax software as a service
        ({"postalCode": "97201"}, "0.00"),  # Oregon: no nexus
        (BERLIN, "19.00"),
        ({"postalCode": "75001", "country": "fr"}, "20.00"),
        ({"postalCode": "SW1A 1AA", "country": "GB"}, "20.00"),
        ({"postalCode": "100-0001", "country": "JP"}, "10.00"),
        ({"postalCode": "2000", "country": "AU"}, "0.00"),  # a rate, but no nexus
    ],
)
def test_tax_by_destination(address, tax):
    assert taxed(address)["totalTax"] == Decimal(tax)


def test_texas_taxes_four_fifths_of_data_processing():
    answer = taxed(AUSTIN, Decimal("100.10").__float__())
    line = answer["lines"][0]
    assert (line["lineAmount"], line["taxableAmount"], line["exemptAmount"]) == (
        Decimal("100.10"), Decimal("80.08"), Decimal("20.02"),
    )  # fmt: skip
    # 6.25 % of 80.08 is 5.005: half up, per jurisdiction.
    assert [d["tax"] for d in line["details"]] == [Decimal("5.01"), Decimal("0.80"), Decimal("0.80")]
    assert [d["jurisType"] for d in line["details"]] == ["STA", "CIT", "STJ"]
    assert answer["totalTax"] == Decimal("6.61")
    assert [row["jurisType"] for row in answer["summary"]] == ["State", "City", "Special"]


def test_goods_are_taxed_where_software_is_not():
    body = sale(addresses={"shipTo": {"postalCode": "94105"}}, lines=[{"amount": 100, "taxCode": "P0000000"}])
    assert Client().post("/api/v2/transactions/create", body).json["totalTax"] == Decimal("8.63")


def test_services_and_non_taxable_codes():
    lines = [{"amount": 100, "taxCode": "SP140000"}, {"amount": 100, "taxCode": "NT"}]
    answer = Client().create(lines=lines).json
    assert answer["totalTax"] == 0
    assert answer["totalExempt"] == 200
    assert [line["lineNumber"] for line in answer["lines"]] == ["1", "2"]


def test_tax_included_adds_up_exactly():
    line = {"number": "1", "amount": 110.35, "taxCode": SAAS, "taxIncluded": True}
    answer = Client().create(lines=[line]).json
    assert (answer["totalAmount"], answer["totalTax"]) == (Decimal("100.00"), Decimal("10.35"))
    odd = Client().create(lines=[{**line, "amount": 33.33}], addresses={"shipTo": AUSTIN}).json
    assert odd["totalAmount"] + odd["totalTax"] == Decimal("33.33")
    assert odd["totalTaxable"] + odd["totalExempt"] == odd["totalAmount"]


def test_currency_without_minor_unit():
    tokyo = {"shipTo": {"postalCode": "100-0001", "country": "JP"}}
    answer = (
        Client().create(currencyCode="JPY", addresses=tokyo, lines=[{"amount": 12345, "taxCode": SAAS}]).json
    )
    assert (answer["totalAmount"], answer["totalTax"]) == (12345, 1235)


def test_returns_mirror_sales():
    sold = Client().create(amount=33.35).json
    returned = Client().create(amount=-33.35, type="ReturnInvoice").json
    assert returned["totalTax"] == -sold["totalTax"]
    assert returned["totalAmount"] == -sold["totalAmount"]


@pytest.mark.parametrize(
    "exemption",
    [
        {"exemptionNo": "X-1"},
        {"entityUseCode": "g"},
        {"customerUsageType": "A"},
        {"lines": [{"amount": 100, "taxCode": SAAS, "exemptionCode": "X-2"}]},
        {"lines": [{"amount": 100, "taxCode": SAAS, "entityUseCode": "E"}]},
    ],
)
def test_exempt_buyers(exemption):
    answer = Client().create(**exemption).json
    assert (answer["totalTax"], answer["totalExempt"]) == (0, 100)


def test_a_taxable_use_code_of_a_line_beats_the_documents():
    line = {"amount": 100, "taxCode": SAAS, "entityUseCode": "TAXABLE"}
    assert Client().create(entityUseCode="A", lines=[line]).json["totalTax"] == Decimal("10.35")


def test_a_lines_own_destination():
    lines = [
        {"amount": 100, "taxCode": SAAS, "addresses": {"shipTo": BERLIN}},
        {"amount": 100, "taxCode": SAAS},
    ]
    answer = Client().create(lines=lines).json
    assert [line["tax"] for line in answer["lines"]] == [Decimal("19.00"), Decimal("10.35")]


def test_names_in_any_case_and_lax_dates():
    body = {
        "TYPE": "salesinvoice", "customercode": 42, "DATE": "2026-11-23 06:43:06.333994",
        "Addresses": {"SingleLocation": {"POSTALCODE": 98101, "Line2": None}},
        "Lines": [{"Amount": "100.00", "taxcode": SAAS}], "unheardOf": {"a": 1},
    }  # fmt: skip
    answer = Client().post("/api/v2/transactions/create", body)
    assert answer.status == 201
    assert answer.json["date"] == "2026-11-23"
    assert answer.json["totalTax"] == Decimal("10.35")
    assert answer.json["customerCode"] == "42"
    assert len(answer.json["code"]) == 36


@pytest.mark.parametrize(
    ("given", "read"), [("2026-01-10T23:59:59-08:00", "2026-01-10"), ("1/9/2026", "2026-01-09")]
)
def test_dates(given, read):
    assert Client().create(date=given).json["date"] == read


REFUSALS = [
    ({"addresses": {}}, "MissingAddress", ""),
    ({"addresses": ...}, "MissingAddress", ""),
    ({"addresses": {"shipTo": {"city": "Seattle"}}}, "InvalidAddress", ""),
    ({"addresses": {"shipTo": SEATTLE, "shipFrom": {"region": "WA"}}}, "InvalidAddress", ""),
    (
        {"addresses": {"shipTo": {"region": "WA", "postalCode": "43256"}}},
        "GetTaxError",
        "JurisdictionNotFoundError",
    ),
    ({"addresses": {"shipTo": {"postalCode": "nonsense"}}}, "GetTaxError", "JurisdictionNotFoundError"),
    ({"addresses": {"shipTo": {**SEATTLE, "region": "ZZ"}}}, "GetTaxError", "RegionCodeError"),
    ({"addresses": {"shipTo": {**SEATTLE, "country": "XX"}}}, "GetTaxError", "CountryError"),
    ({"lines": []}, "MissingLine", ""),
    ({"lines": ...}, "MissingLine", ""),
    ({"lines": [{"number": "1", "amount": 1}] * 2}, "GetTaxError", "DuplicateLineNoError"),
    ({"lines": [{"number": "1"}]}, "ValueRequiredError", ""),
    ({"lines": [{"number": "1", "amount": "ten"}]}, "ModelStateInvalid", ""),
    ({"lines": [{"number": "1", "amount": 1e300}]}, "InvalidDecimalValue", ""),
    ({"lines": [{"number": "1", "amount": 1, "quantity": 1e300}]}, "InvalidDecimalValue", ""),
    ({"customerCode": ...}, "ValueRequiredError", ""),
    ({"customerCode": None}, "ValueRequiredError", ""),
    ({"date": ...}, "ValueRequiredError", ""),
    ({"date": "soon"}, "ModelStateInvalid", ""),
    ({"date": "2026-02-30"}, "ModelStateInvalid", ""),
    ({"type": "Barter"}, "ModelStateInvalid", ""),
    ({"currencyCode": "EURO"}, "ModelStateInvalid", ""),
    ({"code": "x" * 51}, "StringLengthError", ""),
]


@pytest.mark.parametrize(("changes", "code", "sub_code"), REFUSALS)
def test_refusals(changes, code, sub_code):
    client = Client()
    answer = client.create(**changes)
    assert (answer.status, answer.error) == (400, code)
    assert answer.detail.get("faultSubCode", "") == sub_code
    assert answer.headers["x-correlation-id"]
    assert client.rules.books() == {"documents": []}


def test_unknown_company_is_not_found():
    answer = Client().create(companyCode="OTHER")
    assert (answer.status, answer.error, answer.detail["number"]) == (404, "EntityNotFoundError", 4)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "ModelRequiredException"),
        (b"{", "JsonFormatError"),
        (b"\xff\xfe", "JsonFormatError"),
        (b"[" * 100_000, "JsonFormatError"),
        (b"[]", "ModelStateInvalid"),
        (b'{"lines": 1, "date": "2026-01-01", "customerCode": "A"}', "ModelStateInvalid"),
        (b'{"lines": [{"amount": NaN}], "date": "2026-01-01", "customerCode": "A"}', "ModelStateInvalid"),
    ],
)
def test_bad_bodies(raw, code):
    answer = Client().post("/api/v2/transactions/create", raw)
    assert (answer.status, answer.error) == (400, code)


def test_nexus_decides():
    client = Client()
    listed = client.get("/api/v2/companies/1/nexus", "$filter=region eq 'WA'").json
    assert listed["@recordsetCount"] == 1
    deleted = client.call("DELETE", f"/api/v2/companies/1/nexus/{listed['value'][0]['id']}")
    assert (deleted.status, deleted.json[0]["code"]) == (200, "DeleteInformation")
    assert client.create().json["totalTax"] == 0
    again = {"country": "us", "region": "wa", "effectiveDate": "2026-01-11", "endDate": "2026-12-31"}
    assert client.post("/api/v2/companies/1/nexus", [again]).json[0]["jurisName"] == "WASHINGTON"
    assert client.create("INV-2").json["totalTax"] == 0
    assert client.create("INV-3", date="2026-01-11").json["totalTax"] == Decimal("10.35")
    assert client.create("INV-4", date="2027-01-01").json["totalTax"] == 0
    assert [c.event for c in client.rules.history.changes if c.kind == "nexus"][-2:] == [
        "withdrawn",
        "declared",
    ]


def test_nexus_refusals():
    client = Client()
    post = lambda *nexus: client.post("/api/v2/companies/1/nexus", list(nexus))  # noqa: E731
    assert post({"country": "GB"}).error == "DuplicateNexusError"
    assert post({"country": "US", "region": "OR"}).error == "UnknownNexusError"
    assert post({"country": "BR"}).error == "UnknownNexusError"
    assert post({}).error == "ValueRequiredError"
    assert client.post("/api/v2/companies/1/nexus", {"country": "AU"}).error == "ModelStateInvalid"
    assert client.post("/api/v2/companies/2/nexus", [{"country": "AU"}]).status == 404
    assert client.call("DELETE", "/api/v2/companies/1/nexus/1").status == 404
    country = client.get("/api/v2/companies/1/nexus", "$filter=region eq 'US'").json["value"][0]["id"]
    path = f"/api/v2/companies/1/nexus/{country}"
    assert client.call("DELETE", path).error == "CannotDeleteParentBeforeChildNexus"
    assert len(client.call("DELETE", path, query="cascadeDelete=true").json) == 15
    assert post({"country": "US", "region": "WA"}).error == "ParentNexusNotFound"


def test_addresses():
    client = Client()
    found = client.post("/api/v2/addresses/resolve", {"line1": "1 main", "postalCode": "98101"}).json
    assert found["validatedAddresses"][0]["region"] == "WA"
    assert found["validatedAddresses"][0]["line1"] == "1 MAIN"
    assert [row["jurisdictionType"] for row in found["taxAuthorities"]] == ["State", "City"]
    query = "line1=1 main&city=Austin&region=TX&country=US&textCase=Mixed"
    assert client.get("/api/v2/addresses/resolve", query).json["validatedAddresses"][0]["city"] == "Austin"
    unknown = client.get("/api/v2/addresses/resolve", "postalCode=00000")
    assert unknown.status == 200
    assert unknown.json["messages"][0]["severity"] == "Error"
    assert unknown.json["validatedAddresses"][0]["addressType"] == "UnknownAddressType"
    assert client.get("/api/v2/addresses/resolve", "city=Austin").error == "InvalidAddress"


def overridden(amount, tax, address=SEATTLE, **line):
    override = {"type": "TaxAmount", "taxAmount": tax, "reason": "Refund"}
    lines = [{"amount": amount, "taxCode": SAAS, "taxOverride": override, **line}]
    body = sale(type="ReturnInvoice", commit=True, addresses={"shipTo": address}, lines=lines)
    return Client().post("/api/v2/transactions/create", body)


def test_an_overridden_tax_is_recorded_as_given_and_shared_by_jurisdiction():
    answer = overridden(-100, Decimal("-7.77").__float__()).json
    line = answer["lines"][0]
    assert (answer["totalTax"], answer["totalTaxCalculated"]) == (Decimal("-7.77"), Decimal("-10.35"))
    assert (line["tax"], line["taxCalculated"]) == (Decimal("-7.77"), Decimal("-10.35"))
    assert (line["taxOverrideType"], line["taxOverrideReason"]) == ("TaxAmount", "Refund")
    assert sum(d["tax"] for d in line["details"]) == Decimal("-7.77")
    assert sum(d["taxCalculated"] for d in line["details"]) == Decimal("-10.35")


def test_an_override_also_where_nothing_would_be_due():
    answer = overridden(-100, -1, address={"postalCode": "97201"}).json
    assert (answer["totalTax"], answer["totalTaxCalculated"]) == (-1, 0)


def test_overrides_that_make_no_sense():
    answer = overridden(-100, 0, taxOverride={"type": "Magic"})
    assert (answer.status, answer.error) == (400, "ModelStateInvalid")
    answer = overridden(-100, 0, taxOverride={"type": "TaxAmount"})
    assert (answer.status, answer.error) == (400, "ValueRequiredError")
    assert overridden(-100, 0, taxOverride={"type": "None"}).json["totalTax"] == Decimal("-10.35")
