"""Accounts and the catalogue."""

from __future__ import annotations

from .zuora_client import Zuora, account, contact, offer, product, run


def test_an_account_is_opened_read_and_changed() -> None:
    async def story() -> None:
        zuora = Zuora()
        wish = account(crmId="0015", paymentTerm="Net 30", PaymentCustomer__c="cus_1")
        made = await zuora.ok("POST", "/v1/accounts", wish)
        assert len(made["accountId"]) == 32
        assert made["accountNumber"] == "A-1"
        for key in ("A-1", made["accountId"]):
            shown = await zuora.ok("GET", f"/v1/accounts/{key}")
            basic = shown["basicInfo"]
            assert (basic["id"], basic["CrmAccount__c"], basic["crmId"]) == (
                made["accountId"],
                "CRM-A-1",
                "0015",
            )
            assert shown["billingAndPayment"]["paymentTerm"] == "Net 30"
            assert shown["billToContact"]["state"] == "NY"
        change = {"PaymentCustomer__c": "cus_2", "name": "New", "billToContact": {"city": "Albany"}}
        await zuora.ok("PUT", "/v1/accounts/A-1", change)
        shown = await zuora.ok("GET", "/v1/accounts/A-1")
        assert shown["basicInfo"]["PaymentCustomer__c"] == "cus_2"
        assert shown["basicInfo"]["name"] == "New"
        assert (shown["billToContact"]["city"], shown["billToContact"]["state"]) == ("Albany", "NY")
        (record,) = zuora.rules.books()["accounts"]
        assert (record["crm_account"], record["number"]) == ("CRM-A-1", "A-1")
        assert {"A-1", "CRM-A-1"} <= set(zuora.rules.history.changes[0].refs)

    run(story)


def test_refused_accounts() -> None:
    async def story() -> None:
        zuora = Zuora()
        await zuora.ok("POST", "/v1/accounts", account())
        assert "A-1 already exists" in (await zuora.no(30, "POST", "/v1/accounts", account())).message
        lacking = {k: v for k, v in account("A-2").items() if k != "billToContact"}
        await zuora.no(22, "POST", "/v1/accounts", lacking)
        await zuora.no(22, "POST", "/v1/accounts", account("A-2", billToContact={"firstName": "x"}))
        await zuora.no(20, "POST", "/v1/accounts", account("A-2", "usd"))
        await zuora.no(20, "POST", "/v1/accounts", account("A-2", paymentTerm="Someday"))
        await zuora.no(30, "POST", "/v1/accounts", account("A-2", autoPay=True))
        await zuora.no(20, "PUT", "/v1/accounts/A-1", {"name": ""})
        await zuora.no(21, "PUT", "/v1/accounts/A-1", {"currency": "EUR"})
        await zuora.no(40, "PUT", "/v1/accounts/A-2", {})
        await zuora.no(20, "POST", "/v1/accounts", account("A-2", billToContact=contact(firstName="")))
        assert len(zuora.rules.state.accounts) == 1

    run(story)


def test_the_catalogue_is_paged_and_versioned() -> None:
    async def story() -> None:
        zuora = Zuora()
        for n in range(12):
            await product(zuora, f"SKU-{n}", f"{n}.50")
        first = await zuora.ok("GET", "/v1/catalog/products")
        assert len(first["products"]) == 10
        assert first["nextPage"] == "http://zuora.test/v1/catalog/products?page=2&pageSize=10"
        rest = await zuora.ok("GET", "/v1/catalog/products?page=2&pageSize=10")
        assert [p["sku"] for p in rest["products"]] == ["SKU-10", "SKU-11"]
        assert "nextPage" not in rest
        plans = rest["products"][1]["productRatePlans"]
        assert plans[0]["productRatePlanCharges"][0]["pricing"][0]["currency"] == "USD"
        assert str(plans[0]["productRatePlanCharges"][0]["pricing"][0]["price"]) == "11.5"
        assert len((await zuora.ok("GET", "/v1/catalog/products?pageSize=400"))["products"]) == 12
        await zuora.no(20, "GET", "/v1/catalog/products?pageSize=none")
        new = await zuora.ok("GET", "/v1/catalog/products?pageSize=1", zuora_version="2025-08-12")
        address = new["products"][0]["productRatePlans"]
        host, path = address[: len("http://zuora.test")], address[len("http://zuora.test") :]
        assert host == "http://zuora.test"
        assert path == f"/v1/rateplan/{new['products'][0]['id']}/productRatePlan"
        shown = await zuora.ok("GET", path)
        assert shown["productRatePlans"][0]["productRatePlanCharges"][0]["model"] == "PerUnit"
        await zuora.no(40, "GET", "/v1/rateplan/nothing/productRatePlan")

    run(story)


def test_refused_catalogue_objects() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, _ = await product(zuora)

        async def refused(path: str, body: object) -> str:
            answer = await zuora.call("POST", f"/v1/object/{path}", body)
            assert answer.status == 400
            assert answer.json["Success"] is False
            return str(answer.json["Errors"][0]["Code"])

        dates = {"EffectiveStartDate": "2026-01-01", "EffectiveEndDate": "2027-01-01"}
        assert await refused("product", {"Name": "x", "SKU": "SEAT", **dates}) == "DUPLICATE_VALUE"
        backwards = {"EffectiveStartDate": "2027-01-01", "EffectiveEndDate": "2026-01-01"}
        assert await refused("product", {"Name": "x", **backwards}) == "INVALID_VALUE"
        odd = await zuora.call(
            "POST", "/v1/object/product?rejectUnknownFields=true", {"Name": "x", **dates, "Nmae": 1}
        )
        assert (odd.status, odd.json) == (400, {"message": "Error - unrecognised fields"})
        assert await refused("product-rate-plan", {"Name": "x", "ProductId": "x"}) == "INVALID_VALUE"
        charge = "product-rate-plan-charge"
        assert await refused(charge, offer("x")) == "INVALID_VALUE"
        for change in (
            {"ChargeModel": "Delivery Pricing"},
            {"ChargeModel": "Overage Pricing"},
            {"ChargeType": "Sometimes"},
            {"BillingPeriod": "Fortnight"},
            {"BillCycleType": "WhenWeLike"},
            {"BillingTiming": "In Between"},
            {"ListPriceBase": "Per Week"},
            {"TriggerEvent": "Whenever"},
        ):
            assert await refused(charge, offer(plan, **change)) == "INVALID_VALUE"
        assert (
            await refused(charge, {**offer(plan), "ProductRatePlanChargeTierData": {}})
            == "MISSING_REQUIRED_VALUE"
        )

    run(story)
