"""Pressure from outside, over HTTP, with Locust; in processes of its own."""
