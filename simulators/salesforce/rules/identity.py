"""Who may come in: one connected app, one user, sessions, refresh tokens, authorization codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from simulators.kit.clock import MINUTE, SECOND, Clock, presents
from simulators.kit.ids import Ids
from simulators.salesforce.rules.keys import record_id
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.signin import (
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    PRIVATE_KEY_PEM,
    SECURITY_TOKEN,
    USERNAME,
)

_AUDIENCES = ("https://login.salesforce.com", "https://test.salesforce.com")
_SCOPE = "api id"
_CODE_LIFE = 15 * MINUTE
_LASTING = frozenset({"refresh_token", "offline_access", "full"})
_LOGIN = "Invalid username, password, security token; or user locked out."


@dataclass(frozen=True, slots=True)
class Session:
    """A bearer token. issued_at, until: microseconds; family: that of its refresh token, "" without."""

    text: str
    client: str
    scope: str
    issued_at: int
    until: int
    family: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """An issued token. issued_at: microseconds; identity: path of the identity URL."""

    access_token: str
    issued_at: int
    identity: str
    scope: str
    refresh_token: str = ""


@dataclass(slots=True)
class _Family:
    """The refresh tokens that followed one another from one approval."""

    current: str
    client: str
    scope: str


@dataclass(frozen=True, slots=True)
class _Code:
    client: str
    redirect: str
    scope: str
    challenge: str
    method: str
    until: int


class Identity:
    """One an org. rotate: a refresh token is good for one use, and its reuse ends the whole family."""

    def __init__(self, clock: Clock, ids: Ids, token_seconds: int, *, rotate: bool = False) -> None:
        self._clock, self._ids, self.life_seconds, self._rotate = clock, ids, token_seconds, rotate
        self.org_id = record_id("00D", 1)
        self.password = PASSWORD
        self.user_id = ""
        self._certificate = PRIVATE_KEY_PEM
        self._sessions: dict[str, Session] = {}
        self._families: dict[str, _Family] = {}
        self._refresh: dict[str, str] = {}  # refresh token -> family
        self._codes: dict[str, _Code] = {}

    def trust(self, public_key: str) -> None:
        """Upload the certificate (PEM public key) that JWT assertions are checked with."""
        _key(public_key)
        self._certificate = public_key

    def revoke_all(self) -> None:
        """Every session ends; refresh tokens stay."""
        self._sessions.clear()

    # --- grants

    def by_password(self, client: str, secret: str, username: str, password: str) -> Grant:
        """The username-password flow; the security token may stand behind the password."""
        check_app(client, secret)
        if username != USERNAME or not self._knows(password):
            raise Refused("invalid_grant", "authentication failure")
        return self._grant(client, _SCOPE)

    def by_login(self, username: str, password: str) -> Session:
        """The SOAP login."""
        if username != USERNAME or not self._knows(password):
            raise Refused("INVALID_LOGIN", _LOGIN)
        return self._session("soap", "web api")

    def by_app(self, client: str, secret: str) -> Grant:
        """The client-credentials flow; it runs as the app's user."""
        check_app(client, secret)
        return self._grant(client, _SCOPE)

    def by_assertion(self, assertion: str, own_url: str) -> Grant:
        """The JWT bearer flow: RS256, iss = client id, sub = username, aud = the login host."""
        try:
            claims = jwt.decode(assertion, _key(self._certificate), algorithms=["RS256"]).claims
            expires = int(claims["exp"])  # some clients send it as text
        except (JoseError, ValueError, KeyError, TypeError):
            raise Refused("invalid_grant", "invalid assertion") from None
        if claims.get("iss") != CLIENT_ID:
            raise Refused("invalid_client_id", "client identifier invalid")
        if claims.get("sub") != USERNAME:
            raise Refused("invalid_grant", "user hasn't approved this consumer")
        if str(claims.get("aud", "")).rstrip("/") not in (*_AUDIENCES, own_url) and not _own_domain(
            str(claims.get("aud", ""))
        ):
            raise Refused("invalid_grant", "audience is invalid")
        if all(expires <= now for now in presents(self._clock)):
            raise Refused("invalid_grant", "expired authorization code")
        return self._grant(CLIENT_ID, _SCOPE)

    def approve(self, client: str, redirect: str, scope: str, challenge: str, method: str) -> str:
        """An authorization code, as if the sandbox's user had clicked Allow."""
        if client != CLIENT_ID:
            raise Refused("invalid_client_id", "client identifier invalid")
        code = f"aPrx{self._ids.base62('code', 60)}"
        until = self._clock.now() + _CODE_LIFE
        self._codes[code] = _Code(client, redirect, scope or "api id refresh_token", challenge, method, until)
        return code

    def by_code(self, client: str, secret: str, code: str, redirect: str, verifier: str) -> Grant:
        """The web-server flow's second half. A code is good once."""
        known = self._codes.pop(code, None)
        if client != CLIENT_ID:
            raise Refused("invalid_client_id", "client identifier invalid")
        if secret or known is None or not known.challenge:
            check_app(client, secret)
        if known is None or known.until <= self._clock.now():
            raise Refused("invalid_grant", "expired authorization code")
        if known.redirect != redirect:
            raise Refused("redirect_uri_mismatch", "redirect_uri must match configuration")
        if known.challenge and _challenge(verifier) != known.challenge:
            raise Refused("invalid_grant", "invalid code verifier")
        family = ""
        if _LASTING & set(known.scope.split()):
            family = self._new_family(client, known.scope)
        return self._grant(client, known.scope, family)

    def by_refresh(self, client: str, secret: str, token: str) -> Grant:
        """A new session for a refresh token; with rotation a new refresh token too."""
        if client != CLIENT_ID:
            raise Refused("invalid_client_id", "client identifier invalid")
        if secret:
            check_app(client, secret)
        name = self._refresh.get(token, "")
        family = self._families.get(name)
        if family is None:
            raise Refused("invalid_grant", "expired access/refresh token")
        if token != family.current:
            self._end(name)
            raise Refused("invalid_grant", "expired access/refresh token")
        if not self._rotate:
            return self._grant(client, family.scope, name, tell=False)
        family.current = self._refresh_token(name)
        return self._grant(client, family.scope, name)

    def standing_refresh_token(self) -> str:
        """One that the sandbox has from the start."""
        return self._families[self._new_family(CLIENT_ID, "api id refresh_token")].current

    # --- sessions

    def session(self, token: str) -> Session:
        """The live session; INVALID_SESSION_ID if it is none."""
        found = self.find(token)
        if found is None:
            raise Refused("INVALID_SESSION_ID", "Session expired or invalid")
        return found

    def find(self, token: str) -> Session | None:
        """The live session, if it is one."""
        found = self._sessions.get(token)
        return found if found is not None and found.until > self._clock.now() else None

    def refresh_scope(self, token: str) -> str | None:
        """The scope of a live refresh token; None if it is none."""
        family = self._families.get(self._refresh.get(token, ""))
        return family.scope if family is not None and family.current == token else None

    def revoke(self, token: str) -> None:
        """End a session, or a refresh token with all sessions that came of it."""
        found = self._sessions.pop(token, None)
        if found is not None:
            if found.family:
                self._end(found.family)
            return
        if self.refresh_scope(token) is None:
            raise Refused("invalid_token", "invalid token")
        self._end(self._refresh[token])

    def _end(self, name: str) -> None:
        self._families.pop(name, None)
        self._sessions = {text: each for text, each in self._sessions.items() if each.family != name}

    def _new_family(self, client: str, scope: str) -> str:
        name = str(self._ids.count("family"))
        self._families[name] = _Family(self._refresh_token(name), client, scope)
        return name

    def _refresh_token(self, name: str) -> str:
        token = f"5Aep861{self._ids.base62('refresh', 60)}"
        self._refresh[token] = name
        return token

    def _session(self, client: str, scope: str, family: str = "") -> Session:
        now = self._clock.now()
        text = f"{self.org_id[:15]}!AQ{self._ids.base62('token', 40)}"
        self._sessions[text] = Session(text, client, scope, now, now + self.life_seconds * SECOND, family)
        return self._sessions[text]

    def _grant(self, client: str, scope: str, family: str = "", *, tell: bool = True) -> Grant:
        session = self._session(client, scope, family)
        refresh = self._families[family].current if family and tell else ""
        return Grant(session.text, session.issued_at, f"/id/{self.org_id}/{self.user_id}", scope, refresh)

    def _knows(self, password: str) -> bool:
        return any(
            hmac.compare_digest(password.encode(), known.encode())
            for known in (self.password, self.password + SECURITY_TOKEN)
        )


@lru_cache(maxsize=16)
def _key(pem: str) -> RSAKey:
    return RSAKey.import_key(pem)


def _own_domain(audience: str) -> bool:
    return audience.startswith("https://") and audience.rstrip("/").endswith(".salesforce.com")


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def signature(identity_url: str, issued_at: str) -> str:
    """What the client may check: base64 hmac-sha256 of identity URL and issue time."""
    mac = hmac.new(CLIENT_SECRET.encode(), f"{identity_url}{issued_at}".encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def check_app(client: str, secret: str) -> None:
    """The connected app by its key and secret."""
    if client != CLIENT_ID:
        raise Refused("invalid_client_id", "client identifier invalid")
    if not hmac.compare_digest(secret.encode(), CLIENT_SECRET.encode()):
        raise Refused("invalid_client", "invalid client credentials")
