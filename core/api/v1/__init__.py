"""The first version of the core's own API, a file a resource."""
