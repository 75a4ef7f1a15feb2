"""v1 lists with plain query parameters as filters, all of which must hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def listed(state: State, call: Call, name: str, member: str, render: Callable[[Any], Any]) -> Reply:
    """One page of the objects that pass every given filter, oldest first unless `sort` says otherwise."""
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
    """`sort=-createdDate,+number`: the first counts most; a plus sign may have become a blank."""
    for part in reversed([each for each in text.split(",") if each]):
        way, field = part[0], part[1:].strip()
        if way not in "+- " or not field:
            raise Refused(INVALID, f"'{part}' is not a sort; it should read +field or -field.", "sort")
        by = known_field(name, _own(name, field))
        empty = [item for item in found if by.read(item) is None]
        filled = [item for item in found if by.read(item) is not None]
        found = sorted(filled, key=by.read, reverse=way == "-") + empty
    return found
