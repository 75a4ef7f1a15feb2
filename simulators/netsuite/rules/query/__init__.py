"""Reading many records at once: SuiteQL and the `q` filter of collections."""
