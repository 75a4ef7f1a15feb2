"""What every mock is made of: table, faces, clock, ids, keys, tokens, webhooks, control surface."""
