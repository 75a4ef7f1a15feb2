"""Whatever is sent, the answer is a success or a refusal in the vendor's envelope: never a crash."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from .avatax_client import SEATTLE, Client, sale

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.sampled_from(
        [0, -1, "", " ", "x" * 3000, "1e400", "1e999999999", "NaN", "Infinity", "-0", "é", "\u0000"]
    ),
    st.sampled_from([[], {}, [[]], [{}], {"": ""}, [None], {"a": {"b": []}}]),
    st.text(max_size=12),
)
SALE_PATHS = (
    ("type",), ("companyCode",), ("code",), ("date",), ("customerCode",), ("currencyCode",), ("commit",),
    ("addresses",), ("addresses", "shipTo"), ("addresses", "shipTo", "postalCode"),
    ("addresses", "shipTo", "region"), ("addresses", "shipTo", "country"),
    ("addresses", "shipTo", "latitude"),
    ("addresses", "shipTo", "locationCode"), ("lines",), ("lines", 0), ("lines", 0, "amount"),
    ("lines", 0, "number"), ("lines", 0, "quantity"), ("lines", 0, "taxCode"), ("lines", 0, "taxOverride"),
    ("lines", 0, "addresses"), ("lines", 0, "taxIncluded"), ("lines", 0, "parameters"), ("discount",),
    ("taxOverride",), ("exchangeRate",), ("exchangeRateEffectiveDate",), ("businessIdentificationNo",),
    ("entityUseCode",), ("parameters",), ("referenceCode",),
)  # fmt: skip
_DOCUMENT = "/api/v2/companies/DEFAULT/transactions/INV-1"
POSTS = (
    "/api/v2/companies", "/api/v2/companies/initialize", "/api/v2/companies/1/nexus",
    "/api/v2/companies/1/nexus/byaddress", "/api/v2/companies/1/items", "/api/v2/companies/1/taxcodes",
    "/api/v2/companies/1/locations", "/api/v2/companies/1/contacts", "/api/v2/companies/1/customers",
    "/api/v2/companies/1/certificates", "/api/v2/companies/1/taxrules", "/api/v2/companies/1/configuration",
    "/api/v2/addresses/resolve", "/api/v2/transactions/lock", "/api/v2/transactions/createoradjust",
    "/api/v2/companies/transactions/lines/add", "/api/v2/companies/transactions/lines/delete",
    f"{_DOCUMENT}/refund", f"{_DOCUMENT}/settle",
    f"{_DOCUMENT}/adjust", f"{_DOCUMENT}/verify",
    "/api/v2/companies/1/certificates/600001/customers/link",
    "/api/v2/companies/1/customers/ACME/certificates/link",
)  # fmt: skip
NAMES = st.sampled_from(
    [
        *("companyCode", "name", "country", "region", "effectiveDate", "endDate", "itemCode", "description"),
        *("taxCode", "taxCodeTypeId", "locationCode", "addressTypeId", "addressCategoryId", "line1", "city"),
        *("postalCode", "customerCode", "exposureZone", "signedDate", "expirationDate", "exemptPercentage"),
        *("customers", "certificates", "documentIds", "isLocked", "transactionCode", "lines", "refundDate"),
        *(
            "refundType",
            "refundPercentage",
            "refundLines",
            "verify",
            "commit",
            "changeCode",
            "newTransaction",
        ),
        *("adjustmentReason", "createTransactionModel", "verifyTotalAmount", "nexus", "locations", "value"),
        *("contactCode", "firstName", "lastName", "email", "phoneNumber", "category", "set", "latitude"),
    ]
)
GOOD = {
    "companyCode": "X", "name": "X", "country": "US", "region": "WA", "refundDate": "2026-01-12",
    "exposureZone": {"name": "Washington"}, "signedDate": "2025-01-01", "customerCode": "ACME",
    **{name: SEATTLE[name] for name in ("line1", "city", "postalCode")},
}  # fmt: skip


def replaced(value, path, junk):
    if not path:
        return junk
    if isinstance(value, list):
        return [replaced(value[0], path[1:], junk), *value[1:]]
    return {**value, path[0]: replaced(value.get(path[0], {}), path[1:], junk)}


def answered(answer) -> None:
    assert answer.status in (200, 201, 400, 404), answer.json
    assert answer.headers["x-correlation-id"]
    if answer.status >= 400:
        for detail in answer.json["error"]["details"]:
            assert detail["code"]
            assert detail["number"]


@given(st.sampled_from(SALE_PATHS), JUNK)
@settings(max_examples=300, deadline=None)
def test_a_sale_with_one_part_of_junk(path, junk):
    client = Client()
    client.post("/api/v2/companies/1/customers", [GOOD])
    answered(client.post("/api/v2/transactions/create", replaced(sale(), path, junk)))


@given(st.sampled_from(POSTS), st.dictionaries(NAMES, JUNK, max_size=3), st.booleans())
@settings(max_examples=300, deadline=None)
def test_other_bodies_of_junk(path, junk, in_a_list):
    client = Client()
    client.create(commit=True)
    body = {**GOOD, **junk}
    answered(client.post(path, [body] if in_a_list else body))
    # What was taken can be read back.
    for shelf in ("items", "locations", "customers", "certificates", "nexus"):
        for query in ("$orderby=id", "$orderby=country,description", "$filter=description gt 'x'"):
            answered(client.get(f"/api/v2/companies/1/{shelf}", query))
    answered(client.create("NEXT"))


@given(
    st.sampled_from(["companies", "nexus", "items", "definitions/regions", "companies/DEFAULT/transactions"]),
    st.sampled_from(["$filter", "$top", "$skip", "$orderby", "$include", "documentType"]),
    st.text(alphabet="idcode eqgt'()1,between in.x", max_size=30),
)
@settings(max_examples=200, deadline=None)
def test_queries_of_junk(path, name, text):
    client = Client()
    client.create(date="2026-01-14")
    client.post("/api/v2/companies/1/items", [{"itemCode": "A", "description": "a"}])
    answered(client.get(f"/api/v2/{path}", f"{name}={text}"))


@given(st.dictionaries(st.sampled_from([*SEATTLE, "textCase", "latitude", "longitude"]), JUNK, max_size=4))
@settings(max_examples=200, deadline=None)
def test_addresses_of_junk(junk):
    answered(Client().post("/api/v2/addresses/resolve", {**SEATTLE, **junk}))
