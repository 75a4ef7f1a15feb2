"""Salesforce as CRM: its REST and SOQL dialect, the mapping to our words, and the Crm port."""
