"""A person's key: what is done to a mapping is signed with it, for a name alone anybody can type."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

# What a signature is about, so that none made for something else holds here.
_ABOUT = b"tieout mappings history\n"
PASSPHRASE = "TIEOUT_KEY_PASSPHRASE"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class BadKey(ValueError):
    """A key that cannot be used; the text names field, value and remedy, never the key."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who acts: under a name, with an Ed25519 key (RFC 8032)."""

    name: str
    _key: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> str:
        """The public half, 32 bytes in hex."""
        return public_of(self._key)

    def sign(self, hash_: str) -> str:
        """Of the hash of a line, and so of all that it says and of all lines before it."""
        return self._key.sign(_ABOUT + hash_.encode()).hex()


def holds(public: str, hash_: str, signature: str) -> bool:
    """Whether the key with that public half (hex) signed this hash of a line."""
    try:
        known = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        known.verify(bytes.fromhex(signature), _ABOUT + hash_.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def public_of(key: Ed25519PrivateKey) -> str:
    """32 bytes in hex."""
    return key.public_key().public_bytes_raw().hex()


def read_signer(name: str, path: Path, passphrase: str = "") -> Signer:
    """The key in a PEM file (PKCS #8) that nobody else may read; BadKey if it cannot be used."""
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as error:
        raise BadKey(f"key: {path}: {error.strerror}; tieout mappings key makes one") from None
    if mode & _OTHERS:
        raise BadKey(f"key: {path}: others may read it ({stat.filemode(mode)}); chmod 600, or make a new one")
    try:
        key = load_pem_private_key(content, passphrase.encode() or None)
    except TypeError:
        remedy = f"leave {PASSPHRASE} away" if passphrase else f"give its passphrase in {PASSPHRASE}"
        raise BadKey(f"key: {path}: {remedy}") from None
    except (ValueError, UnsupportedAlgorithm):
        raise BadKey(f"key: {path}: no private key in PEM, or another passphrase ({PASSPHRASE})") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"key: {path}: no Ed25519 key; tieout mappings key makes one")
    return Signer(name, key)


def write_key(key: Ed25519PrivateKey, path: Path, passphrase: str = "") -> None:
    """A new file that only its owner may read, under a passphrase if there is one; BadKey if there is a file
    already, which is never overwritten."""
    how = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BadKey(f"out: {path}: {error.strerror}; name a new file") from None
    with os.fdopen(made, "wb") as file:
        file.write(content)


def read_public(text: str) -> str:
    """The public half as typed or out of a file: 64 digits of hex that are a key; BadKey if they are none."""
    word = text.strip().lower()
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(word))
    except ValueError:
        raise BadKey(
            f"public: {text.strip()[:80]!r}: 64 hex digits are needed, as tieout mappings key says"
        ) from None
    return word
