"""A changed schema on each mock, as its own dialect tells of it, and what carries, lists and undoes it."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import quote

import pytest

from core.canonical.errors import Held
from simulators.kit.control import Controls
from simulators.kit.schema import SETTLED, Change, Kind
from simulators.kit.table import Call
from simulators.roster import VENDORS

from . import (
    test_avatax_connector,
    test_netsuite_connector,
    test_salesforce_connector,
    test_stripe_connector,
    test_zuora_connector,
)
from .inprocess import StillClock, sandbox


def netsuite(*changes: Change) -> test_netsuite_connector.Bench:
    bench = test_netsuite_connector.Bench()
    for change in changes:
        bench.mock.schema.arm(change)
    return bench


def refused(act: Any) -> str:
    with pytest.raises(Held) as error:
        asyncio.run(act)
    assert error.value.owner == "integration"
    return error.value.detail


def test_netsuite_refuses_a_name_that_is_no_more_in_a_record() -> None:
    bench = netsuite(Change(Kind.RENAMED, "customer", "companyName", "legalName"))
    said = refused(bench.erp.upsert_customer(test_netsuite_connector.ACCOUNT, "k"))
    assert "'companyName' does not exist" in said
    assert bench.mock.schema.met.total() == 1


def test_netsuite_refuses_a_column_that_is_no_more_in_a_query() -> None:
    bench = netsuite(Change(Kind.REMOVED, "transaction", "foreigntotal"))

    async def rows() -> None:
        _ = [row async for row in bench.erp.invoices_since(test_netsuite_connector.LONG_AGO)]

    assert "foreigntotal" in refused(rows())


def test_netsuite_asks_for_what_has_become_mandatory() -> None:
    bench = netsuite(Change(Kind.MANDATORY, "customer", "salesRep"))
    said = refused(bench.erp.upsert_customer(test_netsuite_connector.ACCOUNT, "k"))
    assert "Please enter value(s) for: salesRep" in said


def test_salesforce_refuses_a_column_of_a_query_and_of_a_record() -> None:
    bench = test_salesforce_connector.Bench()
    bench.mock.schema.arm(Change(Kind.RENAMED, "Account", "Stripe_Customer__c", "Processor__c"))
    bench.account("ACC-0001")
    assert "No such column 'Stripe_Customer__c'" in refused(bench.crm.account("ACC-0001"))
    linked = bench.crm.link_payment_customer(test_salesforce_connector.ACCOUNT, "cus_1", "k")
    assert "No such column 'Stripe_Customer__c'" in refused(linked)


def test_stripe_refuses_a_parameter_that_is_no_more_and_wants_a_new_one() -> None:
    account = test_stripe_connector.ACCOUNT
    bench = test_stripe_connector.Bench()
    bench.mock.schema.arm(Change(Kind.RENAMED, "customers", "address.postal_code", "postcode"))
    said = refused(bench.payments.open_customer(account, "k"))
    assert "unknown parameter: address[postal_code]" in said
    bench.mock.schema.clear()
    bench.mock.schema.arm(Change(Kind.MANDATORY, "customers", "phone"))
    assert "Missing required param: phone" in refused(bench.payments.open_customer(account, "k"))


def test_avatax_and_zuora_ask_for_what_has_become_mandatory() -> None:
    tax = test_avatax_connector.Bench()
    tax.mock.schema.arm(Change(Kind.MANDATORY, "transactions", "salespersonCode"))
    estimate = tax.tax.estimate(test_avatax_connector.ACCOUNT, {"SEAT": test_avatax_connector.usd(100)}, "k")
    assert "salespersonCode" in refused(estimate)
    billing = test_zuora_connector.Bench()
    billing.mock.schema.arm(Change(Kind.MANDATORY, "accounts", "batch"))
    opened = billing.billing.open_account(test_zuora_connector.ACCOUNT, "cus_1", "k")
    assert "'batch' is required" in refused(opened)


def test_what_is_renamed_is_taken_and_given_under_its_new_name() -> None:
    mock = sandbox(VENDORS["stripe"], StillClock())
    mock.schema.arm(Change(Kind.RENAMED, "customers", "email", "mail"))
    key = mock.vendor.credentials(mock.rules)["secret_key"]

    def asked(method: str, path: str, body: str = "", **more: str) -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {key}", "content-type": "application/x-www-form-urlencoded"}
        reply = asyncio.run(mock.call(Call(method, path, "", {**headers, **more}, body.encode())))
        return reply.status, json.loads(reply.body)

    status, made = asked("POST", "/v1/customers", "mail=a%40b.test")
    assert (status, made["mail"], "email" in made) == (200, "a@b.test", False)
    status, listed = asked("GET", "/v1/customers")
    assert listed["data"][0]["mail"] == "a@b.test"
    # The vendor's own screens know the new schema; other objects have the field still.
    assert asked("GET", "/v1/customers", **{SETTLED: "settled"})[1]["data"][0]["email"] == "a@b.test"
    assert asked("POST", "/v1/customers", "email=a%40b.test")[1]["error"]["param"] == "email"


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (Change(Kind.REMOVED, "customers", "currency"), {"object": "customer"}),
        (Change(Kind.EXTENDED, "customers", "object", "person"), {"object": "person"}),
        (Change(Kind.RETYPED, "customers", "balance"), {"balance": "0"}),
        (Change(Kind.ADDED, "customers", "risk", "low"), {"risk": "low"}),
        (Change(Kind.ADDED, "customers", "invoice_settings.risk"), {"invoice_settings": "new"}),
    ],
)
def test_answers_show_each_kind_of_change(change: Change, seen: dict[str, str]) -> None:
    mock = sandbox(VENDORS["stripe"], StillClock())
    headers = {"authorization": f"Bearer {mock.vendor.credentials(mock.rules)['secret_key']}"}
    before = json.loads(asyncio.run(mock.call(Call("POST", "/v1/customers", "", headers))).body)
    mock.schema.arm(change)
    where = f"/v1/customers/{before['id']}"
    after = json.loads(asyncio.run(mock.call(Call("GET", where, "", headers))).body)
    assert after != before
    assert mock.schema.met[change] == 1
    for name, value in seen.items():
        found = after[name]["risk"] if name == "invoice_settings" else after[name]
        assert found == value


def test_a_snapshot_carries_the_changes_and_a_reset_forgets_them() -> None:
    mock = sandbox(VENDORS["zuora"], StillClock())
    change = Change(Kind.ADDED, "accounts", "tier", "1")
    mock.schema.arm(change)
    kept = mock.snapshot()
    mock.reset()
    assert mock.schema.changes == []
    mock.restore(kept)
    assert mock.schema.changes == [change]


class OneMock:
    """The control surface of one mock, without tenants."""

    def __init__(self, name: str) -> None:
        self.mock = sandbox(VENDORS[name], StillClock())
        self._controls = Controls(None, None, self.mock)  # type: ignore[arg-type]

    def ask(self, method: str, body: Any = None, query: str = "") -> tuple[int, Any]:
        sent = b"" if body is None else json.dumps(body).encode()
        reply = asyncio.run(self._controls.answer(Call(method, "/_tieout/schema", query, {}, sent)))
        return reply.status, json.loads(reply.body)


def test_the_control_surface_lists_arms_and_undoes() -> None:
    one = OneMock("netsuite")
    wish = {"kind": "renamed", "record": "customer", "field": "companyName", "to": "legalName"}
    assert one.ask("POST", wish)[0] == 200
    status, found = one.ask("GET")
    assert (status, found["changes"][0]["change"]) == (200, "customer.companyName:renamed=legalName")
    assert found["kinds"].keys() == {str(kind) for kind in Kind}
    assert {"customer", "transaction", "suiteql"} <= set(found["records"])
    status, again = one.ask("POST", wish)
    assert (status, "armed already" in again["error"]) == (400, True)
    query = "&".join(f"{name}={quote(value)}" for name, value in wish.items())
    assert one.ask("DELETE", query=query) == (200, {"changes": []})
    assert one.ask("DELETE", query=query)[0] == 400


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"record": "customer", "field": "x"}, "kind"),
        ({"kind": "vanished", "record": "customer", "field": "x"}, "vanished"),
        ({"kind": "removed", "record": "custommer", "field": "x"}, "customer"),
        ({"kind": "removed", "record": "customer", "field": "a b"}, "field"),
        ({"kind": "removed", "record": "customer"}, "field"),
        ({"kind": "renamed", "record": "customer", "field": "x"}, "to"),
        ({"kind": "renamed", "record": "customer", "field": "x", "to": "x"}, "to"),
        ({"kind": "extended", "record": "customer", "field": "x"}, "to"),
        ({"kind": "removed", "record": "customer", "field": "x", "often": 1}, "often"),
    ],
)
def test_what_is_wrong_with_a_wish_is_named(wish: dict[str, Any], says: str) -> None:
    status, answer = OneMock("netsuite").ask("POST", wish)
    assert status == 400
    assert says in answer["error"]


def test_every_vendor_has_words_for_what_is_missing() -> None:
    for vendor in VENDORS.values():
        assert vendor.lacks is not None
        reply = vendor.lacks(Call("POST", "/v1/accounts"), "someField")
        assert (reply.status, b"someField" in reply.body) == (400, True)
