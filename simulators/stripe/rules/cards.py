"""Stripe's test cards and what each of them does (docs.stripe.com/testing)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decline:
    """The issuer's no: Stripe's error code, the finer decline code ("" if none), the text."""

    code: str
    decline_code: str
    message: str


@dataclass(frozen=True, slots=True)
class Card:
    """One test card.

    decline: what charging it answers, attaching too if `refuses_attach`; authentication: "",
    "on_setup" (once, then it may be used off session) or "always"; refund: "", "pending"
    (succeeds a day later) or "fails" (a day after it succeeded); settled_at_once: its money is
    available without the usual delay; blocked: by the processor's own fraud rules.
    """

    last4: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None
    refuses_attach: bool = True
    authentication: str = ""
    refund: str = ""
    settled_at_once: bool = False
    blocked: bool = False


_NO = "Your card was declined."
GENERIC = Decline("card_declined", "generic_decline", _NO)
NEEDS_AUTHENTICATION = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
_FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
_LOST = Decline("card_declined", "lost_card", _NO)
_STOLEN = Decline("card_declined", "stolen_card", _NO)
_VELOCITY = Decline(
    "card_declined",
    "card_velocity_exceeded",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
)
_EXPIRED = Decline("expired_card", "", "Your card has expired.")
_CVC = Decline("incorrect_cvc", "", "Your card's security code is incorrect.")
_PROCESSING = Decline(
    "processing_error", "", "An error occurred while processing your card. Try again in a little bit."
)
_FRAUD = Decline("card_declined", "fraudulent", _NO)

CARDS: dict[str, Card] = {
    "pm_card_visa": Card("4242"),
    "pm_card_us": Card("4242"),
    "pm_card_visa_debit": Card("5556", funding="debit"),
    "pm_card_mastercard": Card("4444", "mastercard"),
    "pm_card_mastercard_debit": Card("8210", "mastercard", "debit"),
    "pm_card_amex": Card("8431", "amex"),
    "pm_card_discover": Card("1117", "discover"),
    "pm_card_diners": Card("3237", "diners"),
    "pm_card_jcb": Card("0505", "jcb", country="JP"),
    "pm_card_de": Card("0016", country="DE"),
    "pm_card_fr": Card("0003", country="FR"),
    "pm_card_gb": Card("0000", country="GB"),
    "pm_card_jp": Card("0003", country="JP"),
    "pm_card_visa_chargeDeclined": Card("0002", decline=GENERIC),
    "pm_card_chargeDeclined": Card("0002", decline=GENERIC),
    "pm_card_visa_chargeDeclinedInsufficientFunds": Card("9995", decline=_FUNDS),
    "pm_card_chargeDeclinedInsufficientFunds": Card("9995", decline=_FUNDS),
    "pm_card_visa_chargeDeclinedLostCard": Card("9987", decline=_LOST),
    "pm_card_visa_chargeDeclinedStolenCard": Card("9979", decline=_STOLEN),
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": Card("6975", decline=_VELOCITY),
    "pm_card_chargeDeclinedExpiredCard": Card("0069", decline=_EXPIRED),
    "pm_card_chargeDeclinedIncorrectCvc": Card("0127", decline=_CVC),
    "pm_card_chargeDeclinedProcessingError": Card("0119", decline=_PROCESSING),
    "pm_card_chargeCustomerFail": Card("0341", decline=GENERIC, refuses_attach=False),
    "pm_card_radarBlock": Card("0019", decline=_FRAUD, refuses_attach=False, blocked=True),
    "pm_card_authenticationRequiredOnSetup": Card("3155", authentication="on_setup"),
    "pm_card_authenticationRequired": Card("3184", authentication="always"),
    "pm_card_bypassPending": Card("0077", settled_at_once=True),
    "pm_card_pendingRefund": Card("7726", refund="pending"),
    "pm_card_refundFail": Card("5126", refund="fails"),
}
