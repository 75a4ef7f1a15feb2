"""NetSuite over HTTP: the handlers, the door and the written-out table."""
