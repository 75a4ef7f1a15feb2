"""The Zuora mock's money: callouts with a challenge, the test gateway, and amounts that always add up."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.simulators.zuora_client import Zuora, account, run

HOOK = "http://hooks.test/zuora"


def definition(event: str, **auth: Any) -> dict[str, Any]:
    return {
        "name": f"on {event}",
        "eventTypeName": event,
        "calloutActive": True,
        "callout": {
            "name": "tell",
            "calloutBaseurl": HOOK,
            "httpMethod": "POST",
            "eventTypeName": event,
            "requiredAuth": True,
            "calloutAuth": {"username": "u", "password": "p", **auth},
            "calloutParams": {"number": "<Payment.PaymentNumber>", "status": "<Payment.Status>"},
        },
    }


async def carded(zuora: Zuora, card: str = "4242424242424242", number: str = "A-1") -> str:
    await zuora.ok("POST", "/v1/accounts", account(number))
    wish = {
        "type": "CreditCard",
        "accountKey": number,
        "cardNumber": card,
        "expirationMonth": 12,
        "expirationYear": 2040,
        "makeDefault": True,
    }
    return str((await zuora.ok("POST", "/v1/payment-methods", wish))["id"])


async def owed(zuora: Zuora, amount: float, number: str = "A-1") -> Any:
    item = {"amount": amount, "chargeName": "Fee", "serviceStartDate": "2026-01-01"}
    wish = {"accountNumber": number, "invoiceDate": "2026-01-01", "status": "Posted", "invoiceItems": [item]}
    return await zuora.ok("POST", "/v1/invoices", wish)


def electronic(invoice: Any, amount: float) -> dict[str, Any]:
    return {
        "accountNumber": "A-1",
        "type": "Electronic",
        "amount": amount,
        "currency": "USD",
        "effectiveDate": "2026-01-01",
        "invoices": [{"invoiceId": invoice["id"], "amount": amount}],
    }


def test_without_stripe_the_test_gateway_decides() -> None:
    async def story() -> None:
        zuora = Zuora()
        await carded(zuora)
        invoice = await owed(zuora, 10.5)
        paid = await zuora.ok("POST", "/v1/payments", electronic(invoice, 10.5))
        assert (paid["status"], paid["gatewayState"]) == ("Processed", "Submitted")
        assert (await zuora.ok("GET", f"/v1/invoices/{invoice['id']}"))["balance"] == 0
        gateways = (await zuora.ok("GET", "/v1/payment-gateways"))["paymentgateways"]
        assert [(g["name"], g["isDefault"]) for g in gateways] == [("Test", True)]

    run(story)


def test_a_decline_tells_those_who_asked() -> None:
    async def story() -> None:
        zuora = Zuora()
        await zuora.ok("POST", "/notifications/notification-definitions", definition("PaymentDeclined"))
        await carded(zuora, "4000000000000341")
        invoice = await owed(zuora, 10)
        paid = await zuora.ok("POST", "/v1/payments", electronic(invoice, 10))
        assert (paid["status"], paid["gatewayResponseCode"]) == ("Error", "card_declined")
        zuora.receiver.answers = [401, 200]
        await zuora.settle()
        plain, signed = (post[1] for post in zuora.receiver.posts)
        assert "authorization" not in plain
        assert signed["authorization"].startswith("Basic ")
        assert plain["zuora-notification-id"] == signed["zuora-notification-id"]
        assert zuora.receiver.posts[1][2] == {"number": paid["number"], "status": "Error"}

    run(story)


def test_preemptive_callouts_are_signed_at_once_and_their_history_is_kept() -> None:
    async def story() -> None:
        zuora = Zuora()
        wish = definition("PaymentProcessed", preemptive=True)
        made = await zuora.ok("POST", "/notifications/notification-definitions", wish)
        await carded(zuora)
        zuora.receiver.answers = [500, None, 500]
        await zuora.ok("POST", "/v1/payments", electronic(await owed(zuora, 10), 10))
        await zuora.settle()
        assert len(zuora.receiver.posts) == 3
        assert all(post[1]["authorization"].startswith("Basic ") for post in zuora.receiver.posts)
        assert len({post[1]["zuora-notification-id"] for post in zuora.receiver.posts}) == 1
        history = (await zuora.ok("GET", "/v1/notification-history/callout"))["calloutHistories"]
        assert [(h["attemptedNum"], h["responseCode"]) for h in history] == [("3", "500")]
        key = zuora.receiver.posts[0][1]["zuora-notification-id"]
        answer = await zuora.call("POST", "/notifications/callout-histories/resend", [key])
        assert (answer.status, answer.body) == (202, b"{}")
        await zuora.settle()
        assert len(zuora.receiver.posts) == 4
        answer = await zuora.call("POST", "/notifications/callout-histories/resend", ["nobody"])
        assert (answer.status, answer.json["nobody"]["code"]) == (400, "NOT_FOUND")
        path = f"/notifications/notification-definitions/{made['id']}"
        changed = await zuora.ok("PUT", path, {"name": "other", "calloutActive": False})
        assert (changed["name"], changed["calloutActive"]) == ("other", False)
        assert (await zuora.call("DELETE", path)).status == 204

    run(story)


def test_an_invoice_that_falls_due_is_told() -> None:
    async def story() -> None:
        zuora = Zuora()
        wish = definition("InvoiceDue", preemptive=True)
        wish["callout"]["calloutParams"] = {"number": "<Invoice.InvoiceNumber>"}
        await zuora.ok("POST", "/notifications/notification-definitions", wish)
        await zuora.ok("POST", "/v1/accounts", account("A-1"))
        invoice = await owed(zuora, 10)
        await zuora.settle()
        assert [post[2] for post in zuora.receiver.posts] == [{"number": invoice["invoiceNumber"]}]

    run(story)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["invoice", "pay", "apply", "unapply", "refund", "cancel_refund", "write_off", "cancel", "take"]
        ),
        st.integers(0, 5),
        st.integers(1, 4000),
    ),
    max_size=25,
)


@given(ACTS)
@settings(max_examples=40, deadline=None)
def test_whatever_happens_amounts_add_up(acts: list[tuple[str, int, int]]) -> None:
    """Balances of invoices, of payments and of the account agree to the cent, refused acts change nothing."""

    async def story() -> None:
        zuora = Zuora()
        await carded(zuora)
        state = zuora.rules.state
        for act, which, cents in acts:
            await _do(zuora, act, which, cents / 100)
            one = state.accounts.get("A-1")
            assert one.balance == sum(i.balance for i in state.invoices if i.status == "Posted")
            assert one.unapplied_payments == sum(p.unapplied for p in state.payments)
            assert one.unapplied_credit == sum(m.unapplied for m in state.memos)
            for i in state.invoices:
                assert i.balance == i.net + i.tax - i.paid - i.credited >= 0
                assert i.reserved == 0
                paid = sum(a for p in state.payments for j, a in p.applied if j is i)
                assert i.paid == paid
            for p in state.payments:
                if p.status == "Processed":
                    assert p.amount == p.unapplied + sum(a for _, a in p.applied) + p.refunded
                    assert sum(part.amount for part in p.parts) == sum(a for _, a in p.applied)

    asyncio.run(story())


async def _do(zuora: Zuora, act: str, which: int, amount: float) -> None:
    state = zuora.rules.state
    invoices, payments, refunds = list(state.invoices), list(state.payments), list(state.refunds)
    if act == "invoice":
        await owed(zuora, amount)
        return
    wish: dict[str, Any] = {"accountNumber": "A-1", "currency": "USD", "effectiveDate": "2026-01-01"}
    if act == "pay":
        await zuora.ok("POST", "/v1/payments", {**wish, "type": "External", "amount": amount})
        return
    if not invoices:
        return
    invoice = invoices[which % len(invoices)]
    part = [{"invoiceId": invoice.id, "amount": amount}]
    if act == "take":
        await zuora.call(
            "POST", "/v1/payments", {**wish, "type": "Electronic", "amount": amount, "invoices": part}
        )
    elif act == "write_off":
        await zuora.call("PUT", f"/v1/invoices/{invoice.id}/write-off", {"amount": amount})
    elif payments:
        payment = payments[which % len(payments)]
        path = f"/v1/payments/{payment.id}"
        if act in ("apply", "unapply"):
            await zuora.call("PUT", f"{path}/{act}", {"invoices": part})
        elif act == "cancel":
            await zuora.call("PUT", f"{path}/cancel")
        elif act == "refund":
            body = {"totalAmount": amount, "methodType": "Check", "invoices": part if which % 2 else []}
            await zuora.call("POST", f"{path}/refunds/unapply", body)
        elif act == "cancel_refund" and refunds:
            await zuora.call("PUT", f"/v1/refunds/{refunds[which % len(refunds)].id}/cancel")
