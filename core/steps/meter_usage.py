"""Bring an event of use into billing, once, if it may be rated."""

from __future__ import annotations

from core.canonical.errors import Held
from core.finance.usage.intake import take_in
from core.ports.desk import Desk
from core.steps.cases import UsageCase


async def meter_usage(desk: Desk, case: UsageCase) -> None:
    """Quiet if billing has the event already. Held where it cannot be rated: its day is still to come,
    or its meter is not in the contract."""
    event = case.event
    if await desk.billing.metered(event):
        desk.watch.count("usage_known_already")
        return
    today = desk.today
    meters = {(event.subscription, meter) for meter in case.meters}
    # A contract that measures nothing is known all the same: the meter is what is wrong.
    found = take_in([event], today=today, meters=meters or {(event.subscription, "")})
    if found.rejected:
        raise Held(f"usage {event.id}: {found.rejected[0].reason}", owner="billing operations")
    await desk.billing.meter(event, f"{case.key}/meter_usage")
