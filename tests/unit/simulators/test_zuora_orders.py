"""Orders: what each action makes of a subscription, what is refused, and that an order is atomic."""

from __future__ import annotations

from typing import Any

import pytest

from .zuora_client import Zuora, account, action, create, offer, order, plan_terms, product, run, subscribed


def cancel(on: str, policy: str = "SpecificDate", at: str | None = None) -> dict[str, Any]:
    wish: dict[str, Any] = {"cancellationPolicy": policy}
    if policy == "SpecificDate":
        wish["cancellationEffectiveDate"] = at or on
    return action("CancelSubscription", on, cancelSubscription=wish)


def renew(on: str) -> dict[str, Any]:
    return action("RenewSubscription", on, renewSubscription={})


async def place(zuora: Zuora, number: str, on: str, *actions: Any, subscription: str = "S-1") -> Any:
    return await zuora.ok("POST", "/v1/orders", order(number, on, *actions, subscription=subscription))


async def refuse(
    zuora: Zuora, category: int, on: str, *actions: Any, subscription: str = "S-1", **more: Any
) -> str:
    wish = order("O-no", on, *actions, subscription=subscription, **more)
    return (await zuora.no(category, "POST", "/v1/orders", wish)).message


async def held(zuora: Zuora, key: str = "S-1") -> Any:
    return await zuora.ok("GET", f"/v1/subscriptions/{key}?charge-detail=all-segments")


def test_create_and_read() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora)
        await zuora.ok("POST", "/v1/accounts", account())
        body = order("O-1", "2026-01-01", create("S-1", "2026-01-01", plan_terms(plan, charge, 5, 19.5)))
        made = await zuora.ok("POST", "/v1/orders?returnIds=true", body)
        assert made["orderNumber"] == "O-1"
        assert made["accountNumber"] == "A-1"
        assert made["status"] == "Completed"
        assert made["subscriptions"][0]["subscriptionNumber"] == "S-1"
        assert made["subscriptions"][0]["status"] == "Active"
        assert len(made["orderId"]) == len(made["subscriptions"][0]["subscriptionId"]) == 32
        shown = await held(zuora)
        assert (shown["version"], shown["status"], shown["currency"]) == (1, "Active", "USD")
        assert (shown["termStartDate"], shown["termEndDate"]) == ("2026-01-01", "2027-01-01")
        (line,) = shown["ratePlans"]
        assert (line["productSku"], line["productRatePlanId"], line["lastChangeType"]) == (
            "SEAT",
            plan,
            "Add",
        )
        (first,) = line["ratePlanCharges"]
        assert (first["quantity"], str(first["price"]), first["billingPeriod"]) == (5, "19.5", "Month")
        assert first["productRatePlanChargeId"] == charge
        kept = (await zuora.ok("GET", "/v1/orders/O-1"))["order"]
        assert kept["subscriptions"][0]["newVersion"] == 1
        sent = kept["subscriptions"][0]["orderActions"][0]
        assert sent["createSubscription"]["subscriptionNumber"] == "S-1"
        listed = await zuora.ok("GET", "/v1/subscriptions/accounts/A-1")
        assert [s["subscriptionNumber"] for s in listed["subscriptions"]] == ["S-1"]
        await zuora.no(40, "GET", "/v1/orders/O-9")
        await zuora.no(40, "GET", "/v1/subscriptions/S-9")
        await zuora.no(40, "GET", "/v1/subscriptions/accounts/A-9")

    run(story)


def test_numbers_are_given_where_the_caller_gives_none() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora)
        wish = account()
        del wish["accountNumber"]
        made = await zuora.ok("POST", "/v1/accounts", wish)
        assert made["accountNumber"] == "A00000001"
        body = order(
            "", "2026-01-01", create("", "2026-01-01", plan_terms(plan, charge)), account="A00000001"
        )
        made = await zuora.ok("POST", "/v1/orders", body)
        assert made["orderNumber"] == "O-00000001"
        assert made["subscriptions"][0]["subscriptionNumber"] == "A-S00000001"

    run(story)


def test_an_update_cuts_the_charge_into_segments_of_one_number() -> None:
    async def story() -> None:
        zuora = Zuora()
        _, charge = await subscribed(zuora)
        before = await held(zuora)
        plan = before["ratePlans"][0]
        number = plan["ratePlanCharges"][0]["number"]
        by_plan_id = {"ratePlanId": plan["id"]}
        by_plan_number = {"subscriptionRatePlanNumber": plan["subscriptionRatePlanNumber"]}
        for n, on, key, charge_key in (
            (2, "2026-04-01", by_plan_id, {"chargeNumber": number}),
            (3, "2026-06-01", by_plan_number, {"productRatePlanChargeId": charge}),
        ):
            unit = {"recurringPerUnit": {"quantity": n}}
            wish = {**key, "chargeUpdates": [{**charge_key, "pricing": unit}]}
            await place(zuora, f"O-{n}", on, action("UpdateProduct", on, updateProduct=wish))
        after = await held(zuora)
        (line,) = after["ratePlans"][0]["ratePlanCharges"]
        assert after["version"] == 3
        assert line["number"] == number
        shown = [
            (s["effectiveStartDate"], s["effectiveEndDate"], s["quantity"]) for s in line["chargeSegments"]
        ]
        assert shown == [
            ("2026-01-01", "2026-04-01", 1),
            ("2026-04-01", "2026-06-01", 2),
            ("2026-06-01", "2027-01-01", 3),
        ]
        assert after["ratePlans"][0]["lastChangeType"] == "Update"
        # The older version is still what it was, by its own id and by its number.
        for path in (f"/v1/subscriptions/{before['id']}", "/v1/subscriptions/S-1/versions/1"):
            old = await zuora.ok("GET", path)
            assert (old["version"], old["isLatestVersion"]) == (1, False)
        await zuora.no(40, "GET", "/v1/subscriptions/S-1/versions/9")
        # A change within an earlier segment splits that one only.
        unit = {"recurringPerUnit": {"quantity": 9}}
        wish = {**by_plan_id, "chargeUpdates": [{"chargeNumber": number, "pricing": unit}]}
        await place(zuora, "O-4", "2026-02-01", action("UpdateProduct", "2026-02-01", updateProduct=wish))
        line = (await held(zuora))["ratePlans"][0]["ratePlanCharges"][0]
        assert [s["quantity"] for s in line["chargeSegments"]] == [1, 9, 2, 3]

    run(story)


def test_remove_and_what_follows_it() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await subscribed(zuora)
        wish = {"productRatePlanId": plan}
        await place(zuora, "O-2", "2026-05-01", action("RemoveProduct", "2026-05-01", removeProduct=wish))
        (line,) = (await held(zuora))["ratePlans"]
        assert line["lastChangeType"] == "Remove"
        assert line["ratePlanCharges"][0]["chargeSegments"][0]["effectiveEndDate"] == "2026-05-01"
        again = action("RemoveProduct", "2026-06-01", removeProduct=wish)
        await refuse(zuora, 20, "2026-06-01", again)
        by_id = action("RemoveProduct", "2026-06-01", removeProduct={"ratePlanId": line["id"]})
        await refuse(zuora, 30, "2026-06-01", by_id)
        # The product can be subscribed to again, and then a renewal extends only the new plan.
        add = action("AddProduct", "2026-06-01", addProduct=plan_terms(plan, charge, 2))
        await place(zuora, "O-3", "2026-06-01", add)
        await place(zuora, "O-4", "2027-01-01", renew("2027-01-01"))
        first, second = (await held(zuora))["ratePlans"]
        assert first["ratePlanCharges"][0]["effectiveEndDate"] == "2026-05-01"
        assert second["ratePlanCharges"][0]["effectiveEndDate"] == "2028-01-01"

    run(story)


def test_renewal_terms_and_evergreen() -> None:
    async def story() -> None:
        zuora = Zuora()
        await subscribed(zuora, renewalTerms=[{"period": 6, "periodType": "Month"}])
        await place(zuora, "O-2", "2026-12-01", renew("2027-01-01"))
        shown = await held(zuora)
        assert (shown["termStartDate"], shown["termEndDate"]) == ("2027-01-01", "2027-07-01")
        assert (shown["currentTerm"], shown["currentTermPeriodType"]) == (6, "Month")
        terms = action(
            "TermsAndConditions", "2027-06-01", termsAndConditions={"renewalSetting": "RENEW_TO_EVERGREEN"}
        )
        await place(zuora, "O-3", "2027-06-01", terms, renew("2027-07-01"))
        shown = await held(zuora)
        assert (shown["termType"], shown["termEndDate"], shown["version"]) == ("EVERGREEN", None, 3)
        await refuse(zuora, 30, "2027-08-01", renew("2027-08-01"))
        await refuse(zuora, 20, "2027-08-01", cancel("2027-08-01", "EndOfCurrentTerm"))

    run(story)


def test_terms_expire_and_what_an_expired_subscription_allows() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await subscribed(zuora)
        zuora.go_to("2026-12-31", 23)
        assert (await held(zuora))["status"] == "Active"
        zuora.go_to("2027-01-01")
        assert (await held(zuora))["status"] == "Expired"
        assert zuora.rules.books()["subscriptions"][0]["status"] == "Expired"
        late = action("AddProduct", "2026-12-01", addProduct=plan_terms(plan, charge))
        assert "Expired" in await refuse(zuora, 30, "2026-12-01", late)
        await place(zuora, "O-2", "2027-01-01", renew("2027-01-01"))
        assert (await held(zuora))["status"] == "Active"
        states = [c.state for c in zuora.rules.history.changes if c.kind == "subscription"]
        assert states == ["Active", "Expired", "Active"]

    run(story)


@pytest.mark.parametrize(
    ("policy", "end"),
    [
        ("SpecificDate", "2026-03-10"),
        ("EndOfCurrentTerm", "2027-01-01"),
        ("EndOfLastInvoicePeriod", "2026-04-01"),
    ],
)
def test_cancellation_policies(policy: str, end: str) -> None:
    async def story() -> None:
        zuora = Zuora()
        await subscribed(zuora)
        await zuora.bill("2026-03-01")
        await place(zuora, "O-2", "2026-03-10", cancel("2026-03-10", policy))
        shown = await held(zuora)
        assert (shown["status"], shown["subscriptionEndDate"]) == ("Cancelled", end)
        for act in (renew(end), cancel(end)):
            assert "Cancelled" in await refuse(zuora, 30, end, act)

    run(story)


def test_an_order_is_all_or_nothing() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await subscribed(zuora)
        changes = len(zuora.rules.history.changes)
        books = zuora.rules.books()
        good = {"subscriptionNumber": "S-1", "orderActions": [cancel("2026-05-01")]}
        new = {"orderActions": [create("S-2", "2026-01-01", plan_terms(plan, charge))]}
        bad = {"orderActions": [create("S-3", "2026-01-01", plan_terms("nothing", charge))]}
        wish = {**order("O-2", "2026-05-01"), "subscriptions": [good, new, bad]}
        await zuora.no(20, "POST", "/v1/orders", wish)
        assert zuora.rules.books() == books
        assert len(zuora.rules.history.changes) == changes
        wish["subscriptions"] = [good, new]
        made = await zuora.ok("POST", "/v1/orders", wish)
        assert [s["status"] for s in made["subscriptions"]] == ["Cancelled", "Active"]
        twice = [new, {"orderActions": [create("S-4", "2026-01-01", plan_terms(plan, charge))]}]
        wish = {**order("O-3", "2026-05-01"), "subscriptions": twice}
        assert "S-2 already exists" in (await zuora.no(30, "POST", "/v1/orders", wish)).message

    run(story)


def test_refused_orders() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await subscribed(zuora)
        terms = plan_terms(plan, charge)
        body = order("O-1", "2026-01-01", cancel("2026-05-01"), subscription="S-1")
        assert "O-1 already exists" in (await zuora.no(30, "POST", "/v1/orders", body)).message
        day = "2026-05-01"
        await refuse(zuora, 40, day, cancel(day), account="A-9")
        await refuse(zuora, 40, day, cancel(day), subscription="S-9")
        await refuse(zuora, 22, day, cancel(day), subscription="")
        assert "S-1 already" in await refuse(zuora, 30, day, create("S-1", day, terms), subscription="")
        await refuse(zuora, 20, day, create("S-2", day, terms), subscription="S-1")
        await refuse(zuora, 20, day, cancel(day), create("S-2", day, terms))
        await refuse(zuora, 20, day, cancel("2027-05-01"))
        await refuse(zuora, 20, day, cancel(day, "Tomorrow"))
        await refuse(
            zuora,
            22,
            day,
            action("CancelSubscription", day, cancelSubscription={"cancellationPolicy": "SpecificDate"}),
        )
        for on in ("2025-12-31", "2027-01-01"):
            await refuse(zuora, 20, on, action("AddProduct", on, addProduct=terms))
        other = plan_terms(plan, "nothing")
        await refuse(zuora, 20, day, action("AddProduct", day, addProduct=other))
        await refuse(zuora, 20, day, action("RemoveProduct", day, removeProduct={"ratePlanId": "x"}))
        await refuse(zuora, 22, day, action("RemoveProduct", day, removeProduct={}))
        await refuse(zuora, 22, day, action("RemoveProduct", day))
        await refuse(zuora, 22, day, action("UpdateProduct", day, updateProduct={"productRatePlanId": plan}))
        wish = {"productRatePlanId": plan, "chargeUpdates": [{"chargeNumber": "C-9", "pricing": {}}]}
        await refuse(zuora, 20, day, action("UpdateProduct", day, updateProduct=wish))
        wish = {"productRatePlanId": plan, "chargeUpdates": [{"pricing": {}}]}
        await refuse(zuora, 22, day, action("UpdateProduct", day, updateProduct=wish))
        await refuse(zuora, 22, day, {"type": "RenewSubscription", "renewSubscription": {}})
        await refuse(zuora, 22, day, action("Suspend", day, suspend={}))
        await refuse(zuora, 20, day, action("Explode", day))
        await refuse(zuora, 20, day, action("AddProduct", day, addProduct=plan_terms(plan, charge, -1)))
        await refuse(zuora, 20, day)
        add = action("AddProduct", day, addProduct=terms)
        twice = action("RemoveProduct", day, removeProduct={"productRatePlanId": plan})
        assert "several" in await refuse(zuora, 20, day, add, twice)
        await refuse(zuora, 30, day, cancel(day), processingOptions={"collectPayment": True})
        await refuse(zuora, 20, day, cancel(day), status="Perhaps")
        await refuse(zuora, 21, day, cancel(day), surprise=1)
        await refuse(zuora, 22, day, add, account="A-1", newAccount={})
        await zuora.no(22, "POST", "/v1/orders", order("O-2", day) | {"subscriptions": []})

    run(story)


def test_currencies_and_owners() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await subscribed(zuora)
        await zuora.ok("POST", "/v1/accounts", account("A-2", "GBP"))
        start = create("S-2", "2026-01-01", plan_terms(plan, charge))
        wish = order("O-2", "2026-01-01", start, account="A-2")
        assert "GBP" in (await zuora.no(30, "POST", "/v1/orders", wish)).message
        start["createSubscription"]["currency"] = "USD"
        await zuora.no(30, "POST", "/v1/orders", wish)
        wish = order("O-2", "2026-05-01", cancel("2026-05-01"), subscription="S-1", account="A-2")
        assert "not owned" in (await zuora.no(30, "POST", "/v1/orders", wish)).message

    run(story)


def test_terms_of_a_new_subscription() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora)
        await zuora.ok("POST", "/v1/accounts", account())
        terms = plan_terms(plan, charge)
        good = create("S-1", "2026-01-01", terms)
        broken: list[tuple[int, dict[str, Any]]] = [
            (22, {"initialTerm": {"startDate": "2026-01-01", "termType": "TERMED"}}),
            (20, {"initialTerm": {"period": 0, "periodType": "Month", "termType": "TERMED"}}),
            (20, {"initialTerm": {"period": 1, "periodType": "Moon", "termType": "TERMED"}}),
            (20, {"initialTerm": {"period": 1, "periodType": "Month", "termType": "FOREVER"}}),
            (22, {"initialTerm": {"period": 1, "periodType": "Month"}}),
            (20, {"renewalSetting": "PERHAPS"}),
            (20, {"renewalTerms": [{"period": -1, "periodType": "Year"}]}),
        ]
        for category, change in broken:
            wish = {**good["createSubscription"]["terms"], **change}
            body = {**good, "createSubscription": {**good["createSubscription"], "terms": wish}}
            await zuora.no(category, "POST", "/v1/orders", order("O", "2026-01-01", body))
        empty = create("S-1", "2026-01-01")
        await zuora.no(22, "POST", "/v1/orders", order("O", "2026-01-01", empty))
        odd = create("S-1", "2026-01-01", plan_terms(plan, charge, period="Fortnight"))
        await zuora.no(20, "POST", "/v1/orders", order("O", "2026-01-01", odd))
        early = create("S-1", "2010-01-01", terms)
        await zuora.no(30, "POST", "/v1/orders", order("O", "2010-01-01", early))

    run(story)


def test_a_charge_may_start_on_another_trigger() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora)
        second = await zuora.ok(
            "POST",
            "/v1/object/product-rate-plan-charge",
            offer(plan, "7.00", TriggerEvent="ServiceActivation", ChargeModel="Flat Fee Pricing"),
        )
        await zuora.ok("POST", "/v1/accounts", account())
        start = create("S-1", "2026-01-01", plan_terms(plan, charge))
        start["triggerDates"][1]["triggerDate"] = "2026-01-16"
        await zuora.ok("POST", "/v1/orders", order("O-1", "2026-01-01", start))
        shown = await held(zuora)
        by_source = {c["productRatePlanChargeId"]: c for c in shown["ratePlans"][0]["ratePlanCharges"]}
        assert by_source[second["Id"]]["effectiveStartDate"] == "2026-01-16"
        assert by_source[second["Id"]]["model"] == "FlatFee"
        start = create("S-2", "2026-01-01", plan_terms(plan, charge))
        start["triggerDates"] = start["triggerDates"][:1]
        placed = await zuora.ok("POST", "/v1/orders", order("O-2", "2026-01-01", start))
        assert placed["status"] == "Pending"
        assert placed["subscriptions"][0]["status"] == "Pending Activation"

    run(story)
