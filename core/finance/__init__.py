"""Pure calculation of billing, usage, tax, cash, ledger, revenue and metrics: no I/O, no ports, no float."""
