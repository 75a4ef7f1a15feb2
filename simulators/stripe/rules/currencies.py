"""Which currencies and amounts can be charged (docs.stripe.com/currencies)."""

from __future__ import annotations

from simulators.kit.money import exponent, major
from simulators.stripe.rules.refusals import Refused

# ISK and UGX are left out: Stripe writes them with two decimals that must be zero, ISO with none.
_CODES = """
usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd
cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd
hkd hnl htg huf idr ils inr jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl
mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg
qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah
uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw
"""
SUPPORTED = frozenset(_CODES.split())

# Smallest charge in minor units; where none is published, one unit.
_LEAST = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
    "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
_MOST = 99_999_999


def known_currency(given: str) -> str:
    """The lower-case code; Refused if Stripe cannot charge in it."""
    currency = given.lower()
    if currency not in SUPPORTED:
        known = ", ".join(sorted(SUPPORTED))
        raise Refused(
            f"Invalid currency: {currency}. Stripe currently supports these currencies: {known}",
            param="currency",
        )
    return currency


def chargeable(amount: int, currency: str) -> int:
    """`amount` in minor units; Refused when it is too small, too large or too fine."""
    least = _LEAST.get(currency, 1)
    if amount < least:
        text = f"Amount must be at least {named(least, currency)}"
        raise Refused(text, code="amount_too_small", param="amount")
    if amount > _MOST:
        text = f"Amount must be no more than {named(_MOST, currency)}"
        raise Refused(text, code="amount_too_large", param="amount")
    if exponent(currency) == 3 and amount % 10:
        # Three-decimal currencies are charged in steps of ten; the wording is unconfirmed.
        raise Refused(f"Invalid amount: {currency} amounts must end in 0", param="amount")
    return amount


_SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "aud": "A$", "cad": "CA$", "inr": "₹", "brl": "R$"}


def worded(amount: int, currency: str) -> str:
    """1999, "usd" -> "$19.99"; a currency without a sign is named: "19.99 chf"."""
    sign = _SIGNS.get(currency)
    text = f"{major(amount, currency):,f}"
    return f"{sign}{text}" if sign else f"{text} {currency}"


def named(amount: int, currency: str) -> str:
    """1999, "usd" -> "$19.99 usd"."""
    return f"{worded(amount, currency).removesuffix(f' {currency}')} {currency}"
