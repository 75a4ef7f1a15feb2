"""Who may call: OAuth 2.0 machine-to-machine tokens and token-based authentication (OAuth 1.0a)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha1, sha256
from hmac import compare_digest, new
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from simulators.kit.auth import Tokens
from simulators.kit.clock import SECOND, Clock
from simulators.kit.ids import Ids
from simulators.netsuite.rules.refusal import Refused

ACCOUNT = "TIEOUT_SB1"
CLIENT_ID = "7d1c0f5b2e9a4c63b8f4e1a90d3c5728e6b1f0a4c2d95e7318a6b0c4f2e8d913"
CERTIFICATE_ID = "Kx7c1Zt0mQ2vB9sYpL4eR8uWnJ6hGdTfXoCi3EaVkM5"
SCOPE = "rest_webservices"
CONSUMER_KEY = "a1b6d2f80c9e4735d8f1a2c6b4e09757f3c8d1e2a4b69075c3d8e1f2a4b6c097"
CONSUMER_SECRET = "5e0c7a92b1d84f36c8e2f7a4091d3b65e8c2a7f4b1d09365c8e2f7a4b1d093e6"
TOKEN_ID = "c4f2e8d913a6b0c4f2e8d9137d1c0f5b2e9a4c63b8f4e1a90d3c5728e6b1f0a4"
TOKEN_SECRET = "93e65e0c7a92b1d84f36c8e2f7a4091d3b65e8c2a7f4b1d09365c8e2f7a4b1d0"

# A *test* key pair (EC P-256), made for this mock alone and published here on purpose: it opens
# nothing but the mock, and lets every test and every run sign with the same certificate.
TEST_PRIVATE_KEY_PEM = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUoZ3HToUdsd45nJn
RSHirPqpvpIMfESSQql+FVN4QGKhRANCAATLJh78+v5N7wc42r04Nm6mL7gFSXnu
RelQfUpmvNpK/Ca1M2qIZsRWb1Jfpah4AvSRpICNoLa8C5aMRcksOghk
-----END PRIVATE KEY-----
"""

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = ["ES256", "PS256"]
_LIFE_SECONDS_MAX = 3600
_SKEW_SECONDS = 300


class OAuthRefused(Exception):
    """The token endpoint's own error: RFC 6749 `error` and a description."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error, self.description = error, description


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of a call that a signature covers. query: undecoded; url: without query."""

    method: str
    url: str
    query: str
    body: bytes


class SignIn:
    """One a company. Every failure of a call is INVALID_LOGIN, without saying why."""

    def __init__(self, clock: Clock, ids: Ids, token_seconds: int) -> None:
        self._clock = clock
        self.tokens = Tokens(clock, ids, token_seconds)
        self._certificates = {CERTIFICATE_ID: ECKey.import_key(TEST_PRIVATE_KEY_PEM)}
        self._nonces: dict[str, int] = {}

    def check(self, authorization: str, request: Request) -> None:
        """Let a call in, by Bearer token or by OAuth 1.0a signature."""
        scheme, _, rest = authorization.partition(" ")
        if scheme.lower() == "bearer":
            if self.tokens.find(rest.strip()) is not None:
                return
        elif scheme.lower() == "oauth" and self._signed(rest, request):
            return
        raise invalid_login()

    def exchange(self, form: Mapping[str, str], url: str) -> str:
        """A token for a client assertion; OAuthRefused says what is wrong with it."""
        if form.get("grant_type") != "client_credentials":
            raise OAuthRefused("unsupported_grant_type", "grant_type must be client_credentials")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise OAuthRefused("invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}")
        claims = self._claims(form.get("client_assertion", ""))
        now = self._clock.now() // SECOND
        issued, until = _whole(claims.get("iat")), _whole(claims.get("exp"))
        if claims.get("iss") != CLIENT_ID:
            raise OAuthRefused("invalid_client", "iss is not a known client id")
        if not _meant_for(claims.get("aud"), url):
            raise OAuthRefused("invalid_grant", "aud is not the token endpoint")
        if issued is None or until is None or until > issued + _LIFE_SECONDS_MAX:
            raise OAuthRefused("invalid_grant", "iat and exp are required, at most 60 minutes apart")
        if until <= now or issued > now + _SKEW_SECONDS:
            raise OAuthRefused("invalid_grant", "the assertion has expired or is not yet valid")
        scopes = claims.get("scope")
        wanted = scopes if isinstance(scopes, list) else str(scopes or "").split()
        if SCOPE not in wanted:
            raise OAuthRefused("invalid_scope", f"scope must contain {SCOPE}")
        return self.tokens.issue(CLIENT_ID, scopes=frozenset({SCOPE})).text

    def _claims(self, assertion: str) -> dict[str, Any]:
        try:
            return jwt.decode(assertion, self._certificate, algorithms=_ALGORITHMS).claims
        except (JoseError, ValueError, KeyError) as error:
            raise OAuthRefused("invalid_client", "the client assertion cannot be verified") from error

    def _certificate(self, assertion: Any) -> ECKey:
        return self._certificates[str(assertion.headers().get("kid", ""))]

    def _signed(self, fields: str, request: Request) -> bool:
        oauth = _fields(fields)
        given = oauth.pop("oauth_signature", "")
        realm = oauth.pop("realm", "")
        now = self._clock.now() // SECOND
        stamp, nonce = _whole(oauth.get("oauth_timestamp")), oauth.get("oauth_nonce", "")
        known = (realm, oauth.get("oauth_consumer_key"), oauth.get("oauth_token")) == (
            ACCOUNT,
            CONSUMER_KEY,
            TOKEN_ID,
        )
        fresh = stamp is not None and abs(stamp - now) <= _SKEW_SECONDS and nonce not in self._nonces
        if not (known and fresh and nonce) or oauth.get("oauth_signature_method") != "HMAC-SHA256":
            return False
        body_hash = oauth.get("oauth_body_hash")
        if body_hash is not None and body_hash != b64encode(sha1(request.body).digest()).decode():
            return False
        if not compare_digest(_signature(oauth, request), given):
            return False
        self._remember(nonce, now)
        return True

    def _remember(self, nonce: str, now: int) -> None:
        self._nonces[nonce] = now
        oldest = next(iter(self._nonces))
        # A nonce matters only while its timestamp would still be taken: two windows are enough.
        while self._nonces[oldest] < now - 2 * _SKEW_SECONDS:
            del self._nonces[oldest]
            oldest = next(iter(self._nonces))


def invalid_login() -> Refused:
    """401 for whatever is wrong with the credentials."""
    return Refused("INVALID_LOGIN", "Invalid login attempt. See the login audit trail for details.")


def _meant_for(audience: object, url: str) -> bool:
    # The vendor's own host is accepted too, since clients may be led here by a rewriting transport.
    for each in audience if isinstance(audience, list) else [audience]:
        if each == url:
            return True
        parts = urlsplit(str(each))
        vendor = (parts.hostname or "").endswith(".suitetalk.api.netsuite.com")
        if vendor and parts.scheme == "https" and parts.path == TOKEN_PATH:
            return True
    return False


def _signature(oauth: Mapping[str, str], request: Request) -> str:
    pairs = [*parse_qsl(request.query, keep_blank_values=True), *oauth.items()]
    encoded = sorted((_enc(name), _enc(value)) for name, value in pairs)
    listed = "&".join(f"{name}={value}" for name, value in encoded)
    text = "&".join((request.method.upper(), _enc(request.url), _enc(listed)))
    key = f"{_enc(CONSUMER_SECRET)}&{_enc(TOKEN_SECRET)}"
    return b64encode(new(key.encode(), text.encode(), sha256).digest()).decode()


def _enc(text: str) -> str:
    return quote(text, safe="-._~")


def _fields(header: str) -> dict[str, str]:
    found = {}
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        found[unquote(name)] = unquote(value.strip().strip('"'))
    return found


def _whole(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None
