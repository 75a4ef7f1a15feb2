"""What is given back: contra revenue by what was delivered of it, the rest off what is to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.invoices import CreditNote, Invoice, Line
from core.canonical.money import Money
from core.finance.exact import Rounding
from core.finance.revenue.policy import AS_DELIVERED, GivenBack, RevenuePolicy
from core.finance.revenue.schedule import Cents, Rule
from core.finance.revenue.spread import Spread
from core.steps.cases import open_note
from core.steps.given_back import end_credited, given_late
from tests.unit.core.fakes import Books, Office, in_office, make_invoice, make_note, usd

YEAR = (date(2026, 1, 1), date(2027, 1, 1))
JANUARY = (date(2026, 1, 1), date(2026, 2, 1))


def sold(*lines: tuple[str, int, tuple[date, date]], metered: int = 0) -> Invoice:
    rows = [
        Line(f"l{n}", "S-q1", product, "", usd(net), usd(0), *days)
        for n, (product, net, days) in enumerate(lines)
    ]
    if metered:
        rows.append(Line("lu", "S-q1", "CALLS", "", usd(metered), usd(0), *JANUARY, metered=True))
    net = usd(sum(line.net.minor for line in rows))
    return replace(
        make_invoice(status="posted"), on=date(2026, 1, 1), net=net, total=net, balance=net, lines=tuple(rows)
    )


def credit(number: str, minor: int, on: date, source: str = "refund") -> CreditNote:
    note = make_note(number, status="posted", source=source)
    return replace(note, on=on, net=usd(minor), tax=usd(0), total=usd(minor))


def give(invoice: Invoice, *notes: CreditNote, policy: RevenuePolicy = AS_DELIVERED) -> Books:
    """Each note posted and its plans ended."""
    books = Books()
    books.invoices["INV1"] = invoice
    books.notes = {note.number: note for note in notes}

    async def story(office: Office) -> None:
        desk = replace(office.desk, revenue=policy)
        for note in notes:
            books.late[note.number] = await given_late(desk, note)
            await end_credited(desk, await open_note(desk, note.number))

    in_office(story, books)
    return books


def by_product(books: Books, number: str) -> dict[str, Money]:
    return {each.product: each.amount for each in books.late[number]}


def late(books: Books, number: str) -> int:
    return sum(each.amount.minor for each in books.late[number])


def ended(books: Books, number: str) -> int:
    return -sum(plan.amount.minor for plan in books.plans.values() if plan.source == number)


def test_half_of_a_year_paid_in_advance_given_back_after_a_quarter():
    books = give(sold(("TEAM", 36_500, YEAR)), credit("CM1", 18_250, date(2026, 4, 1)))
    # 90 of 365 days are served: 45.00 of 182.50 is contra revenue, 137.50 was never to be earned.
    assert by_product(books, "CM1") == {"TEAM": usd(13_750)}
    (plan,) = books.plans.values()
    assert (plan.amount, plan.start, plan.end) == (usd(-13_750), date(2026, 4, 1), date(2027, 1, 1))


def test_goodwill_is_all_contra_revenue_and_ends_no_plan():
    policy = RevenuePolicy(given_back=GivenBack.CONTRA)
    books = give(sold(("TEAM", 36_500, YEAR)), credit("CM1", 18_250, date(2026, 4, 1)), policy=policy)
    assert books.late["CM1"] == ()
    assert books.plans == {}


def test_what_is_to_come_is_by_the_rule_that_the_plans_are_released_by():
    by_months = RevenuePolicy(Rule(Spread.FULL_MONTHS, Cents.CUMULATIVE, Rounding.DOWN))
    note = credit("CM1", 18_250, date(2026, 4, 1))
    # Nine of twelve months of 182.50, cut down; by days it is 137.50.
    assert ended(give(sold(("TEAM", 36_500, YEAR)), note, policy=by_months), "CM1") == 13_687


def test_what_is_written_off_ends_under_every_policy():
    policy = RevenuePolicy(given_back=GivenBack.CONTRA)
    note = credit("CM1", 36_500, date(2026, 4, 1), "write_off")
    assert ended(give(sold(("TEAM", 36_500, YEAR)), note, policy=policy), "CM1") == 27_500


def test_lines_and_periods_of_one_invoice_share_what_is_given_back():
    invoice = sold(("TEAM", 36_500, YEAR), ("SETUP", 3_100, JANUARY), metered=400)
    books = give(invoice, credit("CM1", 20_000, date(2026, 1, 21)))
    # Half of 400.00. Undelivered on the 21st: 345 of 365 days of TEAM, 11 of 31 of SETUP, none of the use.
    assert by_product(books, "CM1") == {"TEAM": usd(17_250), "SETUP": usd(550)}
    assert sorted(plan.amount.minor for plan in books.plans.values()) == [-17_250, -550]


def test_all_that_was_delivered_is_contra_revenue_alone():
    books = give(sold(("TEAM", 31_000, JANUARY)), credit("CM1", 31_000, date(2026, 2, 12)))
    assert (books.late["CM1"], books.plans) == ((), {})


@pytest.mark.parametrize("source", ["refund", "adjustment", "write_off"])
def test_all_of_it_on_the_first_day_takes_all_of_the_plan(source):
    books = give(sold(("TEAM", 31_000, JANUARY)), credit("CM1", 31_000, date(2026, 1, 1), source))
    assert ended(books, "CM1") == 31_000


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9_000), st.integers(0, 380)), min_size=1, max_size=5),
    st.integers(1, 200_000),
    st.integers(1, 400),
)
def test_credits_take_what_is_to_come_once_whatever_their_order(parts, price, days):
    """Shares of the price given back one after the other: each takes its share of what is then to come,
    to the cent down, all of them no more than the plan holds, and in either order the same."""
    service = (date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days))
    whole = sum(size for size, _ in parts)
    notes = [
        credit(f"CM{n}", price * size // max(whole, 10_000), date.fromordinal(service[0].toordinal() + day))
        for n, (size, day) in enumerate(parts)
    ]
    notes = [note for note in notes if note.net]
    books = give(sold(("TEAM", price, service)), *notes)
    for note in notes:
        gone = min((note.on - service[0]).days, days)
        share = Fraction(note.net.minor * (price - price * gone // days), price)
        assert share - 1 < late(books, note.number) <= share
        assert ended(books, note.number) == late(books, note.number)
    assert books.late == give(sold(("TEAM", price, service)), *notes[::-1]).late
    assert sum(plan.amount.minor for plan in books.plans.values()) >= -price
