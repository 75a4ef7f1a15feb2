"""Token-based authentication: OAuth 1.0a signatures over the call as it was made."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha1, sha256
from hmac import compare_digest, new
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from simulators.kit.clock import SECOND, Clock, presents
from simulators.netsuite.rules.keys import ACCOUNT, CONSUMER_KEY, CONSUMER_SECRET, TOKEN_ID, TOKEN_SECRET

_SKEW_SECONDS = 300
_SLUG = ACCOUNT.lower().replace("_", "-")
_HOSTS = tuple(f"https://{_SLUG}.{each}.netsuite.com" for each in ("suitetalk.api", "restlets.api", "app"))


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of a call that a signature covers. query: undecoded; urls: without query, every way in
    which the caller may have written the address (a proxy may stand between)."""

    method: str
    urls: tuple[str, ...]
    query: str
    body: bytes
    form: bool = False


def addresses(base_url: str, path: str, proto: str = "", host: str = "") -> tuple[str, ...]:
    """The address as seen here, as a proxy forwarded it, and under the vendor's own hosts."""
    seen = urlsplit(base_url)
    found = [base_url]
    if proto or host:
        found.append(f"{proto or seen.scheme}://{host or seen.netloc}")
    if seen.scheme == "http":
        found.append(f"https://{seen.netloc}")
    return tuple(dict.fromkeys(f"{_plain(each)}{path}" for each in (*found, *_HOSTS)))


def _plain(base_url: str) -> str:
    # The port that goes without saying is left out of what is signed.
    parts = urlsplit(base_url)
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    host = parts.netloc.lower()
    return f"{parts.scheme}://{host.removesuffix(usual) if usual else host}"


class TokenBased:
    """The one integration and its one token."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._nonces: dict[str, int] = {}
        self.revoked = False

    def lets_in(self, fields: str, request: Request) -> bool:
        """Whether the header's fields are right: who, when, once, and signed."""
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
        near = stamp is not None and any(abs(stamp - each) <= _SKEW_SECONDS for each in presents(self._clock))
        fresh = near and nonce not in self._nonces
        if self.revoked or not (known and fresh and nonce):
            return False
        if oauth.get("oauth_signature_method") != "HMAC-SHA256" or oauth.get("oauth_version", "1.0") != "1.0":
            return False
        body_hash = oauth.get("oauth_body_hash")
        if body_hash is not None and body_hash != b64encode(sha1(request.body).digest()).decode():
            return False
        if not any(compare_digest(_signature(oauth, request, url), given) for url in request.urls):
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


def _signature(oauth: Mapping[str, str], request: Request, url: str) -> str:
    pairs = [*parse_qsl(request.query, keep_blank_values=True), *oauth.items()]
    if request.form:
        pairs += parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    encoded = sorted((_enc(name), _enc(value)) for name, value in pairs)
    listed = "&".join(f"{name}={value}" for name, value in encoded)
    text = "&".join((request.method.upper(), _enc(url), _enc(listed)))
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
