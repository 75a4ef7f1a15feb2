"""Customers' tax numbers."""

from __future__ import annotations

import re

from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import Customer
from simulators.stripe.rules.records_setup import TaxId
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

_SHAPES = {
    "eu_vat": r"[A-Z]{2}(?=.*\d)[A-Z0-9+*]{2,13}",
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
        customer.tax_numbers = (*customer.tax_numbers, (type, value))
        ground.events.emit("customer.tax_id.created", tax_id)
        return tax_id

    def take(self, customer: Customer, id: str) -> TaxId:  # noqa: A002
        """A number of this customer, by its id in the path."""
        tax_id = self.shelf.get(id)
        if tax_id is None or tax_id.deleted or tax_id.customer != customer.id:
            raise no_such("tax ID", id, "id", path=True)
        return tax_id

    def delete(self, customer: Customer, tax_id: TaxId) -> None:
        """Take it away."""
        left = list(customer.tax_numbers)
        left.remove((tax_id.type, tax_id.value))
        customer.tax_numbers = tuple(left)
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
