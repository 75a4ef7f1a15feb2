"""The exported ledger as public tools read it: no error in it, and one in a forged export."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest
from beancount import loader
from beancount.core import data

from core.assemble import MODELS
from scenarios.books import beancount, hledger, plain
from scenarios.books.book import book_of
from scenarios.cli import main
from scenarios.evidence.erp import ErpBooks, LedgerLine, LegalEntity
from scenarios.running import perform
from scenarios.spec import Spec

HLEDGER = shutil.which("hledger")
needs_hledger = pytest.mark.skipif(
    HLEDGER is None, reason="hledger is not installed; apt-get install hledger"
)


@cache
def erp(model: str) -> ErpBooks:
    return perform(Spec("quick", model, "mid_market", 8, 2, 3, "calm")).evidence.erp


def loaded(text: str) -> tuple[list[data.Directive], list[object]]:
    entries, errors, _ = loader.load_string(text, dedent=False)
    return entries, errors


def by_month_end(lines: tuple[LedgerLine, ...]) -> dict[tuple[date, str, str], Decimal]:
    """What every account holds on the first of each following month: worked out from the evidence."""
    wanted: dict[tuple[date, str, str], Decimal] = {}
    months = sorted({line.date[:7] for line in lines})
    year, month = map(int, months[0].split("-"))
    digits = {"JPY": 0}
    while f"{year:04}-{month:02}" <= months[-1]:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        sums: defaultdict[tuple[str, str], int] = defaultdict(int)
        for line in lines:
            if line.date < f"{year:04}-{month:02}-01":
                sums[line.account, line.currency] += line.debit - line.credit
        for (account, currency), minor in sums.items():
            amount = Decimal(minor).scaleb(-digits.get(currency, 2))
            wanted[date(year, month, 1), account, currency] = amount
    return wanted


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("in_base", [False, True], ids=["transaction", "base"])
def test_beancount_loads_what_each_model_left(model: str, in_base: bool) -> None:
    books = erp(model)
    entries, errors = loaded(beancount.written(book_of(books, "a run", in_base=in_base)))
    assert errors == []
    lines = books.base_ledger if in_base else books.ledger
    found = {
        (
            each.date,
            each.account.rsplit(":", 1)[1].partition("-")[0],
            each.amount.currency,
        ): each.amount.number
        for each in entries
        if isinstance(each, data.Balance)
    }
    assert found == by_month_end(lines)
    documents = {(line.kind, line.document) for line in lines}
    told = [(next(iter(t.tags)), t.meta["document"]) for t in entries if isinstance(t, data.Transaction)]
    assert sorted(told) == sorted(documents)
    codes = {each.currency: each.meta["exponent"] for each in entries if isinstance(each, data.Commodity)}
    assert all(codes[line.currency] == (0 if line.currency == "JPY" else 2) for line in lines)
    prices = {(each.currency, each.amount.currency) for each in entries if isinstance(each, data.Price)}
    assert {(line.currency, "USD") for line in lines} - {("USD", "USD")} <= prices


def test_a_forged_export_is_found() -> None:
    text = beancount.written(book_of(erp("hybrid"), "a run"))
    lines = text.splitlines()
    # One cent of one posting; then of two, so that the transaction still balances; then a lost document.
    at = [n for n, line in enumerate(lines) if line.startswith("  ") and line.endswith(" USD")][:2]
    for forged in (at[:1], at):
        changed = list(lines)
        for n, cent in zip(forged, (1, -1), strict=False):
            account, amount, code = changed[n].split()
            changed[n] = f"  {account}  {Decimal(amount) + Decimal(cent).scaleb(-2)} {code}"
        _, errors = loaded("\n".join(changed))
        assert errors, forged
    first = next(n for n, line in enumerate(lines) if " * " in line)
    after = next(n for n in range(first, len(lines)) if not lines[n])
    _, errors = loaded("\n".join(lines[:first] + lines[after:]))
    assert any("Balance failed" in error.message for error in errors)


@needs_hledger
@pytest.mark.parametrize("model", ["hybrid", "direct"])
def test_hledger_accepts_it_and_finds_a_forged_one(model: str, tmp_path) -> None:
    text = hledger.written(book_of(erp(model), "a run"))
    path = tmp_path / "a.journal"

    def check() -> subprocess.CompletedProcess[str]:
        command = [str(HLEDGER), "-f", str(path), "check", "--strict"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    path.write_text(text)
    assert check().returncode == 0, check().stderr
    lines = text.splitlines()
    pair = [
        n for n, line in enumerate(lines) if " USD" in line and "=" not in line and line.startswith("    A")
    ]
    account, amount, *rest = lines[pair[0]].split()
    lines[pair[0]] = f"    {account}  {Decimal(amount) + Decimal('0.01')} {' '.join(rest)}"
    path.write_text("\n".join(lines))
    assert check().returncode != 0


def assertions_of(text: str) -> dict[tuple[str, str, str], str]:
    """Balance assertions of a journal, and that every transaction balances: a reader of our own."""
    found: dict[tuple[str, str, str], str] = {}
    running: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for block in text.split("\n\n"):
        rows = block.strip("\n").splitlines()
        if not rows or not rows[0][:4].isdigit():
            continue
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for row in rows[1:]:
            posting = row.partition(";")[0].split()
            if not posting:
                continue
            account, amount, currency, *held = posting
            sums[currency] += Decimal(amount)
            running[account, currency] += Decimal(amount)
            if held:
                assert held[0] == "="
                assert Decimal(held[1]) == running[account, currency], row
                found[rows[0][:10], account, currency] = held[1]
        assert not any(sums.values()), block
    return found


def test_the_journal_by_a_reader_of_our_own() -> None:
    books = erp("batch")
    found = assertions_of(hledger.written(book_of(books, "a run")))
    wanted = by_month_end(books.ledger)
    assert {
        (on, a.rsplit(":", 1)[1].partition("-")[0], c): Decimal(v) for (on, a, c), v in found.items()
    } == {(str(on - timedelta(days=1)), a, c): v for (on, a, c), v in wanted.items()}


def test_json_says_the_same() -> None:
    book = book_of(erp("hybrid"), "a run")
    told = json.loads(plain.written(book))
    assert told["schema"] == "tieout-books/1"
    assert len(told["transactions"]) == len(book.transactions)
    assert all(sum(p["minor"] for p in t["postings"]) == 0 for t in told["transactions"])


def test_yen_entities_and_odd_texts() -> None:
    """Two entities, a currency without decimals, quotes and semicolons in memos."""

    def line(document: str, account: str, minor: int, currency: str, entity: str, memo: str) -> LedgerLine:
        debit, credit = max(minor, 0), max(-minor, 0)
        return LedgerLine(
            "journalEntry", document, account, currency, debit, credit, "2026-12-31", "2026-12", memo, entity
        )

    books = ErpBooks(
        entities=(LegalEntity("1", "Tieout, Inc.", "USD"), LegalEntity("2", "Tieout GmbH (Köln)", "EUR")),
        ledger=(
            line("1", "1000", 12345, "JPY", "1", 'he said "no"; then | yes\\'),
            line("1", "4000", -12345, "JPY", "1", ""),
            line("2", "1000", 5, "EUR", "2", "a  b"),
            line("2", "4000", -5, "EUR", "2", ""),
        ),
    )
    book = book_of(books, "odd")
    entries, errors = loaded(beancount.written(book))
    assert errors == []
    assert {each.account for each in entries if isinstance(each, data.Open)} == {
        "Assets:Tieout-Inc:1000-Bank",
        "Assets:Tieout-GmbH-Koln:1000-Bank",
        "Income:Tieout-Inc:4000-Subscription-Revenue",
        "Income:Tieout-GmbH-Koln:4000-Subscription-Revenue",
    }
    assert len(assertions_of(hledger.written(book))) == 4
    assert "12345 JPY" in beancount.written(book)


def test_the_command(tmp_path, capsys) -> None:
    told = ["--customers", "3", "--months", "1", "--model", "direct"]
    out = tmp_path / "run.beancount"
    assert main(["books", "quick", *told, "--out", str(out)]) == 0
    assert loaded(out.read_text())[1] == []
    token = "quick/direct/mid_market/c3m1s1/calm"
    assert main(["books", token, "--format", "hledger"]) == 0
    assert assertions_of(capsys.readouterr().out)
    assert main(["books", "quick", "--format", "excel"]) == 3
    assert main(["books", "quick", *told, "--out", str(tmp_path / "no" / "x")]) == 3
    assert main(["books", "quickest"]) == 3


def test_postings_can_be_grouped_by_what_they_are_about() -> None:
    found = erp("hybrid")
    entries, errors = loaded(beancount.written(book_of(found, "cut")))
    assert errors == []
    told: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, data.Transaction) else ():
            if "4000" in posting.account:
                about = posting.meta
                assert (about["customer"], about["contract"]) != ("", "")
                told[about["product"], about["department"]] -= posting.units.number
    due: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in found.ledger:
        if line.account == "4000":
            minor = Decimal(line.credit - line.debit)
            due[line.product, line.department] += minor.scaleb(0 if line.currency == "JPY" else -2)
    assert told == due
    assert len(told) > 1
    assert f"product:{next(iter(told))[0]}" in hledger.written(book_of(found, "cut"))
