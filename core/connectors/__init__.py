"""One folder a vendor: its dialect, the mapping to our words, and the port."""
