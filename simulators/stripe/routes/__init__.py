"""The table of paths, and the door in front of it."""
