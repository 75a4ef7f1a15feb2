"""Planted bugs, each with the laws that must catch it."""
