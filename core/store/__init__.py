"""Durable memory: SQLite inline."""
