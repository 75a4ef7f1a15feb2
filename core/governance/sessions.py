"""Codes and refresh tokens of people: worked out of a session and a key, used once, kept nowhere."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from core.governance.signed_in import Session, Sessions

# RFC 6749, section 4.1.2 allows a code ten minutes; a browser needs seconds. A session is a working day.
CODE_US, SESSION_US = 60_000_000, 12 * 3_600_000_000
# Of two refreshes at once the later is given what the first was: a client that did not hear the answer asks
# again.
GRACE_US = 10_000_000
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}\Z")
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z")


@dataclass(frozen=True, slots=True)
class Given:
    """session: as it is now; refresh: the token for the next time."""

    session: Session
    refresh: str


@dataclass(frozen=True, slots=True)
class NotGiven:
    """why: for the audit log; who: "" if nobody we know; ended: whether a session was ended for it."""

    why: str
    who: str = ""
    ended: bool = False


class Handing:
    """Gives out and takes back. keys: of the deployment at present, the one in use first; one before it still
    reads."""

    def __init__(self, sessions: Sessions, keys: Callable[[], Sequence[bytes]]) -> None:
        self._sessions, self._keys = sessions, keys

    def code(self, session: Session) -> str:
        """Good once, for a minute, with the verifier of its challenge."""
        return self._word("code", session.id, 0)

    async def redeem(
        self, code: str, client: str, redirect: str, verifier: str, now: int
    ) -> Given | NotGiven:
        """The session of a code. A code that comes twice, or with another's verifier, has been stolen: what
        was given for it holds no longer (RFC 6749, 4.1.2; RFC 7636, 4.6)."""
        read = self._read("code", code)
        session = await self._sessions.session(read[0]) if read else None
        if session is None:
            return NotGiven("no code of ours")
        if session.client != client or session.redirect != redirect:
            return NotGiven("the code was given to another program or address", session.person)
        if session.generation:
            return await self._end(session, "the code came twice", now)
        if not _VERIFIER.match(verifier) or not hmac.compare_digest(
            challenge_of(verifier), session.challenge
        ):
            return await self._end(session, "the verifier does not fit the challenge", now)
        if session.ended_at or now >= session.begun_at + CODE_US:
            return NotGiven("the code has run out", session.person)
        won = await self._sessions.turn_session(session.id, 0, now)
        after = await self._sessions.session(session.id)
        # A store that did not hear its own answer asks again, and finds what it did in this very moment.
        if after is None or not (won or (after.generation == 1 and after.turned_at == now)):
            return await self._end(session, "the code came twice", now)
        return Given(after, self._word("refresh", after.id, after.generation))

    async def refresh(self, token: str, client: str, now: int) -> Given | NotGiven:
        """The next token of a session. One that was used before ends the session, whoever has it (RFC 9700,
        4.14.2), but for the grace: there it is answered with the same successor."""
        read = self._read("refresh", token)
        session = await self._sessions.session(read[0]) if read else None
        if read is None or session is None:
            return NotGiven("no refresh token of ours")
        if session.client != client:
            return NotGiven("the refresh token is another program's", session.person)
        if session.ended_at or now >= session.until:
            return NotGiven("the session is over", session.person)
        if read[1] == session.generation:
            await self._sessions.turn_session(session.id, read[1], now)
            session = await self._sessions.session(session.id) or session
        if session.ended_at or session.generation != read[1] + 1 or now - session.turned_at > GRACE_US:
            return await self._end(session, "a refresh token was used again", now)
        return Given(session, self._word("refresh", session.id, session.generation))

    async def standing(self, token: str, now: int) -> Session | None:
        """Of a refresh token that holds: the latest of a session that lives."""
        read = self._read("refresh", token)
        session = await self._sessions.session(read[0]) if read else None
        if read is None or session is None or session.ended_at or now >= session.until:
            return None
        return session if session.generation == read[1] else None

    async def session_of(self, token: str) -> Session | None:
        """Of a refresh token of ours, whether it still holds or not."""
        read = self._read("refresh", token)
        return await self._sessions.session(read[0]) if read else None

    async def _end(self, session: Session, why: str, now: int) -> NotGiven:
        return NotGiven(why, session.person, await self._sessions.end_session(session.id, why, now))

    def _word(self, kind: str, session_id: str, generation: int) -> str:
        said = f"{kind}.{session_id}.{generation}"
        return f"{said}.{_mac(self._keys()[0], said)}"

    def _read(self, kind: str, word: str) -> tuple[str, int] | None:
        said, _, given = word.rpartition(".")
        parts = said.split(".")
        ours = [hmac.compare_digest(given.encode(), _mac(key, said).encode()) for key in self._keys()]
        if not any(ours) or len(parts) != 3 or parts[0] != kind:
            return None
        return parts[1], int(parts[2])


def challenge_of(verifier: str) -> str:
    """S256 (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def _mac(key: bytes, said: str) -> str:
    raw = hmac.new(key, b"tieout session " + said.encode("utf-8", "surrogatepass"), sha256).digest()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
