"""What use costs and what of it is billed, as Zuora shows it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from core.canonical.errors import Held
from core.canonical.money import Money
from core.connectors.zuora import rating
from core.finance.usage.prices import Graduated, PerUnit, Volume, rate

TIERS = [
    {"tier": 2, "startingUnit": 100, "endingUnit": None, "price": Decimal("0.05"), "priceFormat": "PerUnit"},
    {"tier": 1, "startingUnit": 0, "endingUnit": 100, "price": Decimal("0.10"), "priceFormat": "PerUnit"},
]


def charge(model: str, **more: Any) -> dict[str, Any]:
    return {"number": "C-1", "type": "Usage", "model": model, "uom": "calls", "currency": "USD", **more}


def item(**invoice: Any) -> dict[str, Any]:
    return {
        "subscriptionNumber": "S-1", "sKU": "CALLS", "uOM": "calls", "serviceStartDate": "2026-01-15",
        "chargeAmount": Decimal("18.00"),
        "invoice": {"status": "Posted", "currency": "USD", "invoiceDate": "2026-02-15", **invoice},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "kind", "cost"),
    [
        (charge("Tiered", tiers=TIERS), Graduated, 15),
        (charge("Volume", tiers=TIERS), Volume, 10),
        (charge("PerUnit", price=Decimal("0.25")), PerUnit, 50),
    ],
)
def test_prices_by_their_model(shown: dict[str, Any], kind: type, cost: int) -> None:
    price = rating.price(shown)
    assert isinstance(price, kind)
    assert rate(price, Fraction(200)) == cost


def test_a_flat_fee_of_a_tier_is_due_where_it_is_used() -> None:
    flat = {"tier": 1, "startingUnit": 0, "endingUnit": None, "price": Decimal(9), "priceFormat": "FlatFee"}
    price = rating.price(charge("Tiered", tiers=[flat]))
    assert [rate(price, Fraction(quantity)) for quantity in (0, 1, 500)] == [0, 9, 9]


def test_a_model_that_is_not_known_is_held() -> None:
    with pytest.raises(Held, match="Overage"):
        rating.price(charge("Overage", price=Decimal(1)))


def test_a_contract_with_its_meters() -> None:
    seats = {"type": "Recurring", "model": "PerUnit", "uom": "Seats", "price": Decimal(9), "currency": "USD"}
    body = {
        "subscriptionNumber": "S-1", "contractEffectiveDate": "2026-01-15", "termEndDate": "2027-01-15",
        "ratePlans": [
            {"productSku": "TEAM", "ratePlanCharges": [seats]},
            {"productSku": "CALLS", "ratePlanCharges": [charge("Tiered", tiers=TIERS)]},
        ],
    }  # fmt: skip
    found = rating.contract(body, "acme")
    assert (found.number, found.customer, found.currency) == ("S-1", "acme", "USD")
    assert (found.start, found.end) == (date(2026, 1, 15), date(2027, 1, 15))
    assert {unit: meter.product for unit, meter in found.meters.items()} == {"calls": "CALLS"}


def test_only_bills_that_count() -> None:
    bill = rating.billed(item())
    assert bill is not None
    assert (bill.contract, bill.product, bill.start) == ("S-1", "CALLS", date(2026, 1, 15))
    assert (bill.net, bill.on) == (Money(1800, "USD"), date(2026, 2, 15))
    assert rating.billed(item(status="Draft")) is None
    assert rating.billed(item(reversed=True)) is None


def test_a_record_of_use() -> None:
    row = {
        "description": "USE-A", "accountNumber": "A-acme", "subscriptionNumber": "S-1", "uOM": "calls",
        "quantity": Decimal("12.5"), "startDateTime": "2026-01-20T00:00:00Z",
    }  # fmt: skip
    event = rating.used(row)
    assert (event.id, event.account, event.on) == ("USE-A", "acme", date(2026, 1, 20))
    assert event.quantity == Decimal("12.5")
