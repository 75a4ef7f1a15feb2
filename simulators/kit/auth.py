"""Access tokens: issued, checked, expired, revoked."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.kit.clock import SECOND, Clock
from simulators.kit.ids import Ids


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token; `until` in microseconds."""

    text: str
    client: str
    scopes: frozenset[str]
    until: int


class Tokens:
    """One a mock."""

    def __init__(self, clock: Clock, ids: Ids, life_seconds: int) -> None:
        self._clock, self._ids, self.life_seconds = clock, ids, life_seconds
        self._issued: dict[str, Token] = {}

    def issue(self, client: str, prefix: str = "", scopes: frozenset[str] = frozenset()) -> Token:
        """A fresh token for `client`."""
        text = prefix + self._ids.base62("token", 40)
        token = Token(text, client, scopes, self._clock.now() + self.life_seconds * SECOND)
        self._issued[text] = token
        return token

    def find(self, text: str) -> Token | None:
        """The token if it is known and not expired."""
        token = self._issued.get(text)
        return token if token is not None and token.until > self._clock.now() else None

    def revoke_all(self) -> None:
        """Every token issued so far is worthless from now on (F42)."""
        self._issued.clear()


def bearer(authorization: str) -> str:
    """The token of an `Authorization: Bearer …` header; "" if it is something else."""
    scheme, _, text = authorization.partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""
