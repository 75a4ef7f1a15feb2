"""The contract asset in the ledger: accrued at the month's end, met on the day of the bill, both once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from core.canonical.erp import Posted, Schedule
from core.canonical.errors import Unclear
from core.finance.ledger.dimensions import Carried, Classification
from core.finance.revenue.ahead import Netting
from core.finance.revenue.policy import RevenuePolicy
from core.revenue.recognise import recognise
from tests.unit.core.fakes import Books, Office, in_office, usd

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
ALL = Classification(frozenset(Carried))
NET = RevenuePolicy()
GROSS = RevenuePolicy(netting=Netting.OBLIGATION)


def books(*more: Schedule) -> Books:
    """280.00 of 15 February to 14 March, billed on 1 March."""
    found = Books()
    half = Schedule(
        "RS-1", "INV1", usd(28_000), date(2026, 2, 15), date(2026, 3, 15), product="SUPPORT", contract="S-1"
    )
    found.plans = {plan.key: plan for plan in (half, *more)}
    found.ledger["invoice", "INV1"] = Posted("1", "INV1", usd(28_000), usd(28_000), MARCH)
    for plan in more:
        billed = Posted("0", plan.source, plan.amount, plan.amount, plan.start)
        found.ledger["invoice", plan.source] = billed
    return found


def run(found: Books, *months: date, policy: RevenuePolicy = NET) -> list[int]:
    async def story(office: Office) -> list[int]:
        return [
            await recognise(replace(office.desk, revenue=policy, classification=ALL), month)
            for month in months
        ]

    return in_office(story, found)


def moved(found: Books) -> dict[tuple[str, date], int]:
    """Debits less credits by account and day."""
    sums: Counter[tuple[str, date]] = Counter()
    for journal in found.journals.values():
        for line in journal.lines:
            sums[line.account, journal.on] += line.debit.minor - line.credit.minor
    return {place: amount for place, amount in sums.items() if amount}


def test_what_is_served_before_its_bill_is_an_asset_until_the_bill_meets_it():
    run(found := books(), FEBRUARY)
    assert moved(found) == {
        ("4000", date(2026, 2, 28)): -14_000,
        ("1150", date(2026, 2, 28)): 14_000,
        ("1150", MARCH): -14_000,
        ("2100", MARCH): 14_000,
    }
    assert sorted(found.journals) == ["REV-2026-02-USD-001", "UNB-2026-02-USD-001", "UNB-2026-02-USD-002"]


def test_again_posts_nothing_and_the_next_month_is_billed():
    run(found := books(), FEBRUARY, FEBRUARY, MARCH)
    assert sorted(found.journals)[-2:] == ["UNB-2026-02-USD-001", "UNB-2026-02-USD-002"]
    assert sum(amount for (account, _), amount in moved(found).items() if account == "1150") == 0


def test_netted_within_the_contract_or_shown_beside_its_liability():
    year = Schedule(
        "RS-0", "INV0", usd(36_500), date(2026, 1, 1), date(2027, 1, 1), product="TEAM", contract="S-1"
    )
    run(net := books(year), FEBRUARY)
    assert not [key for key in net.journals if key.startswith("UNB-")]
    run(gross := books(year), FEBRUARY, policy=GROSS)
    assert moved(gross)["1150", date(2026, 2, 28)] == 14_000


def test_where_the_month_is_closed_the_revenue_stands_with_its_bill():
    found = books()
    found.open_from = MARCH
    run(found, FEBRUARY)
    assert moved(found) == {("4000", MARCH): -14_000, ("2100", MARCH): 14_000}


def test_a_crash_between_both_journals_is_made_good():
    found = books()

    async def story(office: Office) -> None:
        desk = replace(office.desk, classification=ALL)
        real = desk.erp.post_journal
        count = 0

        async def breaks(journal, key):
            nonlocal count
            count += 1
            if count == 3:
                raise Unclear("the line went dead")
            await real(journal, key)

        desk.erp.post_journal = breaks
        with pytest.raises(Unclear):
            await recognise(desk, FEBRUARY)
        desk.erp.post_journal = real
        await recognise(desk, FEBRUARY)

    in_office(story, found)
    assert moved(found)["1150", MARCH] == -14_000
    assert len(found.journals) == 3
