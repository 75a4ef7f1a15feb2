"""People sign in: OAuth 2.0 authorisation code with PKCE, its page, its tokens, and taking them back."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from core.api.signing_page import COOKIE, Page, wrong
from core.governance.audit import Deed, Outcome, Trail
from core.governance.people import People, Person
from core.governance.refusals import Refusals
from core.governance.scopes import SCOPES
from core.governance.sessions import CHALLENGE, SESSION_US, Given, Handing, NotGiven
from core.governance.signed_in import Session, Sessions
from core.governance.tokens import LIFETIME_SECONDS, Holder, Tokens
from core.ports.world import Clock

# After so many failed attempts in a row a name is locked for so long, and after each further one again.
STRIKES, LOCKED_US, _ROW_US = 5, 300_000_000, 86_400_000_000
_ASKED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)
_MOST = 2000
_AUTHENTICATED = ["none", "client_secret_basic", "client_secret_post"]


@dataclass(frozen=True, slots=True)
class Access:
    """How people come in. issuer: the public address of this API; fresh: a word of 128 bits or more that
    nobody can guess; aside: runs what takes long beside the loop."""

    people: People
    issuer: str
    fresh: Callable[[], str]
    aside: Callable[[Callable[[], Person | None]], Awaitable[Person | None]]


class SignIn:
    """The authorisation server of the core's own (RFC 6749, 7636, 9700)."""

    def __init__(
        self,
        access: Access,
        tokens: Tokens,
        sessions: Sessions,
        clock: Clock,
        trail: Trail,
        refusals: Refusals,
    ) -> None:
        self._access, self._tokens, self._sessions = access, tokens, sessions
        self._clock, self._trail, self._refusals = clock, trail, refusals
        self._handing = Handing(sessions, lambda: tokens.keys(clock.now()))
        self._page = Page(tokens.keys(clock.now())[0])

    def routes(self) -> APIRouter:
        """The page, its form and the document about all of it (RFC 8414)."""
        router = APIRouter(tags=["sign-in"], include_in_schema=False)
        router.add_api_route("/oauth/authorize", self.ask, methods=["GET"])
        router.add_api_route("/oauth/authorize", self.enter, methods=["POST"])
        router.add_api_route("/.well-known/oauth-authorization-server", self.metadata, methods=["GET"])
        return router

    async def metadata(self) -> dict[str, object]:
        """RFC 8414, section 2; RFC 9207 for the issuer in the answer."""
        issuer = self._access.issuer
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/oauth/authorize",
            "token_endpoint": f"{issuer}/oauth/token",
            "revocation_endpoint": f"{issuer}/oauth/revoke",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": _AUTHENTICATED,
            "revocation_endpoint_auth_methods_supported": _AUTHENTICATED,
            "introspection_endpoint": f"{issuer}/oauth/introspect",
            "authorization_response_iss_parameter_supported": True,
            "scopes_supported": sorted(SCOPES),
        }

    async def ask(self, request: Request) -> Response:
        """The page; an error goes back only to an address that is the program's own."""
        asked = _one(request.url.query.encode())
        refused = self._refused(asked)
        if refused is not None or asked is None:
            return refused or wrong("each parameter once")
        return self._page.form(_carried(asked), self._access.fresh(), self._clock.now())

    async def enter(self, request: Request) -> Response:
        """The form comes back with name and password: a code, or the form again."""
        form = _one(await request.body())
        refused = self._refused(form)
        if refused is not None or form is None:
            return refused or wrong("each field once")
        carried, now = _carried(form), self._clock.now()
        nonce = request.cookies.get(COOKIE, "")
        if not self._page.is_ours(carried, nonce, form.get("moment", ""), form.get("word", ""), now):
            return wrong("this form is not of this browser, or too old; begin again")
        person = await self._known(form.get("name", ""), form.get("password", ""), now)
        if isinstance(person, str):
            locked = person == _LOCKED
            response = self._page.form(carried, self._access.fresh(), now, person, 429 if locked else 401)
            if locked:
                response.headers["retry-after"] = str(LOCKED_US // 1_000_000)
            return response
        return await self._let_in(person, carried, now)

    async def exchange(self, form: Mapping[str, str]) -> JSONResponse:
        """A code or a refresh token for tokens; every failure is `invalid_grant` and a line in the audit
        log."""
        client, now = form.get("client_id", ""), self._clock.now()
        if form["grant_type"] == "authorization_code":
            code, back, verifier = (form.get(n, "") for n in ("code", "redirect_uri", "code_verifier"))
            found = await self._handing.redeem(code, client, back, verifier, now)
        else:
            found = await self._handing.refresh(form.get("refresh_token", ""), client, now)
        person = self._access.people.get(found.session.person) if isinstance(found, Given) else None
        if isinstance(found, NotGiven) or person is None:
            gone = (
                found if isinstance(found, NotGiven) else NotGiven("the person is gone", found.session.person)
            )
            subject = "session, ended" if gone.ended else "session"
            await self._refusals.write(Deed(gone.who or "unknown", "", "sign in", subject, reason=gone.why))
            return _json({"error": "invalid_grant", "error_description": "sign in again"}, 400)
        return self._tokens_of(person, found, form.get("scope", ""), now)

    async def revoke(self, request: Request) -> Response:
        """Ends the session of a refresh or access token. 200 also for what was no token (RFC 7009, 2.2)."""
        form = _one(await request.body())
        if form is None or not form.get("token") or not form.get("client_id"):
            return _json({"error": "invalid_request", "error_description": "token and client_id"}, 400)
        now, session = self._clock.now(), await self._handing.session_of(form["token"])
        if session is None:
            holder = self._tokens.holder(form["token"], now)
            session = await self._sessions.session(holder.session) if holder and holder.session else None
        own = session if session is not None and session.client == form["client_id"] else None
        if own and await self._sessions.end_session(own.id, "taken back", now):
            done = Deed(own.person, own.scope, "sign out", f"client {own.client}", Outcome.DONE)
            await self._trail.write(done)
        return Response(status_code=200, headers={"cache-control": "no-store"})

    async def refresh_holder(self, token: str) -> Holder | None:
        """Who could go on with this refresh token now; None for one that is used, over or none of ours."""
        session = await self._handing.standing(token, self._clock.now())
        person = self._access.people.get(session.person) if session else None
        if session is None or person is None:
            return None
        scopes = frozenset(session.scope.split()) & person.scopes
        begun, until = session.begun_at // 1_000_000, session.until // 1_000_000
        return Holder(person.name, scopes, session.id, "", session.client, begun, until)

    def _tokens_of(self, person: Person, found: Given, wished: str, now: int) -> JSONResponse:
        session = found.session
        scopes = frozenset(session.scope.split()) & person.scopes
        if fewer := frozenset(wished.split()):
            if fewer - scopes:
                return _json({"error": "invalid_scope", "error_description": "more than was granted"}, 400)
            scopes = fewer
        issued = {
            "access_token": self._tokens.issue(person, scopes, now, session.id, session.client),
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
            "refresh_token": found.refresh,
            "scope": " ".join(sorted(scopes)),
        }
        return _json(issued, 200)

    def _refused(self, asked: Mapping[str, str] | None) -> Response | None:
        """What is wrong with what is asked for, if anything."""
        if asked is None or any(len(value) > _MOST for value in asked.values()):
            return wrong("each parameter once, and not without end")
        client = self._access.people.client(asked.get("client_id", ""))
        back = asked.get("redirect_uri", "")
        if client is None or not client.may_go_to(back):
            return wrong("this program is not known here, or not at this address")
        for bad, error in self._faults(asked):
            if bad:
                return self._back(back, {"error": error, "state": asked.get("state", "")})
        return None

    def _faults(self, asked: Mapping[str, str]) -> tuple[tuple[bool, str], ...]:
        method, challenge = asked.get("code_challenge_method"), asked.get("code_challenge", "")
        return (
            (asked.get("response_type") != "code", "unsupported_response_type"),
            (method != "S256" or not CHALLENGE.match(challenge), "invalid_request"),
            (bool(frozenset(asked.get("scope", "").split()) - SCOPES), "invalid_scope"),
        )

    async def _known(self, name: str, password: str, now: int) -> Person | str:
        """Who it is, or what to say. The same for a name that nobody has, in words, in time and in the
        lock."""
        key = self._tokens.keys(now)[0]
        bucket = hmac.new(key, f"strikes {name}".encode("utf-8", "surrogatepass"), sha256).hexdigest()[:6]
        known = name if self._access.people.get(name) else "a name that nobody has"
        if not await self._sessions.strike(bucket, now, STRIKES, now + LOCKED_US, now - _ROW_US):
            await self._refusals.write(Deed("unknown", "", "sign in", known, reason="locked"))
            return _LOCKED
        person = await self._access.aside(lambda: self._access.people.signed_in(name, password))
        if person is None:
            await self._refusals.write(Deed("unknown", "", "sign in", known, reason="wrong name or password"))
            return "Name or password is wrong."
        await self._sessions.clear_strikes(bucket)
        return person

    async def _let_in(self, person: Person, asked: Mapping[str, str], now: int) -> Response:
        wished = frozenset(asked.get("scope", "").split()) or person.scopes
        scope, client = " ".join(sorted(wished & person.scopes)), asked["client_id"]
        if not scope:
            return self._back(
                asked["redirect_uri"], {"error": "access_denied", "state": asked.get("state", "")}
            )
        session = Session(
            self._access.fresh().replace(".", "-"), person.name, client, scope, asked["redirect_uri"],
            asked["code_challenge"], now, now + SESSION_US,
        )  # fmt: skip
        await self._sessions.begin_session(session)
        await self._trail.write(Deed(person.name, scope, "sign in", f"client {client}", Outcome.DONE))
        code = self._handing.code(session)
        return self._back(asked["redirect_uri"], {"code": code, "state": asked.get("state", "")})

    def _back(self, address: str, said: Mapping[str, str]) -> Response:
        """303, so that no browser sends the password along (RFC 9700, section 4.12)."""
        query = urlencode({**{n: v for n, v in said.items() if v}, "iss": self._access.issuer})
        there = f"{address}{'&' if '?' in address else '?'}{query}"
        gone = f"{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"
        return Response(
            status_code=303, headers={"location": there, "cache-control": "no-store", "set-cookie": gone}
        )


_LOCKED = f"Too many attempts; try again in {LOCKED_US // 60_000_000} minutes."


def _carried(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: asked[name] for name in _ASKED if asked.get(name)}


def _one(raw: bytes) -> dict[str, str] | None:
    """A form or a query with each name once; None for anything else."""
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        return None
    found = dict(pairs)
    return found if len(found) == len(pairs) else None


def _json(said: Mapping[str, object], status: int) -> JSONResponse:
    return JSONResponse(said, status, {"cache-control": "no-store"})
