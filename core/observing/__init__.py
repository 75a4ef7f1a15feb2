"""What the core lets be seen of itself: metrics, objectives, traces."""
