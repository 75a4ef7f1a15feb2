"""Payment intents, charges and refunds as JSON objects (field names: stripe/openapi fixtures3.json)."""

from __future__ import annotations

from simulators.kit.clock import SECOND
from simulators.stripe.wire.actions import method_options, next_action
from simulators.stripe.wire.attempts import last_error
from simulators.stripe.wire.methods import card_source, checks
from simulators.stripe.wire.parties import Record, Shaped, shipping

# How the account's name begins every statement.
_PREFIX = "TIEOUT"
# One score of each level (docs.stripe.com/radar/risk-evaluation: below 65, from 65, from 75).
_SCORES = {"normal": 20, "elevated": 68, "highest": 92}


def payment_intent(i: Record, now: int) -> Shaped:
    """A payment intent; amounts in minor units."""
    return {
        "id": i.id,
        "object": "payment_intent",
        "amount": i.amount,
        "amount_capturable": i.capturable,
        "amount_details": {"tip": {}},
        "amount_received": i.received,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": i.automatic_methods,
        "canceled_at": i.canceled_at // SECOND or None,
        "cancellation_reason": i.cancellation_reason,
        "capture_method": i.capture_method,
        "client_secret": i.client_secret,
        "confirmation_method": i.confirmation_method,
        "created": i.created_at // SECOND,
        "currency": i.currency,
        "customer": i.customer or None,
        "customer_account": None,
        "description": i.description,
        "excluded_payment_method_types": None,
        "last_payment_error": last_error(i.error, now) if i.error else None,
        "latest_charge": i.charge or None,
        "livemode": i.livemode,
        "metadata": i.metadata,
        "next_action": next_action(i, "payment_intent", now) if i.status == "requires_action" else None,
        "on_behalf_of": None,
        "payment_method": i.method or None,
        "payment_method_configuration_details": None,
        "payment_method_options": method_options(i),
        "payment_method_types": list(i.method_types),
        "processing": None,
        "receipt_email": i.receipt_email,
        "review": None,
        "setup_future_usage": i.setup_future_usage,
        "shipping": shipping(i.shipping),
        "source": None,
        "statement_descriptor": i.statement_descriptor,
        "statement_descriptor_suffix": i.statement_descriptor_suffix,
        "status": i.status,
        "transfer_data": None,
        "transfer_group": i.transfer_group,
    }


def charge(c: Record, _now: int) -> Shaped:
    """A charge; refunds are shown only when expanded."""
    failed = c.status == "failed"
    return {
        "id": c.id,
        "object": "charge",
        "amount": c.amount,
        "amount_captured": c.captured_amount,
        "amount_refunded": c.refunded,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": c.entry or None,
        "billing_details": c.billing_details,
        "calculated_statement_descriptor": None if failed else _descriptor(c),
        "captured": c.captured,
        "created": c.created_at // SECOND,
        "currency": c.currency,
        "customer": c.customer or None,
        "description": c.description,
        "disputed": c.disputed,
        "failure_balance_transaction": None,
        "failure_code": c.failure.code if c.failure else None,
        "failure_message": c.failure.message if c.failure else None,
        "fraud_details": c.fraud_details,
        "livemode": c.livemode,
        "metadata": c.metadata,
        "on_behalf_of": None,
        "outcome": _outcome(c, failed),
        "paid": c.status == "succeeded",
        "payment_intent": c.intent or None,
        "payment_method": c.method,
        "payment_method_details": _details(c),
        "receipt_email": c.receipt_email,
        "receipt_number": None,
        "receipt_url": None if failed else f"https://pay.stripe.com/receipts/payment/{c.id}",
        "refunded": not failed and c.refunded == c.amount,
        "review": None,
        "shipping": shipping(c.shipping),
        "source": card_source(c) if c.direct else None,
        "source_transfer": None,
        "statement_descriptor": c.statement_descriptor,
        "statement_descriptor_suffix": c.statement_descriptor_suffix,
        "status": c.status,
        "transfer_data": None,
        "transfer_group": c.transfer_group,
    }


def _descriptor(c: Record) -> str:
    """What the statement says: of a card the account's prefix and the suffix, 22 characters at most."""
    if c.statement_descriptor:
        return str(c.statement_descriptor)
    return f"{_PREFIX}* {c.statement_descriptor_suffix}"[:22] if c.statement_descriptor_suffix else _PREFIX


def _outcome(c: Record, failed: bool) -> Shaped:
    card = c.instrument.type == "card"
    blocked = failed and card and c.instrument.blocked
    no = c.failure
    said = "Payment complete."
    if blocked:
        said = "Stripe blocked this payment as too risky."
    elif failed:
        finer = no.decline_code or no.code
        said = (
            "The bank did not return any further details with this decline."
            if finer == "generic_decline"
            else f"The bank returned the decline code `{finer}`."
        )
    shaped: Shaped = {
        "advice_code": (no.advice or None) if failed else None,
        "network_advice_code": None,
        "network_decline_code": (no.network or None) if failed else None,
        "network_status": ("not_sent_to_network" if blocked else "declined_by_network")
        if failed
        else "approved_by_network",
        "reason": ("highest_risk_level" if blocked else no.decline_code or no.code) if failed else None,
        "risk_level": c.instrument.risk if card else "not_assessed",
        "seller_message": said,
        "type": ("blocked" if blocked else "issuer_declined") if failed else "authorized",
    }
    if card:
        shaped["risk_score"] = _SCORES[c.instrument.risk]
    return shaped


def _details(c: Record) -> Shaped:
    kind = c.instrument.type
    if kind == "customer_balance":
        return {kind: {}, "type": kind}
    return {kind: _card_details(c) if kind == "card" else _bank_details(c), "type": kind}


def _bank_details(c: Record) -> Shaped:
    bank = c.instrument
    shaped: Shaped = {
        "expected_debit_date": None,
        "fingerprint": c.fingerprint,
        "last4": bank.last4,
        "mandate": c.mandate or None,
    }
    if bank.type == "us_bank_account":
        return {
            "account_holder_type": c.holder[0],
            "account_type": c.holder[1],
            "bank_name": bank.bank_name,
            **shaped,
            "payment_reference": None,
            "routing_number": bank.routing,
        }
    return {"bank_code": bank.routing, "branch_code": "", "country": bank.country, **shaped}


def _available(c: Record, feature: str) -> str:
    return "available" if feature in c.features else "unavailable"


def _card_details(c: Record) -> Shaped:
    card = c.instrument
    secured = {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "version": "2.2.0",
    }
    held = c.capture_before and not c.captured and not c.refunded
    return {
        "amount_authorized": None if c.status == "failed" else c.amount,
        "authorization_code": None,
        "brand": card.brand,
        **({"capture_before": c.capture_before // SECOND} if held else {}),
        "checks": checks(card, c.billing_details),
        "country": card.country,
        "exp_month": c.expires[0],
        "exp_year": c.expires[1],
        "extended_authorization": {
            "status": "enabled" if "extended_authorization" in c.features else "disabled"
        },
        "fingerprint": c.fingerprint,
        "funding": card.funding,
        "incremental_authorization": {"status": _available(c, "incremental_authorization")},
        "installments": None,
        "last4": card.last4,
        "mandate": None,
        "multicapture": {"status": _available(c, "multicapture")},
        "network": card.brand,
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {
            "maximum_amount_capturable": c.most,
            "status": _available(c, "overcapture"),
        },
        "regulated_status": "unregulated",
        "three_d_secure": secured if c.authenticated else None,
        "wallet": None,
    }
