"""Stateful mocks of SaaS systems that speak the vendors' own wire dialects."""
