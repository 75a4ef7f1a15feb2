"""Zuora's own Python SDK against the Zuora mock: all eleven order actions, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance import zuora_client as z
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")
START = "2026-01-01"


class Sold:
    """An account with one subscription of two seats at 100 a month for a year."""

    def __init__(self, zuora: Any, months: int = 12, price: float = 100, **charge: Any) -> None:
        self.sdk = zuora
        made = z.account(zuora)
        self.account, self.account_id = made.account_number, made.account_id
        self.product = z.product(zuora)
        self.plan = z.plan(zuora, self.product, "Basic")
        self.charge = z.charge(zuora, self.plan, price, DefaultQuantity=2, **charge)
        placed = self.order(z.create(self.plan, START, months), new=True)
        self.number = placed.subscriptions[0].subscription_number

    def order(self, *actions: Any, on: str = START, new: bool = False, **more: Any) -> Any:
        return self.sdk.orders_api().create_order(self.body(*actions, on=on, new=new, **more))

    def body(self, *actions: Any, on: str = START, new: bool = False, **more: Any) -> dict[str, Any]:
        return z.order(self.account, on, *actions, subscription="" if new else self.number, **more)

    def refused(self, status: int, *actions: Any, **more: Any) -> dict[str, Any]:
        return z.raises(status, self.sdk.orders_api().create_order, self.body(*actions, **more))

    def now(self, detail: str = "all-segments") -> Any:
        return self.sdk.subscriptions_api().get_subscription_by_key(self.number, charge_detail=detail)

    def segments(self, place: int = 0) -> list[tuple[str, str, float]]:
        charge = self.now().rate_plans[place].rate_plan_charges[0]
        return [
            (str(s.effective_start_date), str(s.effective_end_date), s.quantity)
            for s in charge.charge_segments
        ]


def test_create_subscription(zuora: Any) -> None:
    sold = Sold(zuora)
    found = sold.now()
    assert (found.status, found.version, found.term_type) == ("Active", 1, "TERMED")
    assert (str(found.term_start_date), str(found.term_end_date)) == ("2026-01-01", "2027-01-01")
    assert (found.current_term, found.current_term_period_type) == (12, "Month")
    assert found.contracted_mrr == 200
    assert found.account_number == sold.account
    assert sold.segments() == [("2026-01-01", "2027-01-01", 2)]


def test_returned_ids(zuora: Any) -> None:
    sold = Sold(zuora)
    body = sold.body(z.create(sold.plan, START), new=True)
    placed = zuora.orders_api().create_order(body, return_ids=True)
    assert placed.order_id
    assert placed.account_id == sold.account_id
    entry = placed.subscriptions[0]
    found = zuora.subscriptions_api().get_subscription_by_key(entry.subscription_id)
    assert found.subscription_number == entry.subscription_number


def test_add_product(zuora: Any) -> None:
    sold = Sold(zuora)
    other = z.plan(zuora, sold.product, "Extra")
    z.charge(zuora, other, 30)
    done = sold.order(
        z.action("AddProduct", "2026-03-01", addProduct={"productRatePlanId": other}), on="2026-03-01"
    )
    assert done.status == "Completed"
    found = sold.now()
    assert [p.last_change_type for p in found.rate_plans] == ["Add", "Add"]
    assert (found.version, found.contracted_mrr) == (2, 230)
    assert sold.segments(1) == [("2026-03-01", "2027-01-01", 1)]


def test_update_product(zuora: Any) -> None:
    sold = Sold(zuora)
    plan = sold.now().rate_plans[0]
    update = {
        "ratePlanId": plan.id,
        "chargeUpdates": [
            {
                "chargeNumber": plan.rate_plan_charges[0].number,
                "pricing": {"recurringPerUnit": {"quantity": 5, "listPrice": 90}},
            }
        ],
    }
    sold.order(z.action("UpdateProduct", "2026-04-01", updateProduct=update), on="2026-04-01")
    assert sold.segments() == [("2026-01-01", "2026-04-01", 2), ("2026-04-01", "2027-01-01", 5)]
    last = sold.now("last-segment").rate_plans[0].rate_plan_charges[0]
    assert (last.segment, last.price, last.quantity) == (2, 90, 5)
    api = zuora.subscriptions_api()
    then = api.get_subscription_by_key(sold.number, charge_detail="specific-segment", as_of_date="2026-02-01")
    assert then.rate_plans[0].rate_plan_charges[0].quantity == 2
    first = api.get_subscription_by_key_and_version(sold.number, "1", charge_detail="all-segments")
    assert len(first.rate_plans[0].rate_plan_charges[0].charge_segments) == 1


def test_remove_product(zuora: Any) -> None:
    sold = Sold(zuora)
    plan = sold.now().rate_plans[0]
    sold.order(
        z.action("RemoveProduct", "2026-05-01", removeProduct={"ratePlanId": plan.id}), on="2026-05-01"
    )
    found = sold.now()
    assert (found.rate_plans[0].last_change_type, found.contracted_mrr) == ("Remove", 0)
    assert sold.segments() == [("2026-01-01", "2026-05-01", 2)]


@pytest.mark.parametrize("kind", ["Upgrade", "Downgrade", "Crossgrade"])
def test_change_plan(zuora: Any, kind: str) -> None:
    sold = Sold(zuora)
    better = z.plan(zuora, sold.product, "Better")
    z.charge(zuora, better, 150)
    change = {
        "productRatePlanId": sold.plan,
        "newProductRatePlan": {"productRatePlanId": better},
        "subType": kind,
        "effectivePolicy": "EffectiveImmediately",
    }
    sold.order(z.action("ChangePlan", "2026-06-01", changePlan=change), on="2026-06-01")
    found = sold.now()
    old, new = found.rate_plans
    assert (old.last_change_type, new.rate_plan_name) == ("Remove", "Better")
    assert new.original_rate_plan_id == old.id
    assert sold.segments(0)[-1][1] == sold.segments(1)[0][0] == "2026-06-01"


def test_suspend_and_resume(zuora: Any) -> None:
    sold = Sold(zuora)
    rest = {"suspendPolicy": "SpecificDate", "suspendSpecificDate": "2026-03-01"}
    sold.order(z.action("Suspend", "2026-03-01", suspend=rest), on="2026-03-01")
    assert sold.now().status == "Suspended"
    add = z.action("AddProduct", "2026-04-01", addProduct={"productRatePlanId": sold.plan})
    body = sold.refused(400, add)
    assert z.category(body) == 30
    assert "Suspended" in body["reasons"][0]["message"]
    assert z.category(sold.refused(400, z.action("Suspend", "2026-03-01", suspend=rest))) == 30
    go = {"resumePolicy": "SpecificDate", "resumeSpecificDate": "2026-05-01", "extendsTerm": True}
    sold.order(z.action("Resume", "2026-05-01", resume=go), on="2026-05-01")
    found = sold.now()
    assert (found.status, str(found.term_end_date)) == ("Active", "2027-03-03")
    assert sold.segments() == [("2026-01-01", "2026-03-01", 2), ("2026-05-01", "2027-03-03", 2)]
    history = [(h.status, str(h.start_date)) for h in found.status_history]
    assert history == [("Active", "2026-01-01"), ("Suspended", "2026-03-01"), ("Active", "2026-05-01")]


def test_resume_without_extension(zuora: Any) -> None:
    sold = Sold(zuora)
    rest = {"suspendPolicy": "SpecificDate", "suspendSpecificDate": "2026-03-01"}
    sold.order(z.action("Suspend", "2026-03-01", suspend=rest))
    go = {"resumePolicy": "FixedPeriodsFromSuspendDate", "resumePeriods": 1, "resumePeriodsType": "Month"}
    sold.order(z.action("Resume", "2026-04-01", resume=go))
    assert sold.segments() == [("2026-01-01", "2026-03-01", 2), ("2026-04-01", "2027-01-01", 2)]


def test_suspension_outside_the_term_is_refused(zuora: Any) -> None:
    sold = Sold(zuora)
    for day in ("2025-12-31", "2027-01-01"):
        rest = {"suspendPolicy": "SpecificDate", "suspendSpecificDate": day}
        assert z.category(sold.refused(400, z.action("Suspend", START, suspend=rest))) == 20
    assert z.category(sold.refused(400, z.action("Resume", START, resume={"resumePolicy": "Today"}))) == 30


def test_renew(zuora: Any) -> None:
    sold = Sold(zuora)
    sold.order(z.action("RenewSubscription", "2027-01-01", renewSubscription={}), on="2026-12-01")
    found = sold.now()
    assert (str(found.term_start_date), str(found.term_end_date)) == ("2027-01-01", "2028-01-01")
    assert sold.segments() == [("2026-01-01", "2028-01-01", 2)]


def test_renew_to_evergreen(zuora: Any) -> None:
    sold = Sold(zuora)
    terms = {"renewalSetting": "RENEW_TO_EVERGREEN", "autoRenew": False}
    sold.order(z.action("TermsAndConditions", START, termsAndConditions=terms))
    sold.order(z.action("RenewSubscription", "2027-01-01", renewSubscription={}))
    found = sold.now()
    assert (found.term_type, found.term_end_date) == ("EVERGREEN", None)
    assert (
        z.category(sold.refused(400, z.action("RenewSubscription", "2028-01-01", renewSubscription={}))) == 30
    )
    body = sold.refused(
        400,
        z.action("CancelSubscription", START, cancelSubscription={"cancellationPolicy": "EndOfCurrentTerm"}),
    )
    assert z.category(body) == 20


@pytest.mark.parametrize(
    ("policy", "more", "end"),
    [
        ("SpecificDate", {"cancellationEffectiveDate": "2026-06-01"}, "2026-06-01"),
        ("EndOfCurrentTerm", {}, "2027-01-01"),
        ("EndOfLastInvoicePeriod", {}, "2026-01-01"),
    ],
)
def test_cancel(zuora: Any, policy: str, more: dict[str, Any], end: str) -> None:
    sold = Sold(zuora)
    cancel = {"cancellationPolicy": policy, **more}
    done = sold.order(z.action("CancelSubscription", START, cancelSubscription=cancel))
    assert done.subscriptions[0].status == "Cancelled"
    found = sold.now()
    assert (found.status, str(found.subscription_end_date)) == ("Cancelled", end)
    body = sold.refused(400, z.action("AddProduct", START, addProduct={"productRatePlanId": sold.plan}))
    assert z.category(body) == 30


def test_cancel_outside_the_term_is_refused(zuora: Any) -> None:
    sold = Sold(zuora)
    for day in ("2025-06-01", "2027-06-01"):
        cancel = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": day}
        body = sold.refused(400, z.action("CancelSubscription", START, cancelSubscription=cancel))
        assert z.category(body) == 20
    cancel = {"cancellationPolicy": "SpecificDate"}
    assert (
        z.category(sold.refused(400, z.action("CancelSubscription", START, cancelSubscription=cancel))) == 22
    )


def test_terms_and_conditions(zuora: Any) -> None:
    sold = Sold(zuora)
    terms = {
        "autoRenew": True,
        "renewalTerms": [{"period": 24, "periodType": "Month"}],
        "lastTerm": {"termType": "TERMED", "period": 18, "periodType": "Month", "startDate": START},
    }
    sold.order(z.action("TermsAndConditions", START, termsAndConditions=terms))
    found = sold.now()
    assert (found.auto_renew, found.renewal_term, found.current_term) == (True, 24, 18)
    assert str(found.term_end_date) == "2027-07-01"
    assert sold.segments() == [("2026-01-01", "2027-07-01", 2)]


def test_owner_transfer(zuora: Any) -> None:
    sold = Sold(zuora)
    other = z.account(zuora, name="Buyer")
    transfer = {"destinationAccountNumber": other.account_number}
    sold.order(z.action("OwnerTransfer", "2026-02-01", ownerTransfer=transfer), on="2026-02-01")
    found = sold.now()
    assert found.account_number == found.invoice_owner_account_number == other.account_number
    api = zuora.subscriptions_api()
    assert api.get_subscriptions_by_account(sold.account).subscriptions == []
    assert len(api.get_subscriptions_by_account(other.account_number).subscriptions) == 1
    foreign = z.account(zuora, currency="EUR")
    wish = z.action(
        "OwnerTransfer", START, ownerTransfer={"destinationAccountNumber": foreign.account_number}
    )
    body = z.order(other.account_number, START, wish, subscription=sold.number)
    assert z.category(z.raises(400, zuora.orders_api().create_order, body)) == 30


def test_several_actions_make_one_version(zuora: Any) -> None:
    sold = Sold(zuora)
    other = z.plan(zuora, sold.product, "Extra")
    z.charge(zuora, other, 30)
    sold.order(
        z.action("AddProduct", "2026-02-01", addProduct={"productRatePlanId": other, "uniqueToken": "t"}),
        z.action(
            "UpdateProduct",
            "2026-03-01",
            updateProduct={
                "uniqueToken": "t",
                "chargeUpdates": [
                    {
                        "productRatePlanChargeId": zuora.product_rate_plans_api()
                        .get_rate_plans_by_product(sold.product)
                        .product_rate_plans[1]
                        .product_rate_plan_charges[0]
                        .id,
                        "pricing": {"recurringPerUnit": {"quantity": 4}},
                    }
                ],
            },
        ),
        z.action("RenewSubscription", "2027-01-01", renewSubscription={}),
    )
    found = sold.now()
    assert (found.version, str(found.term_end_date)) == (2, "2028-01-01")
    assert sold.segments(1) == [("2026-02-01", "2026-03-01", 1), ("2026-03-01", "2028-01-01", 4)]


def test_all_or_nothing(zuora: Any) -> None:
    sold = Sold(zuora)
    body = sold.body(z.create(sold.plan, START), new=True)
    bad = {
        "subscriptionNumber": sold.number,
        "orderActions": [z.action("Resume", START, resume={"resumePolicy": "Today"})],
    }
    body["subscriptions"].append(bad)
    before = len(zuora.orders_api().get_orders().orders)
    z.raises(400, zuora.orders_api().create_order, body)
    assert len(zuora.orders_api().get_orders().orders) == before
    assert len(zuora.subscriptions_api().get_subscriptions_by_account(sold.account).subscriptions) == 1
    assert sold.now().version == 1


def test_an_order_opens_its_account(zuora: Any) -> None:
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan)
    new = {
        "name": "Newcomer",
        "currency": "USD",
        "billCycleDay": 1,
        "billToContact": z.CONTACT,
        "customFields": {"Tier__c": "gold"},
    }
    body = {
        "orderDate": START,
        "newAccount": new,
        "subscriptions": [{"orderActions": [z.create(plan, START)]}],
    }
    placed = zuora.orders_api().create_order(body)
    found = zuora.accounts_api().get_account(placed.account_number)
    assert found.basic_info.name == "Newcomer"
    body["subscriptions"] = [{"orderActions": [z.create("0" * 32, START)]}]
    body["newAccount"] = {**new, "accountNumber": "A-NEW"}
    z.raises(400, zuora.orders_api().create_order, body)
    z.raises(404, zuora.accounts_api().get_account, "A-NEW")
    body["existingAccountNumber"] = placed.account_number
    z.raises(400, zuora.orders_api().create_order, body)


def test_refused_orders(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.orders_api()
    assert (
        z.category(z.raises(404, api.create_order, z.order("A-none", START, z.create(sold.plan, START))))
        == 40
    )
    assert z.category(z.raises(404, api.get_order, "O-none")) == 40
    assert z.category(sold.refused(400, {"type": "Explode"})) == 20
    assert z.category(sold.refused(400, z.action("AddProduct", START))) == 22
    assert z.category(sold.refused(400, z.create("0" * 32, START), new=True)) == 20
    untermed = z.create(sold.plan, START)
    untermed["createSubscription"]["terms"]["initialTerm"]["termType"] = "FOREVER"
    body = sold.refused(400, untermed, new=True)
    assert body["reasons"][0]["code"] == 53100320
    unknown = z.order("A-none", START, z.create(sold.plan, START), nonsense=1)
    assert z.category(z.raises(400, api.create_order, unknown)) == 21
    named = sold.body(z.create(sold.plan, START), new=True, orderNumber="O-MINE")
    assert api.create_order(named).order_number == "O-MINE"
    assert z.category(z.raises(400, api.create_order, named)) == 30
    z.raises(404, zuora.subscriptions_api().get_subscription_by_key, "A-S-none")
