"""v1 lists with plain query parameters as filters, all of which must hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.kit.table import Call, Reply
from simulators.zuora.routes.paging import page
from simulators.zuora.rules.query import Condition, checks, find
from simulators.zuora.rules.state import State

_NOT_FILTERS = ("page", "pageSize", "sort")
# Filters of the v1 lists that are named otherwise than the object query's fields.
_SAME = {
    ("CreditMemo", "amount"): "totalAmount",
    ("CreditMemo", "creditMemoDate"): "memoDate",
    ("CreditMemo", "referredInvoiceId"): "invoiceId",
}


def listed(state: State, call: Call, name: str, member: str, render: Callable[[Any], Any]) -> Reply:
    """One page of the objects that pass every given filter, oldest first."""
    given = [
        Condition(_SAME.get((name, field), "Number" if field == "number" else field), "EQ", value)
        for field, value in call.args().items()
        if field not in _NOT_FILTERS
    ]
    return page(call, find(state, name, checks(name, given)), member, render)
