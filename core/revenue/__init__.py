"""Revenue by period."""
