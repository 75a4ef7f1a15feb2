"""The signature header `t=<unix seconds>,v1=<hex>`: an HMAC-SHA256 of time and body."""

from __future__ import annotations

import hmac
from hashlib import sha256

from core.connectors.webhook_errors import BadSignature

_SECOND_US = 1_000_000


def check_timed_hmac(header: str, body: bytes, secret: str, now_us: int, window_seconds: int) -> None:
    """BadSignature unless one `v1` fits "t.body" under `secret` and t is within the window around now.

    While a secret is rolled there are several v1; every one is compared, in constant time.
    """
    stamp, given = "", []
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "t":
            stamp = value
        elif name == "v1":
            given.append(value.encode())
    if not secret or not given or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        raise BadSignature("the signature is missing or unreadable")
    expected = hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest().encode()
    fits = False
    for each in given:
        fits |= hmac.compare_digest(each, expected)
    if not fits:
        raise BadSignature("the signature does not fit")
    if abs(now_us - int(stamp) * _SECOND_US) > window_seconds * _SECOND_US:
        raise BadSignature(f"the signature is more than {window_seconds} s away from now")
