"""Test bank accounts: US accounts for ACH and IBANs for SEPA, and how a debit of each of them ends.

Numbers and outcomes: docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-account-numbers
and docs.stripe.com/payments/sepa-debit/accept-a-payment#test-integration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulators.stripe.rules.declines import Decline

# Wordings of the failures are unconfirmed; the codes are the failure codes of charges.
CLOSED = Decline("account_closed", "", "The customer's bank account has been closed.", network="R02")
NO_ACCOUNT = Decline("no_account", "", "The customer's bank account could not be located.", network="R03")
FUNDS = Decline(
    "insufficient_funds",
    "",
    "The customer's account has insufficient funds to cover this payment.",
    network="R01",
)
NOT_AUTHORISED = Decline(
    "debit_not_authorized",
    "",
    "The customer has notified their bank that this payment was unauthorized.",
    network="R10",
)
CURRENCY = Decline("invalid_currency", "", "The bank was unable to process this payment in its currency.")
GENERIC = Decline("generic_could_not_process", "", "The bank was unable to process this payment.")

# Why a debit that had succeeded can come back: reasons of disputes.
RETURNS = (
    "insufficient_funds",
    "incorrect_account_details",
    "bank_cannot_process",
    "debit_not_authorized",
)

SUCCEEDS, FAILS, DISPUTED, STAYS, NO_DEPOSITS = "succeeds", "fails", "disputed", "stays", "no_deposits"


@dataclass(frozen=True, slots=True)
class Bank:
    """One test account. outcome: of a debit; failure: why, when it fails or comes back later."""

    type: str
    number: str
    outcome: str = SUCCEEDS
    failure: Decline | None = None
    country: str = "US"
    bank_name: str | None = "STRIPE TEST BANK"
    routing: str = "110000000"

    @property
    def last4(self) -> str:
        return self.number[-4:]


def _ach(number: str, outcome: str = SUCCEEDS, failure: Decline | None = None) -> Bank:
    return Bank("us_bank_account", number, outcome, failure)


_US: Mapping[str, Bank] = {
    "success": _ach("000123456789"),
    "accountClosed": _ach("000111111113", FAILS, CLOSED),
    "noAccount": _ach("000111111116", FAILS, NO_ACCOUNT),
    "insufficientFunds": _ach("000222222227", FAILS, FUNDS),
    "debitNotAuthorized": _ach("000333333335", FAILS, NOT_AUTHORISED),
    "invalidCurrency": _ach("000444444440", FAILS, CURRENCY),
    "failMicrodeposits": _ach("000666666661", NO_DEPOSITS),
    "dispute": _ach("000555555559", DISPUTED, NOT_AUTHORISED),
    "processing": _ach("000000000009", STAYS),
}
# Bank accounts behind a test id count as verified already (unconfirmed).
BANKS: Mapping[str, Bank] = {f"pm_usBankAccount_{name}": bank for name, bank in _US.items()}
BY_ACCOUNT: Mapping[str, Bank] = {bank.number: bank for bank in _US.values()}
MICRODEPOSITS = ((32, 45), "SM11AA")
WRONG_MICRODEPOSITS = ((10, 11), "SM33CC")

_IBANS: Mapping[str, tuple[str, Decline | None]] = {
    "AT321904300235473204": (SUCCEEDS, None),
    "AT861904300235473202": (FAILS, GENERIC),
    "AT591904300235473203": (SUCCEEDS, None),
    "DE89370400440532013000": (SUCCEEDS, None),
    "DE08370400440532013003": (SUCCEEDS, None),
    "DE62370400440532013001": (FAILS, GENERIC),
    "DE78370400440532013004": (FAILS, GENERIC),
    "DE35370400440532013002": (DISPUTED, NOT_AUTHORISED),
    "FR1420041010050500013M02606": (SUCCEEDS, None),
    "FR8420041010050500013M02607": (FAILS, GENERIC),
    "NL39RABO0300065264": (SUCCEEDS, None),
    "NL91ABNA0417164300": (FAILS, GENERIC),
    "ES0700120345030000067890": (SUCCEEDS, None),
    "ES9121000418450200051332": (FAILS, GENERIC),
    "IE29AIBK93115212345678": (SUCCEEDS, None),
    "IE02AIBK93115212345679": (FAILS, GENERIC),
    "BE62510007547061": (SUCCEEDS, None),
    "BE68539007547034": (FAILS, GENERIC),
    "IT40S0542811101000000123456": (SUCCEEDS, None),
    "IT60X0542811101000000123456": (FAILS, GENERIC),
}


def us_account(number: str, routing: str) -> Bank:
    """The account behind a number; one that is not in the table succeeds."""
    known = BY_ACCOUNT.get(number)
    if known is not None and known.routing == routing:
        return known
    return Bank("us_bank_account", number, routing=routing)


def sepa_account(iban: str) -> Bank | None:
    """The account behind an IBAN, None if its check digits are wrong."""
    iban = iban.replace(" ", "").upper()
    if not _checks(iban):
        return None
    outcome, failure = _IBANS.get(iban, (SUCCEEDS, None))
    return Bank("sepa_debit", iban, outcome, failure, iban[:2], None, iban[4:12])


def routing_checks(routing: str) -> bool:
    """The check digit of a US routing number."""
    if len(routing) != 9 or not routing.isdigit():
        return False
    return sum(int(d) * w for d, w in zip(routing, (3, 7, 1) * 3, strict=True)) % 10 == 0


def _checks(iban: str) -> bool:
    if not (15 <= len(iban) <= 34 and iban.isascii() and iban.isalnum()):
        return False
    digits = "".join(str(int(char, 36)) for char in iban[4:] + iban[:4])
    return int(digits) % 97 == 1
