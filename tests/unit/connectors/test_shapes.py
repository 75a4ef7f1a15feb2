"""What is in a vendor's answer and makes no sense is held for the integration team, and never a crash."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.canonical.errors import Held
from core.canonical.money import Money
from core.connectors.netsuite.rows import register_row
from core.connectors.shapes import day, moment, money
from core.connectors.stripe.funds import state_of
from core.connectors.stripe.mapping import charge_state
from core.connectors.zuora.rating import billed
from core.connectors.zuora.words import kind_of, status_of

STRANGE = "a_value_of_next_year"


def test_what_makes_sense_is_read() -> None:
    assert day("2026-02-01T10:00:00Z", "on", "zuora") == date(2026, 2, 1)
    assert moment("2026-02-01 10:00:00", "at", "netsuite") == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert money("1.50", "USD", "amount", "zuora") == Money(150, "USD")
    assert money(None, "USD", "amount", "zuora") == Money(0, "USD")
    assert (kind_of({"type": "Usage"}), status_of({"status": "Posted"})) == ("Usage", "posted")
    assert (state_of({"status": "canceled"}), charge_state({"status": "pending"})) == ("cancelled", "pending")


@pytest.mark.parametrize(
    "act",
    [
        lambda: day(STRANGE, "on", "zuora"),
        lambda: day(None, "on", "zuora"),
        lambda: moment(STRANGE, "at", "netsuite"),
        lambda: money(1, STRANGE, "amount", "zuora"),
        lambda: money("one", "USD", "amount", "zuora"),
        lambda: kind_of({"type": STRANGE}),
        lambda: status_of({"status": STRANGE}),
        lambda: state_of({"status": STRANGE}),
        lambda: charge_state({"status": STRANGE}),
        lambda: register_row({"currency": STRANGE}, {"1": "USD"}),
        # It was left out before, as if that use had never been billed.
        lambda: billed({"invoice": {"status": STRANGE}}),
    ],
)  # fmt: skip
def test_what_makes_none_is_held_for_the_integration_team(act) -> None:
    with pytest.raises(Held, match="adapt it, or have the change of the schema undone") as raised:
        act()
    assert raised.value.owner == "integration"
