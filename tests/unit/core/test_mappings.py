"""Mappings as data: what a file must be, what a table says, and that the connectors say it too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.canonical.invoices import CreditNote, Invoice, Line
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind, OrderLine
from core.canonical.parties import Account, Address
from core.connectivity.flows import FLOWS
from core.connectors.avatax import mapping as avatax
from core.connectors.netsuite import mapping as netsuite
from core.connectors.netsuite.wire import VERSIONS
from core.connectors.salesforce import mapping as salesforce
from core.connectors.stripe import mapping as stripe
from core.connectors.zuora import mapping as zuora
from core.connectors.zuora.ordering import Plan, new_order
from core.mappings.document import BadMapping, Document, read_document
from core.mappings.shapes import SHAPES
from core.mappings.shipped import SHIPPED, Mappings, shipped_text
from core.mappings.table import ANY, Column, Row, Shape, Table

ON = date(2026, 1, 15)
_CONTACT = ("workEmail", "address1", "city", "state", "zipCode", "country")
MIRROR = {
    "Invoice_Number__c": "INV1",
    "Status__c": "Settled",
    "Balance__c": 1.0,
    "CurrencyIsoCode": "USD",
    "SystemModstamp": "2026-01-01T00:00:00.000+0000",
}
ZUORA_ACCOUNT = {
    "basicInfo": {"accountNumber": "A-ACC-1", "crmId": "001", "name": "Acme", "PaymentCustomer__c": None},
    "billToContact": dict.fromkeys(_CONTACT, "x"),
    "billingAndPayment": {"currency": "USD", "paymentTerm": "Net 0"},
}

ACCOUNT = Account("ACC-1", "001", "Acme", "a@b.test", "USD", Address("", "", "WA", "98101", "US"), "card")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


LINE = Line("l1", "S-1", "SEAT", "Seats", usd(4_000), usd(0), ON, date(2026, 2, 15))
INVOICE = Invoice("i", "INV1", "ACC-1", "posted", ON, ON, usd(4_000), usd(0), usd(4_000), usd(4_000), (LINE,))
CREDIT = CreditNote(
    "c", "CM1", "ACC-1", "INV1", "adjustment", "posted", ON, usd(4_000), usd(0), usd(4_000), usd(0), (LINE,)
)


def edited(name: str, *changes: tuple[str, str]) -> Document:
    """The shipped file with texts replaced, each of which must be there."""
    text = shipped_text(name).decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return read_document(text.encode(), f"{name}.toml")


def quote(
    maps: Mappings, product: str = "SEAT", frequency: str = "Annual", kind: str = "New Business"
) -> Order:
    opportunity = {
        "External_Id__c": "OPP-1", "IsWon": True, "Type": "New Business", "CurrencyIsoCode": "USD",
        "CloseDate": "2026-01-31", "Account": {"External_Id__c": "ACC-1"},
    }  # fmt: skip
    row = {
        "SBQQ__ProductCode__c": product, "SBQQ__Quantity__c": 2, "SBQQ__PriorQuantity__c": 0,
        "SBQQ__NetPrice__c": 10, "SBQQ__BillingFrequency__c": frequency,
    }  # fmt: skip
    return salesforce.order(opportunity, {"SBQQ__Status__c": "Accepted"}, [row], maps)


def period(maps: Mappings) -> object:
    line = OrderLine("SEAT", 2, 0, usd(1_000), 12)
    order = Order("OPP-1", OrderKind.NEW, "ACC-1", "", "USD", ON, date(2027, 1, 15), (line,))
    body = new_order(order, {"SEAT": Plan("rp", "c")}, maps["billing_periods"])
    create = body["subscriptions"][0]["orderActions"][0]["createSubscription"]
    return create["subscribeToRatePlans"][0]["chargeOverrides"][0]["billing"]


def items(body: dict[str, Any]) -> list[str]:
    return [line["item"]["externalId"] for line in body["item"]["items"]]


# Of each mapping: a change of its file, what then is another on the wire, what was and what is.
CHANGES: dict[str, tuple[tuple[tuple[str, str], ...], Callable[[Mappings], object], object, object]] = {
    "order_kinds": (
        (('"Renewal"', '"Prolongation"'),),
        lambda maps: (
            salesforce.won_quote(
                {"Type": "Prolongation", "SystemModstamp": "2026-01-01T00:00:00Z"}, maps
            ).kind
        ),
        "",
        "renewal",
    ),
    "billing_frequencies": (
        (("months = 12", "months = 24"),),
        lambda maps: quote(maps).lines[0].months,
        12,
        24,
    ),
    "billing_periods": (
        (('"Annual"', '"Two_Years"'),),
        period,
        {"billingPeriod": "Annual"},
        {"billingPeriod": "Two_Years"},
    ),
    "crm_products": (
        (('sku = "=product"', 'sku = "SEAT-2026"'), ('sku = "SEAT"', 'sku = "SEAT-2026"')),
        lambda maps: quote(maps).lines[0].product,
        "SEAT",
        "SEAT-2026",
    ),
    "crm_payment_terms": (
        (('"Net 30"', '"Direct Debit"'), ('"Card"', '"Net 30"')),
        lambda maps: salesforce.account({"Payment_Terms__c": "Net 30"}, maps).pays_by,
        "invoice",
        "card",
    ),
    "billing_payment_terms": (
        (("Due Upon Receipt", "Net 0"),),
        lambda maps: (
            zuora.new_account(ACCOUNT, "cus_1", maps)["paymentTerm"],
            zuora.account(ZUORA_ACCOUNT, maps).pays_by,
        ),
        ("Due Upon Receipt", "invoice"),
        ("Net 0", "card"),
    ),
    "crm_statuses": (
        (('shown = "Paid"', 'shown = "Settled"'), ('shown = "Activated"', 'shown = "Live"')),
        lambda maps: (
            salesforce.mirror(ACCOUNT, "Paid", usd(1), usd(0), maps)["Status__c"],
            salesforce.mirrored(MIRROR, maps).status,
            salesforce.activation(quote(maps), maps)["Billing_Status__c"],
        ),
        ("Paid", "Settled", "Activated"),
        ("Settled", "Paid", "Live"),
    ),
    "tax_codes": (
        (("SW052000", "SW053000"),),
        lambda maps: avatax.invoice(INVOICE, ACCOUNT, "DEFAULT", maps["tax_codes"])["lines"][0]["taxCode"],
        "SW052000",
        "SW053000",
    ),
    "erp_items": (
        (('"GOODWILL"', '"GOODWILL-EU"'), ('"=product"', '"SOLD"'), ('item = "SEAT"', 'item = "SOLD"')),
        lambda maps: (
            items(netsuite.invoice(INVOICE, ON, "1", items=maps["erp_items"])),
            items(netsuite.credit_memo(CREDIT, ON, "1", items=maps["erp_items"])),
        ),
        (["SEAT"], ["GOODWILL"]),
        (["SOLD"], ["GOODWILL-EU"]),
    ),
    "erp_customer": (
        (('erp_field = "email"', 'erp_field = "custentity_billing_email"'),),
        lambda maps: sorted(netsuite.customer(ACCOUNT, "1", "2", maps["erp_customer"]).keys() - {VERSIONS}),
        ["companyName", "currency", "email", "entityId", "subsidiary"],
        ["companyName", "currency", "custentity_billing_email", "entityId", "subsidiary"],
    ),
    "payment_methods": (
        (("card,us_bank_account", "us_bank_account"),),
        lambda maps: stripe.new_intent(INVOICE, "cus_1", "", maps["payment_methods"])["payment_method_types"],
        ["card", "us_bank_account"],
        ["us_bank_account"],
    ),
}


def test_every_mapping_has_a_change_here_and_names_flows_that_there_are() -> None:
    assert set(CHANGES) == set(SHAPES) == set(SHIPPED.documents)
    for document in SHIPPED.documents.values():
        assert set(document.flows) <= set(FLOWS)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_changing_the_file_changes_the_wire(name: str) -> None:
    changes, look, before, after = CHANGES[name]
    assert look(SHIPPED) == before
    assert look(SHIPPED.with_these([edited(name, *changes)])) == after


def test_what_no_row_fits_is_held_for_the_owner() -> None:
    only_seats = _only_us()
    abroad = replace(ACCOUNT, address=replace(ACCOUNT.address, country="DE"))
    with pytest.raises(Held) as held:
        avatax.invoice(INVOICE, abroad, "DEFAULT", only_seats)
    assert held.value.owner == "tax"
    assert "product 'SEAT', country 'DE': no row fits; add one and promote it" in held.value.detail
    assert "tax_codes@1" in held.value.detail


def _only_us() -> Document:
    like = SHIPPED["tax_codes"]
    return replace(like, table=replace(like.table, rows=(Row(("SEAT", "US"), ("SW052000",)),)))


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (
            "tax_codes",
            'name = "tax_codes"',
            'name = "tax_kodes"',
            "name: 'tax_kodes': there is no such mapping",
        ),
        ("tax_codes", "version = 1", "version = 0", "version: 0: a whole number from 1"),
        ("tax_codes", "version = 1", "version = true", "version: True: a whole number"),
        ("tax_codes", 'owner = "tax"', 'owner = ""', "owner: '': a text on one line is needed"),
        ("tax_codes", 'author = "Tieout"', "", "author: None: a text on one line is needed"),
        (
            "tax_codes",
            "version = 1",
            "version = 1\nlive = true",
            "live: True: unknown; there are: name, version",
        ),
        ("tax_codes", '"refund_to_ledger",', "", "refund_to_ledger goes through it too"),
        ("tax_codes", 'then = { tax_code = "SW052000" }', 'then = { code = "SW052000" }', "row 1.then"),
        (
            "tax_codes",
            'then = { tax_code = "SW052000" }',
            'then = { tax_code = "" }',
            "row 1.then.tax_code: ''",
        ),
        (
            "tax_codes",
            'then = { tax_code = "SW052000" }',
            "then = { tax_code = 1.5 }",
            "row 1.then.tax_code: 1.5",
        ),
        (
            "tax_codes",
            'then = { tax_code = "SW052000" }',
            'then = { tax_code = "=region" }',
            "an input's name",
        ),
        ("tax_codes", 'expect = { tax_code = "SW052000" }', 'expect = { tax_code = "NT" }', "test 1: "),
        ("tax_codes", "version = 1", "version = = 1", "line 2"),
        ("crm_payment_terms", '"*"', '"Card"', "row 2.when: ('Card',): never reached, row 1 takes all of it"),
        (
            "crm_payment_terms",
            'then = { pays_by = "card" }',
            'then = { pays_by = "cash" }',
            "not one of card, invoice",
        ),
        (
            "crm_statuses",
            '"Refunded" }\nthen = { shown = "Refunded" }',
            '"Refunded" }\nthen = { shown = "Paid" }',
            "row 4.then: ('Paid',): row 3 says the same",
        ),
        ("crm_statuses", 'status = "Withdrawn"', 'status = "Paid"', "the core asks for it; add one"),
        ("billing_payment_terms", '"card" }', '"*" }', "no wildcard"),
        ("erp_customer", "companyName", "altName", "row: 'companyName': no row gives it"),
        (
            "payment_methods",
            'given = { currency = "USD" }\nexpect = { methods = "card,us_bank_account" }',
            'given = { currency = "GBP" }\nexpect = { methods = "card" }',
            "row 1: ('USD',): no test shows it",
        ),
        ("order_kinds", "held = true", "held = false", "give either expect"),
    ],
)
def test_a_bad_file_is_refused_by_file_field_value_and_remedy(
    name: str, old: str, new: str, says: str
) -> None:
    with pytest.raises(BadMapping) as refused:
        edited(name, (old, new))
    assert str(refused.value).startswith(f"{name}.toml: ")
    assert says in str(refused.value)


CELLS = st.sampled_from(["a", "b", "c", ANY])
ROWS = st.lists(st.builds(Row, st.tuples(CELLS, CELLS), st.tuples(st.sampled_from("xyz"))), max_size=6)


@settings(max_examples=60)
@given(ROWS, st.sampled_from("abcd"), st.sampled_from("abcd"))
def test_the_first_row_that_fits_says_it(rows: list[Row], one: str, other: str) -> None:
    shape = Shape("s", (Column("p"), Column("q")), (Column("r"),), ())
    fitting = [row for row in rows if row.when[0] in (ANY, one) and row.when[1] in (ANY, other)]
    found = Table(shape, tuple(rows)).find(p=one, q=other)
    assert found == ({"r": fitting[0].then[0]} if fitting else None)


@pytest.mark.parametrize("name", sorted(name for name, shape in SHAPES.items() if shape.apart))
def test_what_is_read_backwards_comes_back(name: str) -> None:
    table = SHIPPED[name].table
    (output,) = (column.name for column in table.shape.outputs)
    for row in table.rows:
        names = [column.name for column in table.shape.inputs]
        asked = dict(zip(names, row.when, strict=True))
        assert table.back(output, row.then[0], **dict(list(asked.items())[:-1])) == asked


@pytest.mark.parametrize("name", ["order_kinds", "billing_frequencies", "billing_periods"])
def test_what_nobody_has_named_must_not_be_guessed(name: str) -> None:
    first = shipped_text(name).decode().split("[[row]]")[1]
    when = first.strip().splitlines()[0]
    column = SHAPES[name].inputs[0].name
    default = "[[row]]" + first.replace(when, f'when = {{ {column} = "*" }}') + "[[test]]"
    text = shipped_text(name).decode().replace("[[test]]", default, 1)
    with pytest.raises(BadMapping, match=r"row \d+.when: .*what no row names is held"):
        read_document(text.encode(), "new.toml")
