"""Paths of payments: payment intents, charges, refunds, disputes."""

from __future__ import annotations

from simulators.kit.table import Route
from simulators.stripe.routes import charges, payments
from simulators.stripe.routes.rows import row
from simulators.stripe.wire import params, params_methods, params_payments

_INTENT = "payment_intents/{intent}"
_CHARGE = "charges/{charge}"
_DISPUTE = "disputes/{dispute}"

PAYMENTS: tuple[Route, ...] = (
    row("POST", "payment_intents", "create_payment_intent", payments.create_intent,
        "Create a payment intent", "payment_intent_write", params_payments.IntentCreate),
    row("GET", "payment_intents", "list_payment_intents", payments.list_intents, "List payment intents",
        "payment_intent_read"),
    row("GET", "payment_intents/search", "search_payment_intents", payments.find_intents,
        "Search payment intents", "payment_intent_read"),
    row("GET", _INTENT, "get_payment_intent", payments.retrieve_intent, "A payment intent",
        "payment_intent_read"),
    row("POST", _INTENT, "update_payment_intent", payments.update_intent, "Change a payment intent",
        "payment_intent_write", params_payments.IntentUpdate),
    row("POST", f"{_INTENT}/confirm", "confirm_payment_intent", payments.confirm_intent,
        "Try to be paid", "payment_intent_write", params_payments.IntentConfirm),
    row("POST", f"{_INTENT}/capture", "capture_payment_intent", payments.capture_intent,
        "Capture what was authorised", "payment_intent_write", params_payments.IntentCapture),
    row("POST", f"{_INTENT}/increment_authorization", "increment_payment_intent", payments.increment_intent,
        "Authorise more", "payment_intent_write", params_payments.IntentIncrement),
    row("POST", f"{_INTENT}/cancel", "cancel_payment_intent", payments.cancel_intent,
        "Cancel a payment intent", "payment_intent_write", params_payments.IntentCancel),
    row("POST", f"{_INTENT}/verify_microdeposits", "verify_payment_intent", payments.verify_intent,
        "Tell which microdeposits have arrived", "payment_intent_write", params_methods.Verify),
    row("POST", "charges", "create_charge", charges.create_charge, "Charge a token, without an intent",
        "charge_write", params_payments.ChargeCreate),
    row("GET", "charges", "list_charges", charges.list_charges, "List charges", "charge_read"),
    row("GET", "charges/search", "search_charges", charges.find_charges, "Search charges", "charge_read"),
    row("GET", _CHARGE, "get_charge", charges.retrieve_charge, "A charge", "charge_read"),
    row("POST", _CHARGE, "update_charge", charges.update_charge, "Change a charge", "charge_write",
        params_payments.ChargeUpdate),
    row("POST", f"{_CHARGE}/capture", "capture_charge", charges.capture_charge,
        "Capture an authorised charge", "charge_write", params_payments.ChargeCapture),
    row("GET", f"{_CHARGE}/refunds", "list_charge_refunds", charges.list_charge_refunds,
        "A charge's refunds", "charge_read"),
    row("POST", "refunds", "create_refund", charges.create_refund, "Refund a charge", "charge_write",
        params_payments.RefundCreate),
    row("GET", "refunds", "list_refunds", charges.list_refunds, "List refunds", "charge_read"),
    row("GET", "refunds/{refund}", "get_refund", charges.retrieve_refund, "A refund", "charge_read"),
    row("POST", "refunds/{refund}", "update_refund", charges.update_refund, "Change a refund's metadata",
        "charge_write", params.MetadataOnly),
    row("POST", "refunds/{refund}/cancel", "cancel_refund", charges.cancel_refund,
        "Call off a refund that waits for the customer", "charge_write", params.Nothing),
    row("POST", "test_helpers/refunds/{refund}/expire", "expire_refund", charges.expire_refund,
        "Let a refund that waits for the customer expire", "charge_write", params.Nothing),
    row("GET", "disputes", "list_disputes", charges.list_disputes, "List disputes", "dispute_read"),
    row("GET", _DISPUTE, "get_dispute", charges.retrieve_dispute, "A dispute", "dispute_read"),
    row("POST", _DISPUTE, "update_dispute", charges.update_dispute, "Stage or submit evidence",
        "dispute_write", params_payments.DisputeUpdate),
    row("POST", f"{_DISPUTE}/close", "close_dispute", charges.close_dispute, "Give a dispute up",
        "dispute_write", params.Nothing),
    row("GET", "radar/early_fraud_warnings", "list_early_fraud_warnings", charges.list_warnings,
        "List early fraud warnings", "issuer_fraud_record_read"),
    row("GET", "radar/early_fraud_warnings/{early_fraud_warning}", "get_early_fraud_warning",
        charges.retrieve_warning, "An early fraud warning", "issuer_fraud_record_read"),
)  # fmt: skip
