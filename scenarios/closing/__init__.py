"""The month-end close of a played run: its evidence as an extract, and the binder."""
