"""Discrepancies planted in clean books, each with the control, cause and amount that must name it."""
