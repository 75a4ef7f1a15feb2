"""Customers: who pays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import NOTHING, Customer, Metadata, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.search import file_words, unfile_words
from simulators.stripe.rules.shelf import Shelf

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PREFIX = re.compile(r"[A-Z0-9]{3,12}")
_PLAIN = (
    "name",
    "email",
    "phone",
    "description",
    "address",
    "shipping",
    "business_name",
    "individual_name",
    "preferred_locales",
    "tax_exempt",
    "tax",
    "invoice_prefix",
    "next_invoice_sequence",
    "default_source",
)


class Customers:
    """The customers of one mode."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.shelf: Shelf[Customer] = Shelf()

    def create(
        self,
        *,
        email: str | None = None,
        invoice_prefix: str = "",
        invoice_settings: Mapping[str, Any] | None = None,
        metadata: Metadata | None = NOTHING,
        **plain: Any,
    ) -> Customer:
        """A new customer; nothing is unique but its id. plain: fields that are stored as given."""
        ground = self._ground
        customer = Customer(
            ground.numbers.short("cus"),
            ground.clock.now(),
            ground.live,
            email=valid_email(email),
            invoice_prefix=_valid_prefix(invoice_prefix) or ground.numbers.secret("", 8).upper(),
            invoice_settings=invoice_settings or NOTHING,
            metadata=merged(NOTHING, metadata),
            **{name: value for name, value in plain.items() if value is not None},
        )
        self.shelf.add(customer)
        self._file(customer)
        self._note(customer, "created")
        ground.events.emit("customer.created", customer)
        return customer

    def update(self, customer: Customer, changes: Mapping[str, Any], default_method: str | None) -> Customer:
        """Apply given fields; default_method: "" clears it, None leaves it."""
        previous: dict[str, Any] = {}
        if "email" in changes:
            valid_email(changes["email"])
        if "invoice_prefix" in changes:
            _valid_prefix(changes["invoice_prefix"])
        metadata = (
            merged(customer.metadata, changes["metadata"]) if "metadata" in changes else customer.metadata
        )
        self._unfile(customer)
        for name in _PLAIN:
            if name in changes and getattr(customer, name) != changes[name]:
                previous[name] = getattr(customer, name)
                setattr(customer, name, changes[name])
        if metadata != customer.metadata:
            previous["metadata"] = _before(customer.metadata, metadata)
            customer.metadata = metadata
        settings: dict[str, Any] = {}
        if changes.get("invoice_settings"):
            both = {**customer.invoice_settings, **changes["invoice_settings"]}
            settings = _before(customer.invoice_settings, both)
            customer.invoice_settings = both
        if default_method is not None and default_method != customer.default_method:
            settings["default_payment_method"] = customer.default_method or None
            customer.default_method = default_method
        if settings:
            previous["invoice_settings"] = settings
        self._file(customer)
        if previous:
            self._note(customer, "updated")
            self._ground.events.emit("customer.updated", customer, previous)
        return customer

    def rebalance(self, customer: Customer, previous: int) -> None:
        """Tell that the balance has changed."""
        self._note(customer, "updated")
        self._ground.events.emit("customer.updated", customer, {"balance": previous})

    def delete(self, customer: Customer) -> Customer:
        """Gone for good; its id still answers, as deleted."""
        self._unfile(customer)
        self.shelf.unfile(customer, ())
        self._ground.events.emit("customer.deleted", customer)
        customer.deleted = True
        self._note(customer, "deleted")
        return customer

    def take(self, id: str, param: str = "customer", *, path: bool = False) -> Customer:  # noqa: A002
        """The customer, not deleted; Refused with resource_missing."""
        customer = self.shelf.get(id)
        if customer is None or customer.deleted:
            raise no_such("customer", id, param, path=path)
        return customer

    def _file(self, customer: Customer) -> None:
        if customer.email:
            self.shelf.file(customer, ("email", customer.email))
        if customer.test_clock:
            self.shelf.file(customer, ("test_clock", customer.test_clock))
        file_words(self.shelf, customer, _words(customer))

    def _unfile(self, customer: Customer) -> None:
        if customer.email:
            self.shelf.unfile(customer, ("email", customer.email))
        unfile_words(self.shelf, customer, _words(customer))

    def _note(self, customer: Customer, event: str) -> None:
        state = "deleted" if customer.deleted else "active"
        refs = tuple(customer.metadata.values())
        self._ground.history.note("customer", customer.id, event, state, refs=refs)


def valid_email(email: str | None, param: str = "email") -> str | None:
    """The address as it is; Refused with email_invalid."""
    if email is not None and not _EMAIL.fullmatch(email):
        raise Refused(f"Invalid email address: {email}", code="email_invalid", param=param)
    return email


def _valid_prefix(prefix: str) -> str:
    if prefix and not _PREFIX.fullmatch(prefix):
        text = "Invoice prefixes must be 3 to 12 uppercase letters or numbers."
        raise Refused(text, param="invoice_prefix")
    return prefix


def _words(customer: Customer) -> list[tuple[str, str]]:
    words = [(f"metadata.{key}", value) for key, value in customer.metadata.items()]
    for name in ("email", "name", "phone"):
        text = getattr(customer, name)
        if text:
            words.append((name, text))
    return words


def _before(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Of each changed key the value it had; null where it had none."""
    return {key: old.get(key) for key in {**old, **new} if old.get(key) != new.get(key)}
