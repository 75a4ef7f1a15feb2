"""Signatures per Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, by a secret an endpoint.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

_PREFIX = "whsec_"


def secret_of(root: str, endpoint: str, version: int) -> str:
    """Worked out of the deployment's own secret, so that the store holds none; ValueError without a root."""
    if not root:
        raise ValueError("root: a secret cannot be worked out of nothing")
    named = f"tieout webhooks out\x00{endpoint}\x00{version}".encode()
    return _PREFIX + base64.b64encode(hmac.new(root.encode(), named, sha256).digest()).decode()


def signature(secret: str, message: str, seconds: int, body: bytes) -> str:
    """`v1,<base64>`. secret: "whsec_" and base64; message: the id of the event; seconds: since 1970."""
    key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    signed = f"{message}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def headers(secrets: tuple[str, ...], message: str, now: int, body: bytes) -> dict[str, str]:
    """What goes with a body: a signature a secret, the present one first. now: microseconds."""
    seconds = now // 1_000_000
    return {
        "webhook-id": message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(signature(secret, message, seconds, body) for secret in secrets),
    }
