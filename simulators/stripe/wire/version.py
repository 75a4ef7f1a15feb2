"""Which version of Stripe's API the shapes follow."""

from __future__ import annotations

import re

# What the vendor's current SDKs pin (stripe 16.1.0).
API_VERSION = "2026-10-28.endive"

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?")


def is_version(text: str) -> bool:
    """Whether this could be a Stripe-Version."""
    return _VERSION.fullmatch(text) is not None
