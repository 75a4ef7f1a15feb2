"""The issuers' ways of saying no (docs.stripe.com/declines/codes)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decline:
    """The issuer's no: Stripe's error code, the finer decline code ("" if none), the text.

    advice: Stripe's advice_code or ""; network: the network's own code or ""; param: what of the card
    it is about, or "".
    """

    code: str
    decline_code: str
    message: str
    advice: str = ""
    network: str = ""
    param: str = ""


_NO = "Your card was declined."
GENERIC = Decline("card_declined", "generic_decline", _NO, "try_again_later", "01")
NEEDS_AUTHENTICATION = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
# Said when the caller asked for an error instead of a customer's action.
NOT_HANDLED = Decline(
    "authentication_required",
    "authentication_not_handled",
    "This payment required an authentication action to complete, but `error_on_requires_action` was set."
    " When you're ready, you can upgrade your integration to handle actions at"
    " https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions.",
)
NOT_AUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    "",
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new"
    " PaymentMethod to attempt to fulfill this PaymentIntent again.",
)
SETUP_NOT_AUTHENTICATED = Decline(
    "setup_intent_authentication_failure",
    "",
    "The latest attempt to set up the payment method has failed because authentication failed.",
)
FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.", network="51")
LOST = Decline("card_declined", "lost_card", _NO, "do_not_try_again", "41")
STOLEN = Decline("card_declined", "stolen_card", _NO, "do_not_try_again", "43")
VELOCITY = Decline(
    "card_declined",
    "card_velocity_exceeded",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
)
EXPIRED = Decline("expired_card", "", "Your card has expired.", network="54", param="exp_month")
CVC = Decline("incorrect_cvc", "", "Your card's security code is incorrect.", network="N7", param="cvc")
PROCESSING = Decline(
    "processing_error",
    "",
    "An error occurred while processing your card. Try again in a little bit.",
    "try_again_later",
)
FRAUD = Decline("card_declined", "fraudulent", _NO)
# What a number answers that is no card of this mode.
NOT_A_TEST_CARD = Decline(
    "card_declined",
    "test_mode_live_card",
    "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of"
    " valid test cards, visit: https://stripe.com/docs/testing.",
)
A_TEST_CARD = Decline(
    "card_declined",
    "live_mode_test_card",
    "Your card was declined. Your request was in live mode, but used a known test card.",
)
