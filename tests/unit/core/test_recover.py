"""Transfers for invoices that were written off, step by step against small books (P40)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.canonical.erp import Posted
from core.canonical.errors import Held, Missing
from core.canonical.payments import Transfer
from tests.unit.core.fakes import Books, make_invoice, make_note, usd
from tests.unit.core.test_disputes import play


def written_off(tax: int = 0) -> Books:
    """INV1 over 100.00 of one month from the 15th, given up after half of it."""
    books = Books()
    invoice = make_invoice(status="posted")
    (line,) = invoice.lines
    books.invoices["INV1"] = replace(
        invoice, tax=usd(tax), total=usd(10_000 + tax), balance=usd(0), lines=(replace(line, tax=usd(tax)),)
    )
    note = make_note("WO-INV1", status="posted", source="write_off")
    books.notes["WO-INV1"] = replace(
        note, on=date(2026, 1, 30), net=usd(10_000), tax=usd(tax), total=usd(10_000 + tax), unapplied=usd(0)
    )
    total = usd(10_000 + tax)
    books.ledger["credit_note", "WO-INV1"] = Posted("9", "WO-INV1", usd(0), total, date(2026, 1, 30))
    return books


def pay_in(books: Books, minor: int, id_: str = "TR1", on: date = date(2026, 3, 2)) -> None:
    books.transfers[id_] = Transfer(id_, on, usd(minor), "Acme", "INV1")


def test_what_has_tax_or_service_ahead_is_held_before_anything_is_recorded():
    for books, on in ((written_off(800), date(2026, 3, 2)), (written_off(), date(2026, 2, 3))):
        pay_in(books, 4_000, on=on)
        with pytest.raises(Held, match="by hand"):
            play(books, "transfer_to_cash", "TR1")
        assert not books.applied
        assert not books.again


def test_the_ledger_waits_for_the_write_off():
    books = written_off()
    del books.ledger["credit_note", "WO-INV1"]
    pay_in(books, 4_000)
    with pytest.raises(Missing, match="write-off of INV1"):
        play(books, "transfer_to_cash", "TR1")


def test_of_two_payments_each_takes_its_share_and_both_are_the_write_off():
    books = written_off()
    pay_in(books, 3_333)
    pay_in(books, 9_000, "TR2")
    for transfer in ("TR1", "TR2", "TR1", "TR2"):  # each told twice
        play(books, "transfer_to_cash", transfer)
    sums: dict[str, int] = {}
    for key in ("TR1-recovered-INV1", "TR2-recovered-INV1"):
        for line in books.journals[key].lines:
            sums[line.account] = sums.get(line.account, 0) + line.debit.minor - line.credit.minor
    # 16 of 31 days were ahead: 100.00 x 15 / 31, rounded down, was lost, the rest dropped and served since.
    assert sums == {"1000": 10_000, "6210": -4_838, "4000": -5_162}
    assert books.again == {"INV1": {"TR1": usd(3_333), "TR2": usd(6_667)}}
    # 33.33 + 90.00 less the 100.00 that was lost.
    assert books.ledger["deposit", "TR2"].total == usd(2_333)
    assert ("deposit", "TR1") not in books.ledger
    assert not any(kind == "receipt" for kind, _ in books.ledger)
