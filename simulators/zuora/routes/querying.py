"""Paths of object queries, with filters and cursors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.rules.fields_all import proper
from simulators.zuora.rules.query import OPERATORS, Condition, checks, find, get, known_field, passes
from simulators.zuora.rules.refusal import INVALID, Refused, not_found
from simulators.zuora.rules.sandbox import Cursor, Sandbox
from simulators.zuora.wire import queried

# Objects of the object query by their path.
PATHS: Mapping[str, str] = {
    "accounts": "Account",
    "billing-runs": "BillRun",
    "contacts": "Contact",
    "credit-memo-applications": "CreditMemoApplication",
    "credit-memo-items": "CreditMemoItem",
    "credit-memo-parts": "CreditMemoPart",
    "credit-memos": "CreditMemo",
    "credit-taxation-items": "CreditTaxationItem",
    "debit-memo-items": "DebitMemoItem",
    "debit-memos": "DebitMemo",
    "invoice-items": "InvoiceItem",
    "invoices": "Invoice",
    "order-actions": "OrderAction",
    "orders": "Order",
    "payment-applications": "PaymentApplication",
    "payment-methods": "PaymentMethod",
    "payment-parts": "PaymentPart",
    "payment-runs": "PaymentRun",
    "payments": "Payment",
    "prepaid-balance-funds": "PrepaidBalanceFund",
    "prepaid-balance-transactions": "PrepaidBalanceTransaction",
    "prepaid-balances": "PrepaidBalance",
    "product-rate-plan-charge-tiers": "ProductRatePlanChargeTier",
    "product-rate-plan-charges": "ProductRatePlanCharge",
    "product-rate-plans": "ProductRatePlan",
    "products": "Product",
    "rate-plan-charge-tiers": "RatePlanChargeTier",
    "rate-plan-charges": "RatePlanCharge",
    "rate-plans": "RatePlan",
    "refund-applications": "RefundApplication",
    "refunds": "Refund",
    "subscriptions": "Subscription",
    "taxation-items": "TaxationItem",
    "usages": "Usage",
}
# Objects that the vendor has and the mock never makes: there are none of them.
NEVER = frozenset(
    {
        "amendments",
        "contact-snapshots",
        "cost-events",
        "delivery-adjustments",
        "fulfillments",
        "informational-taxation-items",
        "invoice-schedules",
        "order-line-items",
        "payment-method-snapshots",
        "payment-schedule-items",
        "payment-schedules",
        "processed-usages",
        "ramps",
        "rating-details",
        "rating-results",
        "refund-application-items",
        "summarystatementruns",
        "summarystatements",
        "validity-period-summaries",
    }
)
PAGE_SIZE, PAGE_SIZE_MAX = 10, 99
_LISTED = frozenset({"filter[]", "expand[]", "fields[]", "sort[]", "pageSize", "cursor"})
_ONE = frozenset({"expand[]", "fields[]", "pageSize", "cursor", "filter[]", "sort[]"})


async def query_objects(rules: Sandbox, call: Call) -> Reply:
    """GET /object-query/{objects}?filter[]=field.OP:value&expand[]=…&sort[]=…&pageSize=…&cursor=…"""
    path = call.params["objects"]
    pairs = _pairs(call, _LISTED)
    size = _size(pairs, PAGE_SIZE)
    if path in NEVER:
        return json_reply(200, {"data": [], "nextPage": None})
    name = _name(path)
    key = next((value for known, value in pairs if known == "cursor" and value), "")
    if key:
        cursor = _cursor(rules, key, name)
    else:
        conditions = [_condition(text) for known, text in pairs if known == "filter[]"]
        items = find(rules.state, name, checks(name, conditions))
        cursor = Cursor(name, _sorted(name, items, _texts(pairs, "sort[]")), conditions)
    tests = checks(name, cursor.conditions)
    wanted = queried.picture(name, _texts(pairs, "fields[]"), _texts(pairs, "expand[]"))
    data: list[dict[str, Any]] = []
    place = cursor.place
    while place < len(cursor.items) and len(data) < size:
        item = cursor.items[place]
        place += 1
        if passes(item, tests):
            data.append(queried.shown(rules.state, item, wanted, size))
    following = None
    if place < len(cursor.items):
        rest = Cursor(name, cursor.items, cursor.conditions, place=place)
        following = rules.cursors.keep(rules.ids.hex("cursor", 32), rest)
    return json_reply(200, {"data": data, "nextPage": following})


async def query_object(rules: Sandbox, call: Call) -> Reply:
    """GET /object-query/{objects}/{key}: by id, or by number where the object has one."""
    path, key = call.params["objects"], call.params["key"]
    pairs = _pairs(call, _ONE)
    size = _size(pairs, PAGE_SIZE_MAX)
    if path in NEVER:
        raise not_found(path, key)
    name = _name(path)
    wanted = queried.picture(name, _texts(pairs, "fields[]"), _texts(pairs, "expand[]"))
    found = get(rules.state, name, key)
    if found is None:
        raise not_found(name, key)
    return json_reply(200, queried.shown(rules.state, found, wanted, size))


def _pairs(call: Call, known: frozenset[str]) -> list[tuple[str, str]]:
    pairs = parse_qsl(call.query, keep_blank_values=True)
    for name, _ in pairs:
        if name not in known:
            raise Refused(INVALID, f"Unknown query parameter '{name}'.", name)
    return pairs


def _texts(pairs: Sequence[tuple[str, str]], name: str) -> list[str]:
    """Values of a parameter that may be repeated, or have several parted by commas."""
    return [text for known, value in pairs if known == name for text in value.split(",") if text.strip()]


def _size(pairs: Sequence[tuple[str, str]], usual: int) -> int:
    text = next((value for name, value in pairs if name == "pageSize"), str(usual))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= PAGE_SIZE_MAX:
        raise Refused(INVALID, f"'pageSize' must be between 1 and {PAGE_SIZE_MAX}.", "pageSize")
    return int(text)


def _name(path: str) -> str:
    name = PATHS.get(path)
    if name is None:
        raise not_found("object", path)
    return name


def _cursor(rules: Sandbox, key: str, name: str) -> Cursor:
    found = rules.cursors.kept.get(key)
    if found is None or found.name != name or found.columns:
        raise Refused(INVALID, "The cursor is not valid any more.", "cursor")
    return found


def _condition(text: str) -> Condition:
    path, parted, value = text.partition(":")
    field, _, op = path.rpartition(".")
    if not parted or not field or op not in OPERATORS:
        raise Refused(INVALID, f"'{text}' is not a filter; it should read field.OP:value.", "filter[]")
    if op == "IN":
        if not (value.startswith("[") and value.endswith("]")):
            raise Refused(INVALID, f"'{text}' should list its values in brackets.", "filter[]")
        return Condition(field, op, None, tuple(each.strip() for each in value[1:-1].split(",")))
    return Condition(field, op, value)


def _sorted(name: str, items: list[Any], sorts: list[str]) -> list[Any]:
    if len(sorts) > 1:
        raise Refused(INVALID, "A list can be sorted by one field only.", "sort[]")
    for text in sorts:
        field, _, way = text.rpartition(".")
        if way not in ("ASC", "DESC"):
            message = f"'{text}' is not a sort; it should read field.ASC or field.DESC."
            raise Refused(INVALID, message, "sort[]")
        by = known_field(name, proper(name, field))
        empty = [item for item in items if by.read(item) is None]
        filled = [item for item in items if by.read(item) is not None]
        return sorted(filled, key=by.read, reverse=way == "DESC") + empty
    return items


TABLE = (
    Route(
        "GET",
        "/object-query/{objects}",
        "query_objects",
        query_objects,
        f"objects by filters, with cursor: {', '.join(PATHS)}",
    ),
    Route("GET", "/object-query/{objects}/{key}", "query_object", query_object, "one object by id or number"),
)
