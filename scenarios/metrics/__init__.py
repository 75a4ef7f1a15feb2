"""Figures of a subscription business out of the books of a run, and whether they agree with each other."""
