"""Object queries and ZOQL: filters, indexes, cursors, sorting, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.zuora.rules import zoql

from .zuora_client import Zuora, account, create, order, plan_terms, product, run


async def three(zuora: Zuora) -> None:
    """Accounts A-0 … A-2 with a subscription each and a posted invoice over 100, 200, 300."""
    plan, charge = await product(zuora)
    for n in range(3):
        await zuora.ok("POST", "/v1/accounts", account(f"A-{n}", crmId=f"001-{n}"))
        first = create(f"S-{n}", "2026-01-01", plan_terms(plan, charge, n + 1))
        await zuora.ok("POST", "/v1/orders", order(f"O-{n}", "2026-01-01", first, account=f"A-{n}"))
    await zuora.bill("2026-01-01")
    for n in (1, 2, 3):
        zuora.go_to("2026-01-02", n)
        await zuora.ok("PUT", f"/v1/invoices/INV0000000{n}/post", {})
    wish = {
        "accountNumber": "A-0",
        "amount": 100,
        "currency": "USD",
        "type": "External",
        "referenceId": "pi_0",
    }
    wish["invoices"] = [{"invoiceNumber": "INV00000001", "amount": 100}]
    zuora.go_to("2026-01-02", 4)
    await zuora.ok("POST", "/v1/payments", wish)


def numbers(rows: list[Any], name: str = "invoiceNumber") -> list[str]:
    return [row[name][-1] for row in rows]


def test_filters() -> None:
    async def story() -> None:
        zuora = Zuora()
        await three(zuora)
        account_id = (await zuora.ok("GET", "/v1/accounts/A-1"))["basicInfo"]["id"]
        for filters, found in (
            ((), "123"),
            (("status.EQ:Posted",), "123"),
            (("status.EQ:Draft",), ""),
            (("status.NE:Draft", "balance.GT:0"), "23"),
            (("balance.GT:200",), "3"),
            (("balance.LE:200",), "12"),
            (("amount.GE:200", "amount.LT:300"), "2"),
            (("sourceId.EQ:BR-00000001",), "123"),
            (("sourceId.EQ:BR-9",), ""),
            ((f"accountId.EQ:{account_id}",), "2"),
            (("updatedDate.GE:2026-01-02 03:00:00",), "13"),
            (("updatedDate.GT:2026-01-02T03:00:00Z",), "1"),
            (("updatedDate.GE:2026-01-02T04:00:00+01:00",), "13"),
            (("invoiceDate.EQ:2026-01-01",), "123"),
            (("invoiceNumber.IN:[INV00000001,INV00000003]",), "13"),
            (("invoicenumber.EQ:INV00000002",), "2"),
            (("invoiceNumber.SW:INV0000000",), "123"),
            (("status.IN:[Draft,Posted]", "balance.EQ:0"), "1"),
            (("reversed.EQ:false",), "123"),
        ):
            assert "".join(numbers(await zuora.found("invoices", *filters))) == found, filters
        assert len(await zuora.found("accounts", "CrmAccount__c.EQ:CRM-A-2")) == 1
        assert len(await zuora.found("accounts", "crmId.EQ:001-1")) == 1
        assert len(await zuora.found("subscriptions", "name.EQ:S-1", "status.EQ:Active")) == 1
        assert len(await zuora.found("payments", "referenceId.EQ:pi_0")) == 1
        assert await zuora.found("refunds", "referenceId.EQ:re_0") == []
        assert len(await zuora.found("orders", "orderNumber.EQ:O-1")) == 1
        assert len(await zuora.found("billing-runs", "status.EQ:Completed")) == 1
        assert await zuora.found("credit-memos") == []

    run(story)


def test_order_pages_expansion_and_single_objects() -> None:
    async def story() -> None:
        zuora = Zuora()
        await three(zuora)
        rows = await zuora.found("invoices", **{"sort[]": "updatedDate.DESC", "pageSize": "2"})
        assert numbers(rows) == ["1", "3", "2"]
        page = await zuora.ok(
            "GET", "/object-query/invoices?pageSize=2&expand[]=account&expand[]=invoiceItems"
        )
        assert page["data"][0]["account"]["accountNumber"] == "A-0"
        assert page["data"][0]["invoiceItems"][0]["subscriptionNumber"] == "S-0"
        assert page["nextPage"]
        narrow = await zuora.ok("GET", "/object-query/invoices?fields[]=invoiceNumber")
        assert narrow["data"][0] == {"invoiceNumber": "INV00000001"}
        one = await zuora.ok("GET", "/object-query/invoices/INV00000002?expand[]=account")
        assert one["account"]["accountNumber"] == "A-1"

    run(story)


def test_refused_object_queries() -> None:
    async def story() -> None:
        zuora = Zuora()
        for query in (
            "filter[]=nonsense.EQ:1",
            "filter[]=status.LIKE:x",
            "filter[]=status",
            "filter[]=balance.GT:much",
            "filter[]=invoiceDate.GT:soon",
            "filter[]=reversed.EQ:perhaps",
            "pageSize=100",
            "pageSize=0",
            "cursor=nothing",
            "sort[]=status",
            "sort[]=nonsense.ASC",
            "expand[]=universe",
            "limit=3",
        ):
            await zuora.no(20, "GET", f"/object-query/invoices?{query}")
        await zuora.no(40, "GET", "/object-query/unicorns")
        await zuora.no(40, "GET", "/object-query/unicorns/1")
        await zuora.no(40, "GET", "/object-query/invoices/INV9")

    run(story)


def test_zoql() -> None:
    async def story() -> None:
        zuora = Zuora()
        await three(zuora)

        async def ask(text: str) -> list[Any]:
            answer = await zuora.ok("POST", "/v1/action/query", {"queryString": text})
            assert answer["done"] is True
            assert answer["size"] == len(answer["records"])
            return list(answer["records"])

        (paid,) = await ask("select Id, PaymentNumber, Amount from Payment where ReferenceId = 'pi_0'")
        assert paid["PaymentNumber"] == "P-00000001"
        open_ones = "select InvoiceNumber from Invoice where Status = 'Posted' and Balance > 0"
        assert numbers(await ask(open_ones), "InvoiceNumber") == ["2", "3"]
        either = "SELECT InvoiceNumber FROM Invoice WHERE Balance = 0 OR Amount >= 300"
        assert numbers(await ask(either), "InvoiceNumber") == ["1", "3"]
        (held,) = await ask("select CrmAccount__c, Notes from account where AccountNumber = 'A-1'")
        assert held["CrmAccount__c"] == "CRM-A-1"
        assert "Notes" not in held
        assert await ask("select Id from Subscription where Name = 'S-9'") == []
        assert len(await ask("select Id from Account where Notes = null")) == 3
        for broken in (
            "",
            "update Account",
            "select Id",
            "select Id from Unicorn",
            "select Horn from Account",
            "select Id Name from Account",
            "select Id, from Account",
            "select Id from Account order by Id",
            "select Id from Account where",
            "select Id from Account where Id like 'x'",
            "select Id from Account where Id = 'x' xor Id = 'y'",
            "select Id from Account where Id = 'x",
            "select Id from Account where Horn = 'x'",
        ):
            answer = await zuora.call("POST", "/v1/action/query", {"queryString": broken})
            assert set(answer.json) == {"FaultCode", "FaultMessage"}, broken
            assert answer.status == 400

    run(story)


def test_zoql_goes_on_with_a_locator(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        zuora = Zuora()
        for n in range(5):
            await zuora.ok("POST", "/v1/accounts", account(f"A-{n}"))
        monkeypatch.setattr("simulators.zuora.routes.acting.ZOQL_ROWS", 2)
        answer = await zuora.ok(
            "POST", "/v1/action/query", {"queryString": "select AccountNumber from Account"}
        )
        found = list(answer["records"])
        while not answer["done"]:
            wish = {"queryLocator": answer["queryLocator"]}
            answer = await zuora.ok("POST", "/v1/action/queryMore", wish)
            found += answer["records"]
        assert [row["AccountNumber"] for row in found] == [f"A-{n}" for n in range(5)]
        answer = await zuora.call("POST", "/v1/action/queryMore", {"queryLocator": "x"})
        assert answer.json["FaultMessage"] == "invalid query locator"

    run(story)


def test_quotes_in_zoql() -> None:
    selection = zoql.parse(r"select Id from Account where Name = 'O\'Hara, and \\ co'")
    assert selection.groups[0][0].value == r"O'Hara, and \ co"


def test_an_indexed_query_walks_only_what_it_finds() -> None:
    async def story() -> None:
        zuora = Zuora()
        await three(zuora)
        shelf = zuora.rules.state.payments

        def walked() -> Any:
            raise AssertionError("the whole shelf was walked")

        monkey = type(shelf)
        original = monkey.__iter__
        monkey.__iter__ = lambda self: walked()
        try:
            assert len(await zuora.found("payments", "referenceId.EQ:pi_0")) == 1
            assert len(await zuora.found("invoices", "updatedDate.GE:2026-01-02 04:00:00")) == 1
            assert len(await zuora.found("invoices", "balance.GT:0")) == 2
            text = "select Id from Payment where ReferenceId = 'pi_0' and Status = 'Processed'"
            assert (await zuora.ok("POST", "/v1/action/query", {"queryString": text}))["size"] == 1
        finally:
            monkey.__iter__ = original

    run(story)
