"""The bank by hand: bank days, balances, what came back; and its statement as a close reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.close.controls.index import CONTROLS
from core.close.engine import State, run
from scenarios.closing.bank import returned, tables
from scenarios.closing.extract import close, extract_of
from scenarios.closing.frame import frame
from scenarios.evidence.bank import BankBooks
from scenarios.evidence.erp import ErpBooks, ErpJournal, LedgerLine
from scenarios.evidence.payments import BalanceEntry, PaymentBooks, Payout
from scenarios.evidence.run import Evidence
from scenarios.world.bank import Bank, bank_day
from simulators.kit.history import Change


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def told(when: str, id_: str, event: str, amount: int, currency: str = "EUR", kind: str = "payout") -> Change:
    return Change(at(when), kind, id_, event, event, 1, (), amount, currency, "")


def bank(*changes: Change, fee: int = 0) -> BankBooks:
    return Bank(lambda: changes, fee).books()


def rows(books: BankBooks) -> list[tuple[str, int, int, str]]:
    return [(line.on, line.amount, line.balance, line.trace) for line in books.lines]


# 2026-01-31 is a Saturday.
SATURDAY = told("2026-01-31", "po_2", "paid", 700)


def test_what_arrives_on_a_weekend_is_booked_on_the_monday_after_what_came_before_it() -> None:
    books = bank(told("2026-01-30T12:00", "po_1", "paid", 1000), SATURDAY)
    assert rows(books) == [("2026-01-30", 1000, 1000, "po_1"), ("2026-02-02", 700, 1700, "po_2")]
    assert [(a.id, a.balance) for a in books.accounts] == [("operating-EUR", 1700)]


def test_each_currency_has_an_account_of_its_own() -> None:
    books = bank(told("2026-01-05", "po_1", "paid", 1000), told("2026-01-05", "po_2", "paid", 90, "JPY"))
    assert [(a.id, a.currency, a.balance) for a in books.accounts] == [
        ("operating-EUR", "EUR", 1000),
        ("operating-JPY", "JPY", 90),
    ]
    assert [line.balance for line in books.lines] == [1000, 90]


def test_a_payout_that_is_sent_back_leaves_whole_and_one_that_failed_on_its_way_was_never_there() -> None:
    books = bank(
        told("2026-01-05", "po_1", "created", 1000),
        told("2026-01-05", "po_1", "in_transit", 1000),
        told("2026-01-06", "po_1", "paid", 1000),
        told("2026-01-07", "po_0", "failed", 555),
        told("2026-01-09T15:00", "po_1", "failed", 1000),
        told("2026-01-09", "re_1", "paid", 9, kind="refund"),
    )
    assert rows(books) == [("2026-01-06", 1000, 1000, "po_1"), ("2026-01-09", -1000, 0, "po_1")]
    assert [line.value_on for line in books.lines] == ["2026-01-06", "2026-01-06"]


def test_a_bank_that_keeps_a_fee_keeps_it_of_credits_only() -> None:
    books = bank(told("2026-01-05", "po_1", "paid", 1000), told("2026-01-06", "po_2", "paid", -600), fee=25)
    assert [line.amount for line in books.lines] == [975, -600]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(-500, 500), st.sampled_from(["EUR", "USD"]))))
def test_balances_are_the_lines_and_days_never_run_backwards(moves: list[tuple[int, int, str]]) -> None:
    first = date(2026, 1, 1)
    books = bank(
        *(
            told((first + timedelta(days=days)).isoformat(), f"po_{n}", "paid", amount, currency)
            for n, (days, amount, currency) in enumerate(sorted(moves))
        )
    )
    assert [line.on for line in books.lines] == sorted(line.on for line in books.lines)
    assert all(date.fromisoformat(line.on).weekday() < 5 for line in books.lines)
    for account in books.accounts:
        mine = [line for line in books.lines if line.account == account.id]
        assert [line.balance for line in mine] == [
            sum(line.amount for line in mine[: n + 1]) for n in range(len(mine))
        ]
        assert account.balance == sum(amount for _, amount, currency in moves if currency == account.currency)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_bank_day_is_the_next_weekday(on: date) -> None:
    day = bank_day(on)
    assert day.weekday() < 5
    assert 0 <= (day - on).days <= 2
    assert bank_day(day) == day


# --- the statement in the close ---

ENTRIES = (
    ("1", "po_1", "2026-01-30", 1000),
    ("2", "po_2", "2026-01-31", 700),
)


def evidence(
    *entries: tuple[str, str, str, int], books: BankBooks, payouts: tuple[Payout, ...], back: str = ""
) -> Evidence:
    """A company that has nothing but payouts; each entry is (id, external id, date, amount on 1000)."""
    ledger, journals = [], []
    for id_, external, on, amount in entries:
        journals.append(ErpJournal(id_, external, "EUR", on, on[:7], "", at(on)))
        for account, minor in (("1000", amount), ("1010", -amount)):
            ledger.append(
                LedgerLine("journalEntry", id_, account, "EUR", max(minor, 0), max(-minor, 0), on, on[:7], "")
            )
    returns = (
        (BalanceEntry("txn_9", "payout_failure", "po_1", "EUR", 1000, 0, 1000, "", at(back)),) if back else ()
    )
    return Evidence(
        "t", "direct", 1, at("2026-01-01"), "2026-03-31",
        payments=PaymentBooks(payouts=payouts, balance=returns),
        erp=ErpBooks(ledger=tuple(ledger), journals=tuple(journals)),
        bank=books,
    )  # fmt: skip


FRIDAY = told("2026-01-30", "po_1", "paid", 1000)
PAYOUTS = (
    Payout("po_1", "paid", "EUR", 1000, at("2026-01-28"), at("2026-01-30")),
    Payout("po_2", "paid", "EUR", 700, at("2026-01-29"), at("2026-01-31")),
)


def controls(found: Evidence, month: str = "2026-01"):
    return {o.control.id: o for o in close(extract_of(found, month)) if o.control.id in ("C16", "C19")}


def test_a_weekend_at_the_end_of_the_month_is_outstanding_and_gone_a_month_later() -> None:
    found = evidence(*ENTRIES, books=bank(FRIDAY, SATURDAY), payouts=PAYOUTS)
    january, february = controls(found), controls(found, "2026-02")
    (item,) = january["C19"].items
    assert (item.cause, item.left, item.right, item.amount) == ("outstanding payment", 1000, 1700, -700)
    (sent,) = january["C16"].items
    assert (sent.cause, sent.amount) == ("in transit at month end", 700)
    assert item.explained
    assert sent.explained
    assert february["C16"].items == february["C19"].items == ()
    assert {o.state for o in (*january.values(), *february.values())} == {State.PASSED}


@pytest.mark.parametrize(
    ("entries", "amount"),
    [
        (ENTRIES[1:], 1000),  # nobody booked the first
        ((), 1700),  # nor the second
        ((ENTRIES[0], ("2", "po_2", "2026-02-02", 730)), -30),  # booked gross
        ((*ENTRIES, ("3", "deposit", "2026-02-03", 44)), -44),  # cash that nobody sent
    ],
)
def test_what_the_books_have_and_the_bank_has_not_is_told_to_the_cent(entries, amount) -> None:
    # Something else stands in the ledger, or it would be no ledger.
    base = evidence(*entries, books=bank(FRIDAY, SATURDAY), payouts=PAYOUTS)
    other = LedgerLine("invoice", "90", "4000", "EUR", 0, 5, "2026-02-01", "2026-02", "")
    found = replace(base, erp=replace(base.erp, ledger=(*base.erp.ledger, other)))
    outcome = controls(found, "2026-02")["C19"]
    (item,) = outcome.items
    assert (item.cause, item.amount, item.unit) == ("", amount, "EUR")
    assert outcome.state is State.EXCEPTIONS


def test_cash_in_a_currency_in_which_the_bank_has_no_account_is_not_there() -> None:
    found = evidence(("1", "deposit", "2026-01-30", 44), books=bank(told("2026-01-02", "x", "failed", 1)),
                     payouts=())  # fmt: skip
    assert [(i.cause, i.amount) for i in controls(found)["C19"].items] == [("", -44)]


def test_without_a_bank_both_controls_say_so() -> None:
    found = controls(evidence(*ENTRIES, books=BankBooks(), payouts=PAYOUTS))
    assert [o.state for o in found.values()] == [State.NOT_RUN] * 2
    assert all("no bank stands in this run" in o.reason for o in found.values())


BACK = ("3", "po_1-failed", "2026-02-02", -1000)


@pytest.mark.parametrize(("booked_back", "open_"), [(True, []), (False, [("failed/returned", 1000)])])
def test_a_payout_that_came_back_is_explained_by_its_reversal_alone(booked_back, open_) -> None:
    payouts = (replace(PAYOUTS[0], status="failed"),)
    books = bank(FRIDAY, told("2026-02-02", "po_1", "failed", 1000))
    entries = (ENTRIES[0], BACK) if booked_back else (ENTRIES[0],)
    found = evidence(*entries, books=books, payouts=payouts, back="2026-02-02")
    january, february = controls(found), controls(found, "2026-02")
    assert january["C16"].items == january["C19"].items == ()
    assert [(i.cause, i.amount) for i in february["C16"].open] == open_
    assert [i.amount for i in february["C19"].items] == ([] if booked_back else [-1000])
    assert [e.key for e in returned(frame(found, "2026-02"))] == (["po_1"] if booked_back else [])


def test_a_return_over_a_weekend_is_outstanding_with_its_sign() -> None:
    # Sent back on Saturday 31 January: the ledger has it that day, the bank on the Monday.
    books = bank(FRIDAY, told("2026-01-31T15:00", "po_1", "failed", 1000))
    payouts = (replace(PAYOUTS[0], status="failed"),)
    back = ("3", "po_1-failed", "2026-01-31", -1000)
    found = evidence(ENTRIES[0], back, books=books, payouts=payouts, back="2026-01-31")
    (item,) = tables(frame(found, "2026-01"))["outstanding"]
    assert (item.id, item.on, item.amount.minor) == ("po_1", date(2026, 1, 31), -1000)
    (difference,) = run(CONTROLS["C19"], extract_of(found, "2026-01")).items
    assert (difference.cause, difference.amount) == ("outstanding payment", 1000)
    assert tables(frame(found, "2026-02"))["outstanding"] == ()


def test_one_that_failed_on_its_way_was_booked_out_and_back_and_is_not_waited_for() -> None:
    payouts = (replace(PAYOUTS[0], status="failed", paid_at=0),)
    back = ("3", "po_1-failed", "2026-01-30", -1000)
    found = evidence(ENTRIES[0], back, books=bank(), payouts=payouts, back="2026-01-29")
    assert tables(frame(found, "2026-01"))["outstanding"] == ()
    assert controls(found)["C19"].items == ()
