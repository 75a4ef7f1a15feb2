"""What somebody who knows AvaTax tries first and the other suites do not: found by trying as an outsider."""

from __future__ import annotations

import requests

from scenarios.sandboxes import Sandboxes
from tests.conformance.avatax_sdk import SEATTLE, client, made, read, sale


def test_paths_are_the_same_in_any_case(lab: Sandboxes) -> None:
    known = lab.credentials("avatax")
    who = (known["account"], known["license_key"])
    base = lab.url("avatax")
    answer = requests.post(f"{base}/API/v2/Transactions/Create", json=sale("Mixed-1"), auth=who, timeout=20)
    assert made(answer)["code"] == "Mixed-1"
    got = requests.get(f"{base}/api/V2/Companies/default/TRANSACTIONS/Mixed-1", auth=who, timeout=20)
    # The words are the vendor's, the codes are the caller's.
    assert made(got, 200)["code"] == "Mixed-1"
    assert requests.get(f"{base}/Api/v2/Utilities/Ping", timeout=20).status_code == 200


def test_a_document_names_the_addresses_it_goes_from_and_to(lab: Sandboxes) -> None:
    sdk = client(lab)
    tacoma = {**SEATTLE, "line1": "1 Pacific Ave", "city": "Tacoma", "postalCode": "98402"}
    two = {"shipFrom": tacoma, "shipTo": SEATTLE}
    answer = made(sdk.create_transaction(sale("ADR-1", addresses=two)))
    cities = {place["id"]: place["city"] for place in answer["addresses"]}
    for part in (answer, answer["lines"][0]):
        ends = (part["originAddressId"], part["destinationAddressId"])
        assert tuple(cities[end].title() for end in ends) == ("Tacoma", "Seattle")
    one = made(sdk.create_transaction(sale("ADR-2")))
    assert one["originAddressId"] == one["destinationAddressId"] == one["addresses"][0]["id"]
    estimate = read(sdk.create_transaction(sale("ADR-3", type="SalesOrder")))
    assert estimate["originAddressId"] == 0
