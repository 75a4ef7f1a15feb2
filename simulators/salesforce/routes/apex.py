"""The one Apex REST service that CPQ brings: quotes read and saved as models."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from simulators.kit.table import Call, Reply, Route, dumps, json_reply
from simulators.salesforce.routes.door import body_of
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Record
from simulators.salesforce.wire.records import record

_PATH = "/services/apexrest/SBQQ/ServiceRouter"
_VERSION = "v62.0"


def _found(org: Org, kind: str, text: str) -> Record:
    return org.records.wanted(org.catalogue.entity(kind), text)


def _model(org: Org, quote: Record) -> dict[str, Any]:
    """A quote with its lines, as the package's model."""
    lines = org.records.children("SBQQ__QuoteLine__c", "SBQQ__Quote__c", quote)
    found = org.records.children("SBQQ__QuoteLineGroup__c", "SBQQ__Quote__c", quote)
    keys = {each.id: len(lines) + place for place, each in enumerate(found, start=1)}
    groups = [{"record": record(each, each.entity.name, _VERSION), "key": keys[each.id],
               "netTotal": each.values["SBQQ__NetTotal__c"]} for each in found]  # fmt: skip
    items = [
        {"record": record(each, each.entity.name, _VERSION), "key": place, "amountDiscountProrated": False,
         "parentGroupKey": keys.get(each.values["SBQQ__Group__c"] or ""), "parentItemKey": None,
         "configAttributes": None, "optionConfigurations": None}
        for place, each in enumerate(lines, start=1)
    ]  # fmt: skip
    return {
        "record": record(quote, quote.entity.name, _VERSION), "nextKey": len(lines) + len(found) + 1,
        "lineItems": items,
        "lineItemGroups": groups, "netTotal": quote.values["SBQQ__NetAmount__c"],
        "customerTotal": quote.values["SBQQ__CustomerAmount__c"],
        "netNonSegmentTotal": quote.values["SBQQ__NetAmount__c"], "calculationRequired": False,
        "channelDiscountsOffList": False, "customerDiscountsOffList": False,
    }  # fmt: skip


def _text(value: object) -> Reply:
    """The service answers text: JSON inside a JSON string."""
    return json_reply(200, dumps(value).decode())


async def read(org: Org, call: Call) -> Reply:
    """?reader=SBQQ.QuoteAPI.QuoteReader&uid=quote (or ProductAPI.ProductReader, with a product)."""
    args = call.args()
    reader, key = args.get("reader", ""), args.get("uid", "")
    if reader == "SBQQ.QuoteAPI.QuoteReader":
        return _text(_model(org, _found(org, "SBQQ__Quote__c", key)))
    if reader == "SBQQ.ProductAPI.ProductReader":
        product = _found(org, "Product2", key)
        return _text({"record": record(product, "Product2", _VERSION), "options": [], "features": []})
    raise Refused("APEX_ERROR", f"System.TypeException: Invalid reader: {reader}")


def _given(call: Call, name: str) -> Any:
    """A part of the body, which may be JSON inside a string."""
    value = body_of(call).get(name)
    try:
        return json.loads(value, parse_float=Decimal) if isinstance(value, str) else value
    except ValueError as error:
        raise Refused("APEX_ERROR", f"System.JSONException: {error}") from None


async def save(org: Org, call: Call) -> Reply:
    """{"saver": "SBQQ.QuoteAPI.QuoteSaver", "model": …}: the quote and its lines as the model has them."""
    body, model = body_of(call), _given(call, "model")
    if body.get("saver") != "SBQQ.QuoteAPI.QuoteSaver" or not isinstance(model, dict):
        raise Refused("APEX_ERROR", f"System.TypeException: Invalid saver: {body.get('saver')}")
    with org.records.unit():
        quote = _written(org, "SBQQ__Quote__c", model.get("record"), {})
        kept = set()
        for item in model.get("lineItems") or ():
            kept.add(_written(org, "SBQQ__QuoteLine__c", item.get("record"), {"SBQQ__Quote__c": quote.id}).id)
        for line in org.records.children("SBQQ__QuoteLine__c", "SBQQ__Quote__c", quote):
            if line.id not in kept:
                org.delete(line.entity, line.id)
    return _text(_model(org, quote))


def _written(org: Org, kind: str, given: Any, above: dict[str, Any]) -> Record:
    """One record of a model: changed if it has an id, else made; only what may be written counts."""
    entity = org.catalogue.entity(kind)
    values = given if isinstance(given, dict) else {}
    key = values.get("Id")
    own = {
        name: value for name, value in {**values, **above}.items()
        if (field := entity.fields.get(name)) is not None
        and (field.updateable if key else field.createable) and name != "OwnerId"
    }  # fmt: skip
    return org.update(entity, str(key), own) if key else org.create(entity, own)


_LOADERS = {
    "SBQQ.ContractManipulationAPI.ContractAmender": "Amendment",
    "SBQQ.ContractManipulationAPI.ContractRenewer": "Renewal",
}


async def load(org: Org, call: Call) -> Reply:
    """?loader=…: a new quote that amends or renews a contract; or the products of a quote to be added."""
    loader, args = call.args().get("loader", ""), call.args()
    if loader in _LOADERS:
        return _text(_model(org, org.requote(_found(org, "Contract", args.get("uid", "")), _LOADERS[loader])))
    if loader == "SBQQ.QuoteAPI.QuoteProductAdder":
        context = _given(call, "context")
        told = context if isinstance(context, dict) else {}
        model, products = dict(told.get("quote") or {}), told.get("products") or []
        lines = list(model.get("lineItems") or [])
        for each in products:
            key = (each.get("record") or {}).get("Id")
            product = _found(org, "Product2", str(key))
            line = {"SBQQ__Product__c": product.id, "SBQQ__ProductCode__c": product.values["ProductCode"],
                    "SBQQ__Quantity__c": 1}  # fmt: skip
            lines.append({"record": line, "key": len(lines) + 1})
        return _text({**model, "lineItems": lines, "nextKey": len(lines) + 1})
    raise Refused("APEX_ERROR", f"System.TypeException: Invalid loader: {loader}")


APEX_TABLE = (
    Route("GET", _PATH, "cpq_read", read, "?reader&uid: a quote or product as a model of CPQ"),
    Route("POST", _PATH, "cpq_save", save, "save a quote's model"),
    Route("PATCH", _PATH, "cpq_load", load, "?loader: amend or renew a contract, add products to a quote"),
)
