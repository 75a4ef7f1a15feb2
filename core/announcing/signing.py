"""Signatures per Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, by a secret an endpoint.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

_PREFIX = "whsec_"
# Beside Standard Webhooks, which signs bodies only.
ATTRIBUTES = "webhook-attributes-signature"


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


def headers(
    secrets: tuple[str, ...], message: str, now: int, body: bytes, attributes: str = ""
) -> dict[str, str]:
    """What goes with a body: a signature a secret, the present one first. now: microseconds; attributes: the
    text of those that are headers, "" where all are in the body: they have a signature of their own, over
    this text, a full stop and the body, so that any reader of Standard Webhooks still takes the other."""
    seconds = now // 1_000_000

    def signed(text: bytes) -> str:
        return " ".join(signature(secret, message, seconds, text) for secret in secrets)

    made = {"webhook-id": message, "webhook-timestamp": str(seconds), "webhook-signature": signed(body)}
    return made | ({ATTRIBUTES: signed(attributes.encode() + b"." + body)} if attributes else {})
