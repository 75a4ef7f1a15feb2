"""NetSuite as the ledger: SuiteTalk REST and SuiteQL, the mapping to our words, and the Erp port."""
