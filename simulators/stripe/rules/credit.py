"""Customers' credit and debt, and their tax numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.currencies import known_currency
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import NOTHING, Customer, Metadata, merged
from simulators.stripe.rules.records_setup import CreditEntry, TaxId
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf


class Credit:
    """The balances of one mode's customers: every change is an entry."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.shelf: Shelf[CreditEntry] = Shelf()

    def enter(
        self,
        customer: Customer,
        amount: int,
        currency: str,
        *,
        type: str = "adjustment",  # noqa: A002 - the vendor's own word
        description: str | None = None,
        invoice: str = "",
        credit_note: str = "",
        metadata: Metadata | None = NOTHING,
    ) -> CreditEntry:
        """Change a balance: a negative amount is credit for the customer's next invoices."""
        currency = known_currency(currency)
        if customer.currency and customer.currency != currency:
            # Stripe keeps a balance a currency; the mock keeps the one of the customer's first.
            text = (
                f"You cannot combine currencies on a single customer. This customer has a balance in"
                f" {customer.currency}."
            )
            raise Refused(text, param="currency")
        ground = self._ground
        customer.currency = currency
        customer.balance += amount
        entry = CreditEntry(
            ground.numbers.new("cbtxn"),
            ground.clock.now(),
            ground.live,
            customer.id,
            amount,
            currency,
            customer.balance,
            type,
            description,
            invoice,
            credit_note,
            merged(NOTHING, metadata),
        )
        return self.shelf.add(entry, ("customer", customer.id))

    def update(self, entry: CreditEntry, changes: Mapping[str, Any]) -> CreditEntry:
        """Change what is said of an entry."""
        entry.description = changes.get("description", entry.description)
        if "metadata" in changes:
            entry.metadata = merged(entry.metadata, changes["metadata"])
        return entry

    def take(self, customer: Customer, id: str) -> CreditEntry:  # noqa: A002
        """An entry of this customer, by its id in the path."""
        entry = self.shelf.get(id)
        if entry is None or entry.customer != customer.id:
            raise no_such("customer balance transaction", id, "transaction", path=True)
        return entry


_SHAPES = {
    "eu_vat": r"[A-Z]{2}[A-Z0-9]{2,13}",
    "gb_vat": r"(GB)?(\d{9}|\d{12})",
    "us_ein": r"\d{2}-?\d{7}",
    "au_abn": r"\d{11}",
    "ca_bn": r"\d{9}",
    "br_cnpj": r"[\d./-]{14,18}",
    "br_cpf": r"[\d.-]{11,14}",
    "ch_vat": r"CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)",
    "in_gst": r"\d{2}[A-Z0-9]{13}",
    "no_vat": r"\d{9}MVA",
    "nz_gst": r"\d{8,9}",
    "sg_gst": r"M\d{8}X",
    "jp_cn": r"\d{13}",
    "mx_rfc": r"[A-Z&Ñ0-9]{12,13}",
    "za_vat": r"4\d{9}",
}


class TaxIds:
    """The tax numbers of one mode's customers. Types without a pattern here take any text."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.shelf: Shelf[TaxId] = Shelf()

    def create(self, customer: Customer, type: str, value: str) -> TaxId:  # noqa: A002
        """A number of this type; Refused when it cannot be one."""
        checked(type, value)
        ground = self._ground
        id = ground.numbers.new("txi")  # noqa: A001
        tax_id = TaxId(id, ground.clock.now(), ground.live, customer.id, type, value)
        self.shelf.add(tax_id, ("customer", customer.id))
        ground.events.emit("customer.tax_id.created", tax_id)
        return tax_id

    def take(self, customer: Customer, id: str) -> TaxId:  # noqa: A002
        """A number of this customer, by its id in the path."""
        tax_id = self.shelf.get(id)
        if tax_id is None or tax_id.deleted or tax_id.customer != customer.id:
            raise no_such("tax ID", id, "id", path=True)
        return tax_id

    def delete(self, tax_id: TaxId) -> None:
        """Take it away."""
        self._ground.events.emit("customer.tax_id.deleted", tax_id)
        tax_id.deleted = True
        self.shelf.unfile(tax_id, ())
        self.shelf.unfile(tax_id, ("customer", tax_id.customer))


def checked(type: str, value: str) -> None:  # noqa: A002
    """Refused when the value cannot be a number of this type."""
    if not re.fullmatch(r"[a-z]{2}_[a-z0-9_]+", type):
        raise Refused(f"Invalid tax ID type: {type}", param="type")
    shape = _SHAPES.get(type, r"\S.*")
    if not re.fullmatch(shape, value.replace(" ", "") if type != "ch_vat" else value, re.IGNORECASE):
        raise Refused(f"Invalid value for {type}.", code="tax_id_invalid", param="value")
