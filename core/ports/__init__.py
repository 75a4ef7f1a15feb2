"""What the core needs from outside, as small protocols in its own words, and the promise of each call."""
