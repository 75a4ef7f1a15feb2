"""Paths of queries: object queries with filters and cursors, and ZOQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qsl

from pydantic import Field

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.paging import whole
from simulators.zuora.rules import zoql
from simulators.zuora.rules.fields import OBJECTS, field_of
from simulators.zuora.rules.query import (
    OPERATORS,
    Condition,
    checks,
    find,
    known_field,
    passes,
    proper_name,
    shelf_of,
)
from simulators.zuora.rules.refusal import INVALID, Refused, not_found
from simulators.zuora.rules.sandbox import Cursor, Sandbox
from simulators.zuora.wire import billing
from simulators.zuora.wire.shape import Shape, read

# Objects of the object query by their path.
PATHS: Mapping[str, str] = {
    "accounts": "Account",
    "subscriptions": "Subscription",
    "orders": "Order",
    "invoices": "Invoice",
    "credit-memos": "CreditMemo",
    "payments": "Payment",
    "refunds": "Refund",
    "billing-runs": "BillRun",
    "payment-runs": "PaymentRun",
    "contacts": "Contact",
    "payment-methods": "PaymentMethod",
    "products": "Product",
    "product-rate-plans": "ProductRatePlan",
    "product-rate-plan-charges": "ProductRatePlanCharge",
    "usages": "Usage",
    "invoice-items": "InvoiceItem",
    "credit-memo-items": "CreditMemoItem",
    "payment-parts": "PaymentPart",
    "rate-plans": "RatePlan",
    "rate-plan-charges": "RatePlanCharge",
}
PAGE_SIZE, PAGE_SIZE_MAX = 10, 99
ZOQL_ROWS = 2000
# What can be expanded, by lower-case name: the objects that have it, and how it is shown.
_EXPANDS: Mapping[str, tuple[tuple[str, ...], str, Callable[[Any], Any]]] = {
    "account": (
        ("Subscription", "Order", "Invoice", "CreditMemo", "Payment", "Refund", "Contact", "Usage"),
        "account",
        lambda item: row("Account", item.account),
    ),
    "invoiceitems": (
        ("Invoice",),
        "invoiceItems",
        lambda item: [billing.invoice_item(line, item.currency) for line in item.items.values()],
    ),
    "creditmemoitems": (
        ("CreditMemo",),
        "creditMemoItems",
        lambda item: [billing.memo_item(line, item.currency) for line in item.items.values()],
    ),
}


def row(name: str, item: Any, wanted: frozenset[str] = frozenset()) -> dict[str, Any]:
    """An object as the object query shows it; custom fields beside the others."""
    shown = {
        field: each.shown(item) for field, each in OBJECTS[name].items() if not wanted or field in wanted
    }
    if name in ("Account", "Subscription"):
        shown |= {field: v for field, v in item.custom.items() if not wanted or field in wanted}
    return shown


async def query_objects(rules: Sandbox, call: Call) -> Reply:
    """GET /object-query/{objects}?filter[]=field.OP:value&expand[]=…&sort[]=…&pageSize=…&cursor=…"""
    name = _name(call)
    pairs = parse_qsl(call.query, keep_blank_values=True)
    args = dict(pairs)
    for key in args:
        if key not in ("filter[]", "expand[]", "fields[]", "sort[]", "pageSize", "cursor"):
            raise Refused(INVALID, f"Unknown query parameter '{key}'.", key)
    size = whole(args, "pageSize", PAGE_SIZE)
    if size > PAGE_SIZE_MAX:
        raise Refused(INVALID, f"'pageSize' must be between 1 and {PAGE_SIZE_MAX}.", "pageSize")
    if args.get("cursor"):
        cursor = _cursor(rules, args["cursor"], name)
    else:
        given = [_condition(name, text) for key, text in pairs if key == "filter[]"]
        tests = checks(name, given)
        items = _sorted(name, find(rules.state, name, tests), [v for k, v in pairs if k == "sort[]"])
        cursor = Cursor(name, items, given)
    expands = [_expand(name, text) for key, value in pairs if key == "expand[]" for text in value.split(",")]
    fields = frozenset(
        proper_name(name, text.strip())
        for key, value in pairs
        if key == "fields[]"
        for text in value.split(",")
    )
    tests = checks(name, cursor.checks)
    data: list[dict[str, Any]] = []
    place = cursor.place
    while place < len(cursor.items) and len(data) < size:
        item = cursor.items[place]
        place += 1
        if passes(item, tests):
            shown = row(name, item, fields)
            for member, show in expands:
                shown[member] = show(item)
            data.append(shown)
    following = None
    if place < len(cursor.items):
        rest = Cursor(name, cursor.items, cursor.checks, place=place)
        following = rules.cursors.keep(rules.ids.hex("cursor", 32), rest)
    return json_reply(200, {"data": data, "nextPage": following})


async def query_object(rules: Sandbox, call: Call) -> Reply:
    """GET /object-query/{objects}/{key}."""
    name = _name(call)
    found = shelf_of(rules.state, name).get(call.params["key"])
    if found is None:
        raise not_found(name, call.params["key"])
    shown = row(name, found)
    for key, value in parse_qsl(call.query):
        if key == "expand[]":
            for text in value.split(","):
                member, show = _expand(name, text)
                shown[member] = show(found)
    return json_reply(200, shown)


class ZoqlQuery(Shape):
    """POST /v1/action/query."""

    ACCEPTS: ClassVar[tuple[str, ...]] = ("conf",)

    queryString: Annotated[str, Field(min_length=1)]


class ZoqlMore(Shape):
    """POST /v1/action/queryMore."""

    ACCEPTS: ClassVar[tuple[str, ...]] = ("conf",)

    queryLocator: Annotated[str, Field(min_length=1)]


async def query(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/action/query: up to 2000 records, then a locator of the rest."""
    selection = zoql.parse(read(ZoqlQuery, call).queryString)
    items = zoql.run(rules.state, selection)
    return _records(rules, Cursor(selection.name, items, columns=[name for name, _ in selection.columns]))


async def query_more(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/action/queryMore."""
    locator = read(ZoqlMore, call).queryLocator
    cursor = rules.cursors.kept.get(locator)
    if cursor is None or not cursor.columns:
        raise Refused(INVALID, "invalid query locator", "queryLocator")
    return _records(rules, cursor)


def _records(rules: Sandbox, cursor: Cursor) -> Reply:
    end = cursor.place + ZOQL_ROWS
    columns = [(word, field) for word in cursor.columns if (field := field_of(cursor.name, word))]
    records = []
    for item in cursor.items[cursor.place : end]:
        shown = ((name, field.shown(item)) for name, field in columns)
        # Fields without a value are left out.
        records.append({"Id": item.id, **{name: value for name, value in shown if value is not None}})
    body: dict[str, Any] = {"records": records, "size": len(cursor.items), "done": end >= len(cursor.items)}
    if not body["done"]:
        rest = Cursor(cursor.name, cursor.items, columns=cursor.columns, place=end)
        body["queryLocator"] = rules.cursors.keep(f"{rules.ids.hex('cursor', 32)}-{end}", rest)
    return json_reply(200, body)


def _name(call: Call) -> str:
    name = PATHS.get(call.params["objects"])
    if name is None:
        raise not_found("object", call.params["objects"])
    return name


def _cursor(rules: Sandbox, key: str, name: str) -> Cursor:
    found = rules.cursors.kept.get(key)
    if found is None or found.name != name or found.columns:
        raise Refused(INVALID, "The cursor is not valid any more.", "cursor")
    return found


def _condition(name: str, text: str) -> Condition:
    path, parted, value = text.partition(":")
    field, _, op = path.rpartition(".")
    if not parted or not field or op not in OPERATORS:
        raise Refused(INVALID, f"'{text}' is not a filter; it should read field.OP:value.", "filter[]")
    field = proper_name(name, field)
    if op == "IN":
        values = tuple(each.strip() for each in value.strip("[]").split(","))
        return Condition(field, op, None, values)
    return Condition(field, op, value)


def _sorted(name: str, items: list[Any], sorts: list[str]) -> list[Any]:
    for text in sorts[:1]:
        field, _, way = text.rpartition(".")
        if way not in ("ASC", "DESC"):
            raise Refused(
                INVALID, f"'{text}' is not a sort; it should read field.ASC or field.DESC.", "sort[]"
            )
        by = known_field(name, proper_name(name, field))
        empty = [item for item in items if by.read(item) is None]
        filled = [item for item in items if by.read(item) is not None]
        return sorted(filled, key=by.read, reverse=way == "DESC") + empty
    return items


def _expand(name: str, text: str) -> tuple[str, Callable[[Any], Any]]:
    entry = _EXPANDS.get(text.strip().lower())
    if entry is None or name not in entry[0]:
        raise Refused(INVALID, f"'{text}' cannot be expanded here.", "expand[]")
    return entry[1], entry[2]


TABLE = (
    Route(
        "GET", "/object-query/{objects}", "query_objects", query_objects, "objects by filters, with cursor"
    ),
    Route("GET", "/object-query/{objects}/{key}", "query_object", query_object, "one object by its key"),
    Route("POST", "/v1/action/query", "query", query, "ZOQL", ZoqlQuery),
    Route("POST", "/v1/action/queryMore", "query_more", query_more, "the rest of a ZOQL answer", ZoqlMore),
)
