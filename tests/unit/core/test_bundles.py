"""Bundles at a month's end: journals and plans of the allocation, made once, whatever fails on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.canonical.errors import Held, Unclear
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind, OrderLine
from core.revenue.bundles import allocate_bundles
from core.revenue.recognise import recognise
from tests.unit.core.fakes import Books, Office, in_office

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def bundle(key: str = "OPP-1", delivered: date | None = None) -> Order:
    """3,600 and 800 for what is worth 3,600 and 1,200: 300 go from the seats to the onboarding."""
    lines = (
        OrderLine("SEATS", 1, 0, usd(360_000), 12, usd(360_000)),
        OrderLine("SETUP", 1, 0, usd(80_000), 0, usd(120_000), delivered),
    )
    return Order(key, OrderKind.NEW, "acme", "", "USD", JANUARY, date(2027, 1, 1), lines)


def close(books: Books, *months: date) -> list[tuple[str, str]]:
    async def story(office: Office) -> list[tuple[str, str]]:
        for month in months:
            for _ in range(3):
                try:
                    await allocate_bundles(office.desk, month)
                    break
                except Unclear:
                    continue
            await recognise(office.desk, month)
        return office.alerts()

    found: list[tuple[str, str]] = in_office(story, books)
    return found


def test_the_difference_is_moved_and_planned_once() -> None:
    books = Books(bundles=[bundle(delivered=date(2026, 2, 10))])
    assert close(books, JANUARY, FEBRUARY, FEBRUARY) == []
    journal = books.journals["P14-O-OPP-1"]
    assert [(x.account, x.debit.minor, x.credit.minor, x.memo) for x in journal.lines] == [
        ("2100", 30_000, 0, "SSP-O-OPP-1-SEATS"),
        ("2100", 0, 30_000, "SSP-O-OPP-1-SETUP"),
    ]
    assert {(p.key, p.amount.minor, p.start, p.end) for p in books.plans.values()} == {
        ("SSP-O-OPP-1-SEATS", -30_000, JANUARY, date(2027, 1, 1)),
        ("SSP-O-OPP-1-SETUP", 30_000, date(2026, 2, 10), date(2026, 2, 11)),
    }
    made = [operation for operation, _ in books.diary]
    assert made.count("erp.add_schedule") == 3, "in January nobody knew the day of the setup"


def test_an_answer_that_is_lost_moves_nothing_twice() -> None:
    for operation in ("erp.post_journal", "erp.add_schedule"):
        books = Books(bundles=[bundle()])
        books.lose(operation)
        close(books, JANUARY)
        assert list(books.plans) == ["SSP-O-OPP-1-SEATS", "SSP-O-OPP-1-SETUP"]
        assert [key for key in books.journals if key.startswith("P14")] == ["P14-O-OPP-1"]


def test_in_a_closed_month_it_is_moved_on_the_next_open_day() -> None:
    books = Books(bundles=[bundle()], open_from=FEBRUARY)
    close(books, JANUARY)
    journal = books.journals["P14-O-OPP-1"]
    assert (journal.on, journal.memo[-24:]) == (FEBRUARY, " original period 2026-01")


def test_one_that_cannot_be_allocated_is_told_and_stops_no_other() -> None:
    nameless = replace(bundle("OPP-2"), lines=(OrderLine("SEATS", 1, 0, usd(1), 12), *bundle().lines[1:]))
    books = Books(bundles=[Held("OPP-9 has no price", owner="sales operations"), nameless, bundle()])
    told = close(books, JANUARY)
    assert [severity for severity, _ in told] == ["high", "high"]
    assert "ask sales operations" in told[0][1]
    assert "ssp: SEATS" in told[1][1]
    assert list(books.plans) == ["SSP-O-OPP-1-SEATS", "SSP-O-OPP-1-SETUP"]


def test_a_plan_that_the_quotes_no_longer_give_is_told() -> None:
    books = Books(bundles=[bundle()])
    close(books, JANUARY)
    dearer = replace(bundle(), lines=(bundle().lines[0], replace(bundle().lines[1], price=usd(90_000))))
    books.bundles[:] = [dearer]
    told = [said for _, said in close(books, FEBRUARY)]
    assert all("stands over" in said for said in told)
    assert len(told) == 2
    assert books.plans["SSP-O-OPP-1-SEATS"].amount == usd(-30_000)
