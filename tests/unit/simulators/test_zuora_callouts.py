"""Callouts: who is told, what a callout carries, when it is tried again."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from .zuora_client import Zuora, action, order, run, subscribed

PATH = "/notifications/notification-definitions"


def definition(event: str, params: dict[str, str], **more: Any) -> dict[str, Any]:
    callout = {
        "name": event,
        "calloutBaseurl": "http://core/webhooks/zuora",
        "httpMethod": "POST",
        "calloutParams": params,
        "calloutAuth": {"username": "tieout", "password": "secret", "preemptive": True},
        "requiredAuth": True,
        "calloutRetry": True,
        **more.pop("callout", {}),
    }
    own = {"name": f"{event} {len(params)}", "active": True, "calloutActive": True}
    return {**own, "eventTypeName": event, "callout": callout, **more}


def test_an_invoice_posted_callout() -> None:
    async def story() -> None:
        zuora = Zuora()
        params = {
            "number": "<Invoice.InvoiceNumber>",
            "id": "<Invoice.ID>",
            "account": "<Account.Number>",
            "crm": "<Account.CrmAccount__c>",
            "total": "<Invoice.Amount>",
            "none": "<Payment.Id>",
            "plain": "x",
        }
        made = await zuora.ok("POST", PATH, definition("InvoicePosted", params))
        assert made["callout"]["calloutAuth"] == {"username": "tieout", "preemptive": True}
        await subscribed(zuora)
        await zuora.bill("2026-01-01")
        assert zuora.receiver.posts == []
        await zuora.ok("PUT", "/v1/invoices/INV00000001/post", {})
        assert zuora.rules.pending() == 1
        await zuora.settle()
        ((url, headers, body, event, attempt),) = zuora.receiver.posts
        assert url == "http://core/webhooks/zuora"
        assert headers["authorization"] == "Basic " + b64encode(b"tieout:secret").decode()
        assert (headers["zuora-notification-id"], attempt) == (event, 1)
        assert headers["zuora-request-id"] != event
        assert len(body.pop("id")) == 32
        assert body == {
            "number": "INV00000001",
            "account": "A-1",
            "crm": "CRM-A-1",
            "total": "100.00",
            "none": "",
            "plain": "x",
        }
        assert zuora.rules.pending() == 0

    run(story)


def test_three_attempts_are_made_where_the_answer_may_change() -> None:
    async def story() -> None:
        zuora = Zuora()
        await zuora.ok("POST", PATH, definition("OrderProcessed", {"number": "<Order.OrderNumber>"}))
        zuora.receiver.answers = [429, None, 503, 200]
        await subscribed(zuora)
        await zuora.settle()
        assert [post[4] for post in zuora.receiver.posts] == [1, 2, 3]
        assert len({post[3] for post in zuora.receiver.posts}) == 1
        assert len({post[1]["zuora-request-id"] for post in zuora.receiver.posts}) == 3
        assert len({post[1]["zuora-notification-id"] for post in zuora.receiver.posts}) == 1
        once = Zuora(callout_attempts=5)
        wish = definition("OrderProcessed", {}, callout={"calloutRetry": False})
        await once.ok("POST", PATH, wish)
        once.receiver.answers = [500, 200]
        await subscribed(once)
        await once.settle()
        assert len(once.receiver.posts) == 1

    run(story)


def test_all_events() -> None:
    async def story() -> None:
        zuora = Zuora()
        for event, params in (
            ("BillRunCompletion", {"run": "<BillRun.BillRunNumber>", "status": "<BillRun.Status>"}),
            ("SubscriptionCreated", {"name": "<Subscription.Name>"}),
            ("CreditMemoPosted", {"memo": "<CreditMemo.MemoNumber>"}),
            ("PaymentProcessed", {"payment": "<Payment.Id>"}),
        ):
            await zuora.ok("POST", PATH, definition(event, params))
        await subscribed(zuora)
        await zuora.bill("2026-01-01")
        stop = action(
            "CancelSubscription",
            "2026-01-11",
            cancelSubscription={
                "cancellationPolicy": "SpecificDate",
                "cancellationEffectiveDate": "2026-01-11",
            },
        )
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-01-11", stop, subscription="S-1"))
        await zuora.bill("2026-01-11", autoPost=True)
        await zuora.settle()
        assert [post[2] for post in zuora.receiver.posts] == [
            {"name": "S-1"},
            {"run": "BR-00000001", "status": "Completed"},
            {"memo": "CM00000001"},
            {"run": "BR-00000002", "status": "Posted"},
        ]

    run(story)


def test_definitions_are_kept_and_forgotten() -> None:
    async def story() -> None:
        zuora = Zuora()
        made = await zuora.ok("POST", PATH, definition("InvoicePosted", {}))
        by_code = definition("x", {"a": "b"}, eventTypeName="", eventCategory=1410)
        assert (await zuora.ok("POST", PATH, by_code))["eventTypeName"] == "BillRunCompletion"
        idle = definition("OrderProcessed", {}, calloutActive=False)
        await zuora.ok("POST", PATH, idle)
        assert len((await zuora.ok("GET", PATH))["data"]) == 3
        assert (await zuora.ok("GET", f"{PATH}?limit=1"))["next"]
        assert (await zuora.ok("GET", f"{PATH}/{made['id']}"))["name"] == "InvoicePosted 0"
        for category, wish in (
            (20, definition("InvoicePosted", {})),
            (20, definition("Nonsense", {})),
            (20, definition("x", {}, eventTypeName="", eventCategory=9)),
            (22, definition("x", {}, eventTypeName="")),
            (20, definition("InvoicePosted", {"q": ""}, callout={"httpMethod": "PATCH"})),
            (30, definition("InvoicePosted", {"q": ""}, callout={"calloutAuth": None})),
            (21, definition("InvoicePosted", {"q": ""}, surprise=1)),
        ):
            await zuora.no(category, "POST", PATH, wish)
        answer = await zuora.call("DELETE", f"{PATH}/{made['id']}")
        assert (answer.status, answer.body) == (204, b"")
        await zuora.no(40, "GET", f"{PATH}/{made['id']}")
        await subscribed(zuora)
        await zuora.bill("2026-01-01", autoPost=True)
        await zuora.settle()
        assert [post[2] for post in zuora.receiver.posts] == [{"a": "b"}]

    run(story)
