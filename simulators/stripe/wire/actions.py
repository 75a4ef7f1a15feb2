"""What payment intents and setup intents show alike: what is to be done next, options by method."""

from __future__ import annotations

from simulators.kit.clock import DAY, SECOND
from simulators.stripe.wire.cash import instructions
from simulators.stripe.wire.parties import Record, Shaped


def next_action(i: Record, kind: str, now: int) -> Shaped:
    """Of an intent that requires_action. kind: payment_intent or setup_intent."""
    if i.pending == "microdeposits":
        # The deposits are there on the next day.
        return {
            "type": "verify_with_microdeposits",
            "verify_with_microdeposits": {
                "arrival_date": (now // DAY + 1) * DAY // SECOND,
                "hosted_verification_url": f"https://payments.stripe.com/microdeposit/{i.client_secret}",
                "microdeposit_type": "amounts",
            },
        }
    if i.pending == "transfer":
        return {
            "display_bank_transfer_instructions": instructions(i),
            "type": "display_bank_transfer_instructions",
        }
    link = f"https://hooks.stripe.com/3d_secure_2/hosted?merchant=tieout&{kind}={i.id}"
    if i.return_url:
        return {"redirect_to_url": {"return_url": i.return_url, "url": link}, "type": "redirect_to_url"}
    return {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {"stripe_js": link, "type": "three_d_secure_redirect"},
    }


_CARD = {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}


def method_options(i: Record) -> Shaped:
    """payment_method_options: the usual ones, with what was given over them."""
    shaped: Shaped = {}
    given = i.method_options
    if "card" in i.method_types:
        first: Shaped = {"installments": None} if i.kind == "payment_intent" else {}
        shaped["card"] = {**first, **_CARD, **(given.get("card") or {})}
    if "us_bank_account" in i.method_types:
        verified = {"verification_method": "automatic"}
        shaped["us_bank_account"] = {**verified, **(given.get("us_bank_account") or {})}
    if "customer_balance" in i.method_types:
        shaped["customer_balance"] = given.get("customer_balance") or {}
    if "sepa_debit" in i.method_types:
        shaped["sepa_debit"] = given.get("sepa_debit") or {}
    return shaped
