"""NetSuite SuiteTalk REST: records, transactions, posting periods, SuiteQL."""
