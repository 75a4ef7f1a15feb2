"""What NetSuite remembers and allows: records, transactions, posting, periods, queries, sign-in."""
