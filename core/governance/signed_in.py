"""What the core remembers of people who have signed in, and of those who tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of a person with a program: from its code through all its refresh tokens. No token of it
    is kept: each is worked out of id and generation by a key that only the deployment has. generation: 0
    while the code is not used, then of the latest refresh token; turned_at: when that was given out;
    challenge: of PKCE; until: its end, used or not; ended_at: 0 while it lives; moments in microseconds."""

    id: str
    person: str
    client: str
    scope: str
    redirect: str
    challenge: str
    begun_at: int
    until: int
    generation: int = 0
    turned_at: int = 0
    ended_at: int = 0
    why: str = ""


class Sessions(Protocol):
    """Each call is one transaction."""

    async def begin_session(self, session: Session) -> None:
        """A new one; those that were over a day before it began are forgotten."""
        ...

    async def session(self, session_id: str) -> Session | None:
        """As it stands."""
        ...

    async def turn_session(self, session_id: str, generation: int, now: int) -> bool:
        """To the next generation; False if it has another one than this, or is over: of two at once one
        wins."""
        ...

    async def end_session(self, session_id: str, why: str, now: int) -> bool:
        """Nothing of it holds any more; False if it was over."""
        ...

    async def strike(self, bucket: str, now: int, most: int, locked_until: int, forget: int) -> bool:
        """One more attempt to sign in; False if the bucket is locked, and then it is none. From the
        `most`-th in a row on it is locked until then; what was before `forget` does not count."""
        ...

    async def revoke_token(self, token_id: str, until: int, now: int) -> None:
        """It holds no longer; kept until its own end, what has ended by `now` is forgotten. Microseconds."""
        ...

    async def token_revoked(self, token_id: str) -> bool:
        """Whether it was taken back."""
        ...

    async def clear_strikes(self, bucket: str) -> None:
        """It went well."""
        ...
