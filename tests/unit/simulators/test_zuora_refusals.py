"""Refusals an acceptance test found wanting: methods of payment, paths that do not exist."""

from __future__ import annotations

from tests.unit.simulators.zuora_client import Zuora, account, run


def test_external_money_says_how_it_went() -> None:
    async def story() -> None:
        zuora = Zuora()
        made = await zuora.ok("POST", "/v1/accounts", account())
        wish = {
            "accountId": made["accountId"],
            "amount": 10,
            "currency": "USD",
            "effectiveDate": "2026-01-01",
            "type": "External",
        }
        no = await zuora.no(20, "POST", "/v1/payments", {**wish, "paymentMethodType": "Barter"})
        assert no.message.startswith("'paymentMethodType' value should be one of: ACH, ")
        paid = await zuora.ok("POST", "/v1/payments", {**wish, "paymentMethodType": "Cash"})
        path = f"/v1/payments/{paid['id']}/refunds"
        await zuora.no(22, "POST", path, {"totalAmount": 1, "type": "External"})
        await zuora.no(20, "POST", path, {"totalAmount": 1, "type": "External", "methodType": "Barter"})
        await zuora.ok("POST", path, {"totalAmount": 1, "type": "External", "methodType": "Cash"})

    run(story)


def test_answers_that_no_row_gives_name_their_request() -> None:
    async def story() -> None:
        zuora = Zuora()
        for method, path, status in (("GET", "/v1/nowhere", 404), ("PATCH", "/v1/accounts", 405)):
            answer = await zuora.call(method, path, None if method == "GET" else {})
            assert answer.status == status
            assert len(answer.headers["zuora-request-id"]) == 32

    run(story)
