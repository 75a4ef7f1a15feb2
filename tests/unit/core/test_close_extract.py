"""The extract: all books at one cut-off."""

from __future__ import annotations

from datetime import UTC, date, datetime

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.ledger import LedgerLine


def test_the_balance_of_an_account_takes_its_sub_accounts_and_keeps_currencies_apart():
    def line(account: str, minor: int, currency: str) -> LedgerLine:
        on = date(2026, 1, 5)
        return LedgerLine(entry="J", account=account, amount=Money(minor, currency), on=on, period="2026-01")

    extract = Extract(
        month="2026-01",
        start=date(2026, 1, 1),
        end=date(2026, 2, 1),
        cut_off=datetime(2026, 2, 1, tzinfo=UTC),
        ledger=(
            line("1010", 500, "USD"),
            line("1010.EU", 40, "USD"),
            line("1010", 7, "EUR"),
            line("10100", 9, "USD"),
        ),
    )
    assert extract.balance("1010") == {"USD": Money(540, "USD"), "EUR": Money(7, "EUR")}
    assert extract.balance("1000") == {}
