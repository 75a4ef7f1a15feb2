"""Tokens, and the instruments behind numbers that are typed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.kit.clock import at
from simulators.stripe.rules import declines as no
from simulators.stripe.rules.banks import Bank, routing_checks, sepa_account, us_account
from simulators.stripe.rules.cards import BY_NUMBER, TOKENS, Card, luhn
from simulators.stripe.rules.declines import Decline
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import NEVER
from simulators.stripe.rules.records_setup import Token
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

Expiry = tuple[int, int]


class Tokens:
    """The tokens of one mode."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.shelf: Shelf[Token] = Shelf()

    def create(self, instrument: Card | Bank, expires: Expiry, name: str | None = None) -> Token:
        """A token of an instrument that has been checked."""
        ground = self._ground
        token = Token(
            ground.numbers.new("tok" if isinstance(instrument, Card) else "btok"),
            ground.clock.now(),
            ground.live,
            instrument,
            ground.numbers.new("card" if isinstance(instrument, Card) else "ba"),
            expires,
            name,
        )
        return self.shelf.add(token)

    def take(self, id: str, param: str = "token", *, path: bool = False) -> Token:  # noqa: A002
        """The token by its id."""
        token = self.shelf.get(id)
        if token is None:
            raise no_such("token", id, param, path=path)
        return token

    def redeem(self, id: str, param: str) -> tuple[Card | Bank, Expiry]:  # noqa: A002
        """What a token stands for; each is good for one use, test tokens for any number."""
        card = TOKENS.get(id)
        if card is not None and not self._ground.live:
            return card, NEVER
        token = self.take(id, param)
        if token.used:
            text = (
                f"You cannot use a Stripe token more than once: {id}."
                " (This token was created with the same key and used before.)"
            )
            raise Refused(text, code="token_already_used", param=param)
        token.used = True
        return token.instrument, token.expires

    def card(self, given: Mapping[str, Any]) -> tuple[Card, Expiry]:
        """The card behind number, exp_month, exp_year and cvc; Refused with 402 when one is wrong."""
        number = str(given.get("number") or "").replace(" ", "").replace("-", "")
        month, year = int(given["exp_month"]), int(given["exp_year"])
        year += 2000 if year < 100 else 0
        if not (number.isdigit() and 12 <= len(number) <= 19 and luhn(number)):
            raise _wrong("incorrect_number", "Your card number is incorrect.", "number")
        today = at(self._ground.clock.now())
        if not 1 <= month <= 12:
            raise _wrong("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month")
        if year < today.year or year > today.year + 100:
            raise _wrong("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year")
        if (year, month) < (today.year, today.month):
            raise _wrong("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month")
        known = BY_NUMBER.get(number)
        cvc = given.get("cvc")
        lengths = (4,) if known is not None and known.brand == "amex" else (3,)
        if cvc is not None and not (str(cvc).isdigit() and len(str(cvc)) in (*lengths, 4)):
            raise _wrong("invalid_cvc", "Your card's security code is invalid.", "cvc")
        if known is None or self._ground.live:
            raise _declined(no.A_TEST_CARD if known is not None else no.NOT_A_TEST_CARD)
        return known, (month, year)

    def us_account(self, given: Mapping[str, Any]) -> Bank:
        """The account behind routing and account number."""
        routing, number = str(given.get("routing_number") or ""), str(given.get("account_number") or "")
        if not routing_checks(routing):
            text = "The routing number must have 9 digits and be valid: use 110000000 in test mode."
            raise Refused(text, code="routing_number_invalid", param="us_bank_account[routing_number]")
        if not (number.isdigit() and 4 <= len(number) <= 17):
            text = "Must only include digits and be 4 to 17 characters long."
            raise Refused(text, code="account_number_invalid", param="us_bank_account[account_number]")
        return us_account(number, routing)

    def sepa_account(self, iban: str) -> Bank:
        """The account behind an IBAN."""
        bank = sepa_account(iban)
        if bank is None:
            text = "The IBAN you provided is invalid."
            raise Refused(text, code="invalid_bank_account_iban", param="sepa_debit[iban]")
        return bank


def _wrong(code: str, text: str, param: str) -> Refused:
    return Refused(text, code=code, param=param, status=402, type="card_error")


def _declined(decline: Decline) -> Refused:
    return Refused(
        decline.message,
        code=decline.code,
        decline_code=decline.decline_code,
        status=402,
        type="card_error",
    )
