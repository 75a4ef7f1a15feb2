"""Stripe's error envelope (docs.stripe.com/api/errors)."""

from __future__ import annotations

from typing import Any

from simulators.kit.clock import SECOND
from simulators.kit.table import Headers, Reply, json_reply
from simulators.stripe.wire.attempts import doc_url
from simulators.stripe.wire.methods import payment_method
from simulators.stripe.wire.parties import Record
from simulators.stripe.wire.payments import payment_intent
from simulators.stripe.wire.setups import setup_intent


def refusal(no: Record, request: str, live: bool, now: int) -> Reply:
    """A Refused (or anything with its attributes) as an answer; empty members are left out."""
    error: dict[str, Any] = {
        "advice_code": no.decline.advice if no.decline else "",
        "charge": no.charge,
        "code": no.code,
        "decline_code": no.decline_code,
        "doc_url": doc_url(no.code) if no.code else "",
        "message": no.message,
        "network_decline_code": no.decline.network if no.decline else "",
        "param": no.param,
        "payment_intent": payment_intent(no.intent, now) if no.intent is not None else None,
        "payment_method": payment_method(no.method, now) if no.method is not None else None,
        "setup_intent": setup_intent(no.setup, now) if no.setup is not None else None,
        "request_log_url": log_url(request, live, now),
        "type": no.type,
    }
    headers: Headers = ()
    if no.status == 401:
        headers = (("www-authenticate", 'Basic realm="Stripe"'),)
    if no.reason:
        headers = (("stripe-rate-limited-reason", no.reason),)
    return json_reply(no.status, {"error": {k: v for k, v in error.items() if v}}, headers)


def plain(
    status: int,
    type: str,  # noqa: A002
    message: str,
    code: str = "",
    param: str = "",
    headers: Headers = (),
) -> Reply:
    """An error that no object has part in."""
    error = {"code": code, "doc_url": doc_url(code) if code else "", "message": message, "param": param}
    return json_reply(status, {"error": {**{k: v for k, v in error.items() if v}, "type": type}}, headers)


def log_url(request: str, live: bool, now: int) -> str:
    """Where the account's owner would read the request up."""
    return f"https://dashboard.stripe.com/{'' if live else 'test/'}logs/{request}?t={now // SECOND}"
