"""Worked examples in the published format, put to the product and compared figure by figure."""
