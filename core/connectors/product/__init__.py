"""The company's own product as a source of usage: what its signed notices mean."""
