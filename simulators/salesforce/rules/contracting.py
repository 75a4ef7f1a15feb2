"""What CPQ makes of an order or an opportunity that is contracted: a contract with subscriptions."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from simulators.kit.clock import day
from simulators.salesforce.rules.records import Records, Values
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Record

_TERM = 12  # months, where neither quote nor product tells a term
_COPIED = (
    "SBQQ__NetPrice__c", "SBQQ__ListPrice__c", "SBQQ__CustomerPrice__c", "SBQQ__BillingFrequency__c",
    "SBQQ__ChargeType__c", "SBQQ__SubscriptionPricing__c",
)  # fmt: skip


def last_day(start: date, months: int) -> str:
    """The last day of a term of whole months."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    end = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    return (end - timedelta(days=1)).isoformat()


def _refuse(text: str) -> Refused:
    # unconfirmed: the package's exact texts; its refusals surface under this code.
    return Refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", text, ("SBQQ__Contracted__c",))


def contract_order(records: Records, order: Record) -> Record:
    """The contract of an activated order, one subscription for each item that is one."""
    values = order.values
    if values["Status"] != "Activated":
        raise _refuse("The order must be activated before it is contracted.")
    quote = records.parent(values, "SBQQ__Quote__c")
    items = records.children("OrderItem", "OrderId", order)
    contract = _contract(
        records, values["AccountId"], quote, values["EffectiveDate"], values["EndDate"],
        {"SBQQ__Order__c": order.id, "SBQQ__Opportunity__c": values["OpportunityId"],
         "Pricebook2Id": values["Pricebook2Id"], "CurrencyIsoCode": order.currency},
    )  # fmt: skip
    for item in items:
        line = records.parent(item.values, "SBQQ__QuoteLine__c")
        subscription = None
        if _is_subscription(records, item.values["Product2Id"], line):
            subscription = _subscription(
                records, contract, item.values["Product2Id"], item.values["Quantity"], line,
                {"SBQQ__OrderProduct__c": item.id, "SBQQ__NetPrice__c": item.values["UnitPrice"],
                 "SBQQ__SubscriptionStartDate__c": item.values["ServiceDate"],
                 "SBQQ__SubscriptionEndDate__c": item.values["EndDate"]},
            )  # fmt: skip
        linked = {"SBQQ__Contracted__c": True, "SBQQ__Contract__c": contract.id}
        if subscription is not None:
            linked["SBQQ__Subscription__c"] = subscription.id
        records.settle(item, linked)
    records.settle(order, {"ContractId": contract.id})
    return contract


def contract_opportunity(records: Records, opportunity: Record) -> Record:
    """The contract of a won opportunity, of the lines of its primary quote."""
    quote = records.parent(opportunity.values, "SBQQ__PrimaryQuote__c")
    if quote is None:
        raise _refuse("The opportunity needs a primary quote before it can be contracted.")
    values = quote.values
    account = values["SBQQ__Account__c"] or opportunity.values["AccountId"]
    if account is None:
        raise _refuse("The opportunity needs an account before it can be contracted.")
    start = values["SBQQ__StartDate__c"] or day(records.clock.now()).isoformat()
    contract = _contract(
        records, account, quote, start, values["SBQQ__EndDate__c"],
        {"SBQQ__Opportunity__c": opportunity.id, "Pricebook2Id": values["SBQQ__PriceBook__c"],
         "CurrencyIsoCode": quote.currency},
    )  # fmt: skip
    for line in records.children("SBQQ__QuoteLine__c", "SBQQ__Quote__c", quote):
        product, quantity = line.values["SBQQ__Product__c"], line.values["SBQQ__Quantity__c"]
        if product and quantity and _is_subscription(records, product, line):
            _subscription(records, contract, product, quantity, line, {})
    records.settle(opportunity, {"ContractId": contract.id})
    return contract


def _is_subscription(records: Records, product_id: str, line: Record | None) -> bool:
    """The package looks at the product's subscription pricing; where that is blank, anything that is
    not charged once is taken for a subscription here (there it would become an asset)."""
    product = records.store.by_id[product_id].values
    if product["SBQQ__SubscriptionType__c"] == "One-time":
        return False
    charge = (line.values["SBQQ__ChargeType__c"] if line else None) or product["SBQQ__ChargeType__c"]
    return bool(product["SBQQ__SubscriptionPricing__c"]) or charge != "One-Time"


def _contract(
    records: Records, account: str, quote: Record | None, start: str, end: str | None, more: Values
) -> Record:
    told = quote.values["SBQQ__SubscriptionTerm__c"] if quote else None
    term = int(told) if told else _months(start, end)
    return records.create(
        "Contract",
        {
            "AccountId": account, "StartDate": start, "ContractTerm": Decimal(term), "Status": "Draft",
            "SBQQ__Quote__c": quote.id if quote else None, "SBQQ__RenewalTerm__c": Decimal(term), **more,
        },
    )  # fmt: skip


def _months(start: str, end: str | None) -> int:
    """The months from the first to the last day, begun ones counted."""
    if end is None:
        return _TERM
    first, last = date.fromisoformat(start), date.fromisoformat(end) + timedelta(days=1)
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(1, months + (last.day > first.day))


def _subscription(
    records: Records,
    contract: Record,
    product_id: str,
    quantity: Decimal,
    line: Record | None,
    own: Mapping[str, Any],
) -> Record:
    values: Values = {}
    if line is not None:
        values = {name: line.values[name] for name in _COPIED}
        values["SBQQ__QuoteLine__c"] = line.id
        values["SBQQ__Number__c"] = line.values["SBQQ__Number__c"]
        values["SBQQ__SubscriptionStartDate__c"] = line.values["SBQQ__StartDate__c"]
        values["SBQQ__SubscriptionEndDate__c"] = line.values["SBQQ__EndDate__c"]
    values.update({name: value for name, value in own.items() if value is not None})
    start = values.get("SBQQ__SubscriptionStartDate__c") or contract.values["StartDate"]
    end = values.get("SBQQ__SubscriptionEndDate__c") or contract.values["EndDate"]
    values.update(
        SBQQ__Account__c=contract.values["AccountId"], SBQQ__Contract__c=contract.id,
        SBQQ__Product__c=product_id, SBQQ__Quantity__c=quantity, SBQQ__RenewalQuantity__c=quantity,
        SBQQ__SubscriptionStartDate__c=start, SBQQ__SubscriptionEndDate__c=end, SBQQ__StartDate__c=start,
        SBQQ__EndDate__c=end, CurrencyIsoCode=contract.currency,
        SBQQ__ProductName__c=records.store.by_id[product_id].values["Name"],
    )  # fmt: skip
    return records.create("SBQQ__Subscription__c", values)


def requote(records: Records, contract: Record, kind: str) -> Record:
    """A quote that amends or renews a contract, on an opportunity of its own: its lines repeat the
    contract's subscriptions (an amendment's with their quantity as the prior one)."""
    values = contract.values
    if values["Status"] != "Activated":
        raise Refused("APEX_ERROR", "The contract must be activated.")  # unconfirmed: code and text
    account = records.store.by_id[values["AccountId"]]
    renewal = kind == "Renewal"
    start = values["EndDate"] if renewal else day(records.clock.now()).isoformat()
    if renewal:
        start = (date.fromisoformat(start) + timedelta(days=1)).isoformat()
    term = int(values["SBQQ__RenewalTerm__c"] or values["ContractTerm"] or _TERM)
    end = last_day(date.fromisoformat(start), term) if renewal else values["EndDate"]
    with records.unit():
        opportunity = records.create("Opportunity", {
            "Name": f"{kind} for contract #{values['ContractNumber']}", "AccountId": account.id,
            "StageName": "Prospecting", "CloseDate": start, "Type": kind,
            "CurrencyIsoCode": contract.currency, "Pricebook2Id": values["Pricebook2Id"],
            "SBQQ__Renewal__c": renewal,
            ("SBQQ__RenewedContract__c" if renewal else "SBQQ__AmendedContract__c"): contract.id,
        })  # fmt: skip
        quote = records.create("SBQQ__Quote__c", {
            "SBQQ__Opportunity2__c": opportunity.id, "SBQQ__Account__c": account.id, "SBQQ__Primary__c": True,
            "SBQQ__Type__c": kind, "SBQQ__StartDate__c": start, "SBQQ__EndDate__c": end,
            "SBQQ__MasterContract__c": contract.id,
        })  # fmt: skip
        for subscription in records.children("SBQQ__Subscription__c", "SBQQ__Contract__c", contract):
            own = subscription.values
            records.create("SBQQ__QuoteLine__c", {
                **{name: own[name] for name in _COPIED}, "SBQQ__Quote__c": quote.id,
                "SBQQ__Product__c": own["SBQQ__Product__c"], "SBQQ__Quantity__c": own["SBQQ__Quantity__c"],
                "SBQQ__PriorQuantity__c": None if renewal else own["SBQQ__Quantity__c"],
                "SBQQ__UpgradedSubscription__c": subscription.id, "SBQQ__Existing__c": True,
            })  # fmt: skip
    return quote
