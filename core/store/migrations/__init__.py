"""The schema of each store as numbered scripts, applied in order and never changed once released."""
