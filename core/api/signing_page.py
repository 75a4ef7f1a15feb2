"""The page on which people sign in: plain HTML, no script, nothing loaded; and that its form is its own."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from urllib.parse import urlsplit

from fastapi import Response

COOKIE = "__Host-tieout-sign-in"
_FORM_US = 600_000_000


class Page:
    """Its form carries a word that only the browser that asked for it can send back: the word is worked out
    of a cookie, a moment and what is asked for (https://cheatsheetseries.owasp.org, "Signed Double-Submit
    Cookie")."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def form(
        self, asked: Mapping[str, str], nonce: str, now: int, said: str = "", status: int = 200
    ) -> Response:
        """asked: what is carried along; nonce: new for each page; said: what went wrong."""
        hidden = {**asked, "moment": str(now), "word": self._word(asked, nonce, str(now))}
        fields = "".join(
            f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in hidden.items()
        )
        wrong = f'<p role="alert">{escape(said)}</p>' if said else ""
        body = (
            f"{wrong}<p>to go on with <b>{escape(asked['client_id'])}</b>, which asks for: "
            f"{escape(asked.get('scope') or 'all that is yours')}</p>"
            f'<form method="post" action="/oauth/authorize">{fields}'
            '<p><label>Name <input name="name" autocomplete="username" required maxlength="63"></label></p>'
            '<p><label>Password <input name="password" type="password" autocomplete="current-password"'
            ' required maxlength="1000"></label></p><p><button>Sign in</button></p></form>'
        )
        back = urlsplit(asked["redirect_uri"])
        # Browsers ask form-action for where the form's answer redirects to as well.
        response = _html(body, status, f"'self' {back.scheme}://{back.netloc}")
        cookie = (
            f"{COOKIE}={nonce}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={_FORM_US // 1_000_000}"
        )
        response.headers["set-cookie"] = cookie
        return response

    def is_ours(self, asked: Mapping[str, str], nonce: str, moment: str, word: str, now: int) -> bool:
        """Whether this browser was given this form in the last ten minutes."""
        if not nonce or not moment.isdecimal() or len(moment) > 18 or not 0 <= now - int(moment) <= _FORM_US:
            return False
        return hmac.compare_digest(word.encode(), self._word(asked, nonce, moment).encode())

    def _word(self, asked: Mapping[str, str], nonce: str, moment: str) -> str:
        said = "\x00".join((nonce, moment, *(f"{n}={v}" for n, v in sorted(asked.items()))))
        return hmac.new(
            self._key, b"tieout form " + said.encode("utf-8", "surrogatepass"), sha256
        ).hexdigest()


def wrong(said: str) -> Response:
    """Nowhere is gone to from here."""
    return _html(f'<p role="alert">{escape(said)}</p>', 400, "'none'")


def _html(body: str, status: int, targets: str) -> Response:
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head>'
        f"<body><main><h1>Sign in</h1>{body}</main></body></html>"
    )
    policy = f"default-src 'none'; form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    headers = {"content-security-policy": policy, "cache-control": "no-store"}
    return Response(page, status, headers, "text/html; charset=utf-8")
