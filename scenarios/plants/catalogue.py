"""What goes wrong in the wild, one fault each, and the controls that must see it, and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.billing import BillingDocument, InvoiceLine
from core.close.rows.ledger import ArMovement, ErpDocument, OpenItem, PostingEvent
from scenarios.plants import books, cash, owed, sales
from scenarios.plants.deal import MONTH, moment
from scenarios.plants.documents import again_total
from scenarios.plants.plant import Plant, add, any_row, edit, first, more, posted, remove
from scenarios.plants.refunding import refund_more


@dataclass(frozen=True, slots=True)
class Fault:
    """controls: exactly those that find something."""

    name: str
    controls: frozenset[str]
    make: Callable[[Extract], Extract]


def _webhook(extract: Extract) -> Extract:
    """A payment's event never came: not processed, not in billing, its entry not made."""
    extract = remove(extract, "taken_events", lambda t: t == extract.taken_events[0])
    extract = remove(extract, "billing_payments", lambda p: p.reference == "pi-1")
    return add(extract, "posting_events", PostingEvent(id=extract.sent_events[0].id, rules=("P50",)))


def _webhook_twice(extract: Extract) -> Extract:
    """A refund's event came twice and was worked on twice."""
    extract = add(extract, "taken_events", extract.taken_events[0])
    payment = first(extract.billing_payments, lambda p: p.kind == "payment")
    extract = add(extract, "billing_payments", replace(payment, id="again", reference="pi-again"))
    name, amount = extract.sent_events[0].id, Money(45, "USD")
    extract = posted(extract, name, "P50", ("1400", amount), ("2600", -amount))
    lines = [replace(x, entry="JE-again") for x in extract.ledger if x.source == name]
    return add(extract, "ledger", *lines)


def _one_off(extract: Extract) -> Extract:
    """A clean invoice over one delivery, to be paid."""
    amount, nothing, on = Money(4_400, "USD"), Money(0, "USD"), date(2026, 1, 21)
    line = InvoiceLine(id="L-once", net=amount, tax=nothing, kind="one_time")
    invoice = BillingDocument(
        id="doc-once",
        number="INV-once",
        kind="invoice",
        customer="ACME-1",
        status="posted",
        on=on,
        net=amount,
        tax=nothing,
        total=amount,
        due_amount=amount,
        lines=(line,),
        entity="US",
        posted_at=moment(on),
    )
    extract = add(extract, "documents", invoice)
    extract = posted(extract, "INV-once", "P03", ("1100", amount), ("4000", -amount), on=on)
    return _receivable(extract, "erp-once")


def _receivable(extract: Extract, name: str) -> Extract:
    amount, nothing, on = Money(4_400, "USD"), Money(0, "USD"), date(2026, 1, 21)
    document = ErpDocument(
        id=name,
        external="INV-once",
        kind="invoice",
        customer="ACME-1",
        on=on,
        period=MONTH,
        tax=nothing,
        total=amount,
        open=amount,
        entity="US",
    )
    extract = add(extract, "erp_documents", document)
    item = OpenItem(document=name, customer="ACME-1", amount=amount, entity="US", invoice="INV-once")
    extract = add(extract, "open_items", item)
    move = ArMovement(document=name, kind="invoice", amount=amount, on=on, period=MONTH, entity="US")
    return add(extract, "ar_movements", move)


def _retried(extract: Extract) -> Extract:
    """The answer was lost after the commit; asked again under a new key, the ERP posted it again."""
    extract = _receivable(_one_off(extract), "erp-twice")
    twice = [replace(x, entry="JE-twice") for x in extract.ledger if x.source == "INV-once"]
    return add(extract, "ledger", *twice)


def _late_use(extract: Extract) -> Extract:
    late = next(plant for plant in sales.PLANTS if plant.cause == "late (after invoice)").make(extract)
    return edit(
        late,
        "usage_billed",
        any_row,
        amount=lambda b: more(b.amount, 10_000_000),
        causes=(("late usage", Money(10_000_000, "USD")),),
    )


def _off_by_one(extract: Extract) -> Extract:
    """Billing takes the last day to be outside; so does its plan, and the ledger does not."""
    line = extract.documents[0].lines[0]
    end = (line.end or extract.end) - timedelta(days=1)
    extract = edit(extract, "documents", any_row, lines=(replace(line, end=end),))
    return edit(extract, "plans", any_row, end=end)


def _rounded_apart(extract: Extract) -> Extract:
    """A cent less by lines than by document: billing's total, and the engine's tax."""
    extract = again_total(extract, 1)
    return edit(extract, "billing_tax", any_row, tax=lambda t: more(t.tax, -1))


def _yen(extract: Extract) -> Extract:
    """Yen taken to have hundredths where the processor's report and billing's payments are read in."""
    entry = first(
        extract.balance_transactions,
        lambda b: b.net.currency == "JPY" and b.kind == "charge" and not b.payout,
    )
    charge = first(extract.charges, lambda c: c.id == entry.source)
    wrong = {name: Money(getattr(entry, name).minor * 100, "JPY") for name in ("gross", "fee", "net")}
    extract = edit(extract, "balance_transactions", lambda b: b == entry, **wrong)
    return edit(
        extract,
        "billing_payments",
        lambda p: p.reference == charge.reference,
        amount=lambda p: Money(p.amount.minor * 100, "JPY"),
    )


def _of(plants: tuple[Plant, ...], control: str, cause: str) -> Callable[[Extract], Extract]:
    return next(p.make for p in plants if p.control == control and p.cause == cause)


def _set(*controls: str) -> frozenset[str]:
    return frozenset(controls)


FAULTS = (
    Fault("dropped webhook", _set("C13", "C36", "C38"), _webhook),
    Fault("duplicated webhook", _set("C13", "C36", "C38"), _webhook_twice),
    Fault("reordered webhook", _set("C38"), _of(books.PLANTS, "C38", "out of order")),
    Fault("time-out after commit, retried under a new key", _set("C10", "C36"), _retried),
    Fault(
        "cumulative amount of a refund",
        _set("C20"),
        _of(owed.PLANTS, "C20", "cumulative event booked as increment"),
    ),
    Fault(
        "late dispute after refund",
        _set("C21"),
        lambda e: refund_more(e, e.disputes[0].charge, 120, booked=120),
    ),
    Fault("end date off by one", _set("C06", "C25"), _off_by_one),
    Fault("rounding per line here, per document there", _set("C07", "C08"), _rounded_apart),
    Fault("rate inverted for a day", _set("C30"), _of(books.PLANTS, "C30", "inverted")),
    Fault("revaluation not reversed", _set("C31"), _of(books.PLANTS, "C31", "not auto-reversed")),
    Fault(
        "posting into a closed month",
        _set("C37"),
        _of(books.PLANTS, "C37", "back-dated invoice, refund or schedule"),
    ),
    Fault("payout failed after it was paid", _set("C16"), cash.failed),
    Fault("yen with hundredths", _set("C13", "C14"), _yen),
    Fault(
        "credit used twice by concurrent invoices",
        _set("C22"),
        _of(owed.PLANTS, "C22", "same credit used twice"),
    ),
    Fault("use that arrives after its invoice", _set("C04", "C29"), _late_use),
    Fault("merged account", _set("C03"), _of(sales.PLANTS, "C03", "merged account")),
)
