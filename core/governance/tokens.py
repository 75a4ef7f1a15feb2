"""Access tokens: signed, for minutes, and worth no more than what their account still has."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from core.governance.accounts import Account, Accounts

LIFETIME_SECONDS = 900
_ISSUER, _ALGORITHM = "tieout", "HS256"
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a token, and what of it may be used now."""

    name: str
    scopes: frozenset[str]


class Tokens:
    """Signs and reads. root: a secret of the deployment, of which the key is derived: every process reads the
    same tokens, and none after it was changed."""

    def __init__(self, root: str, accounts: Accounts) -> None:
        if not root:
            raise ValueError("root: a key cannot be derived of nothing")
        key = hmac.new(root.encode(), b"tieout access tokens", sha256).digest()
        self._key, self._accounts = OctKey.import_key(key), accounts

    def issue(self, account: Account, scopes: frozenset[str], now: int) -> str:
        """A JWT (RFC 9068's claims as far as they say something here). now: microseconds."""
        seconds = now // _SECOND
        claims = {
            "iss": _ISSUER, "aud": _ISSUER, "sub": account.name, "client_id": account.name,
            "scope": " ".join(sorted(scopes)), "iat": seconds, "exp": seconds + LIFETIME_SECONDS,
        }  # fmt: skip
        return jwt.encode({"alg": _ALGORITHM, "typ": "at+jwt"}, claims, self._key, [_ALGORITHM])

    def holder(self, token: str, now: int) -> Holder | None:
        """None for what we did not sign, what has run out, and whose account is gone. A scope that was taken
        from the account since is not in it."""
        try:
            found = jwt.decode(token, self._key, [_ALGORITHM])
        except (JoseError, ValueError):
            return None
        claims = found.claims
        seconds, expires, begun = now // _SECOND, claims.get("exp"), claims.get("iat")
        if not isinstance(expires, int) or not isinstance(begun, int) or not begun <= seconds < expires:
            return None
        if claims.get("iss") != _ISSUER or claims.get("aud") != _ISSUER:
            return None
        account = self._accounts.get(str(claims.get("sub")))
        if account is None:
            return None
        return Holder(account.name, frozenset(str(claims.get("scope", "")).split()) & account.scopes)
