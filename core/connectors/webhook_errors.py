"""Why an inbound webhook is not let in."""

from __future__ import annotations


class BadSignature(Exception):
    """Missing, wrong or outside the time window: not the sender we know, or an old message."""


class Malformed(Exception):
    """Signed, and yet not what this vendor sends."""
