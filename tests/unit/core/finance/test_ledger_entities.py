"""Periods and cut-off, routing to legal entities, intercompany, and the order of credits."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.calendar import Period
from core.finance.ledger.credits import Grant, use
from core.finance.ledger.entities import LegalEntity, Routing
from core.finance.ledger.entry import Entry, Line, balances
from core.finance.ledger.fact import Fact, Kind, amounts
from core.finance.ledger.intercompany import elimination, one_sided
from core.finance.ledger.periods import AccountingPeriod, Book, Placed, Status, cut_off, entity_day, place
from core.finance.ledger.policy import CreditOrder, CutOff, Policy
from core.finance.ledger.posting import post

DAY = date(2026, 3, 31)


def months(*statuses: Status) -> list[AccountingPeriod]:
    return [
        AccountingPeriod(Period(date(2026, n, 1), date(2026, n + 1, 1)), status)
        for n, status in enumerate(statuses, 1)
    ]


@pytest.mark.parametrize(
    ("on", "book", "placed"),
    [
        (date(2026, 3, 5), Book.RECEIVABLES, Placed(date(2026, 3, 5))),
        (date(2026, 2, 5), Book.GENERAL, Placed(date(2026, 2, 5))),
        (date(2026, 2, 5), Book.RECEIVABLES, Placed(date(2026, 3, 1), True, "2026-02")),
        (date(2026, 1, 31), Book.GENERAL, Placed(date(2026, 2, 1), True, "2026-01")),
        (date(2026, 1, 31), Book.RECEIVABLES, Placed(date(2026, 3, 1), True, "2026-01")),
    ],
)
def test_a_closed_period_sends_on(on: date, book: Book, placed: Placed) -> None:
    periods = months(Status.LOCKED, Status.CLOSED_FOR_RECEIVABLES, Status.OPEN)
    assert place(on, book, list(reversed(periods))) == placed


def test_no_period_is_held() -> None:
    with pytest.raises(Held, match="none holds 2027"):
        place(date(2027, 1, 1), Book.GENERAL, months(Status.OPEN))
    with pytest.raises(Held, match="none after"):
        place(date(2026, 1, 1), Book.GENERAL, months(Status.LOCKED))


def test_the_day_is_that_of_the_entity() -> None:
    """23:30 UTC on 31 March is still March in New York and already April in Berlin and Tokyo."""
    moment = 1_774_999_800_000_000
    assert [
        entity_day(moment, z).isoformat() for z in ("UTC", "America/New_York", "Europe/Berlin", "Asia/Tokyo")
    ] == [
        "2026-03-31",
        "2026-03-31",
        "2026-04-01",
        "2026-04-01",
    ]
    with pytest.raises(Held, match="Mars"):
        entity_day(moment, "Mars/Olympus")


def test_cut_off() -> None:
    service, invoiced = date(2026, 3, 31), date(2026, 4, 2)
    assert cut_off(service, invoiced, CutOff.SERVICE_DATE) == service
    assert cut_off(service, invoiced, CutOff.INVOICE_DATE) == invoiced
    assert cut_off(None, invoiced, CutOff.SERVICE_DATE) == invoiced


ROUTING = Routing(
    (
        LegalEntity("US", "US Inc", "USD", "US"),
        LegalEntity("DE", "DE GmbH", "EUR", "DE", "Europe/Berlin"),
    ),
    {"US": "US", "DE": "DE", "FR": "DE", "GB": "UK"},
)


def test_routing() -> None:
    assert ROUTING.route("FR").key == "DE"
    assert ROUTING.route("FR", contract="US").key == "US"
    for country in ("BR", "GB"):
        with pytest.raises(Held, match="legal entity"):
            ROUTING.route(country)
    assert Routing(ROUTING.entities, {}, "US").route("BR").key == "US"


def fact(kind: Kind, event: str, **named: int) -> Fact:
    parts = amounts({name: Money(minor, "EUR") for name, minor in named.items()})
    return Fact(kind, event, DAY, "A", parts, counterparty="B")


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 10**9)), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_intercompany_eliminates_to_nothing(rows: list[tuple[bool, int]]) -> None:
    entries = []
    for number, (service, minor) in enumerate(rows):
        one = (
            fact(Kind.INTERCOMPANY_SERVICE, f"e{number}", transfer_price=minor)
            if service
            else fact(Kind.INTERCOMPANY_CASH, f"e{number}", amount=minor)
        )
        entry = post(one, Policy())
        assert entry is not None
        entries.append(entry)
    assert one_sided(entries) == []
    gone = elimination(entries, "consolidation", DAY)
    # Due from and due to of the two entities may themselves net out in the eliminating entry.
    sums: defaultdict[str, int] = defaultdict(int)
    for (_, account, _), minor in balances([*entries, *([gone] if gone else [])]).items():
        sums[account] += minor
    assert sums["1300"] == sums["2400"] == sums["5000"] == sums["4000"] == 0


def test_one_side_missing_is_found_and_not_eliminated() -> None:
    lines = (Line("A", "1300", Money(5, "EUR")), Line("A", "1100", Money(-5, "EUR")))
    entries = [Entry("e1", "P52", DAY, lines)]
    (found,) = one_sided(entries)
    assert (found.event, found.difference, found.entities) == ("e1", 5, ("A",))
    with pytest.raises(Held, match="other side"):
        elimination(entries, "consolidation", DAY)


GRANTS = (
    Grant("paid", Money(50, "USD"), True, date(2026, 1, 1), date(2026, 12, 31)),
    Grant("promo", Money(30, "USD"), False, date(2026, 2, 1), date(2026, 6, 30)),
    Grant("stale", Money(99, "USD"), True, date(2026, 1, 1), date(2026, 3, 31)),
    Grant("ever", Money(10, "USD"), True, date(2026, 1, 5)),
)


@pytest.mark.parametrize(
    ("order", "taken"),
    [
        (CreditOrder.PAID_FIRST, [("paid", 50), ("ever", 10), ("promo", 5)]),
        (CreditOrder.PROMOTIONAL_FIRST, [("promo", 30), ("paid", 35)]),
        (CreditOrder.EARLIEST_EXPIRY, [("promo", 30), ("paid", 35)]),
    ],
)
def test_order_of_credits(order: CreditOrder, taken: list[tuple[str, int]]) -> None:
    found = use(GRANTS, Money(65, "USD"), DAY, order)
    assert [(name, money.minor) for name, money in found.taken] == taken
    assert found.paid + found.promotional == Money(65, "USD")
    assert not found.short
    assert use(GRANTS, Money(100, "USD"), DAY, order).short == Money(10, "USD")
    with pytest.raises(Held):
        use([Grant("over", Money(-1, "USD"), True, DAY)], Money(1, "USD"), DAY, order)
