"""What the org remembers and allows: objects, records, automation, queries, identity."""
