"""Bank transfers: money that a customer sends by himself, and by which rails in which currency.

Types and countries: docs.stripe.com/payments/bank-transfers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from simulators.stripe.rules.refusals import Refused

# One kind of transfer a currency; others cannot be sent.
RAILS: Mapping[str, str] = {
    "usd": "us_bank_transfer",
    "eur": "eu_bank_transfer",
    "gbp": "gb_bank_transfer",
    "jpy": "jp_bank_transfer",
    "mxn": "mx_bank_transfer",
}
_EU = ("BE", "DE", "ES", "FR", "IE", "NL")
_OPTIONS = "payment_method_options[customer_balance]"


@dataclass(frozen=True, slots=True)
class Transfer:
    """The payment method customer_balance: it names no account, the customer's cash pays."""

    type: ClassVar[str] = "customer_balance"
    number: ClassVar[str] = ""


TRANSFER = Transfer()


def rail(currency: str, param: str = "currency") -> str:
    """The kind of transfer in this currency; Refused where there is none (wording unconfirmed)."""
    kind = RAILS.get(currency)
    if kind is None:
        known = ", ".join(RAILS)
        raise Refused(f"Bank transfers cannot be made in {currency}. Use one of: {known}.", param=param)
    return kind


def checked(wanted: Mapping[str, Any], currency: str, param: str) -> str:
    """The country of the account that money is to be sent to; Refused when the transfer cannot be asked for.

    wanted: a bank_transfer as the caller described it; param: where it stood.
    """
    usual = rail(currency)
    kind = str(wanted.get("type") or usual)
    if kind != usual:
        text = f"The bank transfer type {kind} does not support the currency {currency}."
        raise Refused(text, param=f"{param}[type]")
    if kind != "eu_bank_transfer":
        return {"gbp": "GB", "jpy": "JP", "mxn": "MX"}.get(currency, "US")
    country = (wanted.get("eu_bank_transfer") or {}).get("country")
    if wanted.get("type") and not country:
        name = f"{param}[eu_bank_transfer][country]"
        raise Refused(f"Missing required param: {name}.", code="parameter_missing", param=name)
    if country and country not in _EU:
        text = f"Invalid country: must be one of {', '.join(_EU)}"
        raise Refused(text, param=f"{param}[eu_bank_transfer][country]")
    return str(country or "DE")


def payable(options: Mapping[str, Any], currency: str, customer: str, capture_method: str) -> None:
    """Refused unless an intent of these can be paid by a transfer (wordings unconfirmed)."""
    if not customer:
        text = "PaymentIntents that are paid by bank transfer (customer_balance) require a customer."
        raise Refused(text, code="payment_intent_invalid_parameter", param="customer")
    if capture_method == "manual":
        text = "The payment method type customer_balance does not support capture_method=manual."
        raise Refused(text, code="payment_intent_invalid_parameter", param="capture_method")
    given = options.get("customer_balance") or {}
    if given.get("funding_type") not in (None, "bank_transfer"):
        raise Refused("Invalid funding_type: must be one of bank_transfer", param=f"{_OPTIONS}[funding_type]")
    checked(given.get("bank_transfer") or {}, currency, f"{_OPTIONS}[bank_transfer]")
