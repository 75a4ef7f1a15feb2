"""The company's own bank account: what its signed notices mean."""
