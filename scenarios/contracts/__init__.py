"""Consumer contracts: what the core's connectors rely on at each vendor, recorded in stories and put to a changed mock."""
