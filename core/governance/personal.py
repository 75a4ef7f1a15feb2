"""Which fields of the API's answers are personal data, and what is shown of them without personal:read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

VEIL = "•••"


class Veil(StrEnum):
    """WHOLE: nothing of it is shown; EMAIL: its domain is; BY_FIELD: WHOLE or EMAIL if the `field` beside it
    names personal data, as ownership.toml has it."""

    WHOLE = "whole"
    EMAIL = "email"
    BY_FIELD = "by_field"


# "Shape.field" by the names of the OpenAPI document. The country stays: taxes are explained by it.
PERSONAL: dict[str, Veil] = {
    "Account.name": Veil.WHOLE,
    "Account.email": Veil.EMAIL,
    "Account.vat_number": Veil.WHOLE,
    "Address.line1": Veil.WHOLE,
    "Address.city": Veil.WHOLE,
    "Address.region": Veil.WHOLE,
    "Address.postal_code": Veil.WHOLE,
    "ConflictShown.value": Veil.BY_FIELD,
    "ConflictShown.shown": Veil.BY_FIELD,
}
# A field with such a word in its name is in one table or the other.
LOOKS_PERSONAL = re.compile(
    r"name|mail|phone|fax|address|street|line\d|city|region|postal|postcode|zip|country|vat|tax_?id|iban|bic"
    r"|bank|card|last4|payer|payee|contact|birth|person|holder|_by$|^by$|^value$|^shown$"
)
# Looks personal and is not, with the reason.
IMPERSONAL: dict[str, str] = {
    "Account.pays_by": "card or invoice, nothing of either",
    "Account.address": "its parts are in the table",
    "Address.country": "taxes are explained by it",
    "EndpointShown.made_by": "who decides answers by name",
    "Transaction.held_by": "who decides answers by name",
    "JobShown.by": "who decides answers by name",
    "JobShown.name": "of a job",
    "Wanted.name": "of a job",
    "ItemListed.name": "of a product",
    "MappingShown.name": "of a file",
    "MappingWhole.name": "of a file",
    "Fault.value": "what the asker sent",
}
# Of the fields that systems own (ownership.toml), as conflicts name them.
_OWNED = {"customer.name": Veil.WHOLE, "customer.email": Veil.EMAIL}
_EMAIL = re.compile(r"""[^\s@<>"(),:;/?&=]+@([\w-]+(?:\.[\w-]+)+)""")
# What the core's own sentences quote of people: payers, their words, names that two systems show.
_QUOTED = re.compile(r"""(\b(?:by|says|shows|address|text:) )(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


def veiled_text(text: str) -> str:
    """A text for people or machines: without what stands before the @ of an e-mail address, and without what
    the core quotes of customers. Veiled once more it stays as it is."""
    return _QUOTED.sub(rf"\1'{VEIL}'", _EMAIL.sub(rf"{VEIL}@\1", text))


def veiled_field(shape: str, field: str, value: str, beside: Mapping[str, Any]) -> str:
    """A text of a field of a shape; beside: all fields of the same value. "" stays, which shows that there
    is nothing."""
    veil = PERSONAL.get(f"{shape}.{field}")
    if veil is Veil.BY_FIELD:
        veil = _OWNED.get(str(beside.get("field", "")))
    if veil is None or not value:
        return veiled_text(value)
    domain = value.rpartition("@")[2] if veil is Veil.EMAIL and "@" in value else ""
    return f"{VEIL}@{domain}" if domain else VEIL
