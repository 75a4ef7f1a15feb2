"""Sales between businesses of two EU countries: the buyer accounts for the tax."""

from __future__ import annotations

import re

from simulators.avatax.rules.countries import EU_COUNTRIES
from simulators.avatax.rules.sales import Sale, SaleLine

_SHAPE = re.compile(r"[A-Z]{2}[0-9A-Z]{2,12}", re.ASCII)
# Greece signs its numbers differently.
_PREFIXES = {"GR": "EL"}
REVERSE_CHARGE = "Reverse charge (Article 194 - Directive 2006/112 EC)"


def is_reverse_charged(sale: Sale, line: SaleLine, origin: str, destination: str) -> bool:
    """Whether the buyer has a VAT number of the destination and the sale comes from another country.

    Unconfirmed: how the vendor treats a number of a third country; here it changes nothing.
    """
    if destination not in EU_COUNTRIES or origin == destination:
        return False
    number = re.sub(r"[\s.\-]", "", line.business_id or sale.business_id).upper()
    return bool(_SHAPE.fullmatch(number)) and number.startswith(_PREFIXES.get(destination, destination))
