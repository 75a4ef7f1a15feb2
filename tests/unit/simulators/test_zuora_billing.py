"""Bill runs: anniversary periods in advance, proration by days, credits, and nothing billed twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from scenarios.evidence.billing import BillingBooks
from scenarios.evidence.reading import from_json

from .zuora_client import (
    Zuora,
    account,
    action,
    create,
    order,
    plan_terms,
    product,
    run,
    subscribed,
)


def books(zuora: Zuora) -> BillingBooks:
    made: BillingBooks = from_json(BillingBooks, zuora.rules.books())
    return made


def lines(zuora: Zuora) -> list[tuple[str, str, int]]:
    """(start, end, signed net) of everything billed, in order."""
    own = books(zuora)
    found = [(line.start, line.end, line.net) for i in own.invoices for line in i.lines]
    return found + [(line.start, line.end, -line.net) for n in own.credit_notes for line in n.lines]


def update(charge: str, on: str, plan: str, quantity: int | None = None, price: float | None = None) -> Any:
    unit = {"quantity": quantity, "listPrice": price}
    unit = {name: value for name, value in unit.items() if value is not None}
    return action(
        "UpdateProduct",
        on,
        updateProduct={
            "productRatePlanId": plan,
            "chargeUpdates": [{"productRatePlanChargeId": charge, "pricing": {"recurringPerUnit": unit}}],
        },
    )


def test_a_run_goes_from_pending_to_completed_and_bills_in_advance() -> None:
    async def story() -> None:
        zuora = Zuora()
        await subscribed(zuora, quantity=3)
        wish = {"targetDate": "2026-01-31", "invoiceDate": "2026-01-31"}
        begun = await zuora.ok("POST", "/v1/bill-runs", wish)
        assert begun["status"] == "Pending"
        assert begun["billRunNumber"] == "BR-00000001"
        assert zuora.rules.pending() == 1
        await zuora.settle()
        assert zuora.rules.pending() == 0
        done = await zuora.ok("GET", "/v1/bill-runs/BR-00000001")
        assert done["status"] == "Completed"
        states = [c.state for c in zuora.rules.history.changes if c.kind == "bill_run"]
        assert states == ["Pending", "Processing", "Completed"]
        (invoice,) = books(zuora).invoices
        assert (invoice.status, invoice.net, invoice.balance) == ("Draft", 30000, 0)
        assert lines(zuora) == [("2026-01-01", "2026-02-01", 30000)]
        await zuora.no(40, "GET", "/v1/bill-runs/BR-9")

    run(story)


def test_nothing_is_billed_twice_also_while_it_is_a_draft() -> None:
    async def story() -> None:
        zuora = Zuora()
        await subscribed(zuora)
        for target in ("2026-01-01", "2026-01-01", "2026-01-31", "2026-02-01", "2026-02-01"):
            await zuora.bill(target)
        assert lines(zuora) == [("2026-01-01", "2026-02-01", 10000), ("2026-02-01", "2026-03-01", 10000)]
        await zuora.bill("2027-12-31")
        assert len(lines(zuora)) == 12
        assert lines(zuora)[-1] == ("2026-12-01", "2027-01-01", 10000)
        await zuora.bill("2028-12-31")
        assert len(lines(zuora)) == 12

    run(story)


def test_two_runs_at_once_share_nothing() -> None:
    async def story() -> None:
        zuora = Zuora()
        await subscribed(zuora)
        wish = {"targetDate": "2026-01-01", "invoiceDate": "2026-01-01"}
        await zuora.ok("POST", "/v1/bill-runs", wish)
        await zuora.ok("POST", "/v1/bill-runs", wish)
        await zuora.settle()
        assert len(lines(zuora)) == 1

    run(story)


def test_the_anchor_day_comes_back_after_a_short_month() -> None:
    async def story() -> None:
        zuora = Zuora()
        await subscribed(zuora, start="2026-01-31", months=5)
        await zuora.bill("2026-12-31")
        assert [line[:2] for line in lines(zuora)] == [
            ("2026-01-31", "2026-02-28"),
            ("2026-02-28", "2026-03-31"),
            ("2026-03-31", "2026-04-30"),
            ("2026-04-30", "2026-05-31"),
            ("2026-05-31", "2026-06-30"),
        ]
        assert {line[2] for line in lines(zuora)} == {10000}

    run(story)


@pytest.mark.parametrize(
    ("period", "count"),
    [("Month", 12), ("Quarter", 4), ("Semi_Annual", 2), ("Semi-Annual", 2), ("Annual", 1)],
)
def test_billing_periods(period: str, count: int) -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora)
        await zuora.ok("POST", "/v1/accounts", account())
        terms = plan_terms(plan, charge, 2, 9.99, period)
        await zuora.ok("POST", "/v1/orders", order("O", "2026-01-01", create("S-1", "2026-01-01", terms)))
        await zuora.bill("2027-06-01")
        assert len(lines(zuora)) == count
        assert {line[2] for line in lines(zuora)} == {1998}

    run(story)


def test_a_product_added_in_mid_term_is_prorated_and_aligned() -> None:
    async def story() -> None:
        zuora = Zuora()
        await subscribed(zuora)
        plan, charge = await product(zuora, "ADDON", "19.95")
        await zuora.bill("2026-05-01")
        zuora.go_to("2026-05-20")
        add = action("AddProduct", "2026-05-09", addProduct=plan_terms(plan, charge))
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-05-09", add, subscription="S-1"))
        await zuora.bill("2026-06-01")
        # 23 of 31 days of May; then whole months with the rest of the subscription.
        assert ("2026-05-09", "2026-06-01", 1480) in lines(zuora)
        assert ("2026-06-01", "2026-07-01", 1995) in lines(zuora)

    run(story)


def test_a_chain_of_price_changes_in_one_period() -> None:
    """The published figures of a repair chain: 599.95, then 9.95, then 29.95 within May."""

    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora, price="599.95")
        await zuora.ok("POST", "/v1/accounts", account())
        start = create("S-1", "2026-05-01", plan_terms(plan, charge))
        await zuora.ok("POST", "/v1/orders", order("O-1", "2026-05-01", start))
        await zuora.bill("2026-05-01")
        for number, on, price in (("O-2", "2026-05-07", 9.95), ("O-3", "2026-05-08", 29.95)):
            change = order(number, on, update(charge, on, plan, price=price), subscription="S-1")
            await zuora.ok("POST", "/v1/orders", change)
            await zuora.bill(on)
        first, second = books(zuora).credit_notes[0], books(zuora).invoices[1]
        assert [line.net for line in first.lines] == [48383, -802]
        assert (first.net, first.source, first.status) == (47581, "bill_run", "Draft")
        assert [line.net for line in second.lines] == [-770, 2319]
        (subscription,) = books(zuora).subscriptions
        assert [(s.start, s.end, s.amount) for s in subscription.segments] == [
            ("2026-05-01", "2026-05-07", 59995),
            ("2026-05-07", "2026-05-08", 995),
            ("2026-05-08", "2027-05-01", 2995),
        ]
        assert len({s.charge for s in subscription.segments}) == 1
        assert subscription.version == 3
        assert subscription.orders == ("O-1", "O-2", "O-3")

    run(story)


def test_an_increase_makes_one_invoice_with_a_credit_inside() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await subscribed(zuora)
        await zuora.bill("2026-01-01")
        change = update(charge, "2026-01-11", plan, quantity=3)
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-01-11", change, subscription="S-1"))
        # A credit is due on the day it gives back, not before.
        await zuora.bill("2026-01-10")
        assert len(books(zuora).invoices) == 1
        await zuora.bill("2026-01-11")
        (_, second) = books(zuora).invoices
        assert [(x.start, x.end, x.net) for x in second.lines] == [
            ("2026-01-11", "2026-02-01", -6774),
            ("2026-01-11", "2026-02-01", 20323),
        ]
        items = await zuora.ok("GET", f"/v1/invoices/{second.number}/items")
        assert [item["chargeAmount"] for item in items["invoiceItems"]] == [
            Decimal("-67.74"),
            Decimal("203.23"),
        ]
        assert items["invoiceItems"][0]["serviceEndDate"] == "2026-01-31"

    run(story)


def test_a_change_before_billing_needs_no_credit() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await subscribed(zuora)
        change = update(charge, "2026-01-11", plan, quantity=2)
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-01-11", change, subscription="S-1"))
        same_day = update(charge, "2026-01-11", plan, quantity=4)
        await zuora.ok("POST", "/v1/orders", order("O-3", "2026-01-11", same_day, subscription="S-1"))
        await zuora.bill("2026-01-31")
        assert lines(zuora) == [("2026-01-01", "2026-01-11", 3226), ("2026-01-11", "2026-02-01", 27097)]

    run(story)


def test_a_cancellation_credits_the_unused_days_once_and_ends_billing() -> None:
    async def story() -> None:
        zuora = Zuora()
        await subscribed(zuora)
        await zuora.bill("2026-03-01")
        stop = action(
            "CancelSubscription",
            "2026-03-10",
            cancelSubscription={
                "cancellationPolicy": "SpecificDate",
                "cancellationEffectiveDate": "2026-03-10",
            },
        )
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-03-10", stop, subscription="S-1"))
        await zuora.bill("2026-12-31")
        await zuora.bill("2027-12-31")
        (note,) = books(zuora).credit_notes
        assert [(x.start, x.end, x.net) for x in note.lines] == [("2026-03-10", "2026-04-01", 7097)]
        (subscription,) = books(zuora).subscriptions
        assert (subscription.status, subscription.end) == ("Cancelled", "2026-03-10")
        assert subscription.segments[0].end == "2026-03-10"

    run(story)


def test_never_credited_more_than_billed() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora, price="0.05")
        await zuora.ok("POST", "/v1/accounts", account())
        first = create("S-1", "2026-01-01", plan_terms(plan, charge))
        await zuora.ok("POST", "/v1/orders", order("O-1", "2026-01-01", first))
        await zuora.bill("2026-01-01")
        for number, on in enumerate(("2026-01-25", "2026-01-17", "2026-01-09", "2026-01-01")):
            if on == "2026-01-01":
                change = action("RemoveProduct", on, removeProduct={"productRatePlanId": plan})
            else:
                change = update(charge, on, plan, price=0)
            await zuora.ok("POST", "/v1/orders", order(f"O-{number + 2}", on, change, subscription="S-1"))
            await zuora.bill("2026-01-31")
        assert sum(line[2] for line in lines(zuora)) == 0
        assert all(line[2] >= -5 for line in lines(zuora))

    run(story)


def test_a_term_that_cuts_a_period_is_made_whole_by_the_renewal() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora, price="100.01")
        await zuora.ok("POST", "/v1/accounts", account())
        terms = {
            "initialTerm": {
                "startDate": "2026-01-01",
                "period": 45,
                "periodType": "Day",
                "termType": "TERMED",
            },
            "renewalTerms": [{"period": 1, "periodType": "Year"}],
        }
        first = create("S-1", "2026-01-01", plan_terms(plan, charge), **terms)
        await zuora.ok("POST", "/v1/orders", order("O-1", "2026-01-01", first))
        await zuora.bill("2026-12-31")
        assert lines(zuora)[-1] == ("2026-02-01", "2026-02-15", 5001)
        again = action("RenewSubscription", "2026-02-15", renewSubscription={})
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-02-15", again, subscription="S-1"))
        await zuora.bill("2026-02-15")
        assert lines(zuora)[-1] == ("2026-02-15", "2026-03-01", 5000)
        assert books(zuora).subscriptions[0].end == "2027-02-15"

    run(story)


def test_evergreen_is_billed_without_end() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora)
        await zuora.ok("POST", "/v1/accounts", account())
        terms = {"initialTerm": {"startDate": "2026-01-01", "termType": "EVERGREEN"}}
        first = create("S-1", "2026-01-01", plan_terms(plan, charge), **terms)
        await zuora.ok("POST", "/v1/orders", order("O-1", "2026-01-01", first))
        await zuora.bill("2028-01-01")
        assert len(lines(zuora)) == 25
        (subscription,) = books(zuora).subscriptions
        assert (subscription.end, subscription.segments[0].end) == ("", "")

    run(story)


@pytest.mark.parametrize(
    ("currency", "price", "quantity", "net"), [("JPY", "150", 3, 450), ("KWD", "1.2345", 2, 2469)]
)
def test_currencies_of_other_exponents(currency: str, price: str, quantity: int, net: int) -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora, price=price)
        await zuora.ok("POST", "/v1/accounts", account(currency=currency))
        first = create("S-1", "2026-01-01", plan_terms(plan, charge, quantity))
        await zuora.ok("POST", "/v1/orders", order("O-1", "2026-01-01", first))
        await zuora.bill("2026-01-01")
        assert lines(zuora)[0][2] == net

    run(story)


def test_runs_for_some_accounts_and_batches() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora)
        for n, batch in ((1, "Batch1"), (2, "Batch2"), (3, "Batch1")):
            await zuora.ok("POST", "/v1/accounts", account(f"A-{n}", batch=batch))
            first = create(f"S-{n}", "2026-01-01", plan_terms(plan, charge))
            await zuora.ok("POST", "/v1/orders", order(f"O-{n}", "2026-01-01", first, account=f"A-{n}"))
        one = await zuora.ok("GET", "/v1/accounts/A-1")
        only = [{"filterType": "Account", "accountId": one["basicInfo"]["id"]}]
        await zuora.bill("2026-01-01", billRunFilters=only)
        assert [line.subscription for i in books(zuora).invoices for line in i.lines] == ["S-1"]
        await zuora.bill("2026-01-01", batches=["Batch2"])
        await zuora.bill("2026-01-01", batches=["AllBatches"])
        assert [line.subscription for i in books(zuora).invoices for line in i.lines] == ["S-1", "S-2", "S-3"]
        await zuora.no(22, "POST", "/v1/bill-runs", run_wish(billRunFilters=[{"filterType": "Subscription"}]))
        await zuora.no(22, "POST", "/v1/bill-runs", run_wish(billRunFilters=[{"filterType": "Account"}]))
        await zuora.no(
            40,
            "POST",
            "/v1/bill-runs",
            run_wish(billRunFilters=[{"filterType": "Account", "accountId": "x"}]),
        )
        await zuora.no(22, "POST", "/v1/bill-runs", {"targetDate": "2026-01-01"})
        await zuora.no(21, "POST", "/v1/bill-runs", run_wish(accountIds=[]))

    run(story)


def run_wish(**more: Any) -> dict[str, Any]:
    return {"targetDate": "2026-01-01", "invoiceDate": "2026-01-01", **more}


def test_auto_post_and_auto_renewal() -> None:
    async def story() -> None:
        zuora = Zuora()
        await subscribed(zuora, months=1, autoRenew=True)
        zuora.go_to("2026-03-15")
        done = await zuora.bill("2026-03-15", autoPost=True, autoRenewal=True)
        assert done["status"] == "Posted"
        (invoice,) = books(zuora).invoices
        assert (invoice.status, invoice.balance, len(invoice.lines)) == ("Posted", 30000, 3)
        (subscription,) = books(zuora).subscriptions
        assert (subscription.status, subscription.end, subscription.version) == ("Active", "2026-04-01", 3)

    run(story)


def test_an_order_can_bill_at_once() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora)
        await zuora.ok("POST", "/v1/accounts", account())
        first = create("S-1", "2026-01-01", plan_terms(plan, charge))
        options = {"processingOptions": {"runBilling": True, "billingOptions": {"targetDate": "2026-01-31"}}}
        made = await zuora.ok("POST", "/v1/orders", order("O-1", "2026-01-01", first, **options))
        assert made["invoiceNumbers"] == ["INV00000001"]
        assert books(zuora).invoices[0].status == "Posted"
        await zuora.bill("2026-01-31")
        assert len(books(zuora).invoices) == 1

    run(story)


def test_a_run_costs_what_is_due_not_what_there_is() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora)
        for n in range(60):
            await zuora.ok("POST", "/v1/accounts", account(f"A-{n}"))
            start = f"2026-01-{n % 28 + 1:02d}"
            first = create(f"S-{n}", start, plan_terms(plan, charge), months=24)
            await zuora.ok("POST", "/v1/orders", order(f"O-{n}", start, first, account=f"A-{n}"))
        await zuora.bill("2026-12-01")
        looked_at = []
        ledgers = zuora.rules.state.ledgers
        due = zuora.rules.state.due
        original = due.charges

        def counting(account_id: str, target: Any) -> list[str]:
            looked_at.append(account_id)
            return list(original(account_id, target))

        due.charges = counting
        await zuora.bill("2026-12-02")
        assert len(looked_at) <= 3
        assert len(ledgers) == 60

    run(story)
