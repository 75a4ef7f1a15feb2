"""The shapes of billing: what its paths take and what its objects look like."""
