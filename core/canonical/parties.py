"""Customers as the core knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.canonical.versions import UNKNOWN, UNTOLD, Version


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; region and country as ISO codes ("NY", "US")."""

    line1: str
    city: str
    region: str
    postal_code: str
    country: str

    @property
    def complete(self) -> bool:
        """Whether a tax engine could place it."""
        return bool(self.country and self.postal_code and (self.line1 or self.city))


@dataclass(frozen=True, slots=True)
class Account:
    """key: the company's own id, by which all systems are linked; pays_by: "card" or "invoice";
    vat_number: of a business in the European Union, "" if it has none (it then bears the tax itself);
    entity: the legal entity of ours that the customer belongs to, "" where nobody has said; segment: of our
    customers, by which it is collected, likewise; version: of what the CRM said of it, else UNKNOWN."""

    key: str
    crm_id: str
    name: str
    email: str
    currency: str
    address: Address
    pays_by: str
    payment_customer: str = ""
    vat_number: str = ""
    entity: str = ""
    segment: str = ""
    version: Version = field(default=UNKNOWN, compare=False, repr=False, metadata=UNTOLD)


@dataclass(frozen=True, slots=True)
class Shown:
    """A customer as one system shows it, "" for what that system does not say. changed_at: when its record
    there was changed last, None where the system does not tell."""

    key: str
    name: str
    currency: str
    email: str
    changed_at: datetime | None
