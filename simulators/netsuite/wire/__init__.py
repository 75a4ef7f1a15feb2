"""NetSuite's shapes on the wire: request models, rendered records, errors."""
