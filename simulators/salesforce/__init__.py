"""Salesforce with CPQ: CRM objects over REST, SOQL, composite calls and change events."""
