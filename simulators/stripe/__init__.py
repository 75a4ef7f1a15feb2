"""Stripe: customers, payment intents, refunds, the balance, payouts and signed events."""
