"""Zuora's documents, accounts and registers as our values; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from core.canonical.invoices import CreditNote, Invoice, Line
from core.canonical.money import Money
from core.canonical.parties import Account, Address, Shown
from core.canonical.versions import of_second, versions
from core.connectors.shapes import day, moment, money, number, one_of
from core.connectors.zuora import wire
from core.connectors.zuora.wire import Json
from core.connectors.zuora.words import standing_of
from core.mappings.shipped import SHIPPED, Mappings
from core.ports.billing import Draft, Row, SubscriptionRow

_DAY = timedelta(days=1)
SYSTEM = "zuora"
# What is asked of an invoice: all that `invoice` reads.
INVOICE_FIELDS = (
    "id", "accountId", "invoiceNumber", "invoiceDate", "dueDate", "amountWithoutTax", "taxAmount", "amount",
    "balance", "currency", "status", "reversed", "updatedDate",
)  # fmt: skip


def account_number(key: str) -> str:
    """Billing's number of a customer key."""
    return f"A-{key}"


def new_account(account: Account, payment_customer: str, maps: Mappings = SHIPPED) -> dict[str, Any]:
    """Body of POST /v1/accounts. A contact needs two names; a company has one."""
    address = account.address
    contact = {
        "firstName": "Accounts Payable",
        "lastName": account.name[:100],
        "address1": address.line1,
        "city": address.city,
        "state": address.region,
        "zipCode": address.postal_code,
        "country": address.country,
        "workEmail": account.email,
    }
    tax = {"taxInfo": {"VATId": account.vat_number}} if account.vat_number else {}
    made_of = str(versions({"customer": account.version}))
    # Only a tenant with Multi-Org has org units.
    unit = {"organizationLabel": account.entity} if account.entity else {}
    return {
        "accountNumber": account_number(account.key),
        "name": account.name,
        "currency": account.currency,
        "crmId": account.crm_id,
        "billCycleDay": 1,
        "autoPay": False,
        "paymentTerm": maps["billing_payment_terms"].look(pays_by=account.pays_by)["term"],
        "billToContact": {name: value for name, value in contact.items() if value},
        "CrmAccount__c": account.key,
        "PaymentCustomer__c": payment_customer,
        **({"SourceVersion__c": made_of} if made_of else {}),
        **({"Segment__c": account.segment} if account.segment else {}),
        **tax,
        **unit,
    }


def account(body: Json, maps: Mappings = SHIPPED) -> Account:
    """GET /v1/accounts/{key}; custom fields stand among the basic information. A payment term that no row
    says was agreed by hand: such a customer is asked by invoice."""
    basic, contact = body["basicInfo"] or {}, body["billToContact"] or {}
    billing = body["billingAndPayment"] or {}
    custom = {**body, **basic}
    terms = maps["billing_payment_terms"].table.back("term", _text(billing, "paymentTerm"))
    return Account(
        key=_may(custom, "CrmAccount__c") or _key(_text(basic, "accountNumber")),
        crm_id=_text(basic, "crmId"),
        name=_text(basic, "name"),
        email=_text(contact, "workEmail"),
        currency=_text(billing, "currency"),
        address=Address(
            line1=_text(contact, "address1"),
            city=_text(contact, "city"),
            region=_text(contact, "state"),
            postal_code=_text(contact, "zipCode"),
            country=_text(contact, "country"),
        ),
        pays_by=terms["pays_by"] if terms else "invoice",
        payment_customer=_text(basic if "PaymentCustomer__c" in basic else body, "PaymentCustomer__c"),
        vat_number=_may(body.get("taxInfo") or {}, "VATId"),
        segment=_may(custom, "Segment__c"),
        entity=_may(basic, "organizationLabel"),
    )


# What is asked of an account where all are compared; the bill-to address is a record of its own.
SHOWN_FIELDS = ("id", "accountNumber", "name", "currency", "CrmAccount__c", "updatedDate")


def shown(row: Json) -> Shown:
    """An object query's account."""
    return Shown(
        key=_may(row, "CrmAccount__c") or _key(_text(row, "accountNumber")),
        name=_text(row, "name"),
        currency=_text(row, "currency"),
        email="",
        changed_at=_moment(_text(row, "updatedDate")),
    )


def invoice(row: Json, items: Iterable[Json], asked_us: int) -> Invoice:
    """An object query's invoice with its account expanded. asked_us: when it was asked for, microseconds:
    billing counts no versions, and tells whole seconds."""
    currency = str(row["currency"])
    return Invoice(
        id=str(row["id"]),
        number=_text(row, "invoiceNumber"),
        account=owner(row),
        status=_status(row),
        on=_date(row["invoiceDate"]),
        due=_date(row["dueDate"] or row["invoiceDate"]),
        net=_money(row, "amountWithoutTax", currency),
        tax=_money(row, "taxAmount", currency),
        total=_money(row, "amount", currency),
        balance=_money(row, "balance", currency),
        lines=tuple(line(item, currency) for item in items),
        version=of_second(_moment(_text(row, "updatedDate")), asked_us),
    )


def draft(row: Json, items: Iterable[Json]) -> Draft:
    """A draft document and the subscriptions that its items are for."""
    named = (_either(item, "subscriptionName", "subscriptionNumber") for item in items)
    return Draft(_text(row, "id"), tuple(sorted({number for number in named if number})))


def line(item: Json, currency: str) -> Line:
    """An invoice item; its service end is inclusive, ours is not."""
    on = _date(item["serviceStartDate"])
    return Line(
        id=str(item["id"]),
        subscription=_either(item, "subscriptionName", "subscriptionNumber"),
        product=_either(item, "sku", "sKU"),
        description=_may(item, "description") or _text(item, "chargeName"),
        net=_money(item, "chargeAmount", currency),
        tax=_money(item, "taxAmount", currency),
        start=on,
        end=_date(item["serviceEndDate"] or on.isoformat()) + _DAY,
        metered=_metered(item),
        once=_once(item),
    )


def credit_note(row: Json, items: Iterable[Json], of_invoice: str) -> CreditNote:
    """An object query's memo with its account expanded; of_invoice: number of the invoice or ""."""
    currency = str(row["currency"])
    return CreditNote(
        id=str(row["id"]),
        number=_text(row, "memoNumber"),
        account=owner(row),
        invoice=of_invoice,
        source=_source(row),
        status=_status(row),
        on=_date(row["memoDate"]),
        net=_money(row, "totalAmountWithoutTax", currency),
        tax=_money(row, "taxAmount", currency),
        total=_money(row, "totalAmount", currency),
        unapplied=_money(row, "balance", currency),
        lines=tuple(note_line(item, currency) for item in items),
    )


def note_line(item: Json, currency: str) -> Line:
    """A credit memo item of an object query (with taxAmount) or of v1 (with taxation items)."""
    amounts = [item["taxAmount"]] if "taxAmount" in item else [row["taxAmount"] for row in taxes(item)]
    on = _date(item["serviceStartDate"])
    return Line(
        id=str(item["id"]),
        subscription=_either(item, "subscriptionNumber", "subscriptionName"),
        product=_text(item, "sku"),
        description=_may(item, "description") or _may(item, "skuName"),
        net=_money(item, "amountWithoutTax" if "amountWithoutTax" in item else "amount", currency),
        tax=Money.of(sum((_number(tax) for tax in amounts), Decimal(0)), currency),
        start=on,
        end=_date(item["serviceEndDate"] or on.isoformat()) + _DAY,
        metered=_metered(item),
        once=_once(item),
    )


def taxes(item: Json) -> Sequence[Json]:
    """Of an item of v1, which calls them by one of two names."""
    if "creditTaxItems" in item:
        return item["creditTaxItems"] or ()
    return [] if (held := item["taxationItems"]) is None else held["data"] or ()


def register_row(row: Json, number: str, total: str, still_open: str) -> Row:
    """A row of an object query with the account expanded; number, total, still_open: its field names.

    reference: the source of a credit note.
    """
    currency = str(row["currency"])
    return Row(
        id=str(row["id"]),
        number=_text(row, number),
        account=owner(row),
        status=_status(row),
        total=_money(row, total, currency),
        open=_money(row, still_open, currency),
        changed_at=_moment(_text(row, "updatedDate")),
        reference=_source(row) if number == "memoNumber" else "",
    )


def subscription_row(row: Json) -> SubscriptionRow:
    """A row of an object query with the account expanded."""
    return SubscriptionRow(
        _text(row, "name"), owner(row), standing_of(row), _moment(_text(row, "updatedDate"))
    )


def stamp(moment: datetime) -> str:
    """A moment as filters want it; whole seconds, rounded down so that nothing is missed."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _metered(item: Json) -> bool:
    # v1 tells the type of the charge, an object query only its unit.
    if kind := _may(item, "chargeType"):
        return kind == wire.USAGE
    return _unit(item) not in ("", wire.SEATS, wire.PIECES)


def _once(item: Json) -> bool:
    return _may(item, "chargeType") == wire.ONCE or _unit(item) == wire.PIECES


def _unit(item: Json) -> str:
    return _either(item, "uOM", "unitOfMeasure")


def _source(row: Json) -> str:
    if _text(row, "comments").startswith(wire.WRITE_OFF_COMMENT):
        return "write_off"
    if _text(row, "comments").startswith(wire.REFUND_COMMENT):
        return "refund"
    # Made out of an invoice by a person; a bill run's comes out of subscriptions.
    return "adjustment" if _text(row, "sourceType") == "Invoice" else "bill_run"


def _status(row: Json) -> str:
    # A reversed document keeps the status Posted and carries a flag.
    return "reversed" if row.get("reversed") is True else one_of(row["status"], wire.STATUS, "status", SYSTEM)


def _moment(text: str) -> datetime:
    return moment(text, "updatedDate", SYSTEM)


def owner(row: Json) -> str:
    return _key(_text(row["account"] or {}, "accountNumber"))


def _key(number: str) -> str:
    return number.removeprefix("A-")


def _text(row: Json, name: str) -> str:
    """Of a member that every such answer has."""
    value = row[name]
    return "" if value is None else str(value)


def _may(row: Json, name: str) -> str:
    """Of a member that there may be: a tenant's own field, what another kind of answer calls otherwise."""
    value = row.get(name)
    return "" if value is None else str(value)


def _either(row: Json, *names: str) -> str:
    """Of a member whose name depends on the kind of answer; one of them is there."""
    return _text(row, next((name for name in names if name in row), names[0]))


def _number(value: object) -> Decimal:
    return number(value, "amount", SYSTEM)


def _money(row: Json, name: str, currency: str) -> Money:
    return money(row[name], currency, name, SYSTEM)


def _date(value: object) -> date:
    return day(value, "date", SYSTEM)
