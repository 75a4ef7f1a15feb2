"""Revenue of a run out of its books: waterfall, deferred roll-forward, positions, remaining obligations."""
