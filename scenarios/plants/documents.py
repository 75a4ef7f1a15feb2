"""Plants for C07 to C12: arithmetic, tax, receivables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.cash import BankLine, Receipt
from core.close.rows.ledger import ArMovement, OpenItem, TaxLine
from scenarios.plants.deal import BEFORE, JURISDICTION, moment
from scenarios.plants.plant import (
    Amount,
    Plant,
    add,
    again,
    any_row,
    closing,
    edit,
    first,
    more,
    posted,
    put,
    remove,
)

_TAX = frozenset({"C09"})
_JOURNAL = frozenset({"C36"})


def _currency(extract: Extract) -> str:
    return extract.documents[0].total.currency


def _money(extract: Extract, minor: int) -> Money:
    return Money(minor, _currency(extract))


def again_total(extract: Extract, minor: int) -> Extract:
    """The first invoice over so much more, in billing and receivables."""
    extract = edit(
        extract,
        "documents",
        any_row,
        total=lambda d: more(d.total, minor),
        due_amount=lambda d: more(d.due_amount, minor),
    )
    return edit(extract, "erp_documents", any_row, total=lambda d: more(d.total, minor))


def _discounted(extract: Extract) -> Extract:
    """Five off, of which the lines bear three."""
    line = replace(extract.documents[0].lines[0], discount=_money(extract, 3))
    extract = edit(extract, "documents", any_row, discount=_money(extract, 5), lines=(line,))
    return again_total(extract, -5)


def _overcredited(extract: Extract) -> Extract:
    return edit(
        extract,
        "documents",
        any_row,
        credited=lambda d: more(d.total, 100),
        due_amount=_money(extract, -100),
    )


def _tax(clean: Extract) -> Amount:
    return int(clean.tax_lines[0].tax.minor)


def _note_tax(clean: Extract) -> Amount:
    return int(first(clean.tax_lines, lambda t: t.document.startswith("CN-")).tax.minor)


def _tax_of_a_draft(extract: Extract) -> Extract:
    draft = replace(extract.documents[0], id="draft", number="INV-draft", status="draft", lines=())
    row = TaxLine(
        document="INV-draft",
        tax=_money(extract, 500),
        base=_money(extract, 5000),
        jurisdiction=JURISDICTION,
        on=date(2026, 1, 8),
        entity="US",
    )
    return add(add(extract, "documents", draft), "tax_lines", row)


def _journal(
    extract: Extract, source: str, rule: str, *sides: tuple[str, Money], by_hand: bool = False, **at: Any
) -> Extract:
    """An entry by a rule, or by a person without any event."""
    before = len(extract.ledger)
    extract = posted(extract, source, rule, *sides, known=not by_hand, **at)
    if not by_hand:
        return extract
    lines = [replace(x, manual=True, source="") if n >= before else x for n, x in enumerate(extract.ledger)]
    return put(extract, "ledger", lines)


def _later(extract: Extract) -> Extract:
    def mine(line: object) -> bool:
        return getattr(line, "account", "") == "2000" and getattr(line, "document", "") == "INV-1"

    return edit(extract, "ledger", mine, period="2026-02")


def _manual_tax(extract: Extract) -> Extract:
    amount = _money(extract, 500)
    sides = (("6400", amount), ("2000", -amount))
    return _journal(extract, "hand-1", "manual", *sides, by_hand=True, jurisdiction=JURISDICTION)


def _collected(extract: Extract) -> Extract:
    amount = _money(extract, 400)
    return _journal(
        extract, "extra-tax", "P02", ("6400", amount), ("2000", -amount), jurisdiction=JURISDICTION
    )


def _unapplied(extract: Extract) -> Extract:
    """Cash that nobody claims, credited to receivables in place of unapplied cash."""
    amount, on = Money(400, "USD"), date(2026, 1, 12)
    line = BankLine(id="bank-x", account="main-USD", on=on, amount=amount, kind="customer", reference="?")
    receipt = Receipt(id="rc-x", customer="ACME-1", amount=amount, on=on, reference="?", unapplied=amount)
    extract = add(add(extract, "bank_lines", line), "receipts", receipt)
    extract = posted(extract, "rc-x", "P25", ("1000", amount), ("1100", -amount), bank="main-USD")
    return closing(extract, "main-USD", 400)


def _moved(extract: Extract, kind: str, minor: int) -> Extract:
    """Entered in January, dated December: open items and ledger have it, the month's movements do not."""
    amount, on = Money(minor, "USD"), date(2025, 12, 20)
    item = OpenItem(document="stray", customer="ACME-1", amount=amount, entity="US")
    extract = add(extract, "open_items", item)
    extract = posted(extract, "stray", "P03", ("1100", amount), ("4000", -amount), on=on)
    movement = ArMovement(
        document="stray",
        kind=kind,
        amount=amount,
        on=on,
        period=BEFORE,
        entity="US",
        created_at=moment(date(2026, 1, 10)),
    )
    return add(extract, "ar_movements", movement)


PLANTS = (
    Plant("C07", "rounding place (line/invoice)", lambda e: again_total(e, 1), lambda _: -1),
    Plant("C07", "discount allocation not summing", _discounted, lambda _: -2),
    Plant("C07", "negative total not moved to balance", _overcredited, lambda _: 100),
    Plant("C08", "not committed", lambda e: edit(e, "tax_lines", any_row, status="saved"), _tax, _TAX),
    Plant("C08", "committed twice", lambda e: again(e, "tax_lines", any_row), lambda e: -_tax(e), _TAX),
    Plant("C08", "committed on void/draft", _tax_of_a_draft, lambda _: -500, _TAX),
    Plant("C08", "wrong ship-to", lambda e: edit(e, "tax_lines", any_row, ship_to="CA 94103")),
    Plant("C08", "rate date", lambda e: edit(e, "tax_lines", any_row, on=date(2026, 1, 2), rate="0.09")),
    Plant("C08", "exemption certificate missing", lambda e: edit(e, "tax_lines", any_row, exempt=True)),
    Plant(
        "C08",
        "credit note not reversed in tax engine",
        lambda e: remove(
            e, "tax_lines", lambda t: t == first(e.tax_lines, lambda x: x.document.startswith("CN-"))
        ),
        _note_tax,
        _TAX,
    ),
    Plant("C09", "timing", _later, _tax),
    Plant("C09", "manual JE", _manual_tax, lambda _: -500, _JOURNAL),
    Plant(
        "C09",
        "unremitted",
        lambda e: edit(e, "tax_returns", any_row, filed=lambda r: more(r.filed, -300)),
        lambda _: 300,
    ),
    Plant(
        "C09",
        "nexus without registration",
        lambda e: edit(e, "registrations", any_row, since=date(2026, 6, 1)),
    ),
    Plant("C09", "over-collected", _collected, lambda _: -400),
    Plant(
        "C10",
        "missing",
        lambda e: remove(e, "erp_documents", lambda d: d == e.erp_documents[0]),
        lambda e: e.erp_documents[0].total.minor,
    ),
    Plant(
        "C10",
        "duplicate posting (retry)",
        lambda e: again(e, "erp_documents", any_row, id="again"),
        lambda e: -e.erp_documents[0].total.minor,
    ),
    Plant("C10", "wrong period", lambda e: edit(e, "erp_documents", any_row, period="2026-02")),
    Plant("C10", "wrong entity", lambda e: edit(e, "erp_documents", any_row, entity="EU")),
    Plant(
        "C10",
        "edited in ERP",
        lambda e: edit(e, "erp_documents", any_row, total=lambda d: more(d.total, 50)),
        lambda _: -50,
    ),
    Plant("C10", "rejected by sync", lambda e: edit(e, "erp_documents", any_row, status="rejected")),
    Plant(
        "C11",
        "manual JE to control account",
        lambda e: _journal(
            e, "hand-2", "manual", ("1100", Money(90, "USD")), ("4000", Money(-90, "USD")), by_hand=True
        ),
        lambda _: -90,
        _JOURNAL,
    ),
    Plant("C11", "unapplied cash in wrong account", _unapplied, lambda _: 400, frozenset({"C18"})),
    Plant(
        "C11",
        "revaluation posted without document",
        lambda e: _journal(e, "reval", "P45", ("1100", Money(80, "USD")), ("7010", Money(-80, "USD"))),
        lambda _: -80,
        frozenset({"C31"}),
    ),
    Plant(
        "C12",
        "unexplained movement",
        lambda e: edit(e, "ar_movements", any_row, amount=lambda m: more(m.amount, 9)),
        lambda _: 9,
    ),
    Plant("C12", "back-dated document", lambda e: _moved(e, "invoice", 70), lambda _: -70),
    Plant("C12", "allocation between periods", lambda e: _moved(e, "allocation", -60), lambda _: 60),
)
