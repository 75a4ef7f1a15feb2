"""NetSuite's SDK (token-based authentication) against the NetSuite mock."""

from __future__ import annotations

import json

import pytest
from netsuite import NetSuite
from netsuite.exceptions import NetsuiteAPIRequestError

from scenarios.sandboxes import Sandboxes
from tests.conformance.netsuite_lab import Api, config, run

ACME = {"companyName": "Acme", "subsidiary": {"id": "1"}, "externalId": "C-1"}


def test_records_live_their_life(lab: Sandboxes) -> None:
    async def story() -> None:
        api = Api(lab)
        key = await api.make("customer", ACME)
        shown = await api.get(f"/record/v1/customer/{key}")
        assert (shown["companyName"], shown["externalId"], shown["id"]) == ("Acme", "C-1", key)
        assert await api.patch("/record/v1/customer/eid:C-1", json={"email": "ap@acme.test"}) is None
        assert (await api.get("/record/v1/customer/eid:C-1"))["email"] == "ap@acme.test"
        assert (
            await api.put(
                "/record/v1/customer/eid:C-2", json={"companyName": "Two", "subsidiary": {"id": "1"}}
            )
            is None
        )
        listed = await api.get("/record/v1/customer", params={"q": 'email START_WITH "ap@"', "limit": 10})
        assert [each["id"] for each in listed["items"]] == [key]
        assert await api.delete("/record/v1/customer/eid:C-2") is None
        with pytest.raises(NetsuiteAPIRequestError) as error:
            await api.get("/record/v1/customer/eid:C-2")
        assert error.value.status_code == 404
        assert json.loads(error.value.response_text)["o:errorDetails"][0]["o:errorCode"] == "NONEXISTENT_ID"

    run(story())


def test_the_second_recipe_gives_urls_call_by_call(lab: Sandboxes) -> None:
    async def story() -> None:
        ns = NetSuite(config(lab))
        url = f"{lab.url('netsuite')}/services/rest/record/v1/subsidiary/1"
        assert (await ns.rest_api.get("", url=url))["currency"]["refName"] == "USD"

    run(story())


def test_order_to_cash_through_suiteql(lab: Sandboxes) -> None:
    async def story() -> None:
        api = Api(lab)
        customer = await api.make("customer", ACME)
        item = await api.one("SELECT id FROM item WHERE itemid = 'Subscription'")
        order = await api.make(
            "salesOrder",
            {
                "entity": {"id": customer},
                "item": {"items": [{"item": {"id": item}, "quantity": 2, "rate": 50}]},
            },
        )
        made = await api.request("POST", f"/record/v1/salesOrder/{order}/!transform/invoice", json={})
        assert made.status_code == 204
        invoice = made.headers["location"].rsplit("/", 1)[1]
        shown = await api.get(f"/record/v1/invoice/{invoice}")
        assert (shown["total"], shown["createdFrom"]["id"], shown["status"]["refName"]) == (
            100.0,
            order,
            "Open",
        )
        assert (await api.get(f"/record/v1/salesOrder/{order}"))["status"]["refName"] == "Billed"
        paid = await api.request("POST", f"/record/v1/invoice/{invoice}/!transform/customerPayment", json={})
        assert paid.status_code == 204
        rows = await api.rows(
            "SELECT t.id, BUILTIN.DF(t.status) AS status, BUILTIN.DF(t.entity) AS who FROM transaction t "
            f"WHERE t.entity = {customer} ORDER BY t.id"
        )
        assert [row["status"] for row in rows] == [
            "Sales Order : Billed", "Invoice : Paid In Full", "Payment : Not Deposited",
        ]  # fmt: skip
        assert rows[0]["who"].endswith("Acme")

    run(story())


def test_pages_of_suiteql(lab: Sandboxes) -> None:
    async def story() -> None:
        api = Api(lab)
        first = await api.suiteql("SELECT id FROM account ORDER BY id")
        assert (first["count"], first["hasMore"], first["totalResults"], first["offset"]) == (10, True, 41, 0)
        assert {each["rel"] for each in first["links"]} == {"self", "next", "last"}
        second = await api.suiteql("SELECT id FROM account ORDER BY id", limit=10, offset=10)
        assert second["items"][0]["id"] > first["items"][-1]["id"]
        with pytest.raises(NetsuiteAPIRequestError) as error:
            await api.suiteql("SELECT id FROM account", limit=10, offset=5)
        assert error.value.status_code == 400

    run(story())


def test_unknown_properties_are_refused_since_the_sdk_asks_for_it(lab: Sandboxes) -> None:
    async def story() -> None:
        with pytest.raises(NetsuiteAPIRequestError) as error:
            await Api(lab).post("/record/v1/customer", json={**ACME, "colour": "red"})
        detail = json.loads(error.value.response_text)["o:errorDetails"][0]
        assert (detail["o:errorCode"], detail["o:errorPath"]) == ("INVALID_CONTENT", "colour")

    run(story())


def test_schemas_token_and_openapi(lab: Sandboxes) -> None:
    async def story() -> None:
        api = Api(lab)
        schema = await api.jsonschema("customer")
        assert schema["properties"]["companyName"]["type"] == "string"
        document = await api.openapi(["invoice", "customerPayment"])
        assert document["openapi"].startswith("3.")
        assert {"/invoice", "/invoice/{id}", "/invoice/{id}/!transform/customerPayment"} <= set(
            document["paths"]
        )
        assert set(document["components"]["schemas"]) == {"invoice", "customerPayment"}
        info = await api._request("GET", "", url=f"{lab.url('netsuite')}/rest/tokeninfo")
        assert info["companyId"] == lab.credentials("netsuite")["account"]

    run(story())


@pytest.mark.parametrize("wrong", ["consumer_key", "consumer_secret", "token_id", "token_secret", "account"])
def test_any_wrong_secret_is_an_invalid_login(lab: Sandboxes, wrong: str) -> None:
    async def story() -> None:
        response = await Api(lab, **{wrong: "WRONG"}).request("GET", "/record/v1/subsidiary/1")
        assert response.status_code == 401
        assert response.json()["o:errorDetails"][0]["o:errorCode"] == "INVALID_LOGIN"
        assert 'realm="' in response.headers["www-authenticate"]

    run(story())


def test_query_and_body_are_covered_by_the_signature(lab: Sandboxes) -> None:
    async def story() -> None:
        api = Api(lab)
        listed = await api.get(
            "/record/v1/account", params={"q": 'acctNumber IS "1100"', "limit": 5, "offset": 0}
        )
        assert listed["totalResults"] == 1
        key = await api.make("customer", {**ACME, "companyName": "Ümlaut & Söhne + 1%"})
        assert (await api.get(f"/record/v1/customer/{key}"))["companyName"] == "Ümlaut & Söhne + 1%"
        found = await api.rows("SELECT id FROM customer WHERE companyname LIKE '%Söhne + 1%'")
        assert found == [{"id": key}]

    run(story())


def test_a_job_is_taken_and_answers_later(lab: Sandboxes) -> None:
    lab.run(0)

    async def story() -> None:
        api = Api(lab)
        taken = await api.request(
            "POST", "/record/v1/customer", json=ACME, headers={"Prefer": "respond-async"}
        )
        assert taken.status_code == 202
        assert taken.headers["preference-applied"] == "respond-async"
        place = taken.headers["location"].removeprefix("/services/rest")
        assert (await api.get(place))["completed"] is False
        lab.control("netsuite", "POST", "clock", {"advance": 1_000_000})
        job = await api.get(place)
        assert (job["completed"], job["progress"]) == (True, "succeeded")
        task = (await api.get(f"{place}/task"))["items"][0]
        assert task["id"] == "1"
        result = await api.request("GET", f"{place}/task/1/result")
        assert result.status_code == 204
        assert (await api.get(f"/record/v1/customer/{result.headers['location'].rsplit('/', 1)[1]}"))[
            "companyName"
        ] == "Acme"

    run(story())
