"""The core over HTTP: webhooks in, resources and operations."""
