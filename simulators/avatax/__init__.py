"""AvaTax, the tax engine: who owes which jurisdiction how much, and the documents that prove it."""
