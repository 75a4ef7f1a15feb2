"""What Zuora remembers and allows; no HTTP, no pydantic."""
