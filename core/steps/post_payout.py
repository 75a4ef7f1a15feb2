"""Book what the processor sent to the bank, what it kept, and what the bank sent back."""

from __future__ import annotations

from datetime import date

from core.canonical.erp import Journal, JournalLine
from core.canonical.errors import Missing
from core.finance.cash import payouts
from core.ports.desk import Desk
from core.steps.cases import PayoutCase
from core.steps.posting_day import post_in_open_period, takes_in


async def post_payout(desk: Desk, case: PayoutCase) -> None:
    """Dr bank and fees, Cr processor clearing part by part; once per payout. One that came back was
    sent all the same: its return is an entry of its own."""
    payout = case.payout
    if payout.status not in ("paid", "failed"):
        raise Missing(f"payout {payout.id} is {payout.status}, not paid")
    await _post(
        desk, case, payout.id, f"Payout {payout.id}", payout.on, payouts.arrived(payout, desk.books.fees)
    )


async def post_payout_return(desk: Desk, case: PayoutCase) -> None:
    """The money is with the processor again, after the payout itself."""
    payout = case.payout
    if payout.status != "failed":
        raise Missing(f"payout {payout.id} is {payout.status}, not failed")
    on = max(payout.failed_on or payout.on, payout.on)
    memo = f"Payout {payout.id} returned"
    await _post(desk, case, f"{payout.id}-failed", memo, on, payouts.returned(payout))


async def _post(
    desk: Desk, case: PayoutCase, key: str, memo: str, on: date, entry: tuple[JournalLine, ...]
) -> None:
    currency = case.payout.amount.currency
    lines = desk.classification.journal(entry)

    async def post(day: date) -> None:
        journal = Journal(key, day, currency, memo, lines, takes_in(desk, currency))
        await desk.erp.post_journal(journal, f"{case.key}/post_payout/{key}")

    await post_in_open_period(desk, on, post)
