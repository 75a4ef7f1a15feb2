"""The rows of the money half: accounts, billing, payments."""

from __future__ import annotations

from simulators.kit.table import Route
from simulators.zuora.routes import (
    accounts,
    billing,
    bulk,
    debits,
    invoices,
    memo_parts,
    memos,
    methods,
    payments,
    payruns,
    settling,
)

MONEY_TABLE: tuple[Route, ...] = (
    *accounts.TABLE,
    *methods.TABLE,
    *billing.TABLE,
    *invoices.TABLE,
    *memos.TABLE,
    *memo_parts.TABLE,
    *debits.TABLE,
    *payments.TABLE,
    *payruns.TABLE,
    *settling.TABLE,
    *bulk.TABLE,
)
