"""What the mocks of a world meter, and how patient its core is set to be, in words of the checkers'."""

from __future__ import annotations

from core.settings import Settings
from scenarios.evidence.limits import Limits, Quota
from scenarios.world.build import World
from simulators.kit.clock import DAY, SECOND

_HOUR_SECONDS = 3600
# Of a pause at least so much is kept whatever the jitter (core/reliability/retry.py says so in its contract).
_LEAST_SHARE = 0.75
_GROWTH = 2.5


def metered(world: World) -> Limits:
    """The limits that are in force at the mocks; what a mock does not limit is left out."""
    rules = {name: mock.rules for name, mock in world.mocks.items()}
    found = [
        Quota("salesforce", rules["salesforce"].quota.limit, DAY),
        *(Quota("zuora", quota.limit, quota.per) for quota in rules["zuora"].rates.all),
        Quota("zuora", rules["zuora"].lanes.usual, 0),
        Quota("stripe", rules["stripe"].mode(live=False).window.limit, SECOND),
        Quota("netsuite", rules["netsuite"].concurrency, 0),
        Quota("avatax", rules["avatax"].concurrent_max, 0),
    ]
    # Those that the core signs in with; the other vendors take a key with each request.
    tokens = {
        "salesforce": rules["salesforce"].identity,
        "zuora": rules["zuora"].tokens,
        "netsuite": rules["netsuite"].company.signin.tokens,
    }
    lives = ((name, each.life_seconds * SECOND) for name, each in tokens.items())
    tries = _tries(world.spec.model, world.settings)
    return Limits(tuple(quota for quota in found if quota.most), tries, tuple(lives))


def _tries(model: str, settings: Settings) -> int:
    """Tries of one act in an hour: in memory a handful at once, then nobody asks again by himself; durable
    ones after pauses that grow."""
    if model in ("direct", "batch"):
        return settings.inline_attempts
    tries, passed, pause = 1, 0.0, settings.durable_first_seconds
    while tries < settings.durable_attempts:
        passed += min(pause, settings.durable_longest_seconds) * _LEAST_SHARE
        if passed > _HOUR_SECONDS:
            break
        tries, pause = tries + 1, pause * _GROWTH
    return tries
