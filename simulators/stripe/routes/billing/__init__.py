"""The paths of billing."""
