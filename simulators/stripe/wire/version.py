"""Which version of Stripe's API the shapes follow."""

from __future__ import annotations

import re

# What the vendor's current SDKs pin (stripe 16.1.0).
API_VERSION = "2026-10-28.endive"

# The first version there is, and the first that has a release's name.
_FIRST, _NAMED = "2011-01-01", "2024-09-30"

_VERSION = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(\.[a-z]+)?")


def is_version(text: str) -> bool:
    """Whether this could be a Stripe-Version: a day, and since the first named release its name.

    Days later than the newest known pass, for clients may be newer than this mock.
    """
    found = _VERSION.fullmatch(text)
    if found is None:
        return False
    day, name = found.groups()
    return bool(day >= _FIRST and (day >= _NAMED) == bool(name))
