"""Every law accepts a good history and rejects bad ones."""
