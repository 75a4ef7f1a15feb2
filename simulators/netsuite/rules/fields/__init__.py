"""The fields of every record type, as the REST catalogue of 2026.1 lists them."""
