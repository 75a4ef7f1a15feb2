"""The core's own words: frozen values without vendor vocabulary and without I/O."""
