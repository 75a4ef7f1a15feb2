"""Contracts between connectors and mocks."""
