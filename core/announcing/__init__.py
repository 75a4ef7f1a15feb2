"""Facts for those outside: what is told, to whom, signed how, and how often it is tried."""
