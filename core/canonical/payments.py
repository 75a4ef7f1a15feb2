"""Payments, refunds and payouts of the processor, in the core's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from core.canonical.money import Money
from core.canonical.versions import UNKNOWN, UNTOLD, Version


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A payment asked for. status: open, processing, paid, failed or cancelled; attempts: charges so far;
    returned: it was paid by a bank debit that the bank has sent back since, so nothing of it is ours;
    late: it was charged by a debit, of which the bank takes days to say whether it holds;
    version: of what the processor said: by its last charge, then by how far that had come."""

    id: str
    customer: str
    invoice: str
    amount: Money
    status: str
    failure: str
    attempts: int
    on: date
    returned: bool = False
    late: bool = False
    # A second of the vendor's clock, which no two plays of one call share: not told with the rest.
    version: Version = field(default=UNKNOWN, compare=False, repr=False, metadata=UNTOLD)

    @property
    def settles(self) -> bool:
        """Whether the money is here, or under way."""
        return self.status in ("paid", "processing") and not self.returned


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back by the processor. request: the payment it came out of."""

    id: str
    request: str
    invoice: str
    amount: Money
    status: str
    on: date
    failed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PayoutPart:
    """Entries of one kind in a payout. kind: payments, refunds, disputes, returned payouts, fees of the
    processor, reserve; gross as it moved the balance (refunds are negative), fees as they were kept."""

    kind: str
    gross: Money
    fees: Money


@dataclass(frozen=True, slots=True)
class Payout:
    """What the processor sent to the bank, or drew from it (negative): Σ parts (gross - fees) = amount.

    parts: empty for a payout made by hand, which names no entries; requests: the payments whose
    money, or what of it was given or taken back, is in it.
    """

    id: str
    amount: Money
    status: str
    on: date
    parts: tuple[PayoutPart, ...] = ()
    failed_on: date | None = None
    requests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dispute:
    """A payment that its payer calls back at the bank.

    status: inquiry, open, won, lost, closed (an inquiry that came to nothing) or returned (a bank debit that
    came back after it had succeeded: there is nobody to answer). withdrawn, fee, returned and fee_returned:
    what has moved so far; given_back: refunded of the payment; version: of the payment, as one
    that was taken back.
    """

    id: str
    request: str
    invoice: str
    amount: Money
    status: str
    reason: str
    withdrawn: Money
    fee: Money
    returned: Money
    fee_returned: Money
    given_back: Money
    taken_on: date
    closed_on: date | None = None
    version: Version = field(default=UNKNOWN, compare=False, metadata=UNTOLD)


@dataclass(frozen=True, slots=True)
class Transfer:
    """A line of the company's own bank account that a customer is behind, by the bank's id: money paid in, or
    (negative) paid back. payer: as the bank prints it; text: what the sender wrote."""

    id: str
    on: date
    amount: Money
    payer: str
    text: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A payment as billing has it. reference: under which it was recorded; parts: what it pays, by number of
    the invoice; rest: what it pays nothing with yet, on account; recovered: what it brought back of invoices
    that were written off, by their numbers."""

    reference: str
    account: str
    parts: tuple[tuple[str, Money], ...]
    rest: Money
    recovered: tuple[tuple[str, Money], ...] = ()
