"""Try a failed card again, on the days that the dunning calendar names."""

from __future__ import annotations

from datetime import date
from enum import Enum

from core.finance.cash.dunning import BySegment, retries
from core.ports.billing import Row
from core.ports.desk import Desk


class Dunned(Enum):
    """What became of it."""

    CHARGED = "a charge was tried"
    NOT_TODAY = "nothing to do today"
    BY_INVOICE = "the customer pays by invoice"


async def dun(desk: Desk, row: Row, collecting: BySegment, today: date) -> Dunned:
    """One open invoice, on the calendar of its customer's segment."""
    account = await desk.billing.account(row.account)
    if account.pays_by != "card":
        return Dunned.BY_INVOICE
    request = await desk.payments.request_for(row.number, account.payment_customer)
    if request is None or request.status not in ("open", "failed"):
        return Dunned.NOT_TODAY
    # The first charge comes with the request; where there was none, dunning makes it.
    days = [request.on, *retries(request.on, collecting.of(account.segment).retry_gaps)]
    if request.attempts >= len(days) or today < days[request.attempts]:
        return Dunned.NOT_TODAY
    await desk.payments.charge_again(request, f"dunning:{account.key}#{row.number}/{request.attempts}")
    return Dunned.CHARGED
