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
_PLAIN = ("name", "email", "phone", "description", "address")


class Customers:
    """The customers of one mode."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.shelf: Shelf[Customer] = Shelf()

    def create(
        self,
        *,
        name: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        description: str | None = None,
        address: Mapping[str, str | None] | None = None,
        metadata: Metadata | None = NOTHING,
        billing: Any = None,
    ) -> Customer:
        """A new customer; nothing is unique but its id."""
        ground = self._ground
        customer = Customer(
            ground.numbers.short("cus"),
            ground.clock.now(),
            ground.live,
            name,
            _valid(email),
            phone,
            description,
            address,
            invoice_prefix=ground.numbers.secret("", 8).upper(),
            billing=billing,
            metadata=merged(NOTHING, metadata),
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
            _valid(changes["email"])
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
        if default_method is not None and default_method != customer.default_method:
            was = customer.default_method or None
            previous["invoice_settings"] = {"default_payment_method": was}
            customer.default_method = default_method
        self._file(customer)
        if previous:
            self._note(customer, "updated")
            self._ground.events.emit("customer.updated", customer, previous)
        return customer

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
        file_words(self.shelf, customer, _words(customer))

    def _unfile(self, customer: Customer) -> None:
        if customer.email:
            self.shelf.unfile(customer, ("email", customer.email))
        unfile_words(self.shelf, customer, _words(customer))

    def _note(self, customer: Customer, event: str) -> None:
        state = "deleted" if customer.deleted else "active"
        refs = tuple(customer.metadata.values())
        self._ground.history.note("customer", customer.id, event, state, refs=refs)


def _words(customer: Customer) -> list[tuple[str, str]]:
    words = [(f"metadata.{key}", value) for key, value in customer.metadata.items()]
    return [*words, ("email", customer.email)] if customer.email else words


def _before(old: Metadata, new: Metadata) -> dict[str, str | None]:
    """Of each changed key the value it had; null where it had none."""
    return {key: old.get(key) for key in {**old, **new} if old.get(key) != new.get(key)}


def _valid(email: str | None) -> str | None:
    if email is not None and not _EMAIL.fullmatch(email):
        raise Refused(f"Invalid email address: {email}", code="email_invalid", param="email")
    return email
