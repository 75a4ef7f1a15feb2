"""The written-out table of Zuora's paths, and the door in front of it."""
