"""Legal entities and foreign currencies in the core's steps: routing, payouts, revenue, revaluation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.canonical.erp import ForeignBalance, Schedule
from core.canonical.errors import Held, PeriodClosed
from core.canonical.money import Money
from core.canonical.parties import Address
from core.close.revalue import MONETARY, key_of, revalue_month
from core.finance.ledger.entities import LegalEntity, Routing
from core.finance.ledger.rates import Rate
from core.ports.desk import Desk
from core.revenue.recognise import recognise
from core.settings import LegalEntities, Settings
from core.steps.cases import OrderCase, PayoutCase
from core.steps.open_accounts import open_ledger_customer
from core.steps.post_payout import post_payout
from tests.unit.core.fakes import Books, Office, in_office, make_account, make_order, make_payout, usd

ROUTING = Routing(
    (LegalEntity("US", "Inc", "USD", "US"), LegalEntity("DE", "GmbH", "EUR", "DE")),
    {"US": "US", "DE": "DE"},
    cashiers={"USD": "US", "EUR": "DE"},
)
JANUARY, LAST = date(2026, 1, 1), date(2026, 1, 31)


def at_desk(books: Books, act, routing: Routing = ROUTING):
    """What an act at the desk of a company with entities gives."""

    async def story(office: Office):
        desk: Desk = replace(office.desk, routing=routing)
        return await act(desk)

    return in_office(story, books)


# --- routing ---


@pytest.mark.parametrize(
    ("country", "named", "entity"), [("DE", "", "DE"), ("US", "", "US"), ("US", "DE", "DE")]
)
def test_a_customer_goes_to_the_entity_of_the_account_else_of_the_country(country, named, entity):
    home = Address("1 Main St", "Town", "X", "10001", country)
    account = replace(make_account(), address=home, entity=named)
    books = Books()
    at_desk(books, lambda desk: open_ledger_customer(desk, OrderCase(make_order(), account)))
    assert books.ledger_entities == {"acme": entity}


def test_a_customer_of_nobody_is_held_and_not_posted():
    account = replace(make_account(), address=Address("1", "Rio", "RJ", "1", "BR"))
    books = Books()
    with pytest.raises(Held, match="country") as held:
        at_desk(books, lambda desk: open_ledger_customer(desk, OrderCase(make_order(), account)))
    assert held.value.owner == "sales operations"
    assert not books.ledger_customers


def test_one_company_has_no_entities():
    books = Books()
    at_desk(
        books, lambda desk: open_ledger_customer(desk, OrderCase(make_order(), make_account())), Routing(())
    )
    assert books.ledger_entities == {"acme": ""}


def test_a_payout_is_of_whoever_takes_the_currency_in():
    books = Books()
    at_desk(books, lambda desk: post_payout(desk, PayoutCase(make_payout())))
    assert books.journals["po_1"].entity == "US"
    with pytest.raises(Held, match="USD"):
        at_desk(
            Books(), lambda desk: post_payout(desk, PayoutCase(make_payout())), replace(ROUTING, cashiers={})
        )


def test_revenue_is_released_in_the_books_of_its_document():
    def plan(key: str, entity: str) -> Schedule:
        return Schedule(key, "INV1", usd(3100), JANUARY, date(2026, 2, 1), entity)

    books = Books(plans={each.key: each for each in (plan("a", "US"), plan("b", "DE"), plan("c", ""))})
    assert at_desk(books, lambda desk: recognise(desk, JANUARY)) == 2
    found = {key: (each.entity, {line.memo for line in each.lines}) for key, each in books.journals.items()}
    # The one without a document in the ledger goes with its currency.
    assert found == {
        "REV-2026-01-US-USD-001": ("US", {"a", "c"}),
        "REV-2026-01-DE-USD-001": ("DE", {"b"}),
    }


# --- revaluation ---


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def balances() -> list[ForeignBalance]:
    return [
        ForeignBalance("1100", "DE", usd(100_00), eur(90_00)),
        ForeignBalance("2000", "DE", usd(-10_00), eur(-9_00)),
        ForeignBalance("2100", "DE", usd(-90_00), eur(-81_00)),
        ForeignBalance("1010", "US", Money(1000, "JPY"), usd(6_70)),
    ]


RATES = [
    Rate("USD", "EUR", LAST, Fraction("0.95")),
    Rate("JPY", "USD", LAST, Fraction("0.0065")),
    Rate("USD", "EUR", date(2026, 2, 10), Fraction("0.50")),
]


def test_each_entity_is_revalued_once_and_the_ledger_asked_to_turn_it_back():
    books = Books(foreign=balances(), rates=RATES)
    assert at_desk(books, lambda desk: revalue_month(desk, JANUARY)) == 2
    german, american = books.journals["FXR-2026-01-DE"], books.journals["FXR-2026-01-US"]
    moved = {line.account: line.debit.minor - line.credit.minor for line in german.lines}
    assert moved == {"1100": 5_00, "2000": -50, "7010": -4_50}
    assert (german.entity, german.currency, german.on, german.reverse_on) == (
        "DE",
        "EUR",
        LAST,
        date(2026, 2, 1),
    )
    assert {line.account: line.debit.minor - line.credit.minor for line in american.lines} == {
        "1010": -20,
        "7010": 20,
    }
    assert at_desk(books, lambda desk: revalue_month(desk, JANUARY)) == 0
    assert "2100" not in MONETARY


def test_no_rate_of_the_last_day_no_revaluation():
    books = Books(foreign=balances(), rates=RATES[1:])
    with pytest.raises(Held, match="USD/EUR") as held:
        at_desk(books, lambda desk: revalue_month(desk, JANUARY))
    assert held.value.owner == "treasury"
    assert not books.journals


def test_a_closed_month_is_not_revalued_into_the_next():
    books = Books(foreign=balances(), rates=RATES, open_from=date(2026, 2, 1))
    with pytest.raises(PeriodClosed):
        at_desk(books, lambda desk: revalue_month(desk, JANUARY))
    assert not books.journals


def test_keys():
    assert key_of(JANUARY, "") == "FXR-2026-01-ALL"


# --- settings ---


def test_the_routing_is_data():
    told = {
        "entities": [{"key": "US", "name": "Inc", "currency": "USD", "country": "US"}],
        "countries": {"US": "US"},
        "cashiers": {"USD": "US"},
    }
    settings = Settings(legal_entities=LegalEntities.model_validate(told), revaluation_day=2)
    routing = settings.legal_entities.routing()
    assert routing.route("US").name == "Inc"
    assert routing.cashier("USD").key == "US"
    assert not Settings().legal_entities.routing().entities
