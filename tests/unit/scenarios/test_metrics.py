"""Metrics out of the books of a run: worked by hand, and a changed book makes two figures disagree."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction as F

import pytest

from scenarios.cli import main
from scenarios.evidence.billing import (
    BillingAccount,
    BillingBooks,
    BillingInvoice,
    ChargeSegment,
    DocumentLine,
    Subscription,
)
from scenarios.evidence.erp import ErpBooks, LedgerLine, RevenueSchedule
from scenarios.evidence.reading import to_text
from scenarios.evidence.run import Evidence
from scenarios.metrics import facts
from scenarios.metrics.figures import figures
from scenarios.metrics.telling import plain, said


def line(kind, account, debit, credit, on, memo=""):
    return LedgerLine(kind, kind, account, "USD", debit, credit, on, on[:7], memo)


def books() -> Evidence:
    """One contract over two months at 310 a month from 1 January, billed monthly; the first is paid."""
    segment = ChargeSegment("C-1", "TEAM", "2026-01-01", "2026-03-01", 1, 31_000, 1)
    more = ChargeSegment("C-2", "BUSINESS", "2026-02-01", "2026-03-01", 1, 28_00, 1)
    sold = Subscription(
        "s", "S-1", "a", "Active", 1, "USD", "2026-01-01", "2026-03-01", 0, ("O-1",), (segment, more)
    )

    def invoice(number, on, end, net, balance, charge="C-1"):
        row = DocumentLine(number, "S-1", charge, "TEAM", net, 0, on, end)
        return BillingInvoice(number, number, "a", "Posted", "USD", on, net, 0, net, balance, 0, 0, (row,))

    def plan(number, source, amount, start, end):
        return RevenueSchedule(number, f"RS-{number}", source, "USD", start, end, amount, 0)

    return Evidence(
        token="t",
        model="hybrid",
        seed=1,
        started_at=0,
        billed_through="2026-02-10",
        billing=BillingBooks(
            accounts=(BillingAccount("a", "A-ACC-1", "ACC-1", "Acme", "USD", 0),),
            subscriptions=(sold,),
            invoices=(
                invoice("I1", "2026-01-01", "2026-02-01", 31_000, 0),
                invoice("I2", "2026-02-01", "2026-03-01", 31_000, 31_000),
                invoice("I3", "2026-02-01", "2026-03-01", 28_00, 28_00, "C-2"),
            ),
        ),
        erp=ErpBooks(
            ledger=(
                line("invoice", "1100", 31_000, 0, "2026-01-01"),
                line("invoice", "2100", 0, 31_000, "2026-01-01"),
                line("customerPayment", "1100", 0, 31_000, "2026-01-20"),
                line("journalEntry", "2100", 31_000, 0, "2026-01-31", "RS-1"),
                line("journalEntry", "4000", 0, 31_000, "2026-01-31", "RS-1"),
                line("invoice", "1100", 33_800, 0, "2026-02-01"),
                line("invoice", "2100", 0, 33_800, "2026-02-01"),
            ),
            schedules=(
                plan("1", "I1", 31_000, "2026-01-01", "2026-02-01"),
                plan("2", "I2", 33_800, "2026-02-01", "2026-03-01"),
            ),
        ),
    )


def test_a_contract_worked_by_hand():
    found = figures(books(), "USD")
    january, february = found.months
    assert (january.bridge.new, january.bridge.closing, january.nrr) == (310, 310, None)
    assert (february.bridge.expansion, february.bridge.closing) == (28, 338)
    assert february.nrr == found.nrr == F(33800, 310)
    assert (february.grr, found.grr) == (100, 100)
    assert (january.receivable, january.dso) == (0, 0)
    # Business ends on 10 February: so many days are the month's.
    assert (february.receivable, february.dso, february.dso_count_back) == (338, 10, 10)
    assert found.aging == (338, 0, 0, 0)
    assert [(r.opening, r.closing) for r in found.deferred] == [(0, 0), (0, 338)]
    assert [(r.of("booked"), r.of("delivered"), r.closing) for r in found.obligations] == [
        (620, -310, 310),
        (28, F(-338) * 10 / 28, F(338) * 18 / 28),
    ]
    assert all(pair.agrees for pair in found.pairs)
    assert facts.invoiced_mrr(books(), "USD", date(2026, 2, 10)) == (338, 338)


def spoilt(part):
    """The books with one of them wrong."""
    whole = books()
    billing, erp = whole.billing, whole.erp
    if part == "receivables":
        return replace(whole, erp=replace(erp, ledger=erp.ledger[:2] + erp.ledger[3:]))
    if part == "deferred revenue":
        return replace(whole, erp=replace(erp, schedules=erp.schedules[:1]))
    first, second, third = billing.invoices
    row = replace(second.lines[0], net=30_000)
    return replace(whole, billing=replace(billing, invoices=(first, replace(second, lines=(row,)), third)))


@pytest.mark.parametrize("part", ["receivables", "deferred revenue", "MRR invoiced"])
def test_a_wrong_book_shows(part):
    wrong = [pair for pair in figures(spoilt(part), "USD").pairs if not pair.agrees]
    assert [pair.name for pair in wrong] == [part]
    assert said("USD", wrong[0]).startswith(f"{part} of 2026-02-")


def test_stubs_and_ended_contracts_are_not_compared():
    whole = books()
    (sold,) = whole.billing.subscriptions
    ended = replace(sold, end="2026-02-05")
    short = replace(whole, billing=replace(whole.billing, subscriptions=(ended,)))
    assert facts.invoiced_mrr(short, "USD", date(2026, 2, 4)) == (0, 0)
    assert figures(short, "USD").months[1].bridge.churn == 310
    assert facts.still_owed(short, "USD", date(2026, 1, 31)) == F(310) * 4 / 28


def test_the_command_reads_kept_books(tmp_path, capsys):
    kept, out = tmp_path / "books.json", tmp_path / "out.json"
    kept.write_text(to_text(books()))
    assert main(["metrics", str(kept), "--out", str(out)]) == 0
    written = json.loads(out.read_text())
    assert written == json.loads(json.dumps(plain([figures(books(), "USD")])))
    assert written[0]["months"][1]["arr"] == "4056.00"
    assert written[0]["remaining_obligations"][0]["closing"] == "310.00"
    kept.write_text(to_text(spoilt("receivables")))
    assert main(["metrics", str(kept)]) == 1
    assert "receivables of 2026-02-10: ledger 1100 648.00 USD" in capsys.readouterr().out


def test_what_cannot_be_read_is_named(tmp_path, capsys):
    empty = tmp_path / "empty.json"
    empty.write_text("{}")
    assert main(["metrics", str(empty)]) == 3
    assert "holds no books of a run" in capsys.readouterr().err
    assert main(["metrics", "nosuchstory"]) == 3
    empty.write_text(to_text(replace(books(), billing=BillingBooks())))
    assert main(["metrics", str(empty)]) == 3
