"""Accounts: customers with their contacts, terms of payment and the company's own custom fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CRM_KEY = "CrmAccount__c"


@dataclass(slots=True)
class Account:
    """balance: of the invoices, debit_balance: of the debit memos, unapplied_credit, unapplied_payments:
    minor units; custom: fields ending in `__c`."""

    id: str
    seq: int
    number: str
    name: str
    currency: str
    created_at: int
    bill_cycle_day: int = 1
    auto_pay: bool = False
    payment_term: str = "Due Upon Receipt"
    batch: str = "Batch1"
    crm_id: str | None = None
    notes: str | None = None
    status: str = "Active"
    custom: dict[str, object] = field(default_factory=dict)
    bill_to: dict[str, str | None] = field(default_factory=dict)
    sold_to: dict[str, str | None] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)
    updated_at: int = 0
    balance: int = 0
    debit_balance: int = 0
    unapplied_credit: int = 0
    unapplied_payments: int = 0
    last_document: str = ""
    default_method: str = ""
    gateway: str = ""

    @property
    def owes(self) -> int:
        """What is owed in all, less what was given and is not applied yet."""
        return self.balance + self.debit_balance - self.unapplied_credit - self.unapplied_payments

    @property
    def crm_key(self) -> str:
        """The external key that every system is linked by, "" if none was given."""
        return str(self.custom.get(CRM_KEY) or "")

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of anything of this account refers to."""
        return (self.id, self.number, self.crm_key) if self.crm_key else (self.id, self.number)


@dataclass(slots=True)
class Contact:
    """A person of an account; `fields` by the wire's names, among them the id."""

    id: str
    seq: int
    number: str
    account: Account
    fields: dict[str, str | None]
    created_at: int
    updated_at: int = 0

    @property
    def first_name(self) -> str | None:
        """The given name."""
        return self.fields.get("firstName")


@dataclass(frozen=True, slots=True)
class AccountWish:
    """What a caller gives of an account; None: not given. number "": let the vendor number it; method:
    id of what it pays by; gateway: name of the one it pays through, "" for the tenant's."""

    number: str = ""
    name: str | None = None
    currency: str = ""
    bill_cycle_day: int | None = None
    auto_pay: bool | None = None
    payment_term: str | None = None
    batch: str | None = None
    crm_id: str | None = None
    notes: str | None = None
    bill_to: Mapping[str, str | None] | None = None
    sold_to: Mapping[str, str | None] | None = None
    method: str = ""
    gateway: str = ""
    custom: Mapping[str, object] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)
