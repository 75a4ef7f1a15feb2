"""What the connectors rely on at each vendor: recorded in stories, put to a mock whose schema changes."""
