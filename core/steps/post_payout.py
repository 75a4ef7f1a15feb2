"""Book what the processor sent to the bank, and what it kept."""

from __future__ import annotations

from datetime import date

from core.canonical.erp import Journal, JournalLine
from core.canonical.errors import Missing
from core.canonical.money import Money
from core.ports import Desk
from core.steps.cases import PayoutCase
from core.steps.posting_day import post_in_open_period

BANK, CLEARING, FEES = "1000", "1010", "6000"


async def post_payout(desk: Desk, case: PayoutCase) -> None:
    """Dr bank and fees, Cr processor clearing; once per payout."""
    payout = case.payout
    if payout.status != "paid":
        raise Missing(f"payout {payout.id} is {payout.status}, not paid")
    nothing = Money(0, payout.amount.currency)
    lines = [JournalLine(BANK, payout.amount, nothing, payout.id)]
    if payout.fees:
        lines.append(JournalLine(FEES, payout.fees, nothing, payout.id))
    lines.append(JournalLine(CLEARING, nothing, payout.gross, payout.id))

    currency = payout.amount.currency
    entity = desk.routing.cashier(currency).key if desk.routing.entities else ""

    async def post(on: date) -> None:
        memo = f"Payout {payout.id}"
        journal = Journal(payout.id, on, currency, memo, tuple(lines), entity)
        await desk.erp.post_journal(journal, f"{case.key}/post_payout")

    await post_in_open_period(desk, payout.on, post)
