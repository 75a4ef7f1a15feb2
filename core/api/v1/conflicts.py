"""Which system owns which field, and where another shows something else at this moment."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from core.api.v1.asking import TheCore, caller, only_known
from core.api.v1.problems import told
from core.governance.ownership import standard
from core.reconcile.conflicts import Conflicts
from core.reconcile.owners import last_night

router = APIRouter(
    prefix="/v1",
    tags=["ownership"],
    dependencies=[Depends(caller), Depends(only_known)],
    responses=told(401, 403, 422, 502, 503),
)


class OwnedShown(BaseModel):
    """record: the system of record; asked: the core asks it to set the field; copies: where the core shows
    it; asks: who answers for it."""

    field: str
    record: str
    asked: bool
    copies: list[str]
    asks: str


class ConflictShown(BaseModel):
    """owner, other: systems, with what each shows; since: the last change of the record at `other`, None
    where it does not tell; seen: when a night's look saw it first, microseconds since 1970, None if none has
    yet; asks: who answers for the owner."""

    object: str
    field: str
    owner: str
    value: str
    other: str
    shown: str
    since: datetime | None
    seen: int | None
    asks: str
    remedy: str


class Ownership(BaseModel):
    """The table, in the order in which it is written."""

    fields: list[OwnedShown]


class ConflictsFound(BaseModel):
    """All that there are, by object and field; looked_at: microseconds since 1970; night: when a night's
    look was last tried, None where there is none (direct does not look by itself); night_error: why it
    was not possible, "" if it was."""

    looked_at: int
    night: int | None = None
    night_error: str = ""
    conflicts: list[ConflictShown]


@router.get("/ownership", operation_id="getOwnership", summary="Which system owns which field")
async def ownership() -> Ownership:
    """What the guard before every write goes by."""
    table = standard()
    return Ownership(
        fields=[
            OwnedShown(
                field=name,
                record=owned.record,
                asked=owned.asked,
                copies=list(owned.copies),
                asks=table.owner(name),
            )
            for name, owned in table.fields.items()
        ]
    )


@router.get("/conflicts", operation_id="listConflicts", summary="Where a copy is not as its owner has it")
async def conflicts(core: TheCore) -> ConflictsFound:
    """Asks every system now, behind all that cannot wait; 502 or 503 where one cannot be asked, for half a
    look would say that all is well where nobody looked."""
    found = await Conflicts(core.desk, standard()).look()
    night = await last_night(core.store)
    shown = [
        ConflictShown(
            object=each.object,
            field=each.field,
            owner=each.owner,
            value=each.value,
            other=each.other,
            shown=each.shown,
            since=each.since,
            seen=night.seen(each),
            asks=each.asks,
            remedy=each.remedy,
        )
        for each in found
    ]
    return ConflictsFound(
        looked_at=core.desk.clock.now(),
        night=night.looked_at or None,
        night_error=night.error,
        conflicts=shown,
    )
