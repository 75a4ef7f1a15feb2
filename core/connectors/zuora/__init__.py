"""Zuora as subscription billing: its v1 dialect, the mapping to our words, and the Billing port."""
