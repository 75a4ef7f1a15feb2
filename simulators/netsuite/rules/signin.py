"""Who may call: OAuth 2.0 (machine to machine, authorization code) and token-based authentication."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from simulators.kit.auth import Token, Tokens
from simulators.kit.clock import DAY, SECOND, Clock, presents
from simulators.kit.ids import Ids
from simulators.netsuite.rules.keys import ALGORITHMS, CLIENT_ID, CLIENT_SECRET, PEMS, SCOPE
from simulators.netsuite.rules.oauth1 import Request, TokenBased
from simulators.netsuite.rules.refusal import Refused

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
REVOKE_PATH = "/services/rest/auth/oauth2/v1/revoke"
AUTHORIZE_PATH = "/app/login/oauth2/authorize.nl"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPES = frozenset({SCOPE, "restlets", "suite_analytics"})
_ALGORITHMS = sorted({each for listed in ALGORITHMS.values() for each in listed})
_LIFE_SECONDS_MAX = 3600
_SKEW_SECONDS = 300
_CODE_LIFE = 600 * SECOND
_REFRESH_LIFE = 7 * DAY


class OAuthRefused(Exception):
    """The token endpoint's own error: RFC 6749 `error`; the reason is for people who read the code."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error, self.description = error, description


@dataclass(frozen=True, slots=True)
class Grant:
    """What an authorization code or a refresh token stands for; `until` in microseconds."""

    scopes: frozenset[str]
    redirect: str
    challenge: str
    until: int


class SignIn:
    """One a company. Every failure of a call is INVALID_LOGIN, without saying why."""

    def __init__(self, clock: Clock, ids: Ids, token_seconds: int) -> None:
        self._clock, self._ids = clock, ids
        self.tokens = Tokens(clock, ids, token_seconds)
        self.tba = TokenBased(clock)
        self._codes: dict[str, Grant] = {}
        self._refreshers: dict[str, Grant] = {}
        self._revoked: set[str] = set()

    def check(self, authorization: str, request: Request, scope: str = SCOPE) -> None:
        """Let a call in, by Bearer token or by OAuth 1.0a signature."""
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() == "bearer":
            token = self.tokens.find(rest.strip())
            if token is not None and scope in token.scopes and token.text not in self._revoked:
                return
        elif scheme.lower() == "oauth" and self.tba.lets_in(rest, request):
            return
        raise invalid_login()

    def exchange(self, form: Mapping[str, str], urls: tuple[str, ...]) -> Token:
        """A token for a client assertion; OAuthRefused says what is wrong with it."""
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise OAuthRefused("invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}")
        if not form.get("client_assertion"):
            raise OAuthRefused("invalid_request", "client_assertion is missing")
        claims = self._claims(form["client_assertion"])
        issued, until = _whole(claims.get("iat")), _whole(claims.get("exp"))
        if claims.get("iss") != CLIENT_ID:
            raise OAuthRefused("invalid_client", "iss is not a known client id")
        if not _meant_for(claims.get("aud"), urls):
            raise OAuthRefused("invalid_grant", "aud is not the token endpoint")
        if issued is None or until is None or until > issued + _LIFE_SECONDS_MAX:
            raise OAuthRefused("invalid_grant", "iat and exp are required, at most 60 minutes apart")
        if not any(until > now and issued <= now + _SKEW_SECONDS for now in presents(self._clock)):
            raise OAuthRefused("invalid_grant", "the assertion has expired or is not yet valid")
        scopes = claims.get("scope")
        wanted = frozenset(
            scopes if isinstance(scopes, list) else str(scopes or "").replace(",", " ").split()
        )
        if not wanted or not wanted <= SCOPES:
            raise OAuthRefused("invalid_scope", f"scope must name some of {', '.join(sorted(SCOPES))}")
        return self.tokens.issue(CLIENT_ID, scopes=wanted)

    def authorize(self, args: Mapping[str, str]) -> str:
        """The authorization code of a consent, given at once; OAuthRefused if the request is wrong."""
        if args.get("client_id") != CLIENT_ID:
            raise OAuthRefused("invalid_client", "client_id is not known")
        if args.get("response_type") != "code":
            raise OAuthRefused("unsupported_response_type", "response_type must be code")
        scopes = frozenset(args.get("scope", "").replace(",", " ").split())
        if not scopes or not scopes <= SCOPES:
            raise OAuthRefused("invalid_scope", f"scope must name some of {', '.join(sorted(SCOPES))}")
        code = self._ids.base62("code", 48)
        until = self._clock.now() + _CODE_LIFE
        challenge = args.get("code_challenge", "")
        self._codes[code] = Grant(scopes, args.get("redirect_uri", ""), challenge, until)
        return code

    def redeem(self, form: Mapping[str, str], authorization: str) -> tuple[Token, str]:
        """(access token, refresh token) for an authorization code or a refresh token."""
        self._client(form, authorization)
        now = self._clock.now()
        if form.get("grant_type") == "authorization_code":
            grant = self._codes.pop(form.get("code", ""), None)
            if grant is None or grant.until <= now or grant.redirect != form.get("redirect_uri", ""):
                raise OAuthRefused("invalid_grant", "the code is unknown, used or expired")
            if grant.challenge and grant.challenge not in _challenges(form.get("code_verifier", "")):
                raise OAuthRefused("invalid_grant", "code_verifier does not fit")
            text = self._ids.base62("refresh", 56)
            self._refreshers[text] = Grant(grant.scopes, "", "", now + _REFRESH_LIFE)
        else:
            text = form.get("refresh_token", "")
            known = self._refreshers.get(text)
            if known is None or known.until <= now:
                raise OAuthRefused("invalid_grant", "the refresh token is unknown, revoked or expired")
            grant = known
        return self.tokens.issue(CLIENT_ID, scopes=grant.scopes), text

    def revoke(self, form: Mapping[str, str], authorization: str) -> None:
        """A refresh token, or an access token, is worth nothing from now on."""
        self._client(form, authorization)
        if not form.get("token"):
            raise OAuthRefused("invalid_request", "token is missing")
        self._refreshers.pop(form["token"], None)
        self._revoked.add(form["token"])

    def revoke_all(self) -> None:
        """Every access token is worth nothing from now on."""
        self.tokens.revoke_all()

    def _client(self, form: Mapping[str, str], authorization: str) -> None:
        scheme, _, rest = authorization.partition(" ")
        try:
            pair = b64decode(rest + "=" * (-len(rest) % 4)).decode() if scheme.lower() == "basic" else ""
        except ValueError:
            pair = ""
        public = not authorization and form.get("client_id") == CLIENT_ID and bool(form.get("code_verifier"))
        if pair != f"{CLIENT_ID}:{CLIENT_SECRET}" and not public:
            raise OAuthRefused("invalid_client", "the client cannot be authenticated")

    def _claims(self, assertion: str) -> dict[str, Any]:
        try:
            token = jwt.decode(assertion, _certificate, algorithms=_ALGORITHMS)
        except (JoseError, ValueError, KeyError) as error:
            raise OAuthRefused("invalid_client", "the client assertion cannot be verified") from error
        return token.claims


def _certificate(assertion: Any) -> ECKey | RSAKey:
    header = assertion.headers()
    kid = str(header.get("kid", ""))
    if header.get("alg") not in ALGORITHMS[kid]:
        raise KeyError(header.get("alg"))
    return _key(kid)


@lru_cache(maxsize=8)
def _key(kid: str) -> ECKey | RSAKey:
    pem = PEMS[kid]
    return ECKey.import_key(pem) if "ES256" in ALGORITHMS[kid] else RSAKey.import_key(pem)


def invalid_login() -> Refused:
    """401 for whatever is wrong with the credentials."""
    return Refused(
        "INVALID_LOGIN",
        "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > "
        "Users/Roles > User Management > View Login Audit Trail.",
    )


def _meant_for(audience: object, urls: tuple[str, ...]) -> bool:
    # The vendor's own host is accepted too, since clients may be led here by a rewriting transport.
    for each in audience if isinstance(audience, list) else [audience]:
        if each in urls:
            return True
        parts = urlsplit(str(each))
        vendor = (parts.hostname or "").endswith(".suitetalk.api.netsuite.com")
        if vendor and parts.scheme == "https" and parts.path == TOKEN_PATH:
            return True
    return False


def _challenges(verifier: str) -> tuple[str, ...]:
    digest = sha256(verifier.encode()).digest()
    return (urlsafe_b64encode(digest).rstrip(b"=").decode(), verifier) if verifier else ()


def _whole(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None
