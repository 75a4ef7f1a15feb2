"""Stripe as payment processor: its form dialect, the mapping to our words, and the Payments port."""
