"""A run's general ledger in the formats of public accounting tools."""
