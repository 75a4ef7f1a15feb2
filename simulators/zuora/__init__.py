"""A stateful mock of Zuora Billing: catalogue, accounts, orders, billing documents, payments, callouts."""
