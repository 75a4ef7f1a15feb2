"""What the lab can make happen inside the mock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulators.kit.lifecycle import IllegalMove
from simulators.stripe.rules.account import Account, Breakdown
from simulators.stripe.rules.banks import FUNDS as NO_FUNDS
from simulators.stripe.rules.banks import RETURNS, Bank
from simulators.stripe.rules.keys import LEVELS, ApiKey
from simulators.stripe.rules.records_events import Endpoint
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.transfers import Transfer

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
    except IllegalMove as wrong:
        raise ValueError(f"{kind}: {wrong}") from None


def _search_lag(account: Account, wish: Wish) -> None:
    """F35: {"microseconds"}: new objects stay unfindable for so long."""
    microseconds = int(wish["microseconds"])
    if microseconds < 0:
        raise ValueError("search_lag: microseconds must not be negative")
    account.test.search_lag = account.live.search_lag = microseconds


def _rate_limits(account: Account, wish: Wish) -> None:
    """F39: {"per_second", "searches_per_second"}: the documented limits are 25 and 20; 0 is none."""
    for mode in (account.test, account.live):
        mode.window.limit = int(wish.get("per_second", mode.window.limit))
        mode.searches.limit = int(wish.get("searches_per_second", mode.searches.limit))


def _server_error(account: Account, wish: Wish) -> None:
    """F11: {"operation", "count", "applied"}: a 500 that is stored under the idempotency key."""
    count = int(wish.get("count", 1))
    if count < 1:
        raise ValueError("server_error: count must be at least 1")
    applied = bool(wish.get("applied", False))
    account.breakdowns.append(Breakdown(str(wish.get("operation", "*")), count, applied))


def _authenticate(account: Account, wish: Wish) -> None:
    """{"payment_intent" or "setup_intent", "passed"}: the customer's part in a requires_action."""
    passed = bool(wish.get("passed", True))
    if "setup_intent" in wish:
        setups = account.test.setups
        setups.authenticate(setups.take(str(wish["setup_intent"])), passed)
        return
    intents = account.test.intents
    intents.authenticate(intents.take(str(wish["payment_intent"])), passed)


def _open_dispute(account: Account, wish: Wish) -> None:
    """{"charge", "reason"}: its owner complains; "inquiry" only asks."""
    mode = account.test
    charge = mode.charges.take(str(wish["charge"]))
    if charge.status != "succeeded" or not charge.captured:
        raise ValueError(f"open_dispute: charge {charge.id} has not been paid")
    if isinstance(charge.instrument, Transfer):
        raise ValueError(f"open_dispute: charge {charge.id} was paid by transfer, which nobody disputes")
    mode.disputes.open(charge, str(wish.get("reason", "fraudulent")))


def _decide_dispute(account: Account, wish: Wish) -> None:
    """{"dispute", "status"}: the bank's word: won, lost, warning_closed, or needs_response."""
    disputes = account.test.disputes
    disputes.decide(disputes.take(str(wish["dispute"])), str(wish["status"]))


def _fail_debit(account: Account, wish: Wish) -> None:
    """{"payment_intent"}: the bank refuses a debit that is under way, for want of funds."""
    mode = account.test
    intent = mode.intents.take(str(wish["payment_intent"]))
    if intent.status != "processing":
        raise ValueError(f"fail_debit: {intent.id} is {intent.status}")
    mode.intents.attempts.bounce(intent, mode.charges.take(intent.charge), NO_FUNDS)


def _return_debit(account: Account, wish: Wish) -> None:
    """{"payment_intent", "reason"}: a debit that succeeded comes back days later, which is a lost dispute."""
    mode = account.test
    intent = mode.intents.take(str(wish["payment_intent"]))
    charge = mode.charges.shelf.get(intent.charge)
    if intent.status != "succeeded" or charge is None or not isinstance(charge.instrument, Bank):
        raise ValueError(f"return_debit: {intent.id} is {intent.status}, or no debit")
    if charge.disputed:
        raise ValueError(f"return_debit: {charge.id} has come back already")
    reason = str(wish.get("reason", "insufficient_funds"))
    if reason not in RETURNS:
        raise ValueError(f"return_debit: reason {reason!r} is not one of {', '.join(RETURNS)}")
    mode.intents.attempts.returned(charge, reason)


def _reverse_funding(account: Account, wish: Wish) -> None:
    """{"transaction"}: the bank takes a transfer back that had come in."""
    mode = account.test
    entry = mode.cash.shelf.get(str(wish["transaction"]))
    if entry is None:
        raise ValueError(f"reverse_funding: no transaction {wish['transaction']!r}")
    mode.intents.funding.reverse(entry)


def _answer_refund(account: Account, wish: Wish) -> None:
    """{"refund"}: the customer says which account the money is to go to."""
    refunds = account.test.refunds
    refunds.answer(refunds.take(str(wish["refund"])))


def _fail_refund(account: Account, wish: Wish) -> None:
    """{"refund", "reason"}: the bank sends the money back."""
    refunds = account.test.refunds
    refunds.fail(refunds.take(str(wish["refund"])), str(wish.get("reason", "unknown")))


def _ask_refund(account: Account, wish: Wish) -> None:
    """{"refund"}: a pending refund waits for the customer (requires_action)."""
    refunds = account.test.refunds
    refunds.ask(refunds.take(str(wish["refund"])))


def _fail_payout(account: Account, wish: Wish) -> None:
    """{"payout", "code"}: the bank refuses the money or sends it back."""
    payouts = account.test.payouts
    payouts.fail(payouts.take(str(wish["payout"])), str(wish.get("code", "account_closed")))


def _mint_key(account: Account, wish: Wish) -> None:
    """{"key", "permissions": {"charge": "read", …}}: a restricted key; "*" stands for all resources."""
    text, given = str(wish["key"]), dict(wish["permissions"])
    if not text.startswith(("rk_test_", "rk_live_")):
        raise ValueError("mint_key: key must begin with rk_test_ or rk_live_")
    for resource, level in given.items():
        if level not in LEVELS:
            raise ValueError(f"mint_key: {resource}: {level!r} is not one of {', '.join(LEVELS)}")
    account.keys[text] = ApiKey(text, text.startswith("rk_live_"), "restricted", given)


def _expire_key(account: Account, wish: Wish) -> None:
    """F42: {"key"}: it is good no longer."""
    key = account.keys.get(str(wish["key"]))
    if key is None:
        raise ValueError(f"expire_key: no key {wish['key']!r}")
    key.expired = True


def _roll_secret(account: Account, wish: Wish) -> None:
    """F20: {"endpoint", "secret", "overlap_seconds"}: sign with a new secret."""
    endpoint = _endpoint(account, wish, "roll_secret")
    account.test.events.roll_secret(endpoint, str(wish["secret"]), int(wish.get("overlap_seconds", 0)))


def _hold_events(account: Account, _: Wish) -> None:
    """Events are kept back until they are released."""
    account.test.events.hold()


def _release_events(account: Account, wish: Wish) -> None:
    """{"order": "reversed" or "kept"}: what was kept back goes out, by default the last first."""
    kept = str(wish.get("order", "reversed")) == "kept"
    account.test.events.release(list if kept else _backwards)


def _backwards(held: list[Any]) -> list[Any]:
    return held[::-1]


def _duplicate_events(account: Account, wish: Wish) -> None:
    """{"count"}: the next so many events are delivered twice."""
    account.test.events.repeats += int(wish.get("count", 1))


def _resend_event(account: Account, wish: Wish) -> None:
    """{"event", "endpoint"}: deliver it once more."""
    event = account.test.events.log.get(str(wish["event"]))
    if event is None:
        raise ValueError(f"resend_event: no event {wish['event']!r}")
    account.test.events.resend(event, _endpoint(account, wish, "resend_event"))


def _endpoint(account: Account, wish: Wish, kind: str) -> Endpoint:
    endpoint = account.test.events.endpoints.get(str(wish["endpoint"]))
    if endpoint is None:
        raise ValueError(f"{kind}: no endpoint {wish['endpoint']!r}")
    return endpoint


_ACTS: dict[str, Callable[[Account, Wish], None]] = {
    "search_lag": _search_lag,
    "rate_limits": _rate_limits,
    "server_error": _server_error,
    "authenticate": _authenticate,
    "open_dispute": _open_dispute,
    "decide_dispute": _decide_dispute,
    "fail_debit": _fail_debit,
    "return_debit": _return_debit,
    "reverse_funding": _reverse_funding,
    "answer_refund": _answer_refund,
    "fail_refund": _fail_refund,
    "ask_refund": _ask_refund,
    "fail_payout": _fail_payout,
    "mint_key": _mint_key,
    "expire_key": _expire_key,
    "roll_secret": _roll_secret,
    "hold_events": _hold_events,
    "release_events": _release_events,
    "duplicate_events": _duplicate_events,
    "resend_event": _resend_event,
}
