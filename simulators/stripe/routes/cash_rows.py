"""Paths of customers' cash."""

from __future__ import annotations

from simulators.kit.table import Route
from simulators.stripe.routes import cash
from simulators.stripe.routes.rows import row
from simulators.stripe.wire import params_cash

_CUSTOMER = "customers/{customer}"

CASH: tuple[Route, ...] = (
    row("GET", f"{_CUSTOMER}/cash_balance", "get_cash_balance", cash.retrieve_cash,
        "What a customer has sent and not used", "customer_read"),
    row("POST", f"{_CUSTOMER}/cash_balance", "update_cash_balance", cash.update_cash,
        "Say whether it is used at once", "customer_write", params_cash.CashUpdate),
    row("GET", f"{_CUSTOMER}/cash_balance_transactions", "list_cash_balance_transactions", cash.list_cash,
        "Changes of a customer's cash", "customer_read"),
    row("GET", f"{_CUSTOMER}/cash_balance_transactions/{{transaction}}", "get_cash_balance_transaction",
        cash.retrieve_cash_entry, "A change of a customer's cash", "customer_read"),
    row("POST", f"{_CUSTOMER}/funding_instructions", "create_funding_instructions",
        cash.create_funding_instructions, "Where a customer sends money", "customer_write",
        params_cash.FundingCreate),
    row("POST", "test_helpers/customers/{customer}/fund_cash_balance", "fund_cash_balance", cash.fund_cash,
        "Let a bank transfer come in", "customer_write", params_cash.FundCash),
    row("POST", "payment_intents/{intent}/apply_customer_balance", "apply_customer_balance",
        cash.apply_cash, "Pay with a customer's cash", "payment_intent_write", params_cash.ApplyCash),
)  # fmt: skip
