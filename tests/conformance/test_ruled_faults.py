"""What limits and rules of the CRM and the ERP say at a moment that a test chooses: F40, F41, F50, F51."""

from __future__ import annotations

import json

import pytest
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceRefusedRequest

from scenarios.sandboxes import SandboxError, Sandboxes
from tests.conformance.netsuite_lab import Raw, refused
from tests.conformance.salesforce_client import connect


def test_a_period_is_closed_between_two_postings(lab: Sandboxes) -> None:
    raw = Raw(lab)
    lab.arm("netsuite", "F50", "create", match="C-9")
    customer = raw.customer(externalId="C-9")  # no posting: the fault waits for one
    body = {"entity": {"id": customer}, "memo": "C-9", "item": {"items": [{"item": raw.item(), "rate": 5}]}}
    status, code, said = refused(raw.call("POST", "invoice", json=body))
    assert (status, code) == (400, "USER_ERROR")
    assert "is closed" in said
    assert raw.make("invoice", body)


def test_a_record_is_held_by_somebody_else(lab: Sandboxes) -> None:
    raw, sf = Raw(lab), connect(lab)
    customer = raw.customer()
    lab.arm("netsuite", "record_locked")
    assert raw.get(f"customer/{customer}")
    assert refused(raw.call("PATCH", f"customer/{customer}", json={"email": "a@x.test"}))[1] == "USER_ERROR"
    assert raw.call("PATCH", f"customer/{customer}", json={"email": "a@x.test"}).status_code == 204
    key = sf.Account.create({"Name": "Acme"})["id"]
    lab.arm("salesforce", "F51")
    assert sf.Account.get(key)["Name"] == "Acme"
    with pytest.raises(SalesforceMalformedRequest) as held:
        sf.Account.update(key, {"Name": "Acme Ltd"})
    assert held.value.content[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    lab.arm("salesforce", "F51")
    rows = {"records": [{"attributes": {"type": "Account"}, "id": key, "Name": "Acme Ltd"}]}
    (row,) = sf.restful("composite/sobjects", method="PATCH", data=json.dumps(rows))
    assert row["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"
    assert sf.Account.get(key)["Name"] == "Acme"


def test_limits_are_used_up_by_others(lab: Sandboxes) -> None:
    raw, sf = Raw(lab), connect(lab)
    for kind, said in (("F41", "TotalRequests"), ("F40", "ConcurrentPerOrgLongTxn")):
        lab.arm("salesforce", kind, "query")
        with pytest.raises(SalesforceRefusedRequest) as spent:
            sf.query("SELECT Id FROM User")
        (error,) = spent.value.content
        assert error["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
        assert error["message"] == f"{said} Limit exceeded."
    lab.arm("netsuite", "F40", "list")
    assert refused(raw.call("GET", "customer"))[:2] == (429, "CONCURRENCY_LIMIT_EXCEEDED")


@pytest.mark.parametrize(
    ("vendor", "kind", "operation"),
    [
        ("netsuite", "F41", "*"), ("netsuite", "F50", "list"), ("netsuite", "F51", "create"),
        ("salesforce", "F50", "*"), ("salesforce", "F51", "query"),
    ],
)  # fmt: skip
def test_what_a_vendor_never_says_cannot_be_armed(
    lab: Sandboxes, vendor: str, kind: str, operation: str
) -> None:
    with pytest.raises(SandboxError, match="has no answer"):
        lab.arm(vendor, kind, operation)
