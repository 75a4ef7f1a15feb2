"""Between entities: passed on, charged for, set off, taken out; against small books."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical.erp import Between, Journal, Posted
from core.canonical.errors import Held
from core.canonical.money import Money
from core.close.between import settle_between
from core.finance.ledger.entities import LegalEntity, Routing
from core.finance.ledger.intercompany import Side, charged, passed_on, set_off, taken_out
from core.steps.between_entities import pass_on
from tests.unit.core.fakes import Books, Office, in_office, make_account

JANUARY, END = date(2026, 1, 1), date(2026, 1, 31)
GROUP = Routing(
    tuple(LegalEntity(key, key, "GBP", "GB") for key in ("DE", "UK", "ELIM")),
    {"GB": "UK"},
    "",
    {"GBP": "DE", "USD": "DE"},
    Fraction(3, 200),
    eliminations="ELIM",
)
ALBION = replace(make_account(), entity="UK")


def gbp(minor: int) -> Money:
    return Money(minor, "GBP")


def held(books: Books) -> list[Between]:
    sums: dict[tuple[str, str, str], Counter[str]] = {}
    for journal in books.journals.values():
        for line in (x for x in journal.lines if x.partner):
            found = sums.setdefault((line.account, journal.entity, line.partner), Counter())
            amount = line.debit.minor - line.credit.minor
            found["balance"] += amount
            found["collected"] += amount if journal.key.startswith("IC-CASH-") else 0
            found["charged"] += amount if journal.key.startswith("IC-FEE-") else 0
    return [
        Between(*where, gbp(c["balance"]), gbp(c["collected"]), gbp(c["charged"]))
        for where, c in sums.items()
    ]


def in_group(books: Books, *amounts: int, settle: int = 1) -> Books:
    async def story(office: Office) -> None:
        desk = replace(office.desk, routing=GROUP)

        async def between(on: date) -> list[Between]:
            return held(books)

        desk.erp.between = between  # type: ignore[method-assign]
        for n, amount in enumerate(amounts):
            await pass_on(desk, ALBION, gbp(amount), f"pi_{n}", date(2026, 1, 10), f"payment#{n}")
        for _ in range(settle):
            await settle_between(desk, JANUARY)

    in_office(story, books)
    return books


def of(journal: Journal) -> list[tuple[str, int, str]]:
    return [(x.account, x.debit.minor - x.credit.minor, x.partner) for x in journal.lines]


def test_cash_is_passed_on_in_both_books_and_charged_for():
    books = in_group(Books(), 34_800)
    assert {key: (j.entity, of(j)) for key, j in books.journals.items()} == {
        "IC-CASH-pi_0-UK": ("UK", [("1300", 34_800, "DE"), ("1010", -34_800, "")]),
        "IC-CASH-pi_0-DE": ("DE", [("1010", 34_800, ""), ("2400", -34_800, "UK")]),
        "IC-FEE-2026-01-UK-DE-GBP-UK": ("UK", [("5000", 522, "DE"), ("2400", -522, "DE")]),
        "IC-FEE-2026-01-UK-DE-GBP-DE": ("DE", [("1300", 522, "UK"), ("4100", -522, "UK")]),
        "IC-NET-2026-01-DE-UK-GBP-DE": ("DE", [("2400", 522, "UK"), ("1300", -522, "UK")]),
        "IC-NET-2026-01-DE-UK-GBP-UK": ("UK", [("2400", 522, "DE"), ("1300", -522, "DE")]),
        "IC-ELIM-2026-01-GBP-ELIM": ("ELIM", [("1300", -34_278, "DE"), ("2400", 34_278, "UK")]),
        "IC-ELIM-PL-2026-01-GBP-ELIM": ("ELIM", [("4100", 522, "UK"), ("5000", -522, "DE")]),
    }
    assert books.journals["IC-ELIM-2026-01-GBP-ELIM"].reverse_on == date(2026, 2, 1)
    assert books.journals["IC-ELIM-PL-2026-01-GBP-ELIM"].reverse_on is None


def test_a_second_time_posts_nothing_new():
    once, twice = in_group(Books(), 34_800), in_group(Books(), 34_800, settle=2)
    assert once.journals == twice.journals


@pytest.mark.parametrize("missing", ["IC-FEE-2026-01-UK-DE-GBP-DE", "IC-NET-2026-01-DE-UK-GBP-UK"])
def test_a_side_that_a_crash_kept_back_is_posted_over_the_same(missing):
    whole = in_group(Books(), 34_800).journals
    books = Books()
    keys = list(whole)
    for key in keys[: keys.index(missing)]:
        books.journals[key] = whole[key]
        total = Money(sum(line.debit.minor for line in whole[key].lines), "GBP")
        books.ledger["journal", key] = Posted(key, key, gbp(0), total, END)
    assert in_group(books).journals == whole


def test_the_same_entity_and_one_company_pass_nothing_on():
    async def story(office: Office) -> None:
        german = replace(ALBION, entity="DE")
        await pass_on(replace(office.desk, routing=GROUP), german, gbp(100), "pi_1", END, "k")
        await pass_on(office.desk, ALBION, gbp(100), "pi_2", END, "k")

    books = Books()
    in_office(story, books)
    assert books.journals == {}


def test_one_side_alone_holds_the_elimination():
    with pytest.raises(Held, match="one side"):
        taken_out([("1300", "DE", gbp(100)), ("2400", "UK", gbp(-99))], "ELIM", "January")
    assert taken_out([("1300", "DE", gbp(0))], "ELIM", "January") is None


@given(st.lists(st.integers(-50_000, 90_000).filter(bool), max_size=6), st.integers(1, 5_000))
def test_whatever_is_collected_the_group_holds_nothing(amounts: list[int], fee: int):
    """Cash passed on, fees charged and set off, then taken out: nothing of it is left in any account."""
    sides: list[Side] = []
    for n, amount in enumerate(amounts):
        sides += passed_on(gbp(amount), "UK", "DE", f"pi_{n}")
    sides += charged(gbp(fee), "UK", "DE", "fee")
    sides += set_off(gbp(min(fee, 7)), "DE", "UK", "set off")
    held_now = [
        (line.account, line.partner, line.debit - line.credit)
        for side in sides
        for line in side.lines
        if line.partner
    ]
    out = taken_out(held_now, "ELIM", "month")
    left: Counter[str] = Counter()
    for side in (*sides, out):
        assert side is None or sum(x.debit.minor - x.credit.minor for x in side.lines) == 0
        for line in () if side is None else side.lines:
            left[line.account] += line.debit.minor - line.credit.minor
    assert {account: rest for account, rest in left.items() if rest} == {}
