"""Accounts, opportunities with their quotes, and mirrored invoices as our values; pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.canonical.errors import Held, Refused
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind, OrderLine
from core.canonical.parties import Account, Address, Shown
from core.canonical.versions import UNKNOWN, Version, Versions, of_second, read_versions
from core.connectors.salesforce import wire
from core.connectors.salesforce.judge import SYSTEM
from core.connectors.salesforce.wire import Json
from core.connectors.shapes import day, moment
from core.mappings.shipped import SHIPPED, Mappings
from core.ports.crm import Mirrored, WonQuote


def account(row: Json, maps: Mappings = SHIPPED, asked_us: int = 0) -> Account:
    """A row of `select_account`. asked_us: when it was asked for, microseconds, as the CRM tells seconds."""
    return Account(
        key=_text(row, "External_Id__c"),
        crm_id=_text(row, "Id"),
        name=_text(row, "Name"),
        email=_text(row, "Email__c"),
        currency=_text(row, "CurrencyIsoCode"),
        address=Address(
            line1=_text(row, "BillingStreet"),
            city=_text(row, "BillingCity"),
            region=_text(row, "BillingState"),
            postal_code=_text(row, "BillingPostalCode"),
            country=_text(row, "BillingCountry"),
        ),
        pays_by=maps["crm_payment_terms"].look(terms=_text(row, "Payment_Terms__c"))["pays_by"],
        payment_customer=_text(row, "Stripe_Customer__c"),
        vat_number=_text(row, "VAT_Number__c"),
        entity=_text(row, "Legal_Entity__c"),
        segment=_text(row, "Segment__c"),
        version=_version(row, asked_us),
    )


def _version(row: Json, asked_us: int) -> Version:
    return of_second(changed_at(row), asked_us) if _text(row, "SystemModstamp") else UNKNOWN


def shown(row: Json) -> Shown:
    """A row of `SELECT_ACCOUNTS`."""
    return Shown(
        key=_text(row, "External_Id__c"),
        name=_text(row, "Name"),
        currency=_text(row, "CurrencyIsoCode"),
        email=_text(row, "Email__c"),
        changed_at=changed_at(row),
    )


def order(opportunity: Json, quote: Json | None, lines: Sequence[Json], maps: Mappings = SHIPPED) -> Order:
    """Refused where the opportunity is not won, its quote not accepted, or a line makes no sense.

    quote: the primary one, None where there is none, as with a cancellation.
    """
    name = _text(opportunity, "External_Id__c") or _text(opportunity, "Id")
    if opportunity.get("IsWon") is not True:
        raise _refused(name, f"is {_text(opportunity, 'StageName')}, not {wire.WON}")
    if quote is not None and _text(quote, "SBQQ__Status__c") != wire.ACCEPTED:
        raise _refused(name, f"has a primary quote that is {_text(quote, 'SBQQ__Status__c')}")
    key, owner = _text(opportunity, "External_Id__c"), opportunity.get("Account") or {}
    if not key or not _text(owner, "External_Id__c"):
        raise _refused(name, "lacks its external key, or its account lacks one")
    currency = _text(opportunity, "CurrencyIsoCode")
    agreed = quote or {}
    start = _text(opportunity, "Service_Start__c") or _text(agreed, "SBQQ__StartDate__c")
    return Order(
        key=key,
        kind=_kind(opportunity, name, maps),
        account=_text(owner, "External_Id__c"),
        original=_text(opportunity, "Original_Opportunity__c"),
        currency=currency,
        start=day(start or _text(opportunity, "CloseDate"), "Service_Start__c", SYSTEM),
        end=_day(_text(opportunity, "Service_End__c")),
        lines=tuple(_line(each, currency, name, maps) for each in lines),
    )


def opportunity_of(line: Json) -> Json:
    """Of a row of `select_bundles`."""
    found: Json = line["SBQQ__Quote__r"]["SBQQ__Opportunity2__r"]
    return found


def bundle(rows: Sequence[Json], maps: Mappings = SHIPPED) -> Order | Held:
    """Rows of `select_bundles` of one opportunity; or why they make no order."""
    try:
        return order(opportunity_of(rows[0]), rows[0]["SBQQ__Quote__r"], rows, maps)
    except Held as held:
        return held
    except Refused as refused:
        return Held(refused.detail, owner="sales operations")


def won_quote(row: Json, maps: Mappings = SHIPPED) -> WonQuote:
    """A row of `select_won`; kind: "" where no row of `order_kinds` fits."""
    kind = maps["order_kinds"].table.find(type=_text(row, "Type"))
    return WonQuote(
        id=_text(row, "Id"),
        key=_text(row, "External_Id__c"),
        account=_text(row.get("Account") or {}, "External_Id__c"),
        kind=kind["kind"] if kind else "",
        subscription=_text(row, "Subscription_Number__c"),
        status=_read_status(maps, "deal", _text(row, "Billing_Status__c")),
        changed_at=changed_at(row),
    )


def changed_at(row: Json) -> datetime:
    """When a record was last changed, by anybody."""
    return moment(_text(row, "SystemModstamp"), "SystemModstamp", SYSTEM)


def deal_status(row: Json, maps: Mappings = SHIPPED) -> str:
    """Of a row of `select_deal_status`."""
    return _read_status(maps, "deal", _text(row, "Billing_Status__c"))


def activation(order: Order, maps: Mappings = SHIPPED) -> dict[str, Any]:
    """What is written back to the opportunity."""
    return {"Subscription_Number__c": order.subscription, **_deal(maps, wire.ACTIVATED)}


def withdrawal(maps: Mappings = SHIPPED) -> dict[str, Any]:
    """What is written back to the opportunity of an order that was taken back."""
    return _deal(maps, wire.WITHDRAWN)


def mirror(
    account: Account, status: str, total: Money, balance: Money, maps: Mappings = SHIPPED
) -> dict[str, Any]:
    """The fields of a mirrored invoice, but for its number."""
    return {
        "Account__r": {"External_Id__c": account.key},
        "Status__c": maps["crm_statuses"].look(about="invoice", status=status)["shown"],
        "Total__c": total.major,
        "Balance__c": balance.major,
        "CurrencyIsoCode": total.currency,
    }


def mirrored(row: Json, maps: Mappings = SHIPPED) -> Mirrored:
    """A row of `select_mirror`."""
    balance = _money(
        row.get("Balance__c") or 0, _text(row, "CurrencyIsoCode"), _text(row, "Invoice_Number__c")
    )
    return Mirrored(
        _text(row, "Invoice_Number__c"),
        _read_status(maps, "invoice", _text(row, "Status__c")),
        balance,
        _text(row, "Id"),
        changed_at(row).isoformat(),
        made_of(row, _text(row, "Invoice_Number__c")),
    )


def made_of(row: Json, name: str) -> Versions:
    """What a copy in the CRM was made of; Held where somebody has written there."""
    try:
        return read_versions(_text(row, wire.VERSIONS))
    except ValueError as error:
        raise _held(name, f"has {wire.VERSIONS} {error}; empty the field, then it is written anew") from None


def _deal(maps: Mappings, status: str) -> dict[str, Any]:
    return {"Billing_Status__c": maps["crm_statuses"].look(about="deal", status=status)["shown"]}


def _read_status(maps: Mappings, about: str, shown: str) -> str:
    """What a status in the CRM stands for; what no row shows was written under another version or by hand."""
    found = maps["crm_statuses"].table.back("shown", shown, about=about)
    return found["status"] if found else shown


def _kind(opportunity: Json, name: str, maps: Mappings) -> OrderKind:
    found = maps["order_kinds"].table.find(type=_text(opportunity, "Type"))
    if found is None:
        raise _refused(name, f"is of the unknown type {_text(opportunity, 'Type')!r}")
    return OrderKind(found["kind"])


def _line(row: Json, currency: str, name: str, maps: Mappings) -> OrderLine:
    once = _text(row, "SBQQ__ChargeType__c") == wire.ONCE
    months = 0 if once else _months(_text(row, "SBQQ__BillingFrequency__c"), name, maps)
    code = _text(row, "SBQQ__ProductCode__c")
    if not code:
        raise _held(name, "has a line without a product; choose one in the quote")
    product = maps["crm_products"].look(product=code)["sku"]
    price = row.get("SBQQ__NetPrice__c")
    if price is None:
        raise _held(name, f"has no price for {product}; price the quote again")
    alone = row.get("SBQQ__ListPrice__c")
    if once and alone is None:
        raise _held(
            name, f"has no list price for {product}, so that it cannot be told what it is worth alone"
        )
    return OrderLine(
        product=product,
        quantity=_units(row.get("SBQQ__Quantity__c"), name),
        prior=_units(row.get("SBQQ__PriorQuantity__c"), name),
        price=_money(price, currency, name),
        months=months,
        alone=None if alone is None else _money(alone, currency, name),
        delivered=_day(_text(row, "Delivered_On__c")),
    )


def _months(frequency: str, name: str, maps: Mappings) -> int:
    table = maps["billing_frequencies"].table
    found = table.find(frequency=frequency)
    if found is None:
        known = ", ".join(row.when[0] for row in table.rows)
        raise _held(name, f"has a line billed {frequency or 'at no stated frequency'}; one of {known}")
    return int(found["months"])


def _units(value: object, name: str) -> int:
    number = Decimal(str(value or 0))
    if number != int(number) or number < 0:
        raise _held(name, f"has a quantity of {number}; whole units from 0 on")
    return int(number)


def _money(value: object, currency: str, name: str) -> Money:
    try:
        return Money.of(Decimal(str(value)), currency)
    except ValueError as error:
        raise _held(name, str(error)) from None


def _refused(name: str, why: str) -> Refused:
    return Refused(f"{name} {why}", system=SYSTEM)


def _held(name: str, why: str) -> Held:
    """What cannot be priced waits for who sold it."""
    return Held(f"{name} {why}", owner="sales operations")


def _day(text: str) -> date | None:
    return day(text, "Service_End__c", SYSTEM) if text else None


def _text(row: Json, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)
