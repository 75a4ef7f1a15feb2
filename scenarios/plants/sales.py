"""Plants for C01 to C06: deals, lines, customers, use, days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.billing import InvoiceLine, RatedUsage, Tier, UsageEvent
from core.close.rows.sales import Suspension
from scenarios.plants.clean_usage import ITEM, METER, USER
from scenarios.plants.deal import END, START, moment
from scenarios.plants.plant import Amount, Plant, add, again, any_row, edit, first, more, put, remove

_DAY = timedelta(days=1)


def _tcv(clean: Extract) -> Amount:
    return int(clean.contracts[0].tcv.minor)


def _quantity(clean: Extract) -> Amount:
    return clean.items[0].quantity


def _last_use(clean: Extract) -> Amount:
    return clean.rated_usage[-1].quantity


def _is_last(extract: Extract) -> Extract:
    """The last event's rating comes first, so that edits find it."""
    return put(extract, "rated_usage", list(reversed(extract.rated_usage)))


def _use(extract: Extract, name: str, on: date, quantity: int, received: date, *, rated: bool) -> Extract:
    event = UsageEvent(
        id=name,
        customer=USER,
        meter=METER,
        item=ITEM,
        at=moment(on),
        received_at=moment(received, 13),
        quantity=Fraction(quantity),
    )
    extract = add(extract, "usage_events", event)
    row = RatedUsage(event=name, customer=USER, meter=METER, item=ITEM, on=on, quantity=Fraction(quantity))
    return add(extract, "rated_usage", row) if rated else extract


def december(clean: Extract) -> list[int]:
    """Units a day."""
    return [int(row.quantity) for row in clean.rated_usage if row.on.month == 12]


def by_hand(units: int) -> int:
    """Two for each of a hundred, one for each after, in cents."""
    return 200 * min(units, 100) + 100 * max(units - 100, 0)


def _billed(extract: Extract, minor: int, *lines: InvoiceLine) -> Extract:
    """The usage invoice over another amount, in billing and receivables alike."""
    amount = Money(minor, "USD")
    whole = Money(minor + sum(line.net.minor for line in lines), "USD")
    old = first(extract.documents, lambda d: d.number == "INV-use")
    extract = edit(
        extract,
        "documents",
        lambda d: d.number == "INV-use",
        lines=(replace(old.lines[0], net=amount), *lines),
        net=whole,
        total=whole,
        due_amount=whole,
    )
    extract = edit(extract, "erp_documents", lambda d: d.external == "INV-use", total=whole)
    moved = [
        replace(m, amount=whole if m.kind == "invoice" else -whole) if m.document == "INV-use" else m
        for m in extract.ar_movements
    ]
    return put(extract, "ar_movements", moved)


def _run_on(clean: Extract) -> Extract:
    """December priced as if November's hundred units had not been another month."""
    extract = _use(clean, "use-november", date(2025, 11, 3), 100, date(2025, 11, 3), rated=True)
    units = sum(december(clean))
    november = InvoiceLine(
        id="L-nov",
        net=Money(by_hand(100), "USD"),
        tax=Money(0, "USD"),
        item=ITEM,
        meter=METER,
        kind="usage",
        start=date(2025, 11, 1),
        end=date(2025, 12, 1),
    )
    return _billed(extract, by_hand(100 + units) - by_hand(100), november)


def _two_versions(clean: Extract) -> Extract:
    """Dearer from the second of December on, and all of December priced so."""
    change = date(2025, 12, 2)
    dear = tuple(replace(tier, unit=2 * tier.unit) for tier in clean.prices[0].tiers)
    extract = edit(clean, "prices", any_row, end=change)
    extract = again(extract, "prices", any_row, version="2", start=change, end=None, tiers=dear)
    return _billed(extract, 2 * by_hand(sum(december(clean))))


def _mixed(clean: Extract) -> Amount:
    units = december(clean)
    return by_hand(units[0]) + 2 * by_hand(sum(units[1:])) - 2 * by_hand(sum(units))


def _corrected(clean: Extract) -> Extract:
    return _use(clean, "use-correction", date(2025, 12, 1), -10, date(2025, 12, 20), rated=True)


def _dearer(clean: Extract) -> Extract:
    tiers = (Tier(up_to=Fraction(100), unit=Fraction(3)), clean.prices[0].tiers[1])
    return edit(clean, "prices", any_row, tiers=tiers)


def _lines(extract: Extract, *more_lines: InvoiceLine, **changes: object) -> Extract:
    """The first invoice with its line altered, and lines added."""
    old = extract.documents[0]
    line = replace(old.lines[0], **changes)  # type: ignore[arg-type]
    return edit(extract, "documents", any_row, lines=(line, *more_lines))


def _free_line(extract: Extract, start: date, end: date) -> InvoiceLine:
    old = extract.documents[0].lines[0]
    nothing = Money(0, old.net.currency)
    return replace(old, id="L-extra", net=nothing, tax=nothing, start=start, end=end)


def _suspended(clean: Extract) -> Extract:
    pause = Suspension(item=clean.items[0].id, start=date(2026, 3, 1), end=date(2026, 3, 11))
    return add(clean, "suspensions", pause)


def _end(clean: Extract) -> date:
    return clean.documents[0].lines[0].end or END


PLANTS = (
    Plant("C01", "missing contract", lambda e: remove(e, "contracts", lambda c: c == e.contracts[0]), _tcv),
    Plant(
        "C01",
        "duplicate contract for one opp",
        lambda e: again(e, "contracts", any_row, id="K-again"),
        lambda e: -_tcv(e),
    ),
    Plant(
        "C01",
        "amount mismatch",
        lambda e: edit(e, "contracts", any_row, tcv=lambda c: more(c.tcv, 7)),
        lambda _: -7,
    ),
    Plant("C01", "currency/entity mismatch", lambda e: edit(e, "contracts", any_row, entity="EU")),
    Plant("C01", "start/end mismatch", lambda e: edit(e, "contracts", any_row, end=END)),
    Plant("C01", "booked after period end", lambda e: edit(e, "contracts", any_row, booked_on=END)),
    Plant("C02", "line not provisioned", lambda e: remove(e, "items", lambda i: i == e.items[0]), _quantity),
    Plant(
        "C02",
        "extra line",
        lambda e: again(e, "items", any_row, quote_line="Q-none"),
        lambda e: -_quantity(e),
    ),
    Plant(
        "C02",
        "price override drift",
        lambda e: edit(e, "items", any_row, price=lambda i: i.price + Fraction(2, 1_000_000)),
    ),
    Plant("C02", "wrong co-term end", lambda e: edit(e, "items", any_row, end=lambda i: i.end - _DAY)),
    Plant(
        "C02",
        "amendment applied twice or out of order",
        lambda e: again(e, "items", any_row, sequence=1),
        lambda e: -_quantity(e),
    ),
    Plant("C03", "orphan", lambda e: remove(e, "customers", lambda c: c == e.customers[0]), lambda _: 1),
    Plant(
        "C03",
        "two customers for one account",
        lambda e: again(e, "customers", any_row, id="again"),
        lambda _: -1,
    ),
    Plant(
        "C03", "merged account", lambda e: edit(e, "accounts", any_row, merged_into="ACME-9"), lambda _: -3
    ),
    Plant(
        "C03", "entity or currency default differs", lambda e: edit(e, "customers", any_row, currency="GBP")
    ),
    Plant("C03", "tax id/address drift", lambda e: edit(e, "customers", any_row, tax_id="other")),
    Plant("C04", "lost", lambda e: remove(e, "rated_usage", lambda r: r == e.rated_usage[-1]), _last_use),
    Plant(
        "C04",
        "duplicated",
        lambda e: again(e, "rated_usage", lambda r: r == e.rated_usage[-1]),
        lambda e: -_last_use(e),
    ),
    Plant(
        "C04",
        "late (after invoice)",
        lambda e: _use(e, "use-late", date(2025, 12, 3), 5, date(2026, 1, 5), rated=False),
        lambda _: 5,
    ),
    Plant(
        "C04",
        "future dated",
        lambda e: _use(e, "use-early", date(2026, 1, 9), 5, date(2026, 1, 8), rated=True),
    ),
    Plant(
        "C04",
        "unknown customer/meter",
        lambda e: edit(_is_last(e), "rated_usage", any_row, status="rejected", reason="unknown customer"),
    ),
    Plant(
        "C04",
        "rejected not reviewed",
        lambda e: edit(_is_last(e), "rated_usage", any_row, status="rejected", reason="no quantity"),
    ),
    Plant("C05", "wrong tier or boundary", _dearer, lambda e: 100 * min(sum(december(e)), 100)),
    Plant(
        "C05",
        "tier reset missed",
        _run_on,
        lambda e: by_hand(sum(december(e))) - 100 * sum(december(e)),
    ),
    Plant("C05", "price version mixed", _two_versions, _mixed),
    Plant(
        "C05",
        "min/max missed",
        lambda e: edit(e, "prices", any_row, least=Fraction(10_000)),
        lambda e: 1_000_000 - by_hand(sum(december(e))),
    ),
    Plant(
        "C05",
        "negative delta not booked",
        _corrected,
        lambda e: by_hand(sum(december(e)) - 10) - by_hand(sum(december(e))),
    ),
    Plant("C06", "gap", lambda e: _lines(e, start=START + 5 * _DAY), lambda _: 5),
    Plant("C06", "proration day off by one", lambda e: _lines(e, end=_end(e) - _DAY), lambda _: 1),
    Plant(
        "C06",
        "overlap/double bill",
        lambda e: _lines(e, _free_line(e, START, _end(e))),
        lambda _: -365,
    ),
    Plant(
        "C06",
        "billed after end",
        lambda e: _lines(e, _free_line(e, _end(e), _end(e) + 31 * _DAY)),
        lambda _: -31,
    ),
    Plant("C06", "suspension billed", _suspended, lambda _: -10),
)
