"""Who may come in: one connected app, one user, bearer tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from simulators.kit.auth import Token, Tokens
from simulators.kit.clock import SECOND, Clock
from simulators.kit.ids import Ids
from simulators.salesforce.rules.keys import record_id
from simulators.salesforce.rules.refusal import Refused

# The sandbox's published sign-in; it opens nothing else.
CLIENT_ID = "3MVG9tieout.integration"
CLIENT_SECRET = "8B8D1E7A7D0C4F5E9A60C2D4"
USERNAME = "admin@tieout.test"
PASSWORD = "sandbox-password-1"
_AUDIENCES = ("https://login.salesforce.com", "https://test.salesforce.com")
_SCOPE = "api id"


@dataclass(frozen=True, slots=True)
class Grant:
    """An issued token. issued_at: microseconds; identity: path of the identity URL."""

    access_token: str
    issued_at: int
    identity: str
    scope: str


class Identity:
    """One an org."""

    def __init__(self, clock: Clock, ids: Ids, token_seconds: int) -> None:
        self._clock = clock
        self.tokens = Tokens(clock, ids, token_seconds)
        self.org_id = record_id("00D", 1)
        self._certificate: RSAKey | None = None

    def trust(self, public_key: str) -> None:
        """Upload the certificate (PEM public key) that JWT assertions are checked with."""
        self._certificate = RSAKey.import_key(public_key)

    def by_password(self, client: str, secret: str, username: str, password: str, user_id: str) -> Grant:
        """The username-password flow."""
        _check_app(client, secret)
        same = hmac.compare_digest(password.encode(), PASSWORD.encode())
        if username != USERNAME or not same:
            raise Refused("invalid_grant", "authentication failure")
        return self._grant(client, user_id)

    def by_app(self, client: str, secret: str, user_id: str) -> Grant:
        """The client-credentials flow; it runs as the app's user."""
        _check_app(client, secret)
        return self._grant(client, user_id)

    def by_assertion(self, assertion: str, user_id: str, own_url: str) -> Grant:
        """The JWT bearer flow: RS256, iss = client id, sub = username, aud = the login host."""
        if self._certificate is None:
            raise Refused("invalid_grant", "invalid assertion: no certificate is configured")
        try:
            claims = jwt.decode(assertion, self._certificate, algorithms=["RS256"]).claims
            expires = int(claims["exp"])  # some clients send it as text
        except (JoseError, ValueError, KeyError, TypeError):
            raise Refused("invalid_grant", "invalid assertion") from None
        if claims.get("iss") != CLIENT_ID:
            raise Refused("invalid_client_id", "client identifier invalid")
        if claims.get("sub") != USERNAME:
            raise Refused("invalid_grant", "user hasn't approved this consumer")
        if claims.get("aud") not in (*_AUDIENCES, own_url):
            raise Refused("invalid_grant", "audience is invalid")
        if expires * SECOND <= self._clock.now():
            raise Refused("invalid_grant", "expired authorization code")
        return self._grant(CLIENT_ID, user_id)

    def session(self, token: str) -> Token:
        """The live session; INVALID_SESSION_ID if it is none."""
        found = self.tokens.find(token)
        if found is None:
            raise Refused("INVALID_SESSION_ID", "Session expired or invalid")
        return found

    def _grant(self, client: str, user_id: str) -> Grant:
        token = self.tokens.issue(client, f"{self.org_id[:15]}!AQ")
        return Grant(token.text, self._clock.now(), f"/id/{self.org_id}/{user_id}", _SCOPE)


def signature(identity_url: str, issued_at: str) -> str:
    """What the client may check: base64 hmac-sha256 of identity URL and issue time."""
    mac = hmac.new(CLIENT_SECRET.encode(), f"{identity_url}{issued_at}".encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def _check_app(client: str, secret: str) -> None:
    if client != CLIENT_ID:
        raise Refused("invalid_client_id", "client identifier invalid")
    if not hmac.compare_digest(secret.encode(), CLIENT_SECRET.encode()):
        raise Refused("invalid_client", "invalid client credentials")
