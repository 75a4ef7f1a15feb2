"""What the lab can make happen inside the mock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulators.stripe.rules.account import Account, Breakdown
from simulators.stripe.rules.refusals import Refused

Wish = Mapping[str, Any]


def disturb(account: Account, kind: str, wish: Wish) -> None:
    """Do it; ValueError names what is unknown, missing or impossible."""
    act = _ACTS.get(kind)
    if act is None:
        raise ValueError(f"kind: {kind!r} is unknown here; one of: {', '.join(sorted(_ACTS))}")
    try:
        act(account, wish)
    except KeyError as missing:
        raise ValueError(f"{kind}: {missing} is missing") from None
    except Refused as no:
        raise ValueError(f"{kind}: {no.message}") from None


def _search_lag(account: Account, wish: Wish) -> None:
    """F35: {"microseconds"}: new objects stay unfindable for so long."""
    microseconds = int(wish["microseconds"])
    if microseconds < 0:
        raise ValueError("search_lag: microseconds must not be negative")
    account.test.search_lag = account.live.search_lag = microseconds


def _server_error(account: Account, wish: Wish) -> None:
    """F11: {"operation", "count", "applied"}: a 500 that is stored under the idempotency key."""
    count = int(wish.get("count", 1))
    if count < 1:
        raise ValueError("server_error: count must be at least 1")
    applied = bool(wish.get("applied", False))
    account.breakdowns.append(Breakdown(str(wish.get("operation", "*")), count, applied))


def _authenticate(account: Account, wish: Wish) -> None:
    """{"payment_intent", "passed"}: the customer's part in a requires_action."""
    intents = account.test.intents
    intents.authenticate(intents.take(str(wish["payment_intent"])), bool(wish.get("passed", True)))


def _fail_payout(account: Account, wish: Wish) -> None:
    """{"payout", "code"}: the bank refuses the money or sends it back."""
    payouts = account.test.payouts
    payouts.fail(payouts.take(str(wish["payout"])), str(wish.get("code", "account_closed")))


def _roll_secret(account: Account, wish: Wish) -> None:
    """F20: {"endpoint", "secret", "overlap_seconds"}: sign with a new secret."""
    endpoint = account.test.events.endpoints.get(str(wish["endpoint"]))
    if endpoint is None:
        raise ValueError(f"roll_secret: no endpoint {wish['endpoint']!r}")
    account.test.events.roll_secret(endpoint, str(wish["secret"]), int(wish.get("overlap_seconds", 0)))


_ACTS: dict[str, Callable[[Account, Wish], None]] = {
    "search_lag": _search_lag,
    "server_error": _server_error,
    "authenticate": _authenticate,
    "fail_payout": _fail_payout,
    "roll_secret": _roll_secret,
}
