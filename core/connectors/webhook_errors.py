"""Why an inbound webhook is not let in."""

from __future__ import annotations


class BadSignature(Exception):
    """Missing, wrong or outside the time window: not the sender we know, or an old message."""


class Malformed(Exception):
    """Signed, and yet not what this vendor sends."""


class UnknownVersion(Malformed):
    """Signed, and written in a version that this core does not read: refused, so that it comes again."""


class UnknownType(Exception):
    """Signed, and of a kind that was never asked for: acknowledged, since it would come again for ever."""
