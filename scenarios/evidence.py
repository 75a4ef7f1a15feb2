"""What a run leaves behind: everybody's books, every operation, every delivery. Standard library only.

Units: money in whole minor units of `currency`; moments in microseconds since 1970-01-01T00:00:00Z;
dates as "YYYY-MM-DD"; a service period is half-open, [start, end).
Every books class below is what the mock of that system must return, field by field, from `books()`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, get_args, get_origin, get_type_hints

# --- CRM ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CrmAccount:
    """key: the company's own external id of the account, the one every system is linked by; entity: key of
    the legal entity of ours that sells to it, "" where there is only one."""

    id: str
    key: str
    name: str
    currency: str
    deleted: bool
    created_at: int
    entity: str = ""


@dataclass(frozen=True, slots=True)
class CrmOpportunity:
    """kind: new, amendment, renewal, cancellation, suspension or resumption; `original`: key of the
    opportunity that began it.

    status: what the core wrote back ("" | "Activated" | …); subscription: the number it wrote back.
    start and end: the agreed service dates (end exclusive, "" where it stays as it was).
    """

    id: str
    key: str
    account: str
    kind: str
    stage: str
    closed_at: int
    currency: str
    original: str
    start: str
    end: str
    subscription: str
    status: str


@dataclass(frozen=True, slots=True)
class CrmInvoice:
    """The mirror of a billing invoice in the CRM. status: Posted, Paid, Refunded, Payment Failed."""

    id: str
    number: str
    account: str
    status: str
    currency: str
    total: int
    balance: int


@dataclass(frozen=True, slots=True)
class CrmBooks:
    """Salesforce."""

    accounts: tuple[CrmAccount, ...] = ()
    opportunities: tuple[CrmOpportunity, ...] = ()
    invoices: tuple[CrmInvoice, ...] = ()


# --- billing -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BillingAccount:
    """crm_account: the external key it was given at creation."""

    id: str
    number: str
    crm_account: str
    name: str
    currency: str
    created_at: int


@dataclass(frozen=True, slots=True)
class ChargeSegment:
    """One stretch of a recurring charge at one price and quantity. amount: per billing period."""

    charge: str
    product: str
    start: str
    end: str
    quantity: int
    amount: int
    period_months: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """status: Active, Cancelled, Suspended, Expired, Draft. end: "" for an evergreen one."""

    id: str
    number: str
    account: str
    status: str
    version: int
    currency: str
    start: str
    end: str
    created_at: int
    orders: tuple[str, ...]
    segments: tuple[ChargeSegment, ...]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line of an invoice or a credit note; net is negative for a credit inside an invoice."""

    id: str
    subscription: str
    charge: str
    product: str
    net: int
    tax: int
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class BillingInvoice:
    """status: Draft, Posted, Reversed. balance: what is still to pay; remark: what people are told."""

    id: str
    number: str
    account: str
    status: str
    currency: str
    date: str
    net: int
    tax: int
    total: int
    balance: int
    created_at: int
    posted_at: int
    lines: tuple[DocumentLine, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class BillingCreditNote:
    """Amounts are positive. source: "bill_run", "refund", or "adjustment" (by hand, with a reason);
    invoice: number it credits, or ""."""

    id: str
    number: str
    account: str
    invoice: str
    source: str
    status: str
    currency: str
    date: str
    net: int
    tax: int
    total: int
    unapplied: int
    created_at: int
    posted_at: int
    lines: tuple[DocumentLine, ...]


@dataclass(frozen=True, slots=True)
class Application:
    """Part of a receipt or credit put against one document."""

    document: str
    amount: int


@dataclass(frozen=True, slots=True)
class BillingPayment:
    """reference: the processor's id of the payment intent."""

    id: str
    number: str
    account: str
    status: str
    currency: str
    amount: int
    reference: str
    created_at: int
    applied: tuple[Application, ...]


@dataclass(frozen=True, slots=True)
class BillingRefund:
    """reference: the processor's id of the refund; credit_note: the memo it was paid out of."""

    id: str
    number: str
    account: str
    status: str
    currency: str
    amount: int
    reference: str
    credit_note: str
    created_at: int


@dataclass(frozen=True, slots=True)
class UsageTier:
    """up_to: the last unit of the tier, "" without end; price: of a unit, or of the tier where it is flat;
    both decimal, the price in major units."""

    up_to: str
    price: str
    flat: bool


@dataclass(frozen=True, slots=True)
class UsageCharge:
    """A charge that is billed by use. model: how its tiers are meant, in the vendor's words."""

    charge: str
    subscription: str
    unit: str
    currency: str
    model: str
    tiers: tuple[UsageTier, ...]


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """event: the product's id of the use; quantity: decimal; line: id of the document line that bills it,
    "" while none does."""

    id: str
    event: str
    account: str
    subscription: str
    unit: str
    quantity: str
    on: str
    line: str


@dataclass(frozen=True, slots=True)
class BillingBooks:
    """Zuora."""

    accounts: tuple[BillingAccount, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    invoices: tuple[BillingInvoice, ...] = ()
    credit_notes: tuple[BillingCreditNote, ...] = ()
    payments: tuple[BillingPayment, ...] = ()
    refunds: tuple[BillingRefund, ...] = ()
    usage: tuple[UsageRecord, ...] = ()
    usage_charges: tuple[UsageCharge, ...] = ()


# --- the company's own product ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportedUsage:
    """A use as the product wrote it down, once more where it did so twice. quantity: decimal; at: when it
    was written down; on: the day of use."""

    id: str
    account: str
    subscription: str
    meter: str
    quantity: str
    on: str
    at: int


@dataclass(frozen=True, slots=True)
class ProductBooks:
    """The log of use."""

    usage: tuple[ReportedUsage, ...] = ()


# --- payments ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaymentCustomer:
    """crm_account: metadata `crm_account` it was created with."""

    id: str
    crm_account: str
    email: str
    created_at: int


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """invoice: metadata `invoice`. status: the processor's."""

    id: str
    customer: str
    invoice: str
    status: str
    currency: str
    amount: int
    received: int
    created_at: int


@dataclass(frozen=True, slots=True)
class Charge:
    """status: succeeded or failed."""

    id: str
    intent: str
    customer: str
    status: str
    currency: str
    amount: int
    refunded: int
    created_at: int


@dataclass(frozen=True, slots=True)
class ProcessorRefund:
    """status: succeeded, pending, failed, canceled."""

    id: str
    charge: str
    intent: str
    status: str
    currency: str
    amount: int
    created_at: int


@dataclass(frozen=True, slots=True)
class BalanceEntry:
    """kind: charge, refund, payout, …; net = gross - fee (signed); payout: id once paid out, or ""."""

    id: str
    kind: str
    source: str
    currency: str
    gross: int
    fee: int
    net: int
    payout: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Payout:
    """amount: what the bank receives. status: pending, in_transit, paid, failed."""

    id: str
    status: str
    currency: str
    amount: int
    created_at: int
    paid_at: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """A charge called back at the bank. status: the processor's; its funds are entries of the balance
    whose source it is. closed_at: 0 while nobody has decided."""

    id: str
    charge: str
    intent: str
    status: str
    currency: str
    amount: int
    created_at: int
    closed_at: int


@dataclass(frozen=True, slots=True)
class PaymentBooks:
    """Stripe."""

    customers: tuple[PaymentCustomer, ...] = ()
    intents: tuple[PaymentIntent, ...] = ()
    charges: tuple[Charge, ...] = ()
    refunds: tuple[ProcessorRefund, ...] = ()
    balance: tuple[BalanceEntry, ...] = ()
    payouts: tuple[Payout, ...] = ()
    disputes: tuple[Dispute, ...] = ()


# --- bank --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BankAccount:
    """One of the company's, in one currency. balance: after the last line, minor units."""

    id: str
    currency: str
    balance: int


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of the statement. on: the bank day on which it was booked; amount: minor units, a credit
    positive; balance: of the account after it, so the last one of a day is its closing balance;
    counterparty and text: as the bank prints them; trace: the sender's id of what it sent."""

    id: str
    account: str
    currency: str
    on: str
    value_on: str
    amount: int
    balance: int
    counterparty: str
    text: str
    trace: str


@dataclass(frozen=True, slots=True)
class BankBooks:
    """The company's bank; name is "" where none stands. Lines are in the order in which they were booked."""

    name: str = ""
    accounts: tuple[BankAccount, ...] = ()
    lines: tuple[BankLine, ...] = ()


# --- tax ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaxDocument:
    """code: the caller's document code; kind: SalesInvoice or ReturnInvoice (amounts then negative)."""

    id: str
    code: str
    kind: str
    status: str
    currency: str
    date: str
    net: int
    tax: int
    created_at: int


@dataclass(frozen=True, slots=True)
class TaxBooks:
    """AvaTax."""

    documents: tuple[TaxDocument, ...] = ()


# --- ERP ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """A subsidiary: internal id, name, the currency that its own books are kept in; key: external id, by
    which it is linked to the entity that the CRM names."""

    id: str
    name: str
    currency: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """From `date` on one of `currency` is so many of `base`; rate: a decimal string."""

    base: str
    currency: str
    date: str
    rate: str


@dataclass(frozen=True, slots=True)
class ErpCustomer:
    """external: the external id, by which it is linked to the CRM account's key; entity: whose it is."""

    id: str
    external: str
    name: str
    currency: str
    created_at: int
    entity: str = ""


@dataclass(frozen=True, slots=True)
class ErpInvoice:
    """external: external id, "" if none; customer: internal id; status: Open or Paid In Full."""

    id: str
    external: str
    number: str
    customer: str
    status: str
    currency: str
    date: str
    period: str
    tax: int
    total: int
    remaining: int
    created_at: int


@dataclass(frozen=True, slots=True)
class ErpReceipt:
    """A customer payment; applied to documents by internal id."""

    id: str
    external: str
    customer: str
    currency: str
    date: str
    period: str
    amount: int
    unapplied: int
    created_at: int
    applied: tuple[Application, ...]


@dataclass(frozen=True, slots=True)
class ErpCreditMemo:
    """Amounts positive. remaining: not yet applied to invoices or refunded."""

    id: str
    external: str
    number: str
    customer: str
    currency: str
    date: str
    period: str
    tax: int
    total: int
    remaining: int
    created_at: int
    applied: tuple[Application, ...]


@dataclass(frozen=True, slots=True)
class ErpRefund:
    """A customer refund: money out against a credit memo (internal id)."""

    id: str
    external: str
    customer: str
    currency: str
    date: str
    period: str
    amount: int
    credit_memo: str
    created_at: int


@dataclass(frozen=True, slots=True)
class ErpJournal:
    """A journal entry; its lines are in `ledger` under kind "journalEntry" and this id. reverses: id of the
    journal that the ledger turned back with this one, or ""."""

    id: str
    external: str
    currency: str
    date: str
    period: str
    memo: str
    created_at: int
    reverses: str = ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One posting. kind and document: what it belongs to; account: number, as in "1100"; entity: whose."""

    kind: str
    document: str
    account: str
    currency: str
    debit: int
    credit: int
    date: str
    period: str
    memo: str
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """An accounting month, name "2026-01"."""

    name: str
    start: str
    end: str
    closed: bool
    closed_at: int


@dataclass(frozen=True, slots=True)
class RevenueSchedule:
    """Straight-line plan of one billed document line set; amount negative for a credit."""

    id: str
    external: str
    source: str
    currency: str
    start: str
    end: str
    amount: int
    created_at: int


@dataclass(frozen=True, slots=True)
class ErpBooks:
    """NetSuite. base_ledger: the same postings in the currency of each entity's own books, where the
    differences of exchange stand too."""

    customers: tuple[ErpCustomer, ...] = ()
    invoices: tuple[ErpInvoice, ...] = ()
    receipts: tuple[ErpReceipt, ...] = ()
    credit_memos: tuple[ErpCreditMemo, ...] = ()
    refunds: tuple[ErpRefund, ...] = ()
    journals: tuple[ErpJournal, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    periods: tuple[Period, ...] = ()
    schedules: tuple[RevenueSchedule, ...] = ()
    base_ledger: tuple[LedgerLine, ...] = ()
    entities: tuple[LegalEntity, ...] = ()
    rates: tuple[ExchangeRate, ...] = ()


# --- what happened -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of the core to a vendor.

    id: unique per attempt; system: "zuora", …; name: the operation; key: the business key, equal for
    all attempts of one act; write: whether it may change anything; status: what the wire carried at
    the vendor's side (0: never arrived); claim: what the core made of it, "ok", "fail" or "info";
    fault: the fault that met it, or "".
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


@dataclass(frozen=True, slots=True)
class Change:
    """One committed change inside a system (see the mocks' history). cause: an Operation id or ""."""

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
    """All that the checkers may know."""

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


# --- verdicts ----------------------------------------------------------------------------------

HOLDS, BROKEN, UNDECIDED = "holds", "broken", "undecided"


@dataclass(frozen=True, slots=True)
class Witness:
    """One breach. subjects: ids and keys by which its story is found; kind: lost, duplicated,
    orphaned, wrong_amount or other; amount: the money effect."""

    kind: str
    subjects: tuple[str, ...]
    says: str
    amount: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A law's judgement. examined: how many objects it looked at (0 makes it undecided)."""

    law: str
    state: str
    examined: int
    witnesses: tuple[Witness, ...] = ()
    note: str = ""


def judged(law: str, examined: int, witnesses: list[Witness], note: str = "") -> Verdict:
    """broken if there is a witness, undecided if nothing was examined, holds otherwise."""
    state = BROKEN if witnesses else HOLDS if examined else UNDECIDED
    return Verdict(law, state, examined, tuple(witnesses), note)


@dataclass(frozen=True, slots=True)
class Law:
    """A law of invariants.md as a pure function. when: "Q" at rest, "∀t" at every event, or both."""

    id: str
    title: str
    when: str
    check: Any = field(repr=False)  # Callable[[Evidence], Verdict]


def from_json(kind: Any, value: Any) -> Any:
    """Build one of the classes above from plain JSON; KeyError or TypeError names what is missing."""
    origin = get_origin(kind)
    if origin is tuple:
        item = get_args(kind)[0]
        return tuple(from_json(item, each) for each in value)
    if hasattr(kind, "__dataclass_fields__"):
        hints = _hints(kind)
        try:
            return kind(**{f.name: from_json(hints[f.name], value[f.name]) for f in fields(kind)})
        except KeyError as missing:
            raise KeyError(f"{kind.__name__} lacks {missing}; it has {sorted(value)}") from None
    return value


_HINTS: dict[type, dict[str, Any]] = {}


def _hints(kind: type) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]
