"""Takes secrets and personal data out of texts that are kept: logs, alerts and the audit log."""

from __future__ import annotations

import re
from collections.abc import Iterable

SECRET, EMAIL = "[secret]", "[e-mail]"
# Shorter ones are words that stand anywhere; no credential of ours is as short.
_LEAST = 8
# By their shape: signed tokens, credentials of an Authorization header, Stripe's keys
# (https://docs.stripe.com/keys), private keys.
_SHAPES = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
    r"|(?<=[Bb]earer )[\w.~+/-]{8,}=*|(?<=[Bb]asic )[A-Za-z0-9+/]{8,}=*"
    r"|\b(?:sk|rk)_(?:live|test)_\w+|\bwhsec_\w+",
    re.DOTALL,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Mask:
    """Called with a text it gives it back without these secrets, what has the shape of one, and e-mail
    addresses. The secrets themselves are known by their value, whatever they look like."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        parts = {line for secret in secrets for line in (secret, *secret.splitlines()) if len(line) >= _LEAST}
        # The longest first: one may be a part of another.
        known = sorted(parts, key=lambda part: (-len(part), part))
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """The text as it may be kept."""
        if self._known is not None:
            text = self._known.sub(SECRET, text)
        return _EMAIL.sub(EMAIL, _SHAPES.sub(SECRET, text))


# Where no secret is known by its value.
SHAPES_ONLY = Mask()
