"""Retry, limits, and the durable tables that make a promise out of an attempt."""
