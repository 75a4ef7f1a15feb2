"""Why an inbound webhook is not let in."""

from __future__ import annotations


class BadSignature(Exception):
    """Missing, wrong, or outside the time window: the sender is not who it should be, or the message is old."""


class Malformed(Exception):
    """Signed, and yet not what this vendor sends."""
