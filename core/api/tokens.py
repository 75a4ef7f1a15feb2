"""Tokens that have been given out: what one is worth now (RFC 7662), and taking one back (RFC 7009)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from core.api.people import SignIn
from core.api.signing_in import Gate, credentials, form_of, no
from core.governance.audit import Deed, Trail
from core.governance.scopes import TOKENS_REVOKE
from core.governance.tokens import ISSUER, Holder
from core.ports.world import Clock

_NO_STORE = {"cache-control": "no-store"}


class TokenDesk:
    """Whoever asks what a token is worth, or takes back another's, has a token with the scope for it; a
    service takes back its own with its credentials, a program those of the person who signed in with it."""

    def __init__(self, gate: Gate, trail: Trail, clock: Clock, sign_in: SignIn | None) -> None:
        self._gate, self._trail, self._clock, self._sign_in = gate, trail, clock, sign_in

    def routes(self) -> APIRouter:
        """POST /oauth/introspect and /oauth/revoke, whose errors are those of RFC 6749."""
        router = APIRouter(tags=["sign-in"], include_in_schema=False)
        router.add_api_route("/oauth/introspect", self.introspect, methods=["POST"])
        router.add_api_route("/oauth/revoke", self.revoke, methods=["POST"])
        return router

    async def introspect(self, request: Request) -> Response:
        """RFC 7662, section 2.2. Of what does not hold nothing is said but that (401 and 403 by the gate)."""
        await self._gate(request)
        form = form_of(await request.body())
        if not form or not form.get("token"):
            return no(400, "invalid_request", "a form with one token")
        holder = await self._gate.holder(form["token"])
        if holder is not None and holder.token:
            return JSONResponse(_worth(holder) | {"token_type": "Bearer"}, headers=_NO_STORE)
        refresh = await self._sign_in.refresh_holder(form["token"]) if self._sign_in else None
        return JSONResponse(_worth(refresh) if refresh else {"active": False}, headers=_NO_STORE)

    async def revoke(self, request: Request) -> Response:
        """RFC 7009, section 2. 200 also for what holds no longer; 400 for a token that is another's."""
        form = form_of(await request.body())
        if not form or not form.get("token"):
            return no(400, "invalid_request", "a form with one token")
        if request.headers.get("authorization", "").lower().startswith("bearer "):
            caller = await self._gate(request)
            await self._take_back(caller.name, TOKENS_REVOKE, form["token"])
            return Response(status_code=200, headers=_NO_STORE)
        if "client_secret" not in form and "authorization" not in request.headers and self._sign_in:
            return await self._sign_in.revoke(request)
        asked = credentials(request, form)
        account = await self._gate.account(asked) if asked else None
        if account is None:
            return no(401, "invalid_client", "unknown account or wrong secret", 'Basic realm="tieout"')
        holder = await self._gate.holder(form["token"])
        if holder is not None and (holder.session or holder.name != account.name):
            await self._gate.refuse(account.name, "", "take back", "token", "the token is another's")
            return no(400, "invalid_grant", "the token was given to another")
        if holder is not None:
            await self._take_back(account.name, "", form["token"])
        return Response(status_code=200, headers=_NO_STORE)

    async def _take_back(self, who: str, scope: str, token: str) -> None:
        """With a line in the audit log of whose it was, never of the token."""
        now = self._clock.now()
        holder = await self._gate.holder(token)
        if holder is None and self._sign_in is not None:
            holder = await self._sign_in.refresh_holder(token)
        if holder is None or not (holder.session or holder.token):
            return
        async with self._trail.around(Deed(who, scope, "take back", f"token of {holder.name}")):
            await self._gate.take_back(holder, now)


def _worth(holder: Holder) -> dict[str, object]:
    told = {
        "active": True, "scope": " ".join(sorted(holder.scopes)), "client_id": holder.client or holder.name,
        "sub": holder.name, "iss": ISSUER, "aud": ISSUER, "iat": holder.begun, "exp": holder.until,
    }  # fmt: skip
    return told | ({"username": holder.name} if holder.session else {})
