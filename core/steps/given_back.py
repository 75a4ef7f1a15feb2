"""What a refund, or a credit that a person gives, takes: of service delivered, and of service to come.

P33 to P35: the share delivered is contra revenue; the rest comes off deferred revenue, and as much of the
plans ends. An invoice of several lines or periods is one price: what is given back is taken off each
service in proportion to what of it is still to come.
"""

from __future__ import annotations

from core.canonical.erp import Late
from core.canonical.invoices import CreditNote
from core.finance.revenue.policy import GivenBack
from core.ports.desk import Desk
from core.steps.cases import NoteCase
from core.steps.schedule_revenue import what
from core.steps.undelivered import taken_by

_BY_HAND = frozenset({"refund", "adjustment"})


async def given_late(desk: Desk, note: CreditNote) -> Late:
    """What of the note comes off deferred revenue, by product; nothing where it is all goodwill."""
    if not _splits(desk, note):
        return ()
    return (await taken_by(desk, note)).by_product


async def end_given_back(desk: Desk, note: CreditNote, key: str) -> None:
    """As much of the plans backwards, over the days that are left."""
    if _splits(desk, note):
        await _end(desk, note, key)


async def end_credited(desk: Desk, case: NoteCase) -> None:
    """The same for a credit by hand, and for a write-off, which always ends what was not delivered."""
    if case.note.source == "write_off" or _splits(desk, case.note):
        await _end(desk, case.note, f"{case.key}/end_credited")


def _splits(desk: Desk, note: CreditNote) -> bool:
    return note.source in _BY_HAND and desk.revenue.given_back is GivenBack.SPLIT


async def _end(desk: Desk, note: CreditNote, key: str) -> None:
    taken = await taken_by(desk, note)
    for plan in taken.left.backwards(note.number, taken.late.minor):
        await desk.erp.add_schedule(plan, f"{key}/{what(plan)}")
