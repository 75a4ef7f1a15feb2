"""Plants for C30 to C34 and C36 to C40: exchange, group, allowance, metrics, journals, identities."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.billing import Dunning
from core.close.rows.ledger import DatedEntry, PostingEvent
from core.close.rows.sales import FxRate, MrrItem, MrrMovement
from scenarios.plants.deal import MONTH, moment
from scenarios.plants.plant import (
    Amount,
    Pick,
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
    unposted,
)

_USED_ON = date(2026, 1, 2)


def _used(row: FxRate) -> bool:
    return row.on == _USED_ON and row.system == "erp"


def _table(clean: Extract, kind: str, on: date = _USED_ON) -> Fraction:
    return Fraction(first(clean.treasury_rates, lambda r: r.kind == kind and r.on == on).rate)


def _rate(cause: str, rate: Fraction, via: str = "") -> Plant:
    return Plant(
        "C30",
        cause,
        lambda e: edit(e, "rates_used", _used, rate=rate, via=via),
        lambda e: rate - _table(e, "spot"),
    )


def _gain(clean: Extract) -> int:
    line = first(clean.ledger, lambda x: x.account == "7000")
    return -int(line.base.minor)


def _base(extract: Extract, account: str, entry: str, minor: int) -> Extract:
    """The gain of an entry, with another amount on both sides."""
    lines = []
    for line in extract.ledger:
        if line.entry == entry:
            sign = -1 if line.account == account else 1
            lines.append(replace(line, base=Money(sign * minor, "USD")))
        else:
            lines.append(line)
    return put(extract, "ledger", lines)


def _partly(extract: Extract) -> Extract:
    extract = edit(extract, "fx_items", lambda i: i.kind == "open", partial=True)
    return _base(extract, "7010", "JE-fx-open", _gain(extract) + 50)


def _due_to(document: str) -> Pick:
    return lambda row: row.side == "due_to" and row.document == document


def _owed(clean: Extract) -> Amount:
    return int(clean.intercompany[0].amount.minor)


def _disputed(extract: Extract) -> Extract:
    """One open item is disputed, and the allowance was made without it."""
    item = first(extract.open_items, lambda i: i.due_on is not None)
    extract = edit(extract, "open_items", lambda i: i == item, disputed=True)
    place = (item.entity, item.amount.currency)
    rest = sum(
        i.amount.minor
        for i in extract.open_items
        if (i.entity, i.amount.currency) == place and not i.disputed and i.due_on is not None
    )
    left = Money((rest * 5 + 50) // 100, item.amount.currency)
    lines = [
        replace(x, amount=-left if x.account == "1110" else left)
        if x.source == f"allowance-{place[0]}-{place[1]}"
        else x
        for x in extract.ledger
    ]
    return put(extract, "ledger", lines)


def _unreserved(clean: Extract) -> Amount:
    item = first(clean.open_items, lambda i: i.due_on is not None)
    all_ = [i.amount.minor for i in clean.open_items if i.amount.currency == item.amount.currency]
    whole = sum(all_)
    return int((whole * 5 + 50) // 100 - ((whole - item.amount.minor) * 5 + 50) // 100)


def _moves(extract: Extract, *kinds: tuple[str, int, str]) -> Extract:
    """Movements of the first customer's product: (kind, amount, event)."""
    old = extract.mrr_movements[0]
    rows = [
        MrrMovement(
            customer=old.customer,
            product=old.product,
            month=MONTH,
            kind=kind,
            amount=Money(minor, old.amount.currency),
            on=date(2026, 1, 18),
            event=event,
        )
        for kind, minor, event in kinds
    ]
    return add(extract, "mrr_movements", *rows)


def _more_mrr(extract: Extract, minor: int, kind: str = "recurring") -> Extract:
    old = extract.mrr_closing[0]
    amount = Money(minor, old.amount.currency)
    return add(
        extract,
        "mrr_closing",
        MrrItem(customer=old.customer, product=old.product, month=MONTH, amount=amount, kind=kind),
    )


def _neutral(extract: Extract, source: str, *, known: bool) -> Extract:
    amount = Money(45, "USD")
    return posted(extract, source, "P50", ("1400", amount), ("2600", -amount), known=known)


def _twice(extract: Extract) -> Extract:
    extract = _neutral(extract, "commission", known=True)
    lines = [replace(x, entry="JE-again") for x in extract.ledger if x.source == "commission"]
    return add(extract, "ledger", *lines)


def _unasked(extract: Extract) -> Extract:
    return _neutral(extract, "commission", known=False)


def _dated(extract: Extract, kind: str, on: date, created: datetime) -> Extract:
    row = DatedEntry(id="late", kind=kind, on=on, created_at=created, entity="US")
    return add(extract, "dated_entries", row)


def _at_midnight(extract: Extract) -> Extract:
    """Locked at midnight in London; five hours earlier it is still December where the entity sits."""
    locked = datetime(2026, 1, 1, tzinfo=UTC)
    extract = edit(extract, "periods", lambda p: p.name == "2025-12", locked_at=locked)
    return _dated(extract, "invoice", date(2025, 12, 31), datetime(2026, 1, 1, 3, tzinfo=UTC))


def _paid_invoice(extract: Extract, state: str) -> Extract:
    row = Dunning(customer="ACME-1", invoice="INV-1", currency="USD", state=state, attempts=1)
    return add(extract, "dunning", row)


def _identity(table_field: str, minor: int) -> Plant:
    """One figure of the first deal is off."""
    sign = 1 if table_field in ("booked", "recognised") else -1
    return Plant(
        "C40",
        "any failing identity, with the system that breaks it",
        lambda e: edit(e, "deals", any_row, **{table_field: lambda d: more(getattr(d, table_field), minor)}),
        lambda _: sign * minor,
    )


PLANTS = (
    _rate("stale", Fraction(111, 100)),
    _rate("inverted", Fraction(100, 112)),
    _rate("wrong type (spot/average/closing)", Fraction(122, 100)),
    _rate("triangulation difference", Fraction(1121, 1000), via="GBP"),
    Plant("C31", "not auto-reversed", lambda e: unposted(e, "JE-fx-0-back", event_too=True), lambda _: -7),
    Plant(
        "C31",
        "deferred revenue remeasured (non-monetary)",
        lambda e: edit(e, "fx_items", lambda i: i.kind == "open", monetary=False),
        lambda e: -_gain(e),
    ),
    Plant("C31", "gain on partially paid item", _partly, lambda _: -50),
    Plant("C31", "sign", lambda e: _base(e, "7000", "JE-fx-settled", -_gain(e)), lambda e: 2 * _gain(e)),
    Plant("C32", "one-sided", lambda e: remove(e, "intercompany", _due_to("IC-1")), _owed),
    Plant("C32", "invoice in wrong entity", lambda e: edit(e, "intercompany", _due_to("IC-1"), other="UK")),
    Plant(
        "C32", "cash received by other entity", lambda e: edit(e, "intercompany", _due_to("IC-2"), other="UK")
    ),
    Plant("C32", "transfer price missing", lambda e: edit(e, "intercompany", _due_to("IC-1"), priced=False)),
    Plant("C33", "write-off without approval", lambda e: edit(e, "write_offs", any_row, approved_by="")),
    Plant(
        "C33",
        "recovery in revenue",
        lambda e: edit(e, "ledger", lambda x: x.account == "6210", account="4000"),
        _owed,
    ),
    Plant(
        "C33",
        "tax relief missed",
        lambda e: edit(e, "write_offs", any_row, relieved=Money(0, "USD")),
        lambda e: e.write_offs[0].relief_due.minor,
    ),
    Plant("C33", "disputed items not in aging", _disputed, _unreserved),
    Plant("C34", "movement without event", lambda e: edit(e, "mrr_movements", any_row, event="")),
    Plant(
        "C34",
        "churn and reactivation same day",
        lambda e: _moves(e, ("churn", -90, "e1"), ("reactivation", 90, "e2")),
    ),
    Plant("C34", "FX shown as expansion", lambda e: _more_mrr(_moves(e, ("expansion", 90, "fx")), 90)),
    Plant("C34", "usage in MRR", lambda e: _more_mrr(e, 90, "usage"), lambda _: -90),
    Plant("C34", "one-time in MRR", lambda e: _more_mrr(e, 90, "one_time"), lambda _: -90),
    Plant(
        "C36",
        "unbalanced",
        lambda e: edit(e, "ledger", lambda x: x.account == "6200", amount=lambda x: more(x.amount, 3)),
        lambda _: 3,
    ),
    Plant("C36", "two entries for one event", _twice, lambda _: -1),
    Plant("C36", "entry without event", _unasked, lambda _: -1),
    Plant(
        "C36",
        "event without entry (unless on the no-entry list)",
        lambda e: add(e, "posting_events", PostingEvent(id="unheard", rules=("P50",))),
        lambda _: 1,
    ),
    Plant(
        "C37",
        "back-dated invoice, refund or schedule",
        lambda e: _dated(e, "invoice", date(2025, 12, 15), moment(date(2026, 1, 10))),
        lambda _: 1,
    ),
    Plant(
        "C37",
        "deferral posted into frozen period",
        lambda e: _dated(e, "deferral", date(2025, 12, 15), moment(date(2026, 1, 10))),
        lambda _: 1,
    ),
    Plant("C37", "time-zone boundary", _at_midnight, lambda _: 1),
    Plant("C38", "lost", lambda e: remove(e, "taken_events", lambda t: t == e.taken_events[0]), lambda _: 1),
    Plant("C38", "duplicated", lambda e: again(e, "taken_events", any_row), lambda _: -1),
    Plant(
        "C38",
        "out of order",
        lambda e: edit(e, "taken_events", any_row, at=lambda t: t.at + timedelta(days=1)),
    ),
    Plant("C38", "poisoned", lambda e: edit(e, "taken_events", any_row, outcome="dead")),
    Plant("C38", "replayed with other content", lambda e: edit(e, "taken_events", any_row, digest="x")),
    Plant(
        "C38",
        "delivered after close",
        lambda e: edit(
            e, "taken_events", lambda t: t == e.taken_events[-1], at=datetime(2026, 2, 2, tzinfo=UTC)
        ),
    ),
    Plant("C39", "dunned though paid", lambda e: _paid_invoice(e, "dunning"), lambda _: -1),
    Plant(
        "C39",
        "not dunned above threshold",
        lambda e: remove(e, "dunning", lambda d: d == e.dunning[0]),
        lambda _: 1,
    ),
    Plant("C39", "attempts exceed limit", lambda e: edit(e, "dunning", any_row, attempts=9)),
    Plant("C39", "access blocked though current", lambda e: _paid_invoice(e, "blocked"), lambda _: -1),
    *(_identity(name, 11) for name in ("booked", "cash", "recognised", "open_ar", "to_bill")),
)
