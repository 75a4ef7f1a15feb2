"""Topics and consumers: in memory."""
