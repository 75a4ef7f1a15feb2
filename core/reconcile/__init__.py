"""One control a file: what two systems must agree on, what differs, and which flow mends it."""
