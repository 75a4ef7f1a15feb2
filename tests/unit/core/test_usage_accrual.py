"""Use at a month's end: accrued once, met by its bill and by nothing else, whatever fails on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.canonical.errors import Held, Unclear
from core.canonical.money import Money
from core.canonical.usage import UsageEvent
from core.finance.revenue.policy import RevenuePolicy, Use
from core.finance.usage.accrual import BilledUse, Meter, MeteredContract
from core.finance.usage.prices import PerUnit
from core.revenue.usage import accrue_usage
from tests.unit.core.fakes import Books, Office, in_office

JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in range(1, 5))


def contract(number: str = "S-1") -> MeteredContract:
    meter = Meter("calls", "CALLS", PerUnit(Fraction(1, 100)))
    return MeteredContract(number, "acme", "USD", JANUARY, None, {"calls": meter})


def use(quantity: int, on: date, number: str = "S-1") -> UsageEvent:
    return UsageEvent(f"{number}/{on}", "acme", number, "calls", Decimal(quantity), on)


def bill(minor: int, on: date, start: date = JANUARY) -> BilledUse:
    return BilledUse("S-1", "CALLS", start, Money(minor, "USD"), on)


def close(books: Books, *months: date, policy: RevenuePolicy | None = None) -> list[tuple[str, str]]:
    async def story(office: Office) -> list[tuple[str, str]]:
        desk = office.desk if policy is None else replace(office.desk, revenue=policy)
        for month in months:
            for _ in range(3):
                try:
                    await accrue_usage(desk, month)
                    break
                except Unclear:
                    continue
        return office.alerts()

    found: list[tuple[str, str]] = in_office(story, books)
    return found


def asset(books: Books) -> list[tuple[date, int]]:
    """What each journal put on the unbilled receivable; revenue of use is its mirror."""
    found = []
    for journal in sorted(books.journals.values(), key=lambda each: each.on):
        moved = {x.account: x.debit.minor - x.credit.minor for x in journal.lines}
        assert moved["1150"] == -moved["4010"]
        found.append((journal.on, moved["1150"]))
    return found


def books_with(*bills: BilledUse, uses: tuple[UsageEvent, ...] = (use(500, date(2026, 1, 20)),)) -> Books:
    return Books(metered_contracts={"S-1": contract()}, uses=list(uses), use_bills=list(bills))


def test_what_is_billed_after_the_month_is_accrued_and_met_on_its_day() -> None:
    books = books_with(bill(500, FEBRUARY))
    assert close(books, JANUARY, JANUARY, FEBRUARY) == []
    assert asset(books) == [(date(2026, 1, 31), 500), (FEBRUARY, -500)]


def test_what_no_bill_has_met_stays() -> None:
    books = books_with()
    close(books, JANUARY, FEBRUARY)
    assert asset(books) == [(date(2026, 1, 31), 500)]
    books.use_bills.append(bill(500, date(2026, 3, 9)))
    close(books, MARCH)
    assert asset(books) == [(date(2026, 1, 31), 500), (date(2026, 3, 9), -500)]


def test_late_use_is_accrued_in_the_month_it_is_known_in() -> None:
    books = books_with(bill(500, FEBRUARY))
    close(books, JANUARY)
    books.uses.append(use(300, date(2026, 1, 30)))
    close(books, FEBRUARY)
    assert asset(books)[-1] == (date(2026, 2, 28), 300)
    books.use_bills.append(bill(300, MARCH))
    close(books, MARCH)
    assert sum(moved for _, moved in asset(books)) == 0


def test_an_answer_that_is_lost_accrues_nothing_twice() -> None:
    books = books_with(bill(500, FEBRUARY))
    books.lose("erp.post_journal")
    close(books, JANUARY)
    assert asset(books) == [(date(2026, 1, 31), 500), (FEBRUARY, -500)]


def test_in_a_closed_month_it_stands_in_the_next_open_one() -> None:
    books = books_with()
    books.open_from = FEBRUARY
    close(books, JANUARY)
    (journal,) = books.journals.values()
    assert (journal.on, journal.memo[-24:]) == (FEBRUARY, " original period 2026-01")


def test_what_cannot_be_rated_is_told_and_stops_no_other() -> None:
    books = books_with(uses=(use(1, date(2026, 1, 5), "S-0"), use(500, date(2026, 1, 20))))
    books.trouble("billing.metered_contract/S-0", Held("priced by the moon", owner="billing operations"))
    ((_, said),) = close(books, JANUARY)
    assert "moon" in said
    assert asset(books) == [(date(2026, 1, 31), 500)]


def test_a_company_may_choose_to_wait_for_the_bill() -> None:
    books = books_with()
    close(books, JANUARY, policy=RevenuePolicy(use=Use.AT_BILLING))
    assert books.journals == {}
    assert books.diary == []
