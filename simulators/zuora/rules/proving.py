"""What gateways know and say, and the test gateway, which needs no other system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# What the test gateway says to numbers that the processors' own test suites decline.
DECLINED: Mapping[str, tuple[str, str]] = {
    "4000000000000002": ("card_declined", "Your card was declined."),
    "4000000000009995": ("insufficient_funds", "Your card has insufficient funds."),
    "4000000000000069": ("expired_card", "Your card has expired."),
    "4000000000000341": ("card_declined", "Your card was declined."),
}
# Numbers that may be kept although they decline later.
_KEPT = frozenset({"4000000000000341", "4000000000009995", "4000000000000002"})


@dataclass(frozen=True, slots=True)
class Token:
    """How a gateway knows a means of payment. first: the customer or the method; second: the other."""

    first: str = ""
    second: str = ""

    @property
    def customer(self) -> str:
        """The gateway's customer, "" if the token names none."""
        return next((each for each in (self.first, self.second) if each.startswith("cus_")), "")

    @property
    def method(self) -> str:
        """The gateway's means of payment, "" if the token names none."""
        return next((each for each in (self.second, self.first) if each and not each.startswith("cus_")), "")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a gateway said of a means of payment."""

    approved: bool
    token: Token = field(default_factory=Token)
    details: Mapping[str, object] = field(default_factory=dict)
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway said to a request for money. known: False where no answer came; settled: False where
    it says later what becomes of it."""

    approved: bool
    known: bool = True
    settled: bool = True
    code: str = ""
    message: str = ""
    reference: str = ""
    second: str = ""


def prove_registered(token: Token, card: str, month: int | None, year: int | None, *, skip: bool) -> Seen:
    """A means of payment as the test gateway sees it."""
    if card:
        if card in DECLINED and card not in _KEPT and not skip:
            code, message = DECLINED[card]
            return Seen(False, code=code, message=message)
        brand = {"3": "AmericanExpress", "4": "Visa", "5": "MasterCard", "6": "Discover"}.get(
            card[:1], "Visa"
        )
        details = {
            "creditCardMaskNumber": f"{'*' * (len(card) - 4)}{card[-4:]}",
            "creditCardType": brand,
            "expirationMonth": month,
            "expirationYear": year,
        }
        # The test gateway's vault: what is behind a token decides what becomes of a charge.
        return Seen(
            True, Token(f"test_{card[-4:]}_{'decline' if card in DECLINED else 'ok'}", card[-4:]), details
        )
    return Seen(True, token)


def prove_charged(token: Token, card: str, key: str) -> Answer:
    """What the test gateway says to a request for money."""
    declined = "decline" in token.first.lower() or card in DECLINED
    if declined:
        last = token.second or card[-4:]
        found = next((why for number, why in DECLINED.items() if number.endswith(last)), None)
        code, message = found or ("card_declined", "Your card was declined.")
        return Answer(False, code=code, message=message)
    return Answer(True, code="Approved", message="Approved", reference=f"test-{key}")
