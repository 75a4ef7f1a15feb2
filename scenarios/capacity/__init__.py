"""Demand on the vendors against what they bear."""
