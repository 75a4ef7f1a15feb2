"""Try a failed card again, on the days that the dunning calendar names."""

from __future__ import annotations

from datetime import date
from enum import Enum

from core.ports.billing import Row
from core.ports.desk import Desk


class Dunned(Enum):
    """What became of it."""

    CHARGED = "a charge was tried"
    NOT_TODAY = "nothing to do today"
    BY_INVOICE = "the customer pays by invoice"


async def dun(desk: Desk, row: Row, days: tuple[int, ...], today: date) -> Dunned:
    """One open invoice. `days`: after the request was made, one for each further charge."""
    account = await desk.billing.account(row.account)
    if account.pays_by != "card":
        return Dunned.BY_INVOICE
    request = await desk.payments.request_for(row.number, account.payment_customer)
    if request is None or request.status not in ("open", "failed") or request.attempts > len(days):
        return Dunned.NOT_TODAY
    if request.attempts and (today - request.on).days < days[request.attempts - 1]:
        return Dunned.NOT_TODAY
    await desk.payments.charge_again(request, f"dunning:{account.key}#{row.number}/{request.attempts}")
    return Dunned.CHARGED
