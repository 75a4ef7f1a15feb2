"""A refund that the bank sent back: the money is with the processor again and still owed."""

from __future__ import annotations

from datetime import date

from core.canonical.erp import Journal
from core.canonical.errors import Missing
from core.finance.cash import refunds
from core.ports.desk import Desk
from core.steps.between_entities import books_of, pass_on
from core.steps.cases import RefundCase
from core.steps.posting_day import post_in_open_period


async def post_refund_return(desk: Desk, case: RefundCase) -> None:
    """Dr clearing, Cr refunds payable, after the refund itself: the credit that was granted stands."""
    refund = case.refund
    if refund.status != "failed":
        raise Missing(f"refund {refund.id} is {refund.status}, not failed")
    on = refund.failed_on or desk.today

    currency, key = refund.amount.currency, f"{case.key}/post_refund_return"
    entry = desk.classification.journal(refunds.returned(refund.amount, refund.id), case.account.key)
    name, memo = f"{refund.id}-failed", f"Refund {refund.id} returned"

    async def post(day: date) -> None:
        books = books_of(desk, case.account, currency)
        await desk.erp.post_journal(Journal(name, day, currency, memo, entry, books), key)

    await post_in_open_period(desk, max(on, refund.on), post)
    await pass_on(desk, case.account, refund.amount, name, max(on, refund.on), key)
