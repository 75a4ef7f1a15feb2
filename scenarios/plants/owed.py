"""Plants for C20 to C23: refunds, disputes, credit balances, prepaid credits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.billing import BillingDocument
from core.close.rows.cash import Refund
from scenarios.plants.clean_usage import USER
from scenarios.plants.plant import (
    Amount,
    Plant,
    add,
    again,
    any_row,
    edit,
    first,
    more,
    posted,
    put,
    remove,
)
from scenarios.plants.refunding import refund_more


def _refund(clean: Extract) -> Refund:
    found = clean.refunds[0]
    assert isinstance(found, Refund)
    return found


def _note(clean: Extract) -> BillingDocument:
    found = first(clean.documents, lambda d: d.refund == _refund(clean).id)
    assert isinstance(found, BillingDocument)
    return found


def _note_alone(extract: Extract) -> Extract:
    note = replace(_note(extract), id="cn-x", number="CN-x", refund="re-x", original="")
    extract = add(extract, "documents", note)
    return again(
        extract, "erp_documents", lambda d: d.external == _note(extract).number, id="erp-x", external="CN-x"
    )


def _more_than_paid(extract: Extract) -> Extract:
    refund = _refund(extract)
    less = more(refund.amount, -1)
    charge = first(extract.charges, lambda c: c.id == refund.charge)
    extract = edit(extract, "charges", lambda c: c == charge, amount=less, captured=less)
    return edit(extract, "billing_payments", lambda p: p.reference == charge.reference, amount=less)


def _tax_kept(extract: Extract) -> Extract:
    """The credit note gives back the same sum, all of it net."""
    note = _note(extract)
    nothing, tax = Money(0, note.tax.currency), note.tax
    line = replace(note.lines[0], net=note.total, tax=nothing)
    extract = edit(extract, "documents", lambda d: d == note, net=note.total, tax=nothing, lines=(line,))
    extract = edit(extract, "erp_documents", lambda d: d.external == note.number, tax=nothing)
    for table in ("tax_lines", "billing_tax"):
        extract = remove(extract, table, lambda t: t.document == note.number)
    extract = edit(
        extract, "ledger", lambda x: x.document == note.number and x.account == "2000", account="4900"
    )
    returns = [
        replace(r, filed=more(r.filed, tax.minor)) if r.filed and r.currency == tax.currency else r
        for r in extract.tax_returns
    ]
    return put(extract, "tax_returns", returns)


def _tax_share(clean: Extract) -> Amount:
    note = _note(clean)
    invoice = first(clean.documents, lambda d: d.number == note.original)
    tax, total, whole = invoice.tax.minor, note.total.minor, invoice.total.minor
    return int((2 * tax * total + whole) // (2 * whole))


def _lost(extract: Extract) -> Extract:
    """The money is gone and booked so; billing has not heard of it."""
    dispute = extract.disputes[0]
    extract = edit(extract, "disputes", any_row, status="lost")
    sides = (("6100", dispute.withdrawn), ("1200", -dispute.withdrawn))
    extract = posted(extract, "dispute-lost", "P43", *sides)
    lines = [replace(x, source=dispute.id) if x.source == "dispute-lost" else x for x in extract.ledger]
    events = [
        replace(e, rules=(*e.rules, "P43")) if e.id == dispute.id else e
        for e in extract.posting_events
        if e.id != "dispute-lost"
    ]
    return put(put(extract, "ledger", lines), "posting_events", events)


def _won(extract: Extract) -> Extract:
    extract = edit(extract, "disputes", any_row, status="won", reinstated=lambda d: d.withdrawn)
    return edit(extract, "billing_payments", lambda p: p.kind == "dispute", status="won")


def _inquiry(extract: Extract) -> Extract:
    name, nothing = extract.disputes[0].id, Money(0, extract.disputes[0].amount.currency)
    extract = edit(extract, "disputes", any_row, status="inquiry", withdrawn=nothing)
    return remove(extract, "billing_payments", lambda p: p.reference == name)


def _disputed(clean: Extract) -> Amount:
    return int(clean.disputes[0].withdrawn.minor)


def _below_nothing(extract: Extract) -> Extract:
    extract = edit(extract, "customer_balances", any_row, amount=lambda b: -b.amount)
    return put(
        extract,
        "ledger",
        [replace(x, amount=-x.amount) if x.source == "cr-2" else x for x in extract.ledger],
    )


def _paid_grant(row: object) -> bool:
    return getattr(row, "id", "") == "g-paid"


def _overdrawn(extract: Extract) -> Extract:
    grant = first(extract.grants, _paid_grant)
    consumed = more(grant.purchased, 100)
    extract = edit(extract, "grants", _paid_grant, consumed=consumed)
    extract = edit(extract, "drawdowns", any_row, amount=consumed, overage=consumed, invoiced=consumed)
    lines = [
        replace(x, amount=consumed if x.account == "2210" else -consumed) if x.source == "draw-1" else x
        for x in extract.ledger
    ]
    return put(extract, "ledger", lines)


def _valued(extract: Extract) -> Extract:
    amount = Money(140, "USD")
    return posted(extract, "gift", "P12", ("4900", amount), ("2210", -amount), document="g-free")


PLANTS = (
    Plant(
        "C20",
        "refund without credit note",
        lambda e: edit(e, "documents", lambda d: d == _note(e), refund=""),
        lambda e: _refund(e).amount.minor,
    ),
    Plant("C20", "credit note without refund", _note_alone, lambda e: -_refund(e).amount.minor),
    Plant(
        "C20",
        "cumulative event booked as increment",
        lambda e: refund_more(e, _refund(e).charge, 120, booked=_refund(e).amount.minor + 120),
        lambda e: -_refund(e).amount.minor,
    ),
    Plant("C20", "refund > paid", _more_than_paid),
    Plant("C20", "tax not reversed", _tax_kept, _tax_share),
    Plant(
        "C20",
        "failed refund",
        lambda e: edit(e, "refunds", any_row, status="failed"),
        lambda e: -_refund(e).amount.minor,
        frozenset({"C13"}),
    ),
    Plant("C21", "lost dispute leaves invoice paid in billing", _lost),
    Plant(
        "C21",
        "withdrawn not booked",
        lambda e: edit(
            e, "ledger", lambda x: x.source == e.disputes[0].id and x.account == "1200", account="6900"
        ),
        _disputed,
    ),
    Plant("C21", "won not reinstated", _won, lambda e: -_disputed(e)),
    Plant(
        "C21",
        "fee refunded",
        lambda e: edit(e, "disputes", any_row, fee_returned=lambda d: d.fee),
        lambda e: -e.disputes[0].fee.minor,
    ),
    Plant("C21", "inquiry booked as loss", _inquiry, lambda e: -_disputed(e)),
    Plant(
        "C21",
        "refund and dispute of one charge (double loss)",
        lambda e: refund_more(e, e.disputes[0].charge, 120, booked=120),
        lambda _: -120,
    ),
    Plant("C22", "negative balance", _below_nothing),
    Plant(
        "C22",
        "balance of closed customer (escheat)",
        lambda e: edit(e, "accounts", lambda a: a.key == USER, closed=True),
    ),
    Plant(
        "C22",
        "same credit used twice",
        lambda e: again(e, "credit_uses", any_row, invoice="INV-1"),
        lambda e: -e.credit_uses[0].amount.minor,
    ),
    Plant(
        "C22",
        "cross-currency use",
        lambda e: edit(e, "credit_uses", any_row, amount=lambda u: Money(u.amount.minor, "EUR")),
        lambda e: e.credit_uses[0].amount.minor,
    ),
    Plant(
        "C23",
        "consumption without rating",
        lambda e: remove(e, "drawdowns", any_row),
        lambda e: e.drawdowns[0].amount.minor,
    ),
    Plant("C23", "expiry missed", lambda e: edit(e, "grants", _paid_grant, expires_on=date(2026, 1, 10))),
    Plant("C23", "promotional credit valued", _valued, lambda _: -140),
    Plant("C23", "negative grant", _overdrawn),
    Plant(
        "C23",
        "overage lost",
        lambda e: edit(e, "drawdowns", any_row, invoiced=None),
        lambda e: e.drawdowns[0].overage.minor if e.drawdowns[0].overage else 0,
    ),
)
