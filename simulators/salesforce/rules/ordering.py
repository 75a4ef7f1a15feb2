"""Automation of orders and contracts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from simulators.kit.lifecycle import IllegalMove, move
from simulators.salesforce.rules.contracting import contract_order, last_day
from simulators.salesforce.rules.records import Hooks, Records, Values
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Record
from simulators.salesforce.rules.values import moment_text

ORDER_MAY = {"Draft": frozenset({"Activated"}), "Activated": frozenset({"Draft"})}
CONTRACT_MAY = {
    "Draft": frozenset({"In Approval Process", "Activated"}),
    "In Approval Process": frozenset({"Draft", "Activated"}),
    "Activated": frozenset[str](),
}
_CONTRACT_CODES = {"Draft": "Draft", "In Approval Process": "InApproval", "Activated": "Activated"}


def _order(records: Records, record: Record | None, new: Values) -> None:
    status = new.get("Status")
    if record is None:
        if status != "Draft":
            raise _activation("Choose a valid order status and save your changes.", "Status")
        new["TotalAmount"] = Decimal(0)
    elif status is not None and status != record.values["Status"]:
        _move(ORDER_MAY, "order", record, status)
        if status == "Activated" and not records.children("OrderItem", "OrderId", record):
            raise _activation("An order must have at least one product.", "Status")
        activated = status == "Activated"
        new["ActivatedDate"] = moment_text(records.clock.now()) if activated else None
        new["ActivatedById"] = records.user_id if activated else None
    if record is not None:
        _keep(record, new)
    if status is not None:
        new["StatusCode"] = status


def _keep(record: Record, new: Values) -> None:
    """A price book once assigned stays; an activated order stays its account's. (unconfirmed: the code)"""
    old = record.values
    if (
        old["Pricebook2Id"] is not None
        and new.get("Pricebook2Id", old["Pricebook2Id"]) != old["Pricebook2Id"]
    ):
        said = "The price book of an order cannot be changed."
        raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("Pricebook2Id",))
    if old["Status"] == "Activated" and new.get("AccountId", old["AccountId"]) != old["AccountId"]:
        said = "The account of an activated order cannot be changed."
        raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("AccountId",))


def _move(may: Mapping[str, frozenset[str]], kind: str, record: Record, wanted: str) -> None:
    try:
        move(kind, may, record.values["Status"], wanted)
    except IllegalMove as illegal:
        raise _activation(str(illegal), "Status") from None


def _activation(text: str, field: str) -> Refused:
    return Refused("FAILED_ACTIVATION", text, (field,))


def _after_order(records: Records, record: Record, old: Mapping[str, Any] | None) -> None:
    if record.values["SBQQ__Contracted__c"] and (old is None or "SBQQ__Contracted__c" in old):
        contract_order(records, record)


def _still_draft(records: Records, record: Record) -> None:
    """An activated order keeps its items."""
    order = record if record.entity.name == "Order" else records.store.by_id[record.values["OrderId"]]
    if not order.deleted and order.values["Status"] == "Activated":
        # unconfirmed: the code; the vendor forbids it without "Edit Activated Orders".
        raise Refused("FIELD_INTEGRITY_EXCEPTION", "The order is activated; reduce or deactivate it first.")


def _item(records: Records, record: Record | None, new: Values) -> None:
    if record is None:
        order, entry = records.parent(new, "OrderId"), records.parent(new, "PricebookEntryId")
        assert order is not None
        assert entry is not None
        if order.values["Status"] == "Activated":
            raise Refused(
                "FIELD_INTEGRITY_EXCEPTION", "The order is activated; reduce or deactivate it first."
            )
        if order.values["Pricebook2Id"] != entry.values["Pricebook2Id"]:
            said = "The price book entry is not of the order's price book"
            raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("PricebookEntryId",))
        if order.currency != entry.currency:
            said = "The price book entry currency code does not match the order currency code"
            raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("PricebookEntryId",))
        new["Product2Id"], new["CurrencyIsoCode"] = entry.values["Product2Id"], order.currency
        new["ListPrice"] = entry.values["UnitPrice"]
    elif "UnitPrice" in new or "Quantity" in new:
        _still_draft(records, record)
    now = {**(record.values if record else {}), **new}
    new["TotalPrice"] = now["UnitPrice"] * now["Quantity"]
    new["AvailableQuantity"] = now["Quantity"]


def _sum_items(records: Records, item: Record, _: Mapping[str, Any] | None = None) -> None:
    order = records.store.by_id[item.values["OrderId"]]
    if not order.deleted:
        items = records.children("OrderItem", "OrderId", order)
        total = sum((each.values["TotalPrice"] for each in items), Decimal(0))
        records.settle(order, {"TotalAmount": total})


def _contract(records: Records, record: Record | None, new: Values) -> None:
    status = new.get("Status")
    if record is None and status != "Draft":
        raise _activation("Choose a valid contract status and save your changes.", "Status")
    if record is not None and status is not None and status != record.values["Status"]:
        _move(CONTRACT_MAY, "contract", record, status)
        if status == "Activated":
            new["ActivatedDate"] = moment_text(records.clock.now())
            new["ActivatedById"] = records.user_id
    if status is not None:
        new["StatusCode"] = _CONTRACT_CODES[status]
    now = {**(record.values if record else {}), **new}
    if now.get("StartDate") and now.get("ContractTerm"):
        new["EndDate"] = last_day(date.fromisoformat(now["StartDate"]), int(now["ContractTerm"]))


ORDER_HOOKS = Hooks(before=_order, after=_after_order, leaving=_still_draft)
ITEM_HOOKS = Hooks(before=_item, after=_sum_items, leaving=_still_draft, left=_sum_items)
CONTRACT_HOOKS = Hooks(before=_contract)
