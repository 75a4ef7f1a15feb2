"""Zuora's shapes: requests as pydantic models, answers as pure functions from object to dict."""
