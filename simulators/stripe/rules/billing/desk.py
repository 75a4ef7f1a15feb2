"""What every part of billing stands on: the mode's other rules, time, clocks, wallets, tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from simulators.kit.clock import SECOND
from simulators.stripe.rules.bent import BentClock
from simulators.stripe.rules.billing.contract_records import TestClock, Wallet
from simulators.stripe.rules.billing.timeline import Due, Timeline
from simulators.stripe.rules.credit import Credit
from simulators.stripe.rules.customers import Customers
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intents import Intents
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.records import Customer
from simulators.stripe.rules.refunds import Refunds
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.setups import Setups
from simulators.stripe.rules.shelf import Kept, Shelf

K = TypeVar("K", bound=Kept)


@dataclass(slots=True)
class Desk:
    """One a mode. wake: told that the mock's own timeline has something new first."""

    ground: Ground
    clock: BentClock
    customers: Customers
    methods: Methods
    intents: Intents
    refunds: Refunds
    credit: Credit
    setups: Setups
    timeline: Timeline = field(default_factory=Timeline)
    wallets: dict[str, Wallet] = field(default_factory=dict)
    wake: Callable[[], object] | None = None

    def now(self) -> int:
        """Unix seconds."""
        return self.clock.now() // SECOND

    def wallet(self, customer: str) -> Wallet:
        """What billing knows of a customer."""
        wallet = self.wallets.get(customer)
        if wallet is None:
            owner = self.customers.take(customer)
            wallet = owner.billing = self.wallets[customer] = Wallet(owner)
        return wallet

    def customer(self, id: str, param: str = "customer") -> Customer:  # noqa: A002
        """The customer named in a parameter."""
        return self.customers.take(id, param)

    def clock_of(self, customer: str) -> TestClock | None:
        """The test clock that the customer lives by."""
        wallet = self.wallets.get(customer)
        return wallet.clock if wallet else None

    def clock_id(self, customer: str) -> str:
        """Its id, or ""."""
        clock = self.clock_of(customer)
        return clock.id if clock else ""

    def living(self, customer: str) -> AbstractContextManager[None]:
        """Live in the time of the customer's clock; a clock being run has bent time already."""
        clock = self.clock_of(customer)
        bent = clock is not None and clock.status == "ready"
        return self.clock.at(clock.frozen * SECOND if clock and bent else None)

    def later(
        self, customer: str, at: int, act: Callable[..., object], *args: Any, early: bool = False
    ) -> Due:
        """Do something at a moment of the customer's time."""
        clock = self.clock_of(customer)
        if clock is not None:
            return clock.timeline.put(at, act, *args, early=early)
        due = self.timeline.put(at, act, *args, early=early)
        if self.wake is not None:
            self.wake()
        return due

    def emit(self, type: str, record: Any, previous: Mapping[str, Any] | None = None) -> None:  # noqa: A002
        """Write an event down."""
        self.ground.events.emit(type, record, previous)

    def note(self, record: Any, event: str, state: str = "", *refs: str, amount: int = 0) -> None:
        """Write a change down in the commit log."""
        currency = getattr(record, "currency", "") or ""
        self.ground.history.note(
            record.kind,
            record.id,
            event,
            state or getattr(record, "status", "") or "active",
            refs=tuple(ref for ref in refs if ref),
            amount=amount,
            currency=currency.upper(),
        )


def taken(shelf: Shelf[K], what: str, id: str, param: str = "id", *, path: bool = False) -> K:  # noqa: A002
    """The record of that id; Refused with resource_missing."""
    record = shelf.get(id)
    if record is None or getattr(record, "deleted", False):
        raise no_such(what, id, param, path=path)
    return record


def changed(record: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Set the attributes; give back what they were, of those that changed."""
    previous = {}
    for name, value in changes.items():
        before = getattr(record, name)
        if before != value:
            previous[name] = before
            setattr(record, name, value)
    return previous


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str | None]:
    """Of each changed key of metadata the value that it had."""
    return {key: old.get(key) for key in {**old, **new} if old.get(key) != new.get(key)}


def cancel_timer(timers: dict[str, Any], *names: str) -> None:
    """Wait for these no more."""
    for name in names:
        due = timers.pop(name, None)
        if due is not None:
            due.cancel()


def clash(message: str, param: str = "", code: str = "") -> Refused:
    """A plain refusal with 400."""
    return Refused(message, param=param, code=code)
