"""Who may use the core's API: bearer tokens and their scopes, and POST /oauth/token where they come from."""

from __future__ import annotations

import base64
import binascii
import hmac
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote_plus

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from core.api.people import SignIn
from core.api.v1.asking import Caller
from core.assemble import Core
from core.canonical.errors import CoreError
from core.governance.accounts import OPERATOR, Account, Accounts
from core.governance.audit import Deed, Outcome
from core.governance.scopes import SCOPES, granted, scope_of
from core.governance.tokens import LIFETIME_SECONDS, Holder, Tokens

_OF_PEOPLE = ("authorization_code", "refresh_token")
_BASIC = 'Basic realm="tieout", charset="UTF-8"'


class Gate:
    """Implements core.api.v1.asking.Identify. token: of the operators, an account with every scope;
    ValueError if it is empty. Whom it does not let in has a line in the audit log."""

    def __init__(
        self, token: str, tokens: Tokens, accounts: Accounts, core: Core, sign_in: SignIn | None = None
    ) -> None:
        if not token:
            raise ValueError("token: the operators' token must not be empty")
        self._operators = token.encode()
        self._tokens, self._accounts, self._sign_in = tokens, accounts, sign_in
        self._clock, self._refusals, self._sessions = core.desk.clock, core.refusals, core.store

    async def __call__(self, request: Request) -> Caller:
        """401 without a token that holds, 403 without the scope (RFC 6750, section 3.1)."""
        path = request.url.path
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not given:
            await self.refuse("unknown", "", request.method, path, "no bearer token")
            raise HTTPException(401, "a bearer token is needed", {"www-authenticate": "Bearer"})
        holder = await self.holder(given)
        if holder is None:
            await self.refuse("unknown", "", request.method, path, "wrong or expired token")
            challenge = 'Bearer error="invalid_token"'
            raise HTTPException(401, "the bearer token does not hold", {"www-authenticate": challenge})
        scope = scope_of(request.method, path)
        if not granted(scope, holder.scopes):
            await self.refuse(holder.name, scope, request.method, path, "scope not granted")
            challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
            said = f"{holder.name} has not been granted {scope or 'every scope'}"
            raise HTTPException(403, said, {"www-authenticate": challenge})
        return Caller(holder.name, holder.scopes)

    def routes(self) -> APIRouter:
        """POST /oauth/token: RFC 6749, sections 2.3.1, 4.4 and 5, whose errors are no problem documents."""
        router = APIRouter(tags=["sign-in"], include_in_schema=False)

        @router.post("/oauth/token")
        async def token(request: Request) -> JSONResponse:
            return await self._exchange(request)

        return router

    async def holder(self, given: str) -> Holder | None:
        """Who has this token; None if it does not hold now."""
        if hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self._operators):
            return Holder(OPERATOR, SCOPES)
        holder = self._tokens.holder(given, self._clock.now())
        if holder is None or await self._sessions.token_revoked(holder.token):
            return None
        if holder.session:
            # What a person has signed out of holds no longer, however fresh the token is.
            session = await self._sessions.session(holder.session)
            return None if session is None or session.ended_at else holder
        return holder

    async def account(self, asked: Asked) -> Account | None:
        """The service with these credentials; who has none of ours has a line in the audit log."""
        account = self._accounts.signed_in(asked.name, asked.secret, self._clock.now())
        if account is None:
            # Only a name that is one of ours: a secret in the wrong field is not written down.
            named = asked.name if self._accounts.get(asked.name) else "that nobody has"
            await self.refuse("unknown", "", "sign in", f"account {named}", "wrong account or secret")
        return account

    async def take_back(self, holder: Holder, now: int) -> None:
        """A person's token ends with its session, a service's by itself."""
        if holder.session:
            await self._sessions.end_session(holder.session, "taken back", now)
        else:
            await self._sessions.revoke_token(holder.token, holder.until * 1_000_000, now)

    async def _exchange(self, request: Request) -> JSONResponse:
        form = form_of(await request.body())
        if self._sign_in is not None and form and form.get("grant_type") in _OF_PEOPLE:
            return await self._sign_in.exchange(form)
        asked = credentials(request, form)
        if asked is None:
            return no(400, "invalid_request", "a form, each parameter once, credentials in one place")
        account = await self.account(asked)
        if account is None:
            return no(401, "invalid_client", "unknown account or wrong secret", _BASIC)
        if asked.grant != "client_credentials":
            return no(400, "unsupported_grant_type", "grant_type: client_credentials")
        scopes = frozenset(asked.scope.split()) or account.scopes
        if missing := sorted(scopes - account.scopes):
            await self.refuse(account.name, " ".join(missing), "sign in", "token", "scope not granted")
            return no(400, "invalid_scope", f"not granted: {' '.join(missing)}")
        issued = {
            "access_token": self._tokens.issue(account, scopes, self._clock.now()),
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
            "scope": " ".join(sorted(scopes)),
        }
        return JSONResponse(issued, headers={"cache-control": "no-store"})

    async def refuse(self, who: str, scope: str, act: str, subject: str, why: str) -> None:
        """A line in the audit log."""
        # Refused all the same if it cannot be written down.
        with suppress(CoreError):
            await self._refusals.write(Deed(who, scope, act, subject, Outcome.REFUSED, why))


@dataclass(frozen=True, slots=True)
class Asked:
    """Credentials of a service, and what it asks for with them."""

    name: str
    secret: str
    grant: str
    scope: str


def form_of(raw: bytes) -> dict[str, str] | None:
    """Each name once; None for what is no form."""
    try:
        form = parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return None
    if any(len(values) > 1 for values in form.values()):
        return None
    return {name: values[0] for name, values in form.items()}


def credentials(request: Request, one: dict[str, str] | None) -> Asked | None:
    """None for what is no such request."""
    if one is None:
        return None
    name, secret = one.get("client_id", ""), one.get("client_secret", "")
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        if secret:
            return None
        try:
            user, colon, word = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        if not colon or (name and name != unquote_plus(user)):
            return None
        name, secret = unquote_plus(user), unquote_plus(word)
    return Asked(name, secret, one.get("grant_type", ""), one.get("scope", ""))


def no(status: int, error: str, description: str, challenge: str = "") -> JSONResponse:
    """An error of RFC 6749, section 5.2."""
    headers = {"cache-control": "no-store"} | ({"www-authenticate": challenge} if challenge else {})
    return JSONResponse({"error": error, "error_description": description}, status, headers)
