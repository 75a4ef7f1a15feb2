"""Stripe's test cards and what each of them does (docs.stripe.com/testing)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from simulators.stripe.rules import declines as no
from simulators.stripe.rules.declines import Decline

FINE, BAD, UNKNOWN = "pass", "fail", "unavailable"


@dataclass(frozen=True, slots=True)
class Card:
    """One test card.

    decline: what charging it answers, attaching too if `refuses_attach`; authentication: "",
    "on_session" (every payment with the customer present; none off session), "on_setup" (the same,
    and off session until it has been set up) or "always"; enrolled: its owner can authenticate, and does
    where the account asks for it; after: what it answers once the customer
    has authenticated; refund: "", "pending" (succeeds a day later) or "fails" (a day after it
    succeeded); settled_at_once: its money is available without the usual delay; blocked: by the
    processor's own fraud rules; disputes: what its owner will complain of, once paid; warned: its
    bank warns of fraud; cvc, zip, line1: what the issuer finds when it compares them.
    """

    type: ClassVar[str] = "card"
    number: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None
    refuses_attach: bool = True
    authentication: str = ""
    enrolled: bool = False
    after: Decline | None = None
    refund: str = ""
    settled_at_once: bool = False
    blocked: bool = False
    risk: str = "normal"
    disputes: tuple[str, ...] = ()
    warned: bool = False
    cvc: str = FINE
    zip: str = FINE
    line1: str = FINE

    @property
    def last4(self) -> str:
        return self.number[-4:]


# By the name that follows "pm_card_" and "tok_"; a name with a bar stands for both of its spellings,
# with and without "visa_".
_PLAIN: Mapping[str, Card] = {
    "visa": Card("4242424242424242"),
    "us": Card("4242424242424242"),
    "visa_debit": Card("4000056655665556", funding="debit"),
    "mastercard": Card("5555555555554444", "mastercard"),
    "mastercard_debit": Card("5200828282828210", "mastercard", "debit"),
    "mastercard_prepaid": Card("5105105105105100", "mastercard", "prepaid"),
    "amex": Card("371449635398431", "amex"),
    "discover": Card("6011111111111117", "discover"),
    "diners": Card("3056930009020004", "diners"),
    "jcb": Card("3566002020360505", "jcb", country="JP"),
    "unionpay": Card("6200000000000005", "unionpay", country="CN"),
    "gb_debit": Card("4000058260000005", funding="debit", country="GB"),
    "gb_mastercard": Card("5555558265554449", "mastercard", country="GB"),
    "bypassPending": Card("4000000000000077", settled_at_once=True),
    "pendingRefund": Card("4000000000007726", refund="pending"),
    "refundFail": Card("4000000000005126", refund="fails"),
}
_REFUSED: Mapping[str, Card] = {
    "|chargeDeclined": Card("4000000000000002", decline=no.GENERIC),
    "|chargeDeclinedInsufficientFunds": Card("4000000000009995", decline=no.FUNDS),
    "|chargeDeclinedLostCard": Card("4000000000009987", decline=no.LOST),
    "|chargeDeclinedStolenCard": Card("4000000000009979", decline=no.STOLEN),
    "|chargeDeclinedVelocityLimitExceeded": Card("4000000000006975", decline=no.VELOCITY),
    "|chargeDeclinedFraudulent": Card("4100000000000019", decline=no.FRAUD, blocked=True, risk="highest"),
    "|chargeDeclinedExpiredCard": Card("4000000000000069", decline=no.EXPIRED),
    "|chargeDeclinedIncorrectCvc": Card("4000000000000127", decline=no.CVC, cvc=BAD),
    "|chargeDeclinedProcessingError": Card("4000000000000119", decline=no.PROCESSING),
    "|chargeCustomerFail": Card("4000000000000341", decline=no.GENERIC, refuses_attach=False),
    "radarBlock": Card(
        "4100000000000019", decline=no.FRAUD, refuses_attach=False, blocked=True, risk="highest"
    ),
    "riskLevelHighest": Card(
        "4000000000004954", decline=no.FRAUD, refuses_attach=False, blocked=True, risk="highest"
    ),
    "riskLevelElevated": Card("4000000000009235", risk="elevated"),
    "cvcCheckFail": Card("4000000000000101", cvc=BAD),
    "avsFail": Card("4000000000000010", zip=BAD, line1=BAD),
    "avsLine1Fail": Card("4000000000000028", line1=BAD),
    "avsZipFail": Card("4000000000000036", zip=BAD),
    "avsUnchecked": Card("4000000000000044", zip=UNKNOWN, line1=UNKNOWN),
}
_AUTHENTICATED: Mapping[str, Card] = {
    "authenticationRequiredOnSetup": Card("4000002500003155", authentication="on_setup"),
    "authenticationRequired": Card("4000002760003184", authentication="always"),
    "authenticationRequiredSetupForOffSession": Card("4000003800000446", authentication="on_session"),
    "authenticationRequiredChargeDeclinedInsufficientFunds": Card(
        "4000008260003178", authentication="always", after=no.FUNDS
    ),
    "threeDSecure2Required": Card("4000000000003220", authentication="always"),
    "threeDSecureRequired": Card("4000000000003063", authentication="always"),
    "threeDSecureRequiredChargeDeclined": Card("4000008400001629", authentication="always", after=no.GENERIC),
    "threeDSecureRequiredProcessingError": Card("4000008400001280", decline=no.GENERIC, refuses_attach=False),
    "threeDSecureOptional": Card("4000000000003055", enrolled=True),
    "threeDSecureOptionalProcessingError": Card("4000000000003097"),
    "amex_threeDSecureNotSupported": Card("378282246310005", "amex"),
}
_DISPUTED: Mapping[str, Card] = {
    "|createDispute": Card("4000000000000259", disputes=("fraudulent",)),
    "|createDisputeProductNotReceived": Card("4000000000002685", disputes=("product_not_received",)),
    "|createDisputeInquiry": Card("4000000000001976", disputes=("inquiry",)),
    "|createIssuerFraudRecord": Card("4000000000005423", warned=True),
    "|createMultipleDisputes": Card("4000000404000079", disputes=("fraudulent", "product_not_received")),
}
# A Visa card of each country, whose ISO 3166 number it carries in the middle.
_ABROAD = {
    "ae": "4000007840000001", "ar": "4000000320000021", "at": "4000000400000008", "au": "4000000360000006",
    "be": "4000000560000004", "bg": "4000001000000000", "br": "4000000760000002", "by": "4000001120000005",
    "ca": "4000001240000000", "ch": "4000007560000009", "cl": "4000001520000001", "cn": "4000001560000002",
    "co": "4000001700000003", "cr": "4000001880000005", "cy": "4000001960000008", "cz": "4000002030000002",
    "de": "4000002760000016", "dk": "4000002080000001", "ec": "4000002180000000", "ee": "4000002330000009",
    "es": "4000007240000007", "fi": "4000002460000001", "fr": "4000002500000003", "gb": "4000008260000000",
    "gi": "4000002920000005", "gr": "4000003000000030", "hk": "4000003440000004", "hr": "4000001910000009",
    "hu": "4000003480000005", "ie": "4000003720000005", "in": "4000003560000008", "it": "4000003800000008",
    "jp": "4000003920000003", "li": "4000004380000004", "lt": "4000004400000000", "lu": "4000004420000006",
    "lv": "4000004280000005", "mt": "4000004700000007", "mx": "4000004840008001", "my": "4000004580000002",
    "nl": "4000005280000002", "no": "4000005780000007", "nz": "4000005540000008", "pa": "4000005910000000",
    "pe": "4000006040000068", "pl": "4000006160000005", "pt": "4000006200000007", "py": "4000006000000066",
    "ro": "4000006420000001", "se": "4000007520000008", "sg": "4000007020000003", "si": "4000007050000006",
    "sk": "4000007030000001", "tw": "4000001580000008", "uy": "4000008580000003",
}  # fmt: skip
# Numbers that have no name of their own.
_UNNAMED = (
    # In no list of the vendor's, but in everybody's tests.
    Card("4111111111111111"),
    Card("2223003122003222", "mastercard"),
    Card("6011000990139424", "discover"),
    Card("6011981111111113", "discover", "debit"),
    Card("36227206271667", "diners"),
    Card("6555900000604105", "discover"),
    Card("6200000000000047", "unionpay", "debit", "CN"),
    Card("6205500000000000004", "unionpay", country="CN"),
    Card("4000003220000000"),
)


def _named() -> dict[str, Card]:
    cards: dict[str, Card] = {}
    for table in (_PLAIN, _REFUSED, _AUTHENTICATED, _DISPUTED):
        for name, card in table.items():
            cards[name.removeprefix("|")] = card
            if name.startswith("|"):
                cards[f"visa_{name[1:]}"] = card
    for country, number in _ABROAD.items():
        cards[country] = Card(number, country=country.upper())
    return cards


_NAMED = _named()
CARDS: dict[str, Card] = {f"pm_card_{name}": card for name, card in _NAMED.items()}
TOKENS: dict[str, Card] = {f"tok_{name}": card for name, card in _NAMED.items()}
# Of two names for a number the later one tells how the number behaves when it is typed in.
BY_NUMBER: dict[str, Card] = {card.number: card for card in (*_NAMED.values(), *_UNNAMED)}


def luhn(number: str) -> bool:
    """Whether the last digit checks the others."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
