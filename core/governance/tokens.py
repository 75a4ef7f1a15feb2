"""Access tokens: signed, for minutes, and worth no more than what their account still has."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from core.governance.accounts import Accounts, Secret
from core.governance.people import People

LIFETIME_SECONDS = 900
ISSUER, _ALGORITHM = "tieout", "HS256"
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a token, and what of it may be used now. session: of a person; it has to be asked whether that
    still lives; token: of one that was given out, it has to be asked whether it was taken back; client: the
    program; begun, until: seconds since 1970."""

    name: str
    scopes: frozenset[str]
    session: str = ""
    token: str = ""
    client: str = ""
    begun: int = 0
    until: int = 0


class Named(Protocol):
    """An account or a person."""

    @property
    def name(self) -> str: ...

    @property
    def scopes(self) -> frozenset[str]: ...


class Tokens:
    """Signs and reads. roots: secrets of the deployment, of which the keys are derived: every process reads
    the same tokens. The first that holds signs; each that holds is read, so that one can be changed without
    a token lost."""

    def __init__(
        self, roots: str | Sequence[Secret], accounts: Accounts, people: People | None = None
    ) -> None:
        self._roots = (Secret(roots),) if isinstance(roots, str) else tuple(roots)
        if not self._roots or not all(root.value for root in self._roots):
            raise ValueError("root: a key cannot be derived of nothing")
        self._accounts, self._people = accounts, people or People()

    def keys(self, now: int) -> tuple[bytes, ...]:
        """Those that hold, the one that signs first; of the last one also after its end."""
        return tuple(_key(root) for root in self._roots if root.holds(now)) or (_key(self._roots[0]),)

    def issue(
        self, whom: Named, scopes: frozenset[str], now: int, session: str = "", client: str = ""
    ) -> str:
        """A JWT (RFC 9068's claims as far as they say something here). now: microseconds; session, client:
        of a person's sign-in."""
        seconds, key = now // _SECOND, self.keys(now)[0]
        claims = {
            "iss": ISSUER, "aud": ISSUER, "sub": whom.name, "client_id": client or whom.name,
            "scope": " ".join(sorted(scopes)), "iat": seconds, "exp": seconds + LIFETIME_SECONDS,
            **({"sid": session} if session else {}),
        }  # fmt: skip
        header = {"alg": _ALGORITHM, "typ": "at+jwt", "kid": _kid(key)}
        return jwt.encode(header, claims, OctKey.import_key(key), [_ALGORITHM])

    def holder(self, token: str, now: int) -> Holder | None:
        """None for what we did not sign, what has run out, and whose account is gone. A scope that was taken
        from the account since is not in it."""
        claims = self._claims(token, now)
        seconds, expires, begun = now // _SECOND, claims.get("exp"), claims.get("iat")
        if not isinstance(expires, int) or not isinstance(begun, int) or not begun <= seconds < expires:
            return None
        if claims.get("iss") != ISSUER or claims.get("aud") != ISSUER:
            return None
        name, session = str(claims.get("sub")), str(claims.get("sid", ""))
        whom: Named | None = self._people.get(name) if session else self._accounts.get(name)
        if whom is None:
            return None
        scopes = frozenset(str(claims.get("scope", "")).split()) & whom.scopes
        client = str(claims.get("client_id", ""))
        return Holder(whom.name, scopes, session, _named(claims), client, begun, expires)

    def _claims(self, token: str, now: int) -> dict[str, Any]:
        """Of a token that one of our keys signed; nothing for any other."""
        for key in self.keys(now):
            try:
                found = jwt.decode(token, OctKey.import_key(key), [_ALGORITHM])
            except (JoseError, ValueError):
                continue
            if found.header.get("kid", _kid(key)) == _kid(key):
                return dict(found.claims)
        return {}


def _named(claims: Mapping[str, Any]) -> str:
    """Of what it says, not of how it is written: base64 has more than one way. Two of one moment, account and
    scope are one token."""
    return sha256(json.dumps(claims, sort_keys=True).encode()).hexdigest()[:32]


def _key(root: Secret) -> bytes:
    return hmac.new(root.value.encode(), b"tieout access tokens", sha256).digest()


def _kid(key: bytes) -> str:
    return sha256(b"kid" + key).hexdigest()[:12]
