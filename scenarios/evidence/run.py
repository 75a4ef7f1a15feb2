"""What happened in a run: operations, changes, deliveries, convergence; and all evidence together."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.evidence.bank import BankBooks
from scenarios.evidence.billing import BillingBooks
from scenarios.evidence.controls import ControlRun
from scenarios.evidence.conventions import Conventions
from scenarios.evidence.crm import CrmBooks
from scenarios.evidence.durable import Epochs, Outbox, Remembered
from scenarios.evidence.erp import ErpBooks
from scenarios.evidence.limits import Limits
from scenarios.evidence.payments import PaymentBooks
from scenarios.evidence.product import ProductBooks
from scenarios.evidence.tax import TaxBooks


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of the core to a vendor.

    id: unique per attempt; system: "zuora", …; name: the operation; key: the business key, equal for
    all attempts of one act; write: whether it may change anything; status: what the wire carried at
    the vendor's side (0: never arrived); claim: what the core made of it, "ok", "fail" or "info";
    fault: the fault that met it, or ""; arrived_at: when it came to the vendor (0: never); retry_after:
    seconds for which the answer that the core heard wanted no further request.
    """

    id: str
    at: int
    ended_at: int
    system: str
    name: str
    key: str
    attempt: int
    write: bool
    status: int
    claim: str
    fault: str
    arrived_at: int = 0
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """Requests of the core that set the same fields of the same kind of record, as the wire saw them.

    path: with "{}" in the place of ids; fields: the top-level names of the body; operation, key: of the
    first of them, and id its Operation's; times: how many there were.
    """

    system: str
    method: str
    path: str
    fields: tuple[str, ...]
    operation: str
    key: str
    id: str
    times: int


@dataclass(frozen=True, slots=True)
class Change:
    """One committed change inside a system (see the mocks' history). cause: an Operation id or ""; says: what
    of the object is copied elsewhere, or is such a copy: (name, value), money in minor units."""

    at: int
    system: str
    kind: str
    id: str
    event: str
    state: str
    version: int
    refs: tuple[str, ...]
    amount: int
    currency: str
    cause: str
    says: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to hand an event or file row to the core. status: the core's answer, 0 if none.

    signed: whether it carried a valid, timely signature; about: ids that the event names (kept where a
    fault met it).
    """

    id: str
    at: int
    channel: str
    event: str
    status: int
    signed: bool
    fault: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the core says it did with an event: applied, duplicate, rejected, parked or ignored."""

    at: int
    channel: str
    event: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Parked:
    """An item in the core's exception queue at the end. unrecoverable: only a human can go on."""

    key: str
    flow: str
    cause: str
    owner: str
    attempts: int
    first_at: int
    last_at: int
    unrecoverable: bool


@dataclass(frozen=True, slots=True)
class Saga:
    """A transaction that an operator had taken back, as the core's journal has it: a claim, like all that the
    core says. done: its steps in the order in which they ended, "~" before those that were taken back;
    undoing: whether it is, or was, on its way back; state: ready, parked, undone or abandoned."""

    key: str
    flow: str
    state: str
    undoing: bool
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lag:
    """From a fact in its own system to its arrival in the system of record for it."""

    fact: str
    key: str
    at: int
    arrived_at: int


@dataclass(frozen=True, slots=True)
class Convergence:
    """How the run came to rest. pending: what had not ended; bound and took in microseconds."""

    quiescent: bool
    healed_at: int
    quiescent_at: int
    bound: int
    repairs_in_last_cycles: tuple[int, ...]
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """The replay phase: everything delivered once more. differences: books that moved, in words."""

    done: bool
    redelivered: int
    before: str
    after: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Determinism:
    """Hash of the event log and of a second run of the same token ("" if none was made)."""

    log_hash: str
    second_hash: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the checkers may know. controls: what the month's controls say of each month that is over;
    booted: when the core's machine came up, first and after each crash."""

    token: str
    model: str
    seed: int
    started_at: int
    billed_through: str
    crm: CrmBooks = CrmBooks()
    billing: BillingBooks = BillingBooks()
    payments: PaymentBooks = PaymentBooks()
    tax: TaxBooks = TaxBooks()
    erp: ErpBooks = ErpBooks()
    operations: tuple[Operation, ...] = ()
    changes: tuple[Change, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    parked: tuple[Parked, ...] = ()
    convergence: Convergence = Convergence(True, 0, 0, 0, (), ())
    replay: Replay = Replay(False, 0, "", "", ())
    determinism: Determinism = Determinism("", "")
    product: ProductBooks = ProductBooks()
    bank: BankBooks = BankBooks()
    controls: tuple[ControlRun, ...] = ()
    conventions: Conventions = Conventions()
    limits: Limits = Limits()
    written: tuple[Written, ...] = ()
    sagas: tuple[Saga, ...] = ()
    booted: tuple[int, ...] = ()
    outbox: Outbox = Outbox()
    epochs: Epochs = Epochs()
    inbox: tuple[Remembered, ...] = ()
