"""Our documents as NetSuite's records, and its records and query rows as our values; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.canonical.erp import Journal, Late, Posted, Schedule
from core.canonical.errors import Held, Refused
from core.canonical.invoices import CreditNote, Invoice, Line
from core.canonical.money import Money
from core.canonical.parties import Account
from core.canonical.versions import Version, read_versions, versions
from core.connectors.netsuite import wire
from core.connectors.netsuite.tagging import Tags
from core.connectors.netsuite.wire import Json
from core.connectors.shapes import day, drifted, number
from core.mappings.document import Document
from core.mappings.shipped import SHIPPED

SYSTEM = "netsuite"
_DAY = timedelta(days=1)
# A line of a journal has one of them.
_SIDES = ("debit", "credit")
# Numbers of the accounts that subscription revenue is recognised on, and that customers owe on.
REVENUE, RECEIVABLE = "4000", "1100"
# Numbers of the accounts of what is delivered and not yet billed, and the other way round.
UNBILLED, DEFERRED = "1150", "2100"
NO_TAGS = Tags()
# What a customer is made of, as its versions name it.
_CUSTOMER_PART = "customer"
# Reasons of a line, in the words of the mapping `erp_items`.
SALE, GOODWILL, BAD_DEBT = "sale", "goodwill", "bad_debt"
_ITEMS, _CUSTOMER = SHIPPED["erp_items"], SHIPPED["erp_customer"]


def customer(
    account: Account, currency: str, subsidiary: str, fields: Document = _CUSTOMER
) -> dict[str, Any]:
    """currency, subsidiary: internal ids; fields: the mapping `erp_customer`."""
    own = {column: getattr(account, column) for column in fields.table.shape.inputs[0].allowed}
    named = {fields.look(field=column)["erp_field"]: value or None for column, value in own.items()}
    named.pop("", None)
    made_of = str(versions({_CUSTOMER_PART: account.version}))
    return {
        **named,
        "currency": {"id": currency},
        "subsidiary": {"id": subsidiary},
        wire.VERSIONS: made_of or None,
    }


def customer_version(record: Json) -> Version:
    """What a customer was made of, UNKNOWN where it does not say; Held where somebody has written there."""
    said = str(record.get(wire.VERSIONS) or "")
    try:
        return read_versions(said).of(_CUSTOMER_PART)
    except ValueError as error:
        name = record.get("externalId")
        raise Held(
            f"{wire.VERSIONS}: customer {name} has {error}; empty the field, then it is written anew",
            owner="controller",
        ) from None


def invoice(
    document: Invoice, on: date, currency: str, tags: Tags = NO_TAGS, items: Document = _ITEMS
) -> dict[str, Any]:
    """A receivable dated `on`, one line per billing line. items: the mapping `erp_items`."""
    return {
        **_sale(document.account, document.number, on, currency, document.tax, document.lines, tags),
        "dueDate": document.due.isoformat(),
        "item": {"items": [_item(line, tags, items) for line in document.lines]},
    }


def credit_memo(
    note: CreditNote,
    on: date,
    currency: str,
    late: Late = (),
    tags: Tags = NO_TAGS,
    items: Document = _ITEMS,
) -> dict[str, Any]:
    """Applied to nothing by itself: billing keeps its notes unapplied too. Of what no bill run gave, `late`
    comes off what is deferred, by product, and the rest goes to the goodwill item."""
    if note.source == "bill_run":
        lines = [_item(line, tags, items) for line in note.lines]
    else:
        lines = _parted(note, GOODWILL, late, f"Credit on {note.invoice}", tags, items)
    return {
        **_sale(note.account, note.number, on, currency, note.tax, note.lines, tags),
        "item": {"items": lines},
    }


def write_off(
    note: CreditNote,
    late: Late,
    invoice: Posted,
    on: date,
    currency: str,
    tags: Tags = NO_TAGS,
    items: Document = _ITEMS,
) -> dict[str, Any]:
    """All of it against the invoice: `late` off what is deferred, by product, the rest bad debt."""
    lines = _parted(note, BAD_DEBT, late, f"Write-off of {invoice.key}", tags, items)
    return {
        **_sale(note.account, note.number, on, currency, note.tax, note.lines, tags),
        "item": {"items": lines},
        "apply": {"items": [application(invoice, note.total)]},
    }


def _parted(
    note: CreditNote, reason: str, late: Late, says: str, tags: Tags, items: Document
) -> list[dict[str, Any]]:
    """`late` by its products, what is left of the net on the item of the reason, which has no deferral: with
    its product where the note is about one, and it is no loss."""
    rest = note.net - Money(sum(part.amount.minor for part in late), note.net.currency)
    contracts, products = {line.subscription for line in note.lines}, {line.product for line in note.lines}
    whose = products.pop() if len(products) == 1 and reason != BAD_DEBT else ""
    parts = [
        (_named(items, reason, whose), rest, tags.sold(whose, contracts.pop() if len(contracts) == 1 else ""))
    ]
    parts += [
        (_named(items, SALE, part.product), part.amount, tags.sold(part.product, part.contract))
        for part in late
    ]
    return [
        {
            "item": {"externalId": name},
            "quantity": 1,
            "rate": amount.major,
            "amount": amount.major,
            "description": says,
            **at,
        }
        for name, amount, at in parts
        if amount
    ]


@dataclass(frozen=True, slots=True)
class Payer:
    """In whose name, and at which rate of exchange, a journal takes from receivables. id: internal."""

    id: str
    rate: Decimal


def of_payer(record: Json) -> Payer:
    """Of a customer payment as read."""
    return Payer(str(record["customer"]["id"]), _number(record.get("exchangeRate") or 1))


def journal(
    entry: Journal,
    currency: str,
    subsidiary: str,
    accounts: Mapping[str, str],
    tags: Tags = NO_TAGS,
    payer: Payer | None = None,
) -> dict[str, Any]:
    """accounts: internal ids by number."""
    lines = []
    for line in entry.lines:
        side = {"debit": line.debit.major} if line.debit else {"credit": line.credit.major}
        memo, at = line.memo or entry.memo, tags.journal(line)
        whose = {"entity": {"id": payer.id}} if payer and line.account == RECEIVABLE else {}
        lines.append({"account": {"id": accounts[line.account]}, **side, "memo": memo, **at, **whose})
    body = {
        **({"exchangeRate": payer.rate} if payer else {}),
        "tranDate": entry.on.isoformat(),
        "currency": {"id": currency},
        "subsidiary": {"id": subsidiary},
        "memo": entry.memo,
        "line": {"items": lines},
    }
    return body if entry.reverse_on is None else {**body, "reversalDate": entry.reverse_on.isoformat()}


def schedule(plan: Schedule, currency: str, tags: Tags = NO_TAGS) -> dict[str, Any]:
    """The vendor's end date is inclusive, ours is not."""
    if plan.end <= plan.start:
        raise Refused(f"schedule {plan.key}: {plan.start} to {plan.end} is no time", system=SYSTEM)
    return {
        "name": plan.key,
        "sourceDoc": plan.source,
        "startDate": plan.start.isoformat(),
        "endDate": (plan.end - _DAY).isoformat(),
        "amount": plan.amount.major,
        "currency": {"id": currency},
        **tags.plan(plan),
    }


def posted(kind: str, record: Json, currency: str) -> Posted:
    """A record as read; currency: ISO code. What stays open is known of invoices, credits and receipts."""
    names = {
        "invoice": ("total", "amountRemaining"),
        "creditMemo": ("total", "amountRemaining"),
        "customerPayment": ("payment", "unapplied"),
        "customerRefund": ("total", ""),
        "customerDeposit": ("payment", ""),
        "depositApplication": ("applied", ""),
    }
    if kind == "journalEntry":
        lines = record["line"]["items"]
        debit, credit = (sum((_number(line.get(side)) for line in lines), Decimal(0)) for side in _SIDES)
        if debit != credit:
            raise drifted(
                SYSTEM, f"line: debits of {debit} and credits of {credit} in {record['externalId']}"
            )
        total = Money.of(debit, currency)
        remaining = Money(0, currency)
    else:
        total_name, open_name = names[kind]
        total = Money.of(_number(record[total_name]), currency)
        remaining = Money.of(_number(record[open_name] if open_name else 0), currency)
    return Posted(
        id=str(record["id"]),
        key=str(record["externalId"] or ""),
        remaining=remaining,
        total=total,
        on=day(record["tranDate"], "tranDate", SYSTEM),
    )


def tax_of(record: Json, currency: str) -> Money:
    """The tax of an invoice or credit memo."""
    return Money.of(_number(record["taxTotal"]), currency)


def _sale(
    account: str, number: str, on: date, currency: str, tax: Money, lines: Iterable[Line], tags: Tags
) -> dict[str, Any]:
    return {
        "entity": {"externalId": account},
        "tranId": number,
        "tranDate": on.isoformat(),
        "currency": {"id": currency},
        "memo": next((line.subscription for line in lines if line.subscription), ""),
        "taxTotal": tax.major,
        **tags.heading(),
    }


def _named(items: Document, reason: str, product: str) -> str:
    return items.look(reason=reason, product=product)["item"]


def _item(line: Line, tags: Tags, items: Document) -> dict[str, Any]:
    return {
        "item": {"externalId": _named(items, SALE, line.product)},
        "quantity": 1,
        "rate": line.net.major,
        "amount": line.net.major,
        "description": line.description,
        **tags.sold(line.product, line.subscription),
    }


def application(document: Posted, amount: Money) -> dict[str, Any]:
    """A line of what a document is put against."""
    return {"doc": {"id": document.id}, "apply": True, "amount": amount.major}


def _number(value: object) -> Decimal:
    return number(value, "amount", SYSTEM)
