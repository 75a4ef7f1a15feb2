"""Mappings as data: which word, code or item of one system is which of another, by version."""
