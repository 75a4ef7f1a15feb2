"""What the core's connectors rely on, recorded in a small story and put to changed mocks."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from scenarios.contracts.asked import read_change
from scenarios.contracts.blast import radii
from scenarios.contracts.checking import Answer, Contracts
from scenarios.contracts.deeds import PLAIN, SMALL
from scenarios.contracts.pact import SYSTEM_OF
from scenarios.contracts.recording import record
from scenarios.contracts.redriving import Result
from scenarios.contracts.telling import answer_lines, as_json, blast_lines, loud, survey_lines
from simulators.roster import VENDORS

FLOW = "invoice_to_ledger / post_receivable"


@cache
def contracts() -> Contracts:
    """Recorded once: what happens to one customer in three weeks."""
    return Contracts(record(SMALL, ["orchestrated"]), list(VENDORS))


def answer(text: str) -> Answer:
    wanted = read_change(text)
    return contracts().answer(wanted.system, wanted.change)


def test_every_contract_holds_at_a_vendor_that_has_not_changed() -> None:
    found = contracts()
    assert [each.sample.name for each in found.lapsed()] == []
    assert {each.sample.system for each in found.all} == set(SYSTEM_OF.values())
    names = {each.sample.name for each in found.all}
    assert {"erp.post_invoice", "billing.place", "payments.ask", "tax.assess_invoice", "crm.order"} <= names


@pytest.mark.parametrize(
    ("change", "operation", "says"),
    [
        ("netsuite.invoice.tranDate:renamed=postingDate", "erp.post_invoice", "tranDate"),
        ("netsuite.invoice.total:removed", "erp.invoice", "total: is not in netsuite's answer"),
        ("netsuite.invoice.location:mandatory", "erp.post_invoice", "location"),
        ("salesforce.Account.Email__c:renamed=Mail__c", "crm.account", "Email__c"),
        ("salesforce.SBQQ__Quote__c.SBQQ__Status__c:removed", "crm.order", "SBQQ__Status__c"),
        ("zuora.invoices.amountWithoutTax:renamed=net", "billing.invoice", "amountWithoutTax"),
        ("zuora.invoices.status:extended=Contested", "billing.invoice", "'Contested'"),
        ("zuora.create_order.category:mandatory", "billing.place", "category"),
        ("stripe.payment_intents.amount:renamed=total", "payments.ask", "amount"),
        ("stripe.refunds.status:extended=disputed", "payments.refund", "'disputed'"),
        ("stripe.refunds.currency:extended=xyz", "payments.refund", "'xyz'"),
        ("stripe.list_charges.data.status:extended=odd", "payments.request", "'odd'"),
        ("zuora.list_invoice_items.invoiceItems.id:extended=odd", "billing.credit_for_refund", "its items"),
        ("salesforce.Account.SystemModstamp:extended=soon", "crm.account", "'soon'"),
        ("salesforce.Opportunity.SystemModstamp:extended=soon", "crm.activate", "'soon'"),
        ("stripe.customers.tax_exempt:mandatory", "payments.open_customer", "tax_exempt"),
        ("avatax.transactions.totalTax:renamed=taxTotal", "tax.assess_invoice", "totalTax"),
        ("avatax.transactions.lines.details:removed", "tax.assess_invoice", "details"),
    ],
)
def test_a_breaking_change_is_held_and_named(change: str, operation: str, says: str) -> None:
    found = {each.operation: each for each in answer(change).broken}
    broken = found[operation]
    assert broken.result is Result.HELD, broken
    assert says in broken.why
    assert broken.owner == "integration"
    assert "orchestrated" in broken.models
    assert broken.flows


def test_an_unknown_state_of_a_payment_is_asked_again_and_not_guessed() -> None:
    """It may be a passing one; after days it is held."""
    found = answer("stripe.payment_intents.status:extended=pondering")
    assert {each.result for each in found.broken} <= {Result.HELD, Result.PASSING}
    assert any("'pondering'" in each.why for each in found.broken)


@pytest.mark.parametrize(
    "change",
    [
        "netsuite.invoice.shipComplete:added=true",
        "stripe.customers.loyalty:added",
        "zuora.invoices.amount:retyped",
        "avatax.transactions.totalTax:retyped",
        "salesforce.Account.NumberOfEmployees:removed",
    ],
)
def test_what_a_connector_need_not_mind_breaks_nothing(change: str) -> None:
    assert answer(change).broken == ()


def test_a_change_tells_the_flows_and_steps_that_it_breaks() -> None:
    broken = {each.operation: each for each in answer("netsuite.invoice.tranDate:removed").broken}
    assert FLOW in broken["erp.post_invoice"].flows
    assert broken["erp.post_invoice"].owners == ("accounts receivable", "integration")
    lines = list(answer_lines(answer("netsuite.invoice.tranDate:removed")))
    assert any(FLOW in line for line in lines)
    told = as_json([answer("netsuite.invoice.tranDate:removed")])[0]
    assert told["worst"] == "held"


def test_a_misspelt_field_says_that_nothing_met_it() -> None:
    found = answer("netsuite.customer.compannyName")
    assert (found.met, found.broken) == (0, ())
    assert "is the name right" in next(iter(answer_lines(found)))


def test_a_survey_of_the_tax_engine_finds_nothing_that_passes_silently() -> None:
    """Law I-44: each field that the connector names is renamed in turn."""
    from simulators.kit.schema import Kind

    found = contracts().survey("avatax", Kind.RENAMED)
    assert len(found) > 50
    assert [str(each) for each in found if not loud(each)] == []
    assert sum(each.worst is Result.HELD for each in found) > 10
    assert next(iter(survey_lines(found))).startswith("system")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("oracle.customer.name", "no system"),
        ("netsuite.customer", "SYSTEM.RECORD.FIELD"),
        ("netsuite.custommer.name", "customer"),
        ("netsuite.customer.name:vanished", "vanished"),
        ("netsuite.customer.na me", "field"),
    ],
)
def test_a_change_that_makes_no_sense_is_named(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_change(text)


def test_the_blast_radius_is_counted_by_model() -> None:
    wanted = read_change("netsuite.customer.companyName")
    found = {radius.model: radius for radius in radii(wanted, ["direct", "orchestrated"], PLAIN)}
    for radius in found.values():
        assert "netsuite upsert_customer" in radius.mappings
        assert radius.transactions
        assert radius.missing > 0
    assert found["orchestrated"].held > 0
    assert found["direct"].held == 0
    lines: list[Any] = list(blast_lines(str(wanted), list(found.values())))
    assert len(lines) == 6
