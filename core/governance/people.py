"""People who sign in: passwords as salted scrypt hashes, scopes, and the programs they sign in with."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from core.governance.accounts import OPERATOR, BadAccount
from core.governance.scopes import SCOPES

# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html: N=2^15, r=8, p=3 is one
# of its equal choices; weaker ones than 2^14, 8, 1 (RFC 7914, section 2: interactive) are refused.
COST, _LEAST_COST, _BLOCK, PARALLEL = 15, 14, 8, 3
_MOST_COST, _MOST_PARALLEL = 18, 16
_PASSWORD_LEAST, _PASSWORD_MOST = 12, 1000
_NAME = re.compile(r"[a-z][a-z0-9-]{1,62}\Z")
_LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name. password: as `hashed` wrote it."""

    name: str
    scopes: frozenset[str]
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Client:
    """A program that people sign in with; it has no secret (RFC 8252), so what it may be sent back to is
    exact."""

    name: str
    redirects: tuple[str, ...]

    def may_go_to(self, address: str) -> bool:
        """Whether it is one of its own, character by character; of a loopback address in numbers the port
        may be any (RFC 9700, section 4.1.3; RFC 8252, section 7.3)."""
        return address in self.redirects or any(
            _portless(address) == _portless(own) is not None for own in self.redirects
        )


class People:
    """All people and their programs. ValueError of two with one name."""

    def __init__(self, people: Sequence[Person] = (), clients: Sequence[Client] = ()) -> None:
        self._people = {person.name: person for person in people}
        self._clients = {client.name: client for client in clients}
        if len(self._people) < len(people) or len(self._clients) < len(clients):
            raise BadAccount("people, clients: two have the same name")
        # As dear as a real one: whether a name is known is not to be timed.
        self._nobody = next((p.password for p in people), "")

    def get(self, name: str) -> Person | None:
        """Whoever has this name now."""
        return self._people.get(name)

    def client(self, name: str) -> Client | None:
        """The program of this name."""
        return self._clients.get(name)

    def signed_in(self, name: str, password: str) -> Person | None:
        """The person, if the password is right. It takes as long for a name that nobody has, and on
        purpose."""
        person = self._people.get(name)
        right = fits(password, person.password if person else self._nobody)
        return person if right and person else None


def hashed(password: str, salt: bytes, cost: int = COST, parallel: int = PARALLEL) -> str:
    """scrypt$cost$parallel$salt$hash, in base64. salt: 16 bytes from the system's entropy; BadAccount for a
    password of fewer than 12 characters (https://pages.nist.gov/800-63-4/sp800-63b.html asks for 15 where it
    is all)."""
    if not _PASSWORD_LEAST <= len(password) <= _PASSWORD_MOST:
        raise BadAccount(f"password: {len(password)} characters; from {_PASSWORD_LEAST} to {_PASSWORD_MOST}")
    return f"scrypt${cost}${parallel}${_text(salt)}${_text(_scrypt(password, salt, cost, parallel))}"


def fits(password: str, kept: str) -> bool:
    """Whether it is the one that was hashed; False for a hash that is none."""
    try:
        cost, parallel, salt, right = _parts(kept)
    except BadAccount:
        return False
    given = _scrypt(password[:_PASSWORD_MOST], salt, cost, parallel)
    return hmac.compare_digest(given, right)


def read_person(plain: Mapping[str, Any]) -> Person:
    """{"name", "scopes": […], "password": what `tieout hash-password` said}; BadAccount, never with the
    hash."""
    name = str(plain.get("name", ""))
    if not _NAME.match(name) or name == OPERATOR:
        raise BadAccount(f"people: name: {name!r}: 2 to 63 of a-z, 0-9 and -, and not {OPERATOR!r}")
    if strange := sorted(set(plain) - {"name", "scopes", "password"}):
        raise BadAccount(f"people: {name}: unknown: {', '.join(strange)}")
    scopes = frozenset(map(str, plain.get("scopes", ())))
    if unknown := sorted(scopes - SCOPES):
        raise BadAccount(
            f"people: {name}: scopes: {', '.join(unknown)}: there are {', '.join(sorted(SCOPES))}"
        )
    kept = str(plain.get("password", ""))
    try:
        _parts(kept)
    except BadAccount as error:
        raise BadAccount(f"people: {name}: {error}") from None
    return Person(name, scopes, kept)


def read_client(plain: Mapping[str, Any]) -> Client:
    """{"name", "redirects": [absolute addresses, https or http of loopback, without fragment]};
    BadAccount."""
    name = str(plain.get("name", ""))
    if not _NAME.match(name) or set(plain) != {"name", "redirects"}:
        raise BadAccount(
            f"clients: name: {name!r}: 2 to 63 of a-z, 0-9 and -; with redirects and nothing else"
        )
    redirects = tuple(map(str, plain["redirects"]))
    for address in redirects:
        if not safe_address(address):
            raise BadAccount(f"clients: {name}: redirects: {address!r}: https, or http of loopback; no #")
    if not redirects:
        raise BadAccount(f"clients: {name}: redirects: none")
    return Client(name, redirects)


def safe_address(address: str) -> bool:
    """https, or http that does not leave the machine; no fragment, no user."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    plain = parts.scheme == "http" and host in (*_LOOPBACK, "localhost")
    clean = address.isascii() and address.isprintable() and " " not in address and "#" not in address
    return clean and bool(host) and "@" not in parts.netloc and (parts.scheme == "https" or plain)


def _portless(address: str) -> str | None:
    if not safe_address(address):
        return None
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        return None
    return parts._replace(netloc=parts.hostname or "").geturl()


def _parts(kept: str) -> tuple[int, int, bytes, bytes]:
    try:
        kind, cost, parallel, salt, right = kept.split("$")
        found = (
            int(cost),
            int(parallel),
            base64.b64decode(salt, validate=True),
            base64.b64decode(right, validate=True),
        )
    except (ValueError, binascii.Error):
        raise BadAccount("password: no hash of ours; make one with tieout hash-password") from None
    bounds = _LEAST_COST <= found[0] <= _MOST_COST and 1 <= found[1] <= _MOST_PARALLEL
    if kind != "scrypt" or not bounds or len(found[2]) < 16 or len(found[3]) != 32:
        raise BadAccount("password: hashed too weakly or otherwise; make one with tieout hash-password")
    return found


def _scrypt(password: str, salt: bytes, cost: int, parallel: int) -> bytes:
    memory = 128 * _BLOCK * (2**cost + parallel + 2)
    said = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(said, salt=salt, n=2**cost, r=_BLOCK, p=parallel, maxmem=2 * memory, dklen=32)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
