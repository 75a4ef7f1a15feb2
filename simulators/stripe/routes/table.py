"""Every path of the mock in one table, and the vendor made of it."""

from __future__ import annotations

from hashlib import blake2b

from pydantic import BaseModel

from simulators.kit.mock import Surroundings, Vendor
from simulators.kit.table import Call, Handler, Reply, Route, dumps
from simulators.stripe.routes import customers, events, funds, payments
from simulators.stripe.routes.billing.table import BILLING
from simulators.stripe.routes.disturbances import disturb
from simulators.stripe.routes.door import RATE_LIMITED, serve, server_error
from simulators.stripe.rules.account import Account
from simulators.stripe.wire import params
from simulators.stripe.wire.errors import plain
from simulators.stripe.wire.shapes import shape
from simulators.stripe.wire.version import API_VERSION


def _row(
    method: str,
    path: str,
    operation: str,
    handler: Handler,
    summary: str,
    scope: str,
    request: type[BaseModel] | None = None,
) -> Route:
    return Route(method, f"/v1/{path}", operation, handler, summary, request, scope=f"rak_{scope}", form=True)


TABLE = (
    _row("POST", "customers", "create_customer", customers.create, "Create a customer",
         "customer_write", params.CustomerCreate),
    _row("GET", "customers", "list_customers", customers.list_all, "List customers", "customer_read"),
    _row("GET", "customers/search", "search_customers", customers.find, "Search customers", "customer_read"),
    _row("GET", "customers/{customer}", "get_customer", customers.retrieve, "A customer", "customer_read"),
    _row("POST", "customers/{customer}", "update_customer", customers.update, "Change a customer",
         "customer_write", params.CustomerParams),
    _row("DELETE", "customers/{customer}", "delete_customer", customers.delete, "Delete a customer",
         "customer_write"),
    _row("GET", "customers/{customer}/payment_methods", "list_customer_payment_methods", customers.list_cards,
         "A customer's cards", "payment_method_read"),
    _row("GET", "customers/{customer}/payment_methods/{payment_method}", "get_customer_payment_method",
         customers.retrieve_card, "One of a customer's cards", "payment_method_read"),
    _row("GET", "payment_methods", "list_payment_methods", customers.list_cards, "List cards",
         "payment_method_read"),
    _row("GET", "payment_methods/{payment_method}", "get_payment_method", customers.retrieve_card, "A card",
         "payment_method_read"),
    _row("POST", "payment_methods/{payment_method}/attach", "attach_payment_method", customers.attach,
         "Give a card to a customer", "payment_method_write", params.Attach),
    _row("POST", "payment_methods/{payment_method}/detach", "detach_payment_method", customers.detach,
         "Take a card from its customer", "payment_method_write", params.Nothing),
    _row("POST", "payment_intents", "create_payment_intent", payments.create_intent,
         "Create a payment intent", "payment_intent_write", params.IntentCreate),
    _row("GET", "payment_intents", "list_payment_intents", payments.list_intents, "List payment intents",
         "payment_intent_read"),
    _row("GET", "payment_intents/search", "search_payment_intents", payments.find_intents,
         "Search payment intents", "payment_intent_read"),
    _row("GET", "payment_intents/{intent}", "get_payment_intent", payments.retrieve_intent,
         "A payment intent", "payment_intent_read"),
    _row("POST", "payment_intents/{intent}", "update_payment_intent", payments.update_intent,
         "Change a payment intent", "payment_intent_write", params.IntentUpdate),
    _row("POST", "payment_intents/{intent}/confirm", "confirm_payment_intent", payments.confirm_intent,
         "Try to be paid", "payment_intent_write", params.IntentConfirm),
    _row("POST", "payment_intents/{intent}/capture", "capture_payment_intent", payments.capture_intent,
         "Capture what was authorised", "payment_intent_write", params.IntentCapture),
    _row("POST", "payment_intents/{intent}/cancel", "cancel_payment_intent", payments.cancel_intent,
         "Cancel a payment intent", "payment_intent_write", params.IntentCancel),
    _row("GET", "charges", "list_charges", payments.list_charges, "List charges", "charge_read"),
    _row("GET", "charges/{charge}", "get_charge", payments.retrieve_charge, "A charge", "charge_read"),
    _row("POST", "refunds", "create_refund", payments.create_refund, "Refund a charge", "charge_write",
         params.RefundCreate),
    _row("GET", "refunds", "list_refunds", payments.list_refunds, "List refunds", "charge_read"),
    _row("GET", "refunds/{refund}", "get_refund", payments.retrieve_refund, "A refund", "charge_read"),
    _row("POST", "refunds/{refund}", "update_refund", payments.update_refund, "Change a refund's metadata",
         "charge_write", params.MetadataOnly),
    _row("GET", "balance", "get_balance", funds.retrieve_balance, "The balance", "balance_read"),
    _row("GET", "balance_transactions", "list_balance_transactions", funds.list_entries,
         "List balance transactions", "balance_transaction_source_read"),
    _row("GET", "balance_transactions/{id}", "get_balance_transaction", funds.retrieve_entry,
         "A balance transaction", "balance_transaction_source_read"),
    _row("POST", "payouts", "create_payout", funds.create_payout, "Pay out by hand", "payout_write",
         params.PayoutCreate),
    _row("GET", "payouts", "list_payouts", funds.list_payouts, "List payouts", "payout_read"),
    _row("GET", "payouts/{payout}", "get_payout", funds.retrieve_payout, "A payout", "payout_read"),
    _row("POST", "payouts/{payout}", "update_payout", funds.update_payout, "Change a payout's metadata",
         "payout_write", params.MetadataOnly),
    _row("POST", "payouts/{payout}/cancel", "cancel_payout", funds.cancel_payout, "Take a payout back",
         "payout_write", params.Nothing),
    _row("GET", "events", "list_events", events.list_events, "List events", "event_read"),
    _row("GET", "events/{id}", "get_event", events.retrieve_event, "An event", "event_read"),
    _row("POST", "webhook_endpoints", "create_webhook_endpoint", events.create_endpoint,
         "Subscribe to events", "webhook_write", params.EndpointCreate),
    _row("GET", "webhook_endpoints", "list_webhook_endpoints", events.list_endpoints, "List endpoints",
         "webhook_read"),
    _row("GET", "webhook_endpoints/{webhook_endpoint}", "get_webhook_endpoint", events.retrieve_endpoint,
         "An endpoint", "webhook_read"),
    _row("POST", "webhook_endpoints/{webhook_endpoint}", "update_webhook_endpoint", events.update_endpoint,
         "Change an endpoint", "webhook_write", params.EndpointUpdate),
    _row("DELETE", "webhook_endpoints/{webhook_endpoint}", "delete_webhook_endpoint", events.delete_endpoint,
         "Delete an endpoint", "webhook_write"),
    *BILLING,
)  # fmt: skip


def open_account(surroundings: Surroundings) -> Account:
    """A fresh account."""
    return Account(surroundings, shape, dumps)


def trouble(kind: str, call: Call) -> Reply | None:
    """Stripe's words for an armed fault; it never answers 200 with an error inside."""
    reply = _troubled(kind, call)
    if reply is None:
        return None
    # No account is asked, so the request's id comes from the request itself.
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
    """How to sign in: a secret key for each mode, and a restricted key that may only read."""
    test, readonly, live = account.keys
    return {"account": account.id, "secret_key": test, "restricted_key": readonly, "live_secret_key": live}


VENDOR = Vendor(
    name="stripe",
    title="Stripe",
    port=4242,
    table=TABLE,
    open=open_account,
    serve=serve,
    trouble=trouble,
    disturb=disturb,
    credentials=credentials,
    wake=Account.wake,
)
