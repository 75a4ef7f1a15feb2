"""Figures of a subscription business as pure functions of plain rows, so that they agree with each other."""
