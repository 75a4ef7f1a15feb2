"""Salesforce's shapes on the wire."""
