"""What vendors bear, as their mocks meter it, and how patient the core is set to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `most` requests to `system` in any `window` microseconds; window 0: at once."""

    system: str
    most: int
    window: int


@dataclass(frozen=True, slots=True)
class Limits:
    """tries_an_hour: how often the core's own settings let one act be tried in vain within an hour by one
    who wants it done (0: not known, then nobody judges it). token_lives: (system, microseconds for which a
    token of its is good), where there are tokens."""

    quotas: tuple[Quota, ...] = ()
    tries_an_hour: int = 0
    token_lives: tuple[tuple[str, int], ...] = ()
