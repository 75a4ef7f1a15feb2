"""Which types of payment method an intent takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.stripe.rules.options import Options
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.transfers import RAILS, Transfer

_TYPES = """
acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact billie bizum
blik boleto card card_present cashapp crypto customer_balance eps fpx giropay grabpay ideal interac_present
kakao_pay klarna konbini kr_card link mb_way mobilepay multibanco naver_pay nz_bank_account oxxo p24
pay_by_bank payco paynow paypal paypay payto pix promptpay revolut_pay samsung_pay satispay scalapay
sepa_debit sequra sofort sunbit swish twint upi us_bank_account wechat_pay zip
"""
KNOWN = frozenset(_TYPES.split())
# Debits know one currency each.
_CURRENCY = {"us_bank_account": "usd", "sepa_debit": "eur"}
_REDIRECTED = (
    "This {what} is configured to accept payment methods enabled in your Dashboard. Because some of these"
    " payment methods might redirect your customer off of your page, you must provide a `return_url`. If you"
    " don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true`"
    " and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment"
    " Intents."
)


def chosen(
    types: Sequence[str], automatic: Mapping[str, Any] | None, currency: str = ""
) -> tuple[tuple[str, ...], Mapping[str, Any] | None]:
    """(types, automatic_payment_methods) of an intent in a currency ("": of a setup intent)."""
    wanted = automatic is not None and automatic.get("enabled")
    if types and wanted:
        text = (
            "You may only specify one of these parameters: automatic_payment_methods, payment_method_types."
        )
        raise Refused(text)
    if not types:
        if automatic is not None and not wanted:
            return ("card",), None
        return usual(currency), automatic or {"allow_redirects": "always", "enabled": True}
    for name in types:
        if name not in KNOWN:
            text = (
                f"The payment method type provided: {name} is invalid. Please ensure the provided type is"
                " activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and"
                " your account is enabled for any preview features that you are trying to use."
            )
            raise Refused(text, code="payment_intent_invalid_parameter", param="payment_method_types")
        if name == Transfer.type and not currency:
            text = f"The payment method type {name} cannot be set up: it is not for later use."
            raise Refused(text, code="setup_intent_invalid_parameter", param="payment_method_types")
        need = _CURRENCY.get(name, currency)
        if name == Transfer.type and currency and currency not in RAILS:
            need = " or ".join(RAILS)
        if currency and need != currency:
            # Wording unconfirmed.
            text = (
                f"The currency provided ({currency}) is invalid for one or more payment method types on this"
                f" PaymentIntent: {name} takes {need}."
            )
            raise Refused(text, code="payment_intent_invalid_parameter", param="currency")
    return tuple(dict.fromkeys(types)), None


def supported(types: Sequence[str], currency: str) -> tuple[str, ...]:
    """Those that the account has and that take the currency; of an invoice the others do not count."""
    taken = [n for n in types if n in KNOWN and _CURRENCY.get(n, currency) == currency]
    return tuple(n for n in taken if n != Transfer.type or currency in RAILS)


def usual(currency: str = "") -> tuple[str, ...]:
    """What the account has switched on for a currency ("": for setting up)."""
    return ("card", *(name for name, needs in _CURRENCY.items() if currency in ("", needs)))


def allowed(type: str, types: Sequence[str]) -> None:  # noqa: A002
    """Refused unless a method of this type may be used."""
    if type not in types:
        text = (
            f"The PaymentMethod provided ({type}) is not allowed for this PaymentIntent. Please attach a"
            f" PaymentMethod of one of the following types: {', '.join(types)}. Alternatively, update the"
            f' allowed payment_method_types for this PaymentIntent to include "{type}"'
        )
        raise Refused(text, code="payment_intent_invalid_parameter", param="payment_method")


def redirects(
    what: str,
    automatic: Mapping[str, Any] | None,
    return_url: str | None,
    off_session: bool,
    options: Options,
) -> None:
    """Refused where a customer could be sent away with no way back (option redirect_methods)."""
    if not options.redirect_methods or automatic is None or return_url or off_session:
        return
    if automatic.get("allow_redirects", "always") != "never":
        raise Refused(_REDIRECTED.format(what=what), param="return_url")
