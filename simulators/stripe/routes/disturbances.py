"""What the lab can make happen inside the mock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from simulators.kit.acts import Act, act
from simulators.kit.asked import Wish, flag, mapping, text, whole
from simulators.kit.lifecycle import IllegalMove
from simulators.stripe.rules.account import Account, Breakdown
from simulators.stripe.rules.banks import FUNDS as NO_FUNDS
from simulators.stripe.rules.banks import RETURNS, Bank
from simulators.stripe.rules.keys import LEVELS, ApiKey
from simulators.stripe.rules.records_events import Endpoint
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.transfers import Transfer


def _said(do: Callable[[Account, Wish], None]) -> Callable[[Account, Wish], None]:
    """The act, with refusals of the rules as ValueError."""

    @wraps(do)
    def doing(account: Account, wish: Wish) -> None:
        try:
            do(account, wish)
        except Refused as no:
            raise ValueError(no.message) from None
        except IllegalMove as wrong:
            raise ValueError(str(wrong)) from None

    return doing


def _search_lag(account: Account, wish: Wish) -> None:
    """F35: {"microseconds"}: new objects stay unfindable for so long."""
    microseconds = whole(wish, "microseconds")
    account.test.search_lag = account.live.search_lag = microseconds


def _rate_limits(account: Account, wish: Wish) -> None:
    """F39: {"per_second", "searches_per_second"}: the documented limits are 25 and 20; 0 is none."""
    for mode in (account.test, account.live):
        mode.window.limit = whole(wish, "per_second", mode.window.limit)
        mode.searches.limit = whole(wish, "searches_per_second", mode.searches.limit)


def _server_error(account: Account, wish: Wish) -> None:
    """F11: {"operation", "count", "applied"}: a 500 that is stored under the idempotency key."""
    count, applied = whole(wish, "count", 1, least=1), flag(wish, "applied")
    account.breakdowns.append(Breakdown(text(wish, "operation", "*"), count, applied))


def _authenticate(account: Account, wish: Wish) -> None:
    """{"payment_intent" or "setup_intent", "passed"}: the customer's part in a requires_action."""
    passed = flag(wish, "passed", usual=True)
    if "setup_intent" in wish:
        setups = account.test.setups
        setups.authenticate(setups.take(text(wish, "setup_intent")), passed)
        return
    if "payment_intent" not in wish:
        raise ValueError("payment_intent: is missing; give it or setup_intent")
    intents = account.test.intents
    intents.authenticate(intents.take(text(wish, "payment_intent")), passed)


def _open_dispute(account: Account, wish: Wish) -> None:
    """{"charge", "reason"}: its owner complains; "inquiry" only asks."""
    mode = account.test
    charge = mode.charges.take(text(wish, "charge"))
    if charge.status != "succeeded" or not charge.captured:
        raise ValueError(f"charge: {charge.id} has not been paid")
    if isinstance(charge.instrument, Transfer):
        raise ValueError(f"charge: {charge.id} was paid by transfer, which nobody disputes")
    mode.disputes.open(charge, text(wish, "reason", "fraudulent"))


def _decide_dispute(account: Account, wish: Wish) -> None:
    """{"dispute", "status"}: the bank's word: won, lost, warning_closed, or needs_response."""
    disputes = account.test.disputes
    disputes.decide(disputes.take(text(wish, "dispute")), text(wish, "status"))


def _fail_debit(account: Account, wish: Wish) -> None:
    """{"payment_intent"}: the bank refuses a debit that is under way, for want of funds."""
    mode = account.test
    intent = mode.intents.take(text(wish, "payment_intent"))
    if intent.status != "processing":
        raise ValueError(f"payment_intent: {intent.id} is {intent.status}")
    mode.intents.attempts.bounce(intent, mode.charges.take(intent.charge), NO_FUNDS)


def _return_debit(account: Account, wish: Wish) -> None:
    """{"payment_intent", "reason"}: a debit that succeeded comes back days later, which is a lost dispute."""
    mode = account.test
    intent = mode.intents.take(text(wish, "payment_intent"))
    charge = mode.charges.shelf.get(intent.charge)
    if intent.status != "succeeded" or charge is None or not isinstance(charge.instrument, Bank):
        raise ValueError(f"payment_intent: {intent.id} is {intent.status}, or no debit")
    if charge.disputed:
        raise ValueError(f"payment_intent: {charge.id} has come back already")
    reason = text(wish, "reason", "insufficient_funds")
    if reason not in RETURNS:
        raise ValueError(f"reason: {reason!r} is not one of {', '.join(RETURNS)}")
    mode.intents.attempts.returned(charge, reason)


def _reverse_funding(account: Account, wish: Wish) -> None:
    """{"transaction"}: the bank takes a transfer back that had come in."""
    mode = account.test
    entry = mode.cash.shelf.get(text(wish, "transaction"))
    if entry is None:
        raise ValueError(f"transaction: there is no transaction {wish['transaction']!r}")
    mode.intents.funding.reverse(entry)


def _answer_refund(account: Account, wish: Wish) -> None:
    """{"refund"}: the customer says which account the money is to go to."""
    refunds = account.test.refunds
    refunds.answer(refunds.take(text(wish, "refund")))


def _fail_refund(account: Account, wish: Wish) -> None:
    """{"refund", "reason"}: the bank sends the money back."""
    refunds = account.test.refunds
    refunds.fail(refunds.take(text(wish, "refund")), text(wish, "reason", "unknown"))


def _ask_refund(account: Account, wish: Wish) -> None:
    """{"refund"}: a pending refund waits for the customer (requires_action)."""
    refunds = account.test.refunds
    refunds.ask(refunds.take(text(wish, "refund")))


def _fail_payout(account: Account, wish: Wish) -> None:
    """{"payout", "code"}: the bank refuses the money or sends it back."""
    payouts = account.test.payouts
    payouts.fail(payouts.take(text(wish, "payout")), text(wish, "code", "account_closed"))


def _mint_key(account: Account, wish: Wish) -> None:
    """{"key", "permissions": {"charge": "read", …}}: a restricted key; "*" stands for all resources."""
    key, given = text(wish, "key"), mapping(wish, "permissions")
    if not key.startswith(("rk_test_", "rk_live_")):
        raise ValueError("key: must begin with rk_test_ or rk_live_")
    for resource, level in given.items():
        if level not in LEVELS:
            raise ValueError(f"permissions: {resource}: {level!r} is not one of {', '.join(LEVELS)}")
    account.keys[key] = ApiKey(key, key.startswith("rk_live_"), "restricted", given)


def _expire_key(account: Account, wish: Wish) -> None:
    """F42: {"key"}: it is good no longer."""
    key = account.keys.get(text(wish, "key"))
    if key is None:
        raise ValueError(f"key: there is no key {wish['key']!r}")
    key.expired = True


def _roll_secret(account: Account, wish: Wish) -> None:
    """F20: {"endpoint", "secret", "overlap_seconds"}: sign with a new secret."""
    endpoint = _endpoint(account, wish)
    account.test.events.roll_secret(endpoint, text(wish, "secret"), whole(wish, "overlap_seconds", 0))


def _hold_events(account: Account, _: Wish) -> None:
    """Events are kept back until they are released."""
    account.test.events.hold()


def _release_events(account: Account, wish: Wish) -> None:
    """{"order": "reversed" or "kept"}: what was kept back goes out, by default the last first."""
    order = text(wish, "order", "reversed")
    if order not in ("reversed", "kept"):
        raise ValueError(f"order: {order!r} must be reversed or kept")
    account.test.events.release(list if order == "kept" else _backwards)


def _backwards(held: list[Any]) -> list[Any]:
    return held[::-1]


def _duplicate_events(account: Account, wish: Wish) -> None:
    """{"count"}: the next so many events are delivered twice."""
    account.test.events.repeats += whole(wish, "count", 1)


def _resend_event(account: Account, wish: Wish) -> None:
    """{"event", "endpoint"}: deliver it once more."""
    event = account.test.events.log.get(text(wish, "event"))
    if event is None:
        raise ValueError(f"event: there is no event {wish['event']!r}")
    account.test.events.resend(event, _endpoint(account, wish))


def _endpoint(account: Account, wish: Wish) -> Endpoint:
    endpoint = account.test.events.endpoints.get(text(wish, "endpoint"))
    if endpoint is None:
        raise ValueError(f"endpoint: there is no endpoint {wish['endpoint']!r}")
    return endpoint


ACTS: Mapping[str, Act] = {
    "search_lag": act(_said(_search_lag), "microseconds"),
    "rate_limits": act(_said(_rate_limits), may="per_second searches_per_second"),
    "server_error": act(_said(_server_error), may="operation count applied"),
    "authenticate": act(_said(_authenticate), may="payment_intent setup_intent passed"),
    "open_dispute": act(_said(_open_dispute), "charge", may="reason"),
    "decide_dispute": act(_said(_decide_dispute), "dispute status"),
    "fail_debit": act(_said(_fail_debit), "payment_intent"),
    "return_debit": act(_said(_return_debit), "payment_intent", may="reason"),
    "reverse_funding": act(_said(_reverse_funding), "transaction"),
    "answer_refund": act(_said(_answer_refund), "refund"),
    "fail_refund": act(_said(_fail_refund), "refund", may="reason"),
    "ask_refund": act(_said(_ask_refund), "refund"),
    "fail_payout": act(_said(_fail_payout), "payout", may="code"),
    "mint_key": act(_said(_mint_key), "key permissions"),
    "expire_key": act(_said(_expire_key), "key"),
    "roll_secret": act(_said(_roll_secret), "endpoint secret", may="overlap_seconds"),
    "hold_events": act(_said(_hold_events)),
    "release_events": act(_said(_release_events), may="order"),
    "duplicate_events": act(_said(_duplicate_events), may="count"),
    "resend_event": act(_said(_resend_event), "event endpoint"),
}
