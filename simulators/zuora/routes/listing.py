"""v1 lists with plain query parameters as filters, all of which must hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulators.kit.table import Call, Reply
from simulators.zuora.routes.paging import page
from simulators.zuora.rules.fields_all import OBJECTS, SHORT
from simulators.zuora.rules.query import Condition, checks, find, known_field
from simulators.zuora.rules.refusal import INVALID, Refused
from simulators.zuora.rules.state import State

_NOT_FILTERS = ("page", "pageSize", "sort")
# Filters of the v1 lists that are named otherwise than the object query's fields.
_SAME = {
    ("CreditMemo", "amount"): "totalAmount",
    ("CreditMemo", "creditMemoDate"): "memoDate",
    ("CreditMemo", "referredInvoiceId"): "invoiceId",
    ("DebitMemo", "amount"): "totalAmount",
    ("DebitMemo", "debitMemoDate"): "memoDate",
    ("DebitMemo", "referredInvoiceId"): "invoiceId",
    ("Payment", "creditBalanceAmount"): "appliedCreditBalanceAmount",
}

_SORTS_MAX = 2
# How a list is sorted that nobody sorts; others stand in the order of creation.
_USUAL: Mapping[str, Sequence[str]] = {
    "CreditMemo": ("+number",),
    "Payment": ("+number",),
    "Refund": ("+number",),
}


def listed(state: State, call: Call, name: str, member: str, render: Callable[[Any], Any]) -> Reply:
    """One page of the objects that pass every given filter, in the order that `sort` asks for."""
    given = [
        _condition(state, name, field, value)
        for field, value in call.args().items()
        if field not in _NOT_FILTERS
    ]
    found = find(state, name, checks(name, given))
    return page(call, _sorted(name, found, call.args().get("sort", "")), member, render)


def _condition(state: State, name: str, field: str, value: str) -> Condition:
    own = _own(name, field)
    if own == "accountNumber" and own not in OBJECTS[name]:
        account = state.accounts.get(value)
        return Condition("accountId", "EQ", account.id if account else "")
    return Condition(own, "EQ", value)


def _own(name: str, field: str) -> str:
    return SHORT.get(name, field) if field == "number" else _SAME.get((name, field), field)


def _sorted(name: str, found: Sequence[Any], text: str) -> Sequence[Any]:
    """`sort=-number,+amount`: the first counts most. As the SDK documents it, a minus sign is ascending, a
    plus sign (which may have become a blank) or none at all descending."""
    parts = [each for each in text.split(",") if each]
    if len(parts) > _SORTS_MAX:
        raise Refused(INVALID, f"A list can be sorted by at most {_SORTS_MAX} fields.", "sort")
    for part in reversed(parts or _USUAL.get(name, ())):
        field = part.lstrip("+- ").strip()
        by = known_field(name, _own(name, field))
        empty = [item for item in found if by.read(item) is None]
        filled = [item for item in found if by.read(item) is not None]
        found = sorted(filled, key=by.read, reverse=not part.startswith("-")) + empty
    return found
