"""Every path of the mock in one table, and the vendor made of it."""

from __future__ import annotations

from hashlib import blake2b

from simulators.kit.mock import Surroundings, Vendor
from simulators.kit.table import Call, Reply, Route, dumps
from simulators.stripe.fidelity import FIDELITY
from simulators.stripe.routes.billing.table import BILLING
from simulators.stripe.routes.cash_rows import CASH
from simulators.stripe.routes.disturbances import ACTS
from simulators.stripe.routes.door import RATE_LIMITED, serve, server_error
from simulators.stripe.routes.money_rows import MONEY
from simulators.stripe.routes.party_rows import PARTIES
from simulators.stripe.routes.payment_rows import PAYMENTS
from simulators.stripe.rules.account import Account
from simulators.stripe.rules.options import OPTIONS
from simulators.stripe.wire.errors import plain
from simulators.stripe.wire.shapes import shape
from simulators.stripe.wire.version import API_VERSION

TABLE: tuple[Route, ...] = (*PARTIES, *CASH, *PAYMENTS, *MONEY, *BILLING)


def open_account(surroundings: Surroundings) -> Account:
    """A fresh account."""
    return Account(surroundings, shape, dumps)


def trouble(_: Account, kind: str, call: Call) -> Reply | None:
    """Stripe's words for an armed fault; it never answers 200 with an error inside."""
    reply = _troubled(kind, call)
    return None if reply is None else _headed(reply, call)


def lacks(call: Call, field: str) -> Reply:
    """The refusal of a call without a field that has become mandatory."""
    first, *more = field.split(".")
    param = first + "".join(f"[{part}]" for part in more)
    reply = plain(
        400, "invalid_request_error", f"Missing required param: {param}.", "parameter_missing", param
    )
    return _headed(reply, call)


def _headed(reply: Reply, call: Call) -> Reply:
    # The id follows from the request alone: what never reached the door draws no number.
    digest = blake2b(repr((call.method, call.path, call.query, call.body)).encode(), digest_size=7)
    version = call.headers.get("stripe-version", API_VERSION)
    standard = (("request-id", f"req_{digest.hexdigest()}"), ("stripe-version", version))
    return Reply(reply.status, reply.body, (*reply.headers, *standard))


def _troubled(kind: str, call: Call) -> Reply | None:
    wrong = "invalid_request_error"
    if kind in ("unknown_path", "wrong_method"):
        text = (
            f"Unrecognized request URL ({call.method}: {call.path}). Please see https://stripe.com/docs or we"
            " can help at https://support.stripe.com/."
        )
        return plain(404, wrong, text)
    if kind == "throttled":
        reason = (("stripe-rate-limited-reason", "global-rate"),)
        return plain(429, wrong, RATE_LIMITED, "rate_limit", headers=reason)
    if kind == "token_expired":
        return plain(401, wrong, "Expired API Key provided.", "api_key_expired")
    if kind == "unavailable":
        return plain(503, "api_error", "Stripe is temporarily unavailable. Please try again.")
    return server_error() if kind == "server_error" else None


def credentials(account: Account) -> dict[str, str]:
    """How to sign in: secret keys of both modes, a restricted key that may only read, a publishable key
    and one that has expired."""
    test, readonly, live, publishable, expired = list(account.keys)[:5]
    return {
        "account": account.id,
        "secret_key": test,
        "restricted_key": readonly,
        "live_secret_key": live,
        "publishable_key": publishable,
        "expired_key": expired,
    }


VENDOR = Vendor(
    name="stripe",
    title="Stripe",
    port=4242,
    table=TABLE,
    open=open_account,
    serve=serve,
    trouble=trouble,
    acts=ACTS,
    credentials=credentials,
    wake=Account.wake,
    fidelity=FIDELITY,
    break_down=Account.break_down,
    options=OPTIONS,
    lacks=lacks,
)
