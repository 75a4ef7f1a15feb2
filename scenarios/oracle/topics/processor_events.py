"""Which entry a record of a processor_journals case stands for, by the words that name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from core.canonical.money import Money
from core.finance.ledger import processor
from core.finance.ledger.entry import Entry
from core.finance.ledger.fact import Fact, Kind, amounts
from core.finance.ledger.policy import AutoCharge, Policy, Refunds, ShortInvoices, TaxRelief, WriteOff
from core.finance.ledger.processor import Happened
from scenarios.oracle.case import NotOffered
from scenarios.oracle.topics.processor_reading import Record

# The conventions of books that are kept from a processor's events alone.
POLICY = Policy(
    auto_charge=AutoCharge.WITH_CHARGE,
    short_invoices=ShortInvoices.AT_INVOICE,
    write_off=WriteOff.DIRECT,
    tax_relief=TaxRelief.NONE,
)
# A refund in cash shows as contra revenue, a credit note turns revenue itself back.
_NOTES = replace(POLICY, refunds=Refunds.GROSS)
_WHEN = Happened("event", date(2026, 1, 15), "main")


@dataclass(frozen=True, slots=True)
class Case:
    """What holds for all records. on_terms: invoices are receivables before they are paid; about: words of
    the case's subject, where neither figure nor record say what happened."""

    records: Sequence[Record]
    on_terms: bool
    about: frozenset[str] = frozenset()


_FAMILIES = frozenset(
    (
        "payout",
        "dispute",
        "withdrawn",
        "reinstated",
        "lost",
        "credited",
        "refund",
        "balance",
        "application",
        "finalized",
        "uncollectible",
        "voided",
        "charge",
        "charged",
        "invoice",
        "upgrade",
        "downgrade",
        "proration",
    )
)


_OTHERS = frozenset(("topup", "transfer", "reserve", "adjustment", "loan", "connect", "tax_withheld"))
KINDS = _FAMILIES | {"note"}


def entry_of(words: frozenset[str], record: Record, case: Case) -> Entry | None:
    """words: those of the figure that is wanted, which say the event; the record says the rest."""
    both = words | record.words
    if not both & _FAMILIES:
        both |= case.about & _FAMILIES
    if {"credit", "note"} <= case.about and not both & (_FAMILIES - {"balance", "voided"}):
        both |= {"credit", "note"}
    if other := both & _OTHERS:
        raise NotOffered(
            f"{', '.join(sorted(other))}: that movement of a processor's balance has no entry here"
        )
    if "payout" in both:
        return _payout(words, record)
    if record.has("dispute") or both & {"dispute", "withdrawn", "reinstated", "lost"}:
        return _dispute(words, record)
    if {"credit", "note"} <= both or "credited" in both or record.has("credit_note"):
        return _note(words, both, record)
    if "refund" in both:
        return _refund(record, case)
    if "balance" in both or record.has("balance_applied", "credit_applied", "applied"):
        return _balance(record)
    if record.has("application_fee"):
        fee = record.money("fee", "processing_fee")
        return processor.shared(_WHEN, record.money("application_fee"), fee, POLICY)
    return _invoice(words, record, case)


def _payout(words: frozenset[str], record: Record) -> Entry | None:
    out = processor.paid_out(_WHEN, record.money("payout", "amount", "net"), POLICY)
    failed = words & {"failed", "returned", "canceled"} or ("failed" in record.words and "paid" not in words)
    return processor.undone(out, _WHEN) if failed else out


def _dispute(words: frozenset[str], record: Record) -> Entry | None:
    charged = record.money("amount", "dispute", "charge")
    rate = record.major("rate_charge", "booked_rate")
    booked = record.money("booked") if record.has("booked") else charged
    if rate is not None and not record.has("booked"):
        booked = record.of((record.major("amount", "dispute", "charge") or Fraction(0)) * rate)
    if words & {"withdrawn", "opened"}:
        taken = _at_rate(record, "withdrawn", "rate_dispute", booked)
        return processor.disputed(_WHEN, booked, taken, record.money("fee"), POLICY)
    if words & {"reinstated", "won"}:
        back = _at_rate(record, "reinstated", "rate_reinstated", booked)
        return processor.reinstated(_WHEN, booked, back, record.money("fee_returned"), POLICY)
    if "lost" in words:
        nothing = record.of(Fraction(0))
        return processor.lost(_WHEN, booked, nothing, nothing, POLICY)
    return None


def _at_rate(record: Record, field: str, rate: str, otherwise: Money) -> Money:
    if record.has(field):
        return record.money(field)
    if record.has(rate):
        fx = record.major("amount", "dispute", "refund", "charge") or Fraction(0)
        return record.of(fx * record.amounts[rate])
    return otherwise


def _note(words: frozenset[str], both: frozenset[str], record: Record) -> Entry | None:
    if both & {"processor", "refund"}:
        return None
    sale = record.sale()
    if record.has("credit_note") and not record.has("net", "subtotal"):
        sale = replace(sale, short=record.money("credit_note") - sale.tax)
    open_invoice = bool(both & {"pre", "prepayment", "before", "unpaid", "open"})
    to_balance = not open_invoice and bool(both & {"balance", "post", "paid", "after"})
    entry = processor.credited(_WHEN, sale, _NOTES, to_balance=to_balance)
    return processor.undone(entry, _WHEN) if "voided" in words else entry


def _refund(record: Record, case: Case) -> Entry | None:
    refund = record.major("refund", "amount", "gross")
    if refund is None and record.has("net"):
        refund = record.amounts["net"] + (record.major("tax") or Fraction(0))
    fx = refund or Fraction(0)
    booked = record.money("booked", "settled")
    if not record.has("booked", "settled"):
        booked = record.of(fx * (record.major("rate_charge", "booked_rate") or Fraction(1)))
        settled = _at_rate(record, "returned", "rate_refund", booked)
    else:
        settled = record.of(fx)
        if record.has("returned"):
            settled, charge = record.money("returned"), record.major("charge")
            if charge is not None and refund is not None and charge != refund:
                booked = record.of((record.major("booked", "settled") or Fraction(0)) * refund / charge)
    tax = _tax_share(record, case)
    nothing = record.of(Fraction(0))
    return processor.refunded(_WHEN, booked - tax, nothing, tax, settled, POLICY)


def _tax_share(record: Record, case: Case) -> Money:
    """The refund's own tax, or its share of the charge's, rounded so that all refunds take all of it."""
    charge, tax = record.major("charge"), record.major("tax")
    if tax is None:
        return record.of(Fraction(0))
    if charge is None or record.has("booked", "settled"):
        return record.of(tax)
    same = [row for row in case.records if "refund" in row.words and row.major("charge") == charge]
    parts = [row.of(row.major("refund", "amount") or Fraction(0)) for row in same]
    return processor.shares(parts, tax / charge)[same.index(record)] if record in same else record.of(tax)


def _balance(record: Record) -> Entry | None:
    sale = record.sale()
    applied = record.money("balance_applied", "credit_applied", "applied")
    if record.has("fee", "paid_fee") and applied != sale.gross:
        raise NotOffered("balance_applied: one entry for a balance and a card together is not kept here")
    return processor.from_balance(_WHEN, sale, applied if applied else sale.gross, POLICY)


def _invoice(words: frozenset[str], record: Record, case: Case) -> Entry | None:
    sale, both = record.sale(), words | record.words
    automatic = bool(both & {"automatically", "automatic"})
    if words & {"recognition", "recognised", "release", "released"} or (
        "month" in words and words & {"first", "each", "per", "last", "final"}
    ):
        months = int(record.major("months") or 12)
        each = sale.deferred.minor // months
        last = sale.deferred.minor - each * (months - 1)
        released = Money(last if words & {"last", "final"} else each, record.currency)
        fact = Fact(Kind.REVENUE_RELEASED, _WHEN.id, _WHEN.on, _WHEN.entity, amounts({"released": released}))
        return processor.joined(_WHEN, [fact], POLICY)
    if "finalized" in words:
        return processor.finalised(_WHEN, sale, POLICY, automatic=automatic)
    if automatic and words & {"uncollectible", "voided"}:
        return None
    if words & {"uncollectible", "written", "bad"}:
        return processor.uncollectible(_WHEN, sale, POLICY, served=True)
    if "voided" in words:
        return processor.voided(_WHEN, sale, POLICY)
    if {"band"} & both:
        return None
    fee = record.money("fee", "paid_fee", "processing_fee")
    if case.on_terms and "paid" in words:
        return processor.paid(_WHEN, sale.gross, fee, POLICY)
    return processor.charged(_WHEN, sale, fee, POLICY)
