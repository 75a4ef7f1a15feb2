"""What a payment processor's events are in the books: facts, joined into one entry an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import whole
from core.finance.ledger.entry import Entry, netted, reversed_entry
from core.finance.ledger.fact import Cash, Fact, Kind, Part
from core.finance.ledger.policy import AutoCharge, Policy
from core.finance.ledger.posting import post


@dataclass(frozen=True, slots=True)
class Sale:
    """What is billed, without its tax: earned over more than a month, and with the bill at once."""

    deferred: Money
    short: Money
    tax: Money

    @property
    def gross(self) -> Money:
        """With tax."""
        return self.deferred + self.short + self.tax


@dataclass(frozen=True, slots=True)
class Happened:
    """The event behind an entry: id, day, entity."""

    id: str
    on: date
    entity: str


def joined(happened: Happened, facts: Sequence[Fact], policy: Policy) -> Entry | None:
    """One entry of all facts of an event; what one puts on an account and another takes off, nets out."""
    entries = [entry for fact in facts if (entry := post(fact, policy)) is not None]
    lines = netted(line for entry in entries for line in entry.lines)
    if not lines:
        return None
    rule = "+".join(entry.rule for entry in entries)
    return Entry(happened.id, rule, happened.on, lines, " / ".join(entry.memo for entry in entries))


def invoiced(happened: Happened, sale: Sale) -> Fact:
    """An invoice is finalised."""
    return _fact(happened, Kind.INVOICE_IN_ADVANCE, net=sale.deferred, short_net=sale.short, tax=sale.tax)


def finalised(happened: Happened, sale: Sale, policy: Policy, *, automatic: bool) -> Entry | None:
    """A receivable; none where an automatic charge brings the revenue with it."""
    if automatic and policy.auto_charge is AutoCharge.WITH_CHARGE:
        return None
    return joined(happened, [invoiced(happened, sale)], policy)


def paid(happened: Happened, gross: Money, fee: Money, policy: Policy) -> Entry | None:
    """A card pays a receivable."""
    return joined(happened, [_fact(happened, Kind.CARD_PAYMENT, gross=gross, fee=fee)], policy)


def charged(happened: Happened, sale: Sale, fee: Money, policy: Policy) -> Entry | None:
    """A charge without a receivable before it: the bill and its payment in one."""
    payment = _fact(happened, Kind.CARD_PAYMENT, gross=sale.gross, fee=fee)
    if policy.auto_charge is AutoCharge.THROUGH_RECEIVABLE:
        return joined(happened, [payment], policy)
    return joined(happened, [invoiced(happened, sale), payment], policy)


def shared(happened: Happened, fee: Money, processing_fee: Money, policy: Policy) -> Entry | None:
    """A platform's application fee."""
    return joined(
        happened, [_fact(happened, Kind.APPLICATION_FEE, fee=fee, processing_fee=processing_fee)], policy
    )


def from_balance(happened: Happened, sale: Sale, applied: Money, policy: Policy) -> Entry | None:
    """An invoice that the customer's credit balance pays, wholly or in part."""
    use = _fact(happened, Kind.CREDIT_APPLIED, applied=applied)
    if policy.auto_charge is AutoCharge.THROUGH_RECEIVABLE:
        return joined(happened, [use], policy)
    return joined(happened, [invoiced(happened, sale), use], policy)


def refunded(
    happened: Happened, recognised: Money, unrecognised: Money, tax: Money, settled: Money, policy: Policy
) -> Entry | None:
    """A refund, of which the processor took `settled`; another rate than the charge's is realised."""
    booked = recognised + unrecognised + tax
    approved = _fact(happened, Kind.REFUND, recognised=recognised, unrecognised=unrecognised, tax=tax)
    money = Fact(
        Kind.REFUND_AT_OTHER_RATE,
        happened.id,
        happened.on,
        happened.entity,
        (Part("settled", settled), Part("rate_difference", settled - booked)),
        cash=Cash.PROCESSOR,
    )
    return joined(happened, [approved, money], policy)


def increments(cumulative: Sequence[Money]) -> list[Money]:
    """What each event adds, where every event carries the amount to date; Held if it ever falls."""
    found: list[Money] = []
    before: Money | None = None
    for amount in cumulative:
        step = amount if before is None else amount - before
        if step.minor < 0:
            raise Held(
                f"amount_refunded: {amount} is less than {before} before it; an event came out of order"
            )
        found.append(step)
        before = amount
    return found


def shares(parts: Sequence[Money], share: Fraction) -> list[Money]:
    """A share (tax, say) of each part, rounded on what is reached, so that all of them add up to the cent."""
    found: list[Money] = []
    reached = done = 0
    for part in parts:
        reached += part.minor
        upto = whole(reached * share)
        found.append(Money(upto - done, part.currency))
        done = upto
    return found


def disputed(happened: Happened, booked: Money, withdrawn: Money, fee: Money, policy: Policy) -> Entry | None:
    """Funds withdrawn: what the charge was booked at is claimed back, a move of the rate is realised."""
    parts = (Part("amount", booked), Part("fee", fee), Part("rate_difference", withdrawn - booked))
    return joined(
        happened, [Fact(Kind.DISPUTE_OPENED, happened.id, happened.on, happened.entity, parts)], policy
    )


def reinstated(
    happened: Happened, booked: Money, returned: Money, fee: Money, policy: Policy
) -> Entry | None:
    """Funds back; fee: what of the dispute's fee is returned."""
    parts = (Part("amount", booked), Part("fee_returned", fee), Part("rate_difference", returned - booked))
    return joined(
        happened, [Fact(Kind.DISPUTE_WON, happened.id, happened.on, happened.entity, parts)], policy
    )


def lost(
    happened: Happened, delivered: Money, undelivered: Money, tax: Money, policy: Policy
) -> Entry | None:
    """A dispute is lost."""
    fact = _fact(happened, Kind.DISPUTE_LOST, delivered=delivered, undelivered=undelivered, tax=tax)
    return joined(happened, [fact], policy)


def uncollectible(happened: Happened, sale: Sale, policy: Policy, *, served: bool) -> Entry | None:
    """An invoice is given up. served: all of it was or will be delivered, so that the loss is all of it."""
    delivered = sale.deferred + sale.short if served else sale.short
    left = sale.deferred - sale.deferred if served else sale.deferred
    fact = _fact(happened, Kind.WRITTEN_OFF, recognised=delivered, undelivered=left, tax=sale.tax)
    return joined(happened, [fact], policy)


def voided(happened: Happened, sale: Sale, policy: Policy) -> Entry | None:
    """An unpaid invoice as if it never was: its own accounts are turned back."""
    fact = _fact(
        happened,
        Kind.VOID,
        recognised_this_period=sale.short,
        unrecognised=sale.deferred,
        tax=sale.tax,
    )
    return joined(happened, [fact], policy)


def credited(happened: Happened, sale: Sale, policy: Policy, *, to_balance: bool) -> Entry | None:
    """A credit note: off what is open, or, after payment, kept for the customer."""
    kind = Kind.CREDIT_MEMO_PAID if to_balance else Kind.CREDIT_MEMO_OPEN
    fact = _fact(happened, kind, recognised=sale.short, unrecognised=sale.deferred, tax=sale.tax)
    return joined(happened, [fact], policy)


def paid_out(happened: Happened, amount: Money, policy: Policy) -> Entry | None:
    """Sent and received; a negative payout takes from the bank."""
    return joined(happened, [_fact(happened, Kind.PAYOUT, sent=amount, received=amount)], policy)


def undone(entry: Entry | None, happened: Happened) -> Entry | None:
    """The reversal: a payout failed, a credit note voided."""
    return None if entry is None else reversed_entry(entry, happened.id, happened.on)


def _fact(happened: Happened, kind: Kind, **named: Money) -> Fact:
    parts = tuple(Part(name, amount) for name, amount in named.items() if amount)
    return Fact(kind, happened.id, happened.on, happened.entity, parts)
