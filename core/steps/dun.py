"""Try a failed card again, on the days that the dunning calendar names."""

from __future__ import annotations

from datetime import date

from core.ports import Desk, Row


async def dun(desk: Desk, row: Row, days: tuple[int, ...], today: date) -> bool:
    """One open invoice; True if a charge was tried. `days`: after the request was made."""
    account = await desk.billing.account(row.account)
    if account.pays_by != "card":
        return False
    request = await desk.payments.request_for(row.number, account.payment_customer)
    if request is None or request.status not in ("open", "failed") or request.attempts > len(days):
        return False
    if request.attempts and (today - request.on).days < days[request.attempts - 1]:
        return False
    await desk.payments.charge_again(request, f"dunning:{account.key}#{row.number}/{request.attempts}")
    return True
