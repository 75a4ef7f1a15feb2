"""What the core needs from outside, as small protocols in its own words.

Every call may raise Unavailable (did not happen), Unclear (perhaps) or Refused (no; also its kinds
PeriodClosed, AlreadyThere, Missing). `key` names the business act: all attempts of one act share it,
and connectors derive the vendor's idempotency key or external id from it and from nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from core.canonical.erp import ForeignBalance, Journal, Posted, Schedule
from core.canonical.events import Event
from core.canonical.invoices import CreditNote, Invoice, TaxAnswer
from core.canonical.money import Money
from core.canonical.orders import Order
from core.canonical.parties import Account
from core.canonical.payments import Dispute, PaymentRequest, Payout, Refund
from core.canonical.usage import UsageEvent
from core.finance.ledger.entities import ONE_COMPANY, Routing
from core.finance.ledger.rates import Rate

# --- world -------------------------------------------------------------------------------------


class Clock(Protocol):
    """The present."""

    def now(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        ...


class Draws(Protocol):
    """Chance that depends on what it is for, never on what was drawn before."""

    def uniform(self, *key: object) -> float:
        """In [0, 1); the same for the same key in the same world."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. attempt: the id that Watch gave it; write: whether it may change anything."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    system: str
    operation: str
    attempt: str
    write: bool
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Transport(Protocol):
    """The one seam between virtual and real time."""

    async def send(self, request: Request) -> Response:
        """Unavailable if nothing was sent, Unclear if no whole answer came."""
        ...


class Watch(Protocol):
    """Is told what the core does and what it makes of it: telemetry outside, evidence in the lab."""

    def begin(self, system: str, operation: str, key: str, *, write: bool) -> str:
        """An attempt starts; returns its id."""
        ...

    def end(self, attempt: str, claim: str) -> None:
        """claim: "ok", "fail" (it did not happen) or "info" (nobody knows)."""
        ...

    def receipt(self, channel: str, event: str, outcome: str, reason: str = "") -> None:
        """outcome: applied, duplicate, rejected, parked or ignored."""
        ...

    def alert(self, severity: str, subject: str, text: str) -> None:
        """Something a person should see."""
        ...

    def count(self, name: str, by: int = 1) -> None:
        """A counter of the dashboard."""
        ...


# --- durable memory ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work that survives a crash.

    queue: a flow, consumer or job; key: unique in its queue; done: names of the steps that are behind
    it; due_at, first_at: microseconds; error: why it was last put off; label: the business key, once known.
    """

    id: int
    queue: str
    key: str
    done: tuple[str, ...]
    attempts: int
    due_at: int
    first_at: int
    state: str
    error: str
    owner: str
    label: str


@dataclass(frozen=True, slots=True)
class Message:
    """One event in the outbox, in the order in which it was committed."""

    sequence: int
    topic: str
    subject: str


class Store(Protocol):
    """Each call is one transaction. States of a task: ready, done, parked."""

    async def accept(self, event: Event, queues: Sequence[str], topics: Sequence[str]) -> bool:
        """Inbox, tasks and outbox in one transaction; False if the event was accepted before. News about
        something that was dealt with before opens its task again."""
        ...

    async def enqueue(self, queue: str, key: str, now: int) -> bool:
        """A new task, due now; False if the key is known."""
        ...

    async def take(self, consumer: str, message: Message, now: int) -> bool:
        """The inbox of a consumer: opens the task of a message, once per message; False if it was taken
        before or its task is ready anyway."""
        ...

    async def reopen(self, queue: str, key: str, now: int) -> bool:
        """Make a done, parked or unknown task ready again from its first step; False if it is ready."""
        ...

    async def due(self, now: int, limit: int, busy: Collection[int]) -> list[Task]:
        """Ready tasks whose time has come, oldest due first, without those in `busy`."""
        ...

    async def next_due(self, busy: Collection[int]) -> int | None:
        """When the next ready task is due."""
        ...

    async def step_done(self, task: Task, step: str) -> Task:
        """Note a finished step."""
        ...

    async def finish(self, task: Task, emits: Sequence[tuple[str, str]], now: int) -> None:
        """Done; (topic, subject) pairs go to the outbox in the same transaction."""
        ...

    async def put_off(self, task: Task, due_at: int, error: str, label: str) -> None:
        """One attempt more, and not before `due_at`."""
        ...

    async def park(self, task: Task, error: str, owner: str, label: str, now: int) -> None:
        """Into the exception queue."""
        ...

    async def parked(self) -> list[Task]:
        """The exception queue, oldest first."""
        ...

    async def redrive(self, now: int) -> int:
        """Everything parked becomes ready; returns how many."""
        ...

    async def ready(self) -> list[Task]:
        """Work not ended, oldest first."""
        ...

    async def unpublished(self, limit: int) -> list[Message]:
        """The outbox, in commit order."""
        ...

    async def published(self, sequences: Sequence[int]) -> None:
        """These went out."""
        ...

    async def watermark(self, job: str) -> int:
        """Microseconds up to which a job has read; 0 at first."""
        ...

    async def move_watermark(self, job: str, to: int) -> None:
        """Only ever forward."""
        ...

    async def total(self, job: str, now: int, count: int, amounts: str) -> None:
        """A control total of one job run."""
        ...

    async def once(self, key: str) -> bool:
        """True the first time a key is seen."""
        ...


class Bus(Protocol):
    """Topics with durable consumers, at least once, in the order of publication."""

    def subscribe(self, consumer: str, topics: frozenset[str]) -> None:
        """What is published from now on waits for this consumer."""
        ...

    async def publish(self, message: Message) -> None:
        """To every consumer of its topic."""
        ...

    async def deliver(self, consumer: str, consume: Callable[[Message], Awaitable[None]]) -> int:
        """Hand over what waits; returning from `consume` acknowledges. Returns how many."""
        ...

    def backlog(self) -> int:
        """Messages not yet acknowledged."""
        ...


# --- systems -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WonQuote:
    """id: the CRM's id of the opportunity; key: its external key; status: what was written back."""

    id: str
    key: str
    account: str
    kind: str
    subscription: str
    status: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Mirrored:
    """An invoice as the CRM shows it. id and stamp: which record, and its state, for a guarded change."""

    number: str
    status: str
    balance: Money
    id: str = ""
    stamp: str = ""


class Crm(Protocol):
    """Accounts, opportunities, quotes. Owns the customer master."""

    async def order(self, opportunity: str) -> Order:
        """The order that a won opportunity (CRM id or external key) stands for."""
        ...

    async def account(self, key: str) -> Account:
        """By external key; Missing if there is none."""
        ...

    def won_since(self, moment: datetime) -> AsyncIterator[WonQuote]:
        """Closed-won opportunities changed at or after `moment`, oldest first."""
        ...

    async def activate(self, order: Order, key: str) -> None:
        """Write the subscription's number and the status Activated back to the opportunity."""
        ...

    async def link_payment_customer(self, account: Account, customer: str, key: str) -> None:
        """Remember the processor's id of the customer on the account."""
        ...

    async def mirror_invoice(
        self, invoice: Invoice, account: Account, status: str, seen: Mirrored | None, key: str
    ) -> None:
        """Show an invoice; status: Posted, Payment Failed, Paid or Refunded. Unavailable if the mirror is
        no longer what was `seen`: a late request must not overwrite what came after it."""
        ...

    async def mirrored(self, number: str, key: str = "") -> Mirrored | None:
        """The mirror of one invoice; `key`: of the act that wants to know."""
        ...

    def all_mirrored(self, since: datetime) -> AsyncIterator[Mirrored]:
        """Mirrors changed since."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a register, for reconciliation: a number, its amount, what is open, its state.

    account: the customer's key; reference: the external id in the ledger, the source of a credit note
    ("bill_run", "refund" or "adjustment") in billing.
    """

    id: str
    number: str
    account: str
    status: str
    total: Money
    open: Money
    changed_at: datetime
    reference: str = ""


class Billing(Protocol):
    """Subscriptions, invoices, credit notes. Owns contract terms."""

    async def open_account(self, account: Account, payment_customer: str, key: str) -> None:
        """Create the billing account "A-<key>" unless it exists."""
        ...

    async def account(self, key: str) -> Account:
        """The billing account of a customer key, as an Account with its payment customer."""
        ...

    async def place(self, order: Order, key: str) -> None:
        """Create, amend, renew or cancel; quiet if the order number was placed before."""
        ...

    async def placed(self, number: str) -> bool:
        """Whether an order of this number exists."""
        ...

    async def drafts(self, run: str) -> tuple[list[str], list[str]]:
        """Ids of draft invoices and draft credit notes of one bill run ("" for every run)."""
        ...

    async def invoice(self, id_or_number: str) -> Invoice:
        """With its lines."""
        ...

    async def credit_note(self, id_or_number: str) -> CreditNote:
        """With its lines."""
        ...

    async def tax_invoice(self, invoice: Invoice, tax: TaxAnswer, key: str) -> None:
        """Put tax on a draft's lines; quiet if they carry it already."""
        ...

    async def tax_credit_note(self, note: CreditNote, tax: TaxAnswer, key: str) -> None:
        """The same for a draft credit note."""
        ...

    async def finalise_invoice(self, invoice: Invoice, key: str) -> None:
        """Draft to posted; quiet if posted."""
        ...

    async def finalise_credit_note(self, note: CreditNote, key: str) -> None:
        """Draft to posted; quiet if posted."""
        ...

    async def record_payment(self, invoice: Invoice, payment: PaymentRequest, key: str) -> None:
        """An external payment applied to the invoice; quiet if its reference is recorded."""
        ...

    async def credit_for_refund(self, invoice: Invoice, refund: Refund, key: str) -> CreditNote:
        """A posted credit note over the refunded gross amount, net and tax in proportion; the same
        note when called again for the same refund."""
        ...

    async def record_refund(self, note: CreditNote, refund: Refund, key: str) -> None:
        """The refund paid out of the note; quiet if its reference is recorded."""
        ...

    async def write_off(self, invoice: Invoice, on: date, key: str) -> None:
        """All that is open credited by a posted note of source "write_off"; quiet if nothing is open."""
        ...

    async def flag_dispute(self, invoice: Invoice, dispute: Dispute, key: str) -> None:
        """Mark the invoice with the state of a dispute about it; quiet if it says so already."""
        ...

    def invoices_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Invoices changed at or after."""
        ...

    def credit_notes_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Credit notes changed at or after."""
        ...

    def open_invoices(self, first_due: date, last_due: date) -> AsyncIterator[Row]:
        """Posted invoices with a balance that were due on these days or between."""
        ...

    async def meters(self, subscription: str) -> frozenset[str]:
        """Units that a subscription is billed for by use; Missing if there is no such subscription."""
        ...

    async def metered(self, event: UsageEvent) -> bool:
        """Whether an event of use, by its id, is in billing."""
        ...

    def metered_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of the events of use that were taken in at or after."""
        ...

    async def meter(self, event: UsageEvent, key: str) -> None:
        """Take an event of use in, to be rated with its period; one key makes one record."""
        ...

    async def payment_recorded(self, reference: str) -> bool:
        """Whether a payment with this processor reference exists."""
        ...

    async def refund_recorded(self, reference: str) -> bool:
        """Whether a refund with this processor reference exists."""
        ...


class Product(Protocol):
    """The company's own product, where use happens. Tells of each event at least once."""

    async def usage(self, id: str) -> UsageEvent:  # noqa: A002
        """By id; Missing if there is none."""
        ...

    def usage_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of events recorded at or after, in that order; whenever the use itself was."""
        ...


class Tax(Protocol):
    """Tax documents."""

    async def estimate(self, account: Account, net: Money, key: str) -> Money:
        """Tax on a sale to this account, nothing recorded; Refused where the address cannot be placed."""
        ...

    async def assess_invoice(self, invoice: Invoice, account: Account, key: str) -> TaxAnswer:
        """A saved sales document of the invoice's number; the same answer when repeated."""
        ...

    async def assess_credit_note(self, note: CreditNote, account: Account, key: str) -> TaxAnswer:
        """A saved return document; tax amounts come back positive."""
        ...

    async def commit_invoice(self, number: str, key: str) -> None:
        """Saved to committed; quiet if committed."""
        ...

    async def commit_credit_note(self, number: str, key: str) -> None:
        """Saved to committed; quiet if committed."""
        ...

    async def return_for_refund(self, note: CreditNote, account: Account, key: str) -> None:
        """A committed return document over the note's own net and tax; quiet if there is one."""
        ...


class Payments(Protocol):
    """The processor."""

    async def open_customer(self, account: Account, key: str) -> str:
        """The customer's id: found by the account's key or created."""
        ...

    async def ask(self, invoice: Invoice, customer: str, *, charge_now: bool, key: str) -> PaymentRequest:
        """One payment request per invoice; `charge_now` takes the customer's default method if any.
        A declined card is an answer (status failed), not an error."""
        ...

    async def request(self, id: str) -> PaymentRequest:  # noqa: A002
        """By id."""
        ...

    async def request_for(self, invoice: str, customer: str) -> PaymentRequest | None:
        """The request made for an invoice number, if any (reads the customer's list, not the search)."""
        ...

    async def charge_again(self, request: PaymentRequest, key: str) -> PaymentRequest:
        """Try the customer's present default method on an open request."""
        ...

    async def withdraw(self, request: PaymentRequest, key: str) -> None:
        """Nobody can pay it any more; quiet if it was withdrawn, Refused if it was paid."""
        ...

    async def refund(self, id: str) -> Refund:  # noqa: A002
        """By id."""
        ...

    async def payout(self, id: str) -> Payout:  # noqa: A002
        """With its parts summed from its balance entries."""
        ...

    async def dispute(self, id: str) -> Dispute:  # noqa: A002
        """By id, with what it has moved so far."""
        ...

    def paid_since(self, moment: datetime) -> AsyncIterator[PaymentRequest]:
        """Requests whose charge succeeded at or after."""
        ...

    def failed_since(self, moment: datetime) -> AsyncIterator[PaymentRequest]:
        """Requests whose last charge failed, with a failure at or after."""
        ...

    def refunds_since(self, moment: datetime) -> AsyncIterator[Refund]:
        """Succeeded refunds made at or after."""
        ...

    def refunds_failed_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of refunds that the bank sent back at or after."""
        ...

    def disputes_opened_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of disputes and inquiries raised at or after."""
        ...

    def disputes_withdrawn_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of disputes whose funds were withdrawn at or after."""
        ...

    def disputes_closed_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of disputes that were decided, and inquiries that ended, at or after."""
        ...

    def payouts_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of payouts that were paid at or after."""
        ...

    def payouts_failed_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of payouts that the bank sent back at or after."""
        ...


class Erp(Protocol):
    """Ledger, receivables, periods, revenue plans. `on`: posting date; PeriodClosed if it may not be."""

    async def upsert_customer(self, account: Account, key: str) -> None:
        """By external id."""
        ...

    async def post_invoice(self, invoice: Invoice, on: date, key: str) -> None:
        """The receivable, external id = invoice number; quiet if it stands there with the same amounts."""
        ...

    async def invoice(self, number: str) -> Posted | None:
        """By external id."""
        ...

    async def post_receipt(self, payment: PaymentRequest, invoice: Posted, on: date, key: str) -> None:
        """A receipt applied to the invoice, external id = payment request id."""
        ...

    async def receipt(self, reference: str) -> Posted | None:
        """By external id."""
        ...

    async def post_credit_note(self, note: CreditNote, on: date, key: str) -> None:
        """External id = note number."""
        ...

    async def post_write_off(
        self, note: CreditNote, late: Money, product: str, invoice: Posted, on: date, key: str
    ) -> None:
        """External id = note number, applied to the invoice: `late` off the deferred revenue of the product,
        the rest of the net to bad debt, tax off tax payable."""
        ...

    async def credit_note(self, number: str) -> Posted | None:
        """By external id."""
        ...

    async def post_refund(self, refund: Refund, note: Posted, on: date, key: str) -> None:
        """Money out against a credit memo, external id = refund id."""
        ...

    async def refund(self, reference: str) -> Posted | None:
        """By external id."""
        ...

    async def post_journal(self, journal: Journal, key: str) -> None:
        """External id = journal key."""
        ...

    async def journal(self, key: str) -> Posted | None:
        """By external id."""
        ...

    async def foreign_balances(self, on: date, accounts: Collection[str]) -> list[ForeignBalance]:
        """Of these accounts at the end of a day, wherever they hold another currency than their entity's."""
        ...

    async def rates(self) -> list[Rate]:
        """The table of exchange rates that the treasury keeps in the ledger system."""
        ...

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        """A revenue plan, external id = schedule key."""
        ...

    def schedules(self, first: date, last: date) -> AsyncIterator[Schedule]:
        """Plans that touch the days [first, last]."""
        ...

    async def released(self) -> dict[str, int]:
        """Minor units of revenue recognised so far, by the key of the plan."""
        ...

    async def first_open_day(self, on: date) -> date:
        """`on` if its period is open, else the first day of the next open period."""
        ...

    def invoices_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Receivables changed at or after; reference = external id."""
        ...

    def receipts_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Receipts changed at or after."""
        ...

    def credit_notes_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Credit memos changed at or after."""
        ...

    def refunds_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Customer refunds changed at or after."""
        ...

    def journals_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Journal entries changed at or after."""
        ...

    def customers(self) -> AsyncIterator[tuple[str, str]]:
        """(external id, name) of every customer."""
        ...


class Notifier(Protocol):
    """Tells people."""

    async def tell(self, account: Account, subject: str, text: str, key: str) -> None:
        """At most once per key."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a step may touch."""

    crm: Crm
    billing: Billing
    tax: Tax
    payments: Payments
    erp: Erp
    product: Product
    notifier: Notifier
    clock: Clock
    watch: Watch
    # Which of our legal entities a customer belongs to; without any the ledger has one set of books.
    routing: Routing = ONE_COMPANY
