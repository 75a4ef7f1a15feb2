"""OAuth 2.0 machine to machine: a signed assertion for a token."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey

from core.connectors.session import dumps

_COORDINATE_BYTES = 32


def assertion(key_pem: str, certificate_id: str, claims: Mapping[str, object]) -> str:
    """A JWT signed with ES256.

    Signed deterministically (RFC 6979): the usual random nonce would make every run differ, and a
    weak one would give the key away.
    """
    header = {"typ": "JWT", "alg": "ES256", "kid": certificate_id}
    signed = f"{_encoded(dumps(header))}.{_encoded(dumps(dict(claims)))}"
    private = _private_key(key_pem)
    der = private.sign(signed.encode(), ECDSA(SHA256(), deterministic_signing=True))
    signature = b"".join(part.to_bytes(_COORDINATE_BYTES, "big") for part in decode_dss_signature(der))
    return f"{signed}.{_encoded(signature)}"


@lru_cache(maxsize=16)
def _private_key(key_pem: str) -> Any:
    # Parsing a key costs more than signing with it.
    return ECKey.import_key(key_pem).get_op_key("sign")


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
