"""Stripe's shapes: form bodies in, JSON objects and errors out."""
