"""Why an attempt failed, as intents and errors show it."""

from __future__ import annotations

from simulators.stripe.wire.methods import payment_method
from simulators.stripe.wire.parties import Record, Shaped

_DOCS = "https://stripe.com/docs/error-codes/"


def last_error(e: Record, now: int) -> Shaped:
    """last_payment_error or last_setup_error; what is empty is left out."""
    shaped = {
        "advice_code": e.advice,
        "charge": e.charge,
        "code": e.code,
        "decline_code": e.decline_code,
        "doc_url": doc_url(e.code),
        "message": e.message,
        "network_decline_code": e.network,
        "param": e.param,
        "payment_method": payment_method(e.method, now),
        "type": e.type,
    }
    return {name: value for name, value in shaped.items() if value}


def doc_url(code: str) -> str:
    """Where Stripe explains an error code."""
    return _DOCS + code.replace("_", "-")
