"""People with keys of their own, the same each time, and registries that know them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.mappings.registry import Registry
from core.mappings.signing import Signer, write_key

KEEPER, TEAM = "kim", ("mia", "ann", "bob", "cem")


def key_of(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.casefold().strip().encode()).digest())


def signer(name: str) -> Signer:
    """Whoever has that name, however it is written."""
    return Signer(name, key_of(name))


def key_file(folder: Path, name: str) -> Path:
    """Their private key as a file."""
    path = folder / f"{name}.key"
    if not path.exists():
        write_key(key_of(name), path)
    return path


def with_people(registry: Registry, *names: str) -> Registry:
    """Kim, who writes no changes, lets the team in."""
    for name in (KEEPER, *(names or TEAM)):
        registry.enrol(name, signer(name).public, signer(KEEPER))
    return registry
