"""Invoices, credit memos, payments, refunds: their lives, their sums, their refusals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from scenarios.evidence.billing import BillingBooks
from scenarios.evidence.reading import from_json

from .zuora_client import Zuora, account, action, order, run, subscribed


def books(zuora: Zuora) -> BillingBooks:
    made: BillingBooks = from_json(BillingBooks, zuora.rules.books())
    return made


def tax(item: str, amount: float, member: str = "invoiceItemId", **more: Any) -> dict[str, Any]:
    return {
        member: item,
        "name": "NY STATE TAX",
        "jurisdiction": "NEW YORK",
        "locationCode": "36",
        "taxAmount": amount,
        "taxRate": 0.04,
        "taxRateType": "Percentage",
        "taxCode": "SW052000",
        "taxDate": "2026-01-01",
        "taxMode": "TaxExclusive",
        "exemptAmount": 0,
        **more,
    }


async def drafted(zuora: Zuora, quantity: int = 1) -> tuple[str, str]:
    """Number of a draft invoice over one month, and the id of its one item."""
    await subscribed(zuora, quantity=quantity)
    await zuora.bill("2026-01-01")
    items = await zuora.ok("GET", "/v1/invoices/INV00000001/items")
    return "INV00000001", items["invoiceItems"][0]["id"]


async def posted(zuora: Zuora) -> tuple[str, str]:
    """The same, taxed with 4.00 and posted: 104.00."""
    number, item = await drafted(zuora)
    await zuora.ok("POST", f"/v1/invoices/{number}/taxation-items", {"taxationItems": [tax(item, 4.0)]})
    await zuora.ok("PUT", f"/v1/invoices/{number}/post", {})
    return number, item


def test_tax_then_post() -> None:
    async def story() -> None:
        zuora = Zuora()
        number, item = await drafted(zuora)
        path = f"/v1/invoices/{number}/taxation-items"
        for category, wish in (
            (20, tax("nothing", 1.0)),
            (22, {k: v for k, v in tax(item, 1.0).items() if k != "taxAmount"}),
            (22, {k: v for k, v in tax(item, 1.0).items() if k != "taxDate"}),
            (22, {k: v for k, v in tax(item, 1.0).items() if k != "invoiceItemId"}),
            (20, tax(item, 1.005)),
            (20, tax(item, 1.0, taxRateType="Guess")),
            (45, tax(item, 1.0, taxMode="TaxInclusive")),
            (21, tax(item, 1.0, surprise=1)),
        ):
            await zuora.no(category, "POST", path, {"taxationItems": [wish]})
        await zuora.no(20, "POST", path, {"taxationItems": []})
        two = {"taxationItems": [tax(item, 4.0), tax(item, 4.88, name="NYC", jurisdiction="NEW YORK CITY")]}
        answer = await zuora.ok("POST", path, two)
        assert [t["taxAmount"] for t in answer["taxationItems"]] == [Decimal("4.00"), Decimal("4.88")]
        assert "already has" in (await zuora.no(30, "POST", path, two)).message
        shown = await zuora.ok("GET", f"/v1/invoices/{number}")
        assert (shown["amountWithoutTax"], shown["taxAmount"]) == (Decimal("100.00"), Decimal("8.88"))
        assert (shown["status"], shown["balance"]) == ("Draft", 0)
        done = await zuora.ok("PUT", f"/v1/invoices/{number}/post", {})
        assert (done["status"], done["balance"]) == ("Posted", Decimal("108.88"))
        assert "Posted" in (await zuora.no(30, "PUT", f"/v1/invoices/{number}/post", {})).message
        await zuora.no(30, "POST", path, two)
        await zuora.no(40, "PUT", "/v1/invoices/INV9/post", {})
        (line,) = (await zuora.ok("GET", f"/v1/invoices/{number}/items"))["invoiceItems"]
        assert (line["taxAmount"], len(line["taxationItems"]["data"])) == (Decimal("8.88"), 2)
        assert (line["serviceStartDate"], line["serviceEndDate"]) == ("2026-01-01", "2026-01-31")
        (invoice,) = books(zuora).invoices
        assert (invoice.net, invoice.tax, invoice.total, invoice.balance) == (10000, 888, 10888, 10888)
        metrics = (await zuora.ok("GET", "/v1/accounts/A-1"))["metrics"]
        assert metrics["totalInvoiceBalance"] == Decimal("108.88")
        kinds = [(c.event, c.state, c.amount) for c in zuora.rules.history.changes if c.kind == "invoice"]
        assert kinds == [("created", "Draft", 10000), ("taxed", "Draft", 10888), ("posted", "Posted", 10888)]
        refs = zuora.rules.history.changes[-1].refs
        assert {"INV00000001", "S-1", "A-1", "CRM-A-1"} <= set(refs)

    run(story)


def test_due_dates_follow_the_payment_term() -> None:
    async def story() -> None:
        zuora = Zuora()
        await subscribed(zuora)
        await zuora.ok("PUT", "/v1/accounts/A-1", {"paymentTerm": "Net 30"})
        await zuora.bill("2026-01-01")
        shown = await zuora.ok("GET", "/v1/invoices/INV00000001")
        assert (shown["dueDate"], shown["paymentTerm"]) == ("2026-01-31", "Net 30")

    run(story)


def payment(amount: float, *parts: tuple[str, float], **more: Any) -> dict[str, Any]:
    return {
        "accountNumber": "A-1",
        "amount": amount,
        "currency": "USD",
        "effectiveDate": "2026-01-02",
        "type": "External",
        "referenceId": "pi_1",
        "paymentMethodType": "Other",
        "invoices": [{"invoiceId": key, "amount": part} for key, part in parts],
        **more,
    }


def test_payments() -> None:
    async def story() -> None:
        zuora = Zuora()
        number, _ = await posted(zuora)
        for category, wish in (
            (30, payment(200.0, (number, 104.01))),
            (30, payment(50.0, (number, 60.0))),
            (30, payment(200.0, (number, 100.0), (number, 5.0))),
            (30, payment(10.0, currency="EUR")),
            (20, payment(0)),
            (20, payment(10.0, (number, 0))),
            (20, payment(10.001)),
            (40, payment(10.0, ("INV9", 1.0))),
            (22, payment(10.0, type="Electronic")),
            (22, payment(10.0, accountNumber=None)),
            (40, payment(10.0, accountNumber="A-9")),
            (21, payment(10.0, surprise=1)),
        ):
            await zuora.no(category, "POST", "/v1/payments", wish)
        assert books(zuora).payments == ()
        made = await zuora.ok("POST", "/v1/payments", payment(110.0, (number, 100.0)))
        assert (made["status"], made["number"], made["unappliedAmount"]) == ("Processed", "P-00000001", 10)
        part = {"invoices": [{"invoiceId": number, "amount": 4.0}]}
        done = await zuora.ok("PUT", f"/v1/payments/{made['id']}/apply", part)
        assert done["unappliedAmount"] == 6
        await zuora.no(30, "PUT", f"/v1/payments/{made['id']}/apply", part)
        (paid,) = books(zuora).payments
        assert (paid.reference, paid.amount) == ("pi_1", 11000)
        assert [(a.document, a.amount) for a in paid.applied] == [(number, 10000), (number, 400)]
        assert books(zuora).invoices[0].balance == 0
        assert (await zuora.ok("GET", "/v1/payments/P-00000001"))["referenceId"] == "pi_1"
        listed = await zuora.ok("GET", "/v1/payments?referenceId=pi_1")
        assert [p["number"] for p in listed["payments"]] == ["P-00000001"]
        assert (await zuora.ok("GET", "/v1/payments?referenceId=pi_2"))["payments"] == []
        await zuora.no(40, "GET", "/v1/payments/P-9")
        (change,) = [c for c in zuora.rules.history.changes if c.kind == "payment" and c.event == "created"]
        assert {"pi_1", number, "CRM-A-1"} <= set(change.refs)

    run(story)


def test_a_payment_for_a_draft_or_another_account_is_refused() -> None:
    async def story() -> None:
        zuora = Zuora()
        number, _ = await drafted(zuora)
        await zuora.no(30, "POST", "/v1/payments", payment(10.0, (number, 10.0)))
        await zuora.ok("PUT", f"/v1/invoices/{number}/post", {})
        await zuora.ok("POST", "/v1/accounts", account("A-2"))
        wish = payment(10.0, (number, 10.0), accountNumber="A-2")
        assert "another account" in (await zuora.no(30, "POST", "/v1/payments", wish)).message

    run(story)


def credit(item: str, amount: float, taxed: float = 0, **more: Any) -> dict[str, Any]:
    line: dict[str, Any] = {"invoiceItemId": item, "amount": amount, "skuName": "SEAT"}
    if taxed:
        line["taxItems"] = [{"amount": taxed, "jurisdiction": "NEW YORK", "taxName": "NY STATE TAX"}]
    return {"items": [line], "effectiveDate": "2026-01-20", "comment": "REFUND re_1", **more}


def test_a_credit_memo_from_an_invoice_is_refunded() -> None:
    async def story() -> None:
        zuora = Zuora()
        number, item = await posted(zuora)
        path = f"/v1/credit-memos/invoice/{number}"
        for category, wish in (
            (30, credit(item, 100.01)),
            (30, credit(item, 10.0, 4.01)),
            (20, credit("nothing", 1.0)),
            (20, credit(item, -1.0)),
            (22, {"items": []}),
            (22, {}),
            (21, credit(item, 1.0, surprise=1)),
        ):
            await zuora.no(category, "POST", path, wish)
        made = await zuora.ok("POST", path, credit(item, 50.0, 2.0, autoPost=True, memoNumber="CN-1"))
        assert (made["number"], made["status"], made["unappliedAmount"]) == ("CN-1", "Posted", 52)
        assert "balance" not in made
        assert made["referredInvoiceId"]
        twice = credit(item, 1.0, memoNumber="CN-1")
        assert "CN-1 already exists" in (await zuora.no(30, "POST", path, twice)).message
        # Half is credited: no more than the other half can be.
        await zuora.no(30, "POST", path, credit(item, 50.01))
        await zuora.no(30, "POST", path, credit(item, 1.0, 2.01))
        (line,) = (await zuora.ok("GET", "/v1/credit-memos/CN-1/items"))["items"]
        assert (line["amount"], line["taxAmount"], line["sku"]) == (50, 2, "SEAT")
        refund = {
            "totalAmount": 52.0,
            "type": "External",
            "methodType": "Other",
            "referenceId": "re_1",
            "refundDate": "2026-01-20",
        }
        for category, change in (
            (30, {"totalAmount": 52.01}),
            (20, {"totalAmount": 0}),
            (22, {"type": "Electronic"}),
            (22, {"methodType": None}),
            (21, {"surprise": 1}),
        ):
            await zuora.no(category, "POST", "/v1/credit-memos/CN-1/refund", {**refund, **change})
        back = await zuora.ok("POST", "/v1/credit-memos/CN-1/refund", refund)
        assert (back["number"], back["status"], back["amount"]) == ("R-00000001", "Processed", 52)
        assert (await zuora.ok("GET", "/v1/refunds/R-00000001"))["referenceId"] == "re_1"
        assert (await zuora.ok("GET", "/v1/refunds"))["refunds"][0]["id"] == back["id"]
        await zuora.no(40, "GET", "/v1/refunds/R-9")
        (note,) = books(zuora).credit_notes
        assert (note.source, note.invoice, note.net, note.tax) == ("refund", number, 5000, 200)
        assert (note.unapplied, note.status) == (0, "Posted")
        (refunded,) = books(zuora).refunds
        assert (refunded.reference, refunded.credit_note, refunded.amount) == ("re_1", "CN-1", 5200)
        change = next(c for c in zuora.rules.history.changes if c.kind == "refund")
        assert {"re_1", "CN-1", number, "S-1", "CRM-A-1"} <= set(change.refs)

    run(story)


def test_a_credit_memo_is_applied() -> None:
    async def story() -> None:
        zuora = Zuora()
        number, item = await posted(zuora)
        draft = await zuora.ok("POST", f"/v1/credit-memos/invoice/{number}", credit(item, 30.0))
        path = f"/v1/credit-memos/{draft['number']}"
        part = {"invoices": [{"invoiceId": number, "amount": 30.0}]}
        await zuora.no(30, "PUT", f"{path}/apply", part)
        await zuora.no(
            30, "POST", f"{path}/refund", {"totalAmount": 1, "type": "External", "methodType": "Other"}
        )
        assert (await zuora.ok("PUT", f"{path}/post", {}))["status"] == "Posted"
        await zuora.no(30, "PUT", f"{path}/post", {})
        await zuora.no(30, "PUT", f"{path}/apply", {"invoices": [{"invoiceId": number, "amount": 30.01}]})
        await zuora.no(22, "PUT", f"{path}/apply", {"invoices": [{"amount": 1}]})
        done = await zuora.ok("PUT", f"{path}/apply", part)
        assert (done["appliedAmount"], done["unappliedAmount"]) == (30, 0)
        assert (await zuora.ok("GET", f"/v1/invoices/{number}"))["balance"] == 74
        auto = credit(item, 20.0, autoPost=True, autoApplyToInvoiceUponPosting=True)
        await zuora.ok("POST", f"/v1/credit-memos/invoice/{number}", auto)
        assert (await zuora.ok("GET", f"/v1/invoices/{number}"))["balance"] == 54
        assert len((await zuora.ok("GET", "/v1/credit-memos"))["creditmemos"]) == 2
        await zuora.no(40, "GET", "/v1/credit-memos/CM9")
        await zuora.no(30, "PUT", f"/v1/invoices/{number}/reverse", {})

    run(story)


def test_the_memo_of_a_bill_run_is_taxed_and_posted() -> None:
    async def story() -> None:
        zuora = Zuora()
        await posted(zuora)
        stop = action(
            "CancelSubscription",
            "2026-01-11",
            cancelSubscription={
                "cancellationPolicy": "SpecificDate",
                "cancellationEffectiveDate": "2026-01-11",
            },
        )
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-01-11", stop, subscription="S-1"))
        await zuora.bill("2026-01-11")
        (row,) = await zuora.found("credit-memos", "status.EQ:Draft", "sourceId.EQ:BR-00000002")
        path = f"/v1/credit-memos/{row['id']}"
        (line,) = (await zuora.ok("GET", f"{path}/items"))["items"]
        assert line["amount"] == Decimal("67.74")
        wish = {"taxationItems": [tax(line["id"], 2.71, "memoItemId")]}
        await zuora.ok("POST", f"{path}/taxation-items", wish)
        await zuora.no(30, "POST", f"{path}/taxation-items", wish)
        await zuora.ok("PUT", f"{path}/post", {})
        (note,) = books(zuora).credit_notes
        assert (note.source, note.net, note.tax, note.unapplied) == ("bill_run", 6774, 271, 7045)

    run(story)


def test_a_reversed_invoice_is_billed_again() -> None:
    async def story() -> None:
        zuora = Zuora()
        number, item = await drafted(zuora)
        await zuora.no(30, "PUT", f"/v1/invoices/{number}/reverse", {})
        await zuora.ok("PUT", f"/v1/invoices/{number}/post", {})
        done = await zuora.ok("PUT", f"/v1/invoices/{number}/reverse", {"memoDate": "2026-01-05"})
        assert done["creditMemo"]["number"] == "CM00000001"
        shown = await zuora.ok("GET", f"/v1/invoices/{number}")
        assert (shown["status"], shown["reversed"], shown["balance"]) == ("Posted", True, 0)
        await zuora.no(30, "PUT", f"/v1/invoices/{number}/reverse", {})
        await zuora.no(30, "POST", f"/v1/credit-memos/invoice/{number}", credit(item, 1.0))
        await zuora.no(30, "POST", "/v1/payments", payment(10.0, (number, 10.0)))
        await zuora.bill("2026-01-01")
        first, second = books(zuora).invoices
        assert (first.status, second.status) == ("Reversed", "Draft")
        assert [(x.start, x.end, x.net) for x in second.lines] == [("2026-01-01", "2026-02-01", 10000)]
        assert books(zuora).credit_notes[0].source == "reversal"

    run(story)


def test_only_the_latest_unpaid_document_can_be_reversed() -> None:
    async def story() -> None:
        zuora = Zuora()
        number, _ = await posted(zuora)
        await zuora.bill("2026-02-01")
        assert "latest" in (await zuora.no(30, "PUT", f"/v1/invoices/{number}/reverse", {})).message
        await zuora.ok("PUT", "/v1/invoices/INV00000002/post", {})
        await zuora.ok("POST", "/v1/payments", payment(1.0, ("INV00000002", 1.0)))
        assert "applied" in (await zuora.no(30, "PUT", "/v1/invoices/INV00000002/reverse", {})).message

    run(story)


def test_a_reversed_change_is_billed_again_with_its_credit() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await subscribed(zuora)
        await zuora.bill("2026-01-01", autoPost=True)
        unit = {"recurringPerUnit": {"quantity": 3}}
        wish = {
            "productRatePlanId": plan,
            "chargeUpdates": [{"productRatePlanChargeId": charge, "pricing": unit}],
        }
        change = action("UpdateProduct", "2026-01-11", updateProduct=wish)
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-01-11", change, subscription="S-1"))
        await zuora.bill("2026-01-11", autoPost=True)
        await zuora.ok("PUT", "/v1/invoices/INV00000002/reverse", {})
        await zuora.bill("2026-01-11", autoPost=True)
        _, second, third = books(zuora).invoices
        assert second.status == "Reversed"
        assert [(x.start, x.end, x.net) for x in third.lines] == [
            (x.start, x.end, x.net) for x in second.lines
        ]
        await zuora.bill("2026-01-11", autoPost=True)
        assert len(books(zuora).invoices) == 3

    run(story)
