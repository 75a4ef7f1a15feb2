"""The rows of the money half: accounts, billing, payments."""

from __future__ import annotations

from simulators.kit.table import Route
from simulators.zuora.routes import (
    accounts,
    billing,
    debits,
    invoices,
    memos,
    methods,
    payments,
    payruns,
)

MONEY_TABLE: tuple[Route, ...] = (
    *accounts.TABLE,
    *methods.TABLE,
    *billing.TABLE,
    *invoices.TABLE,
    *memos.TABLE,
    *debits.TABLE,
    *payments.TABLE,
    *payruns.TABLE,
)
