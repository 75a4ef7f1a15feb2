"""Who may do what, and what was done: audit log, accounts, separation of duties, masking."""
