"""The night's look for conflicts of ownership: what stands over a night is told once, to its owner."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from core.canonical.errors import CoreError
from core.governance.ownership import Ownership
from core.ports.desk import Desk
from core.ports.durable import Store
from core.ports.memory import Memory, Said
from core.reconcile.conflicts import CUSTOMER, Conflict, Conflicts

NAME = "ownership"
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Standing:
    """A conflict that is known. seen: microseconds, when a night saw it first; told: its owner was alerted.
    What the systems show is not kept: it may be personal."""

    object: str
    field: str
    other: str
    seen: int
    told: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Which one it is."""
        return self.object, self.field, self.other


@dataclass(frozen=True, slots=True)
class Night:
    """looked_at: microseconds of the last look, 0 before the first; error: why it was not possible, "" if it
    was; standing: all that are known, by object."""

    looked_at: int = 0
    error: str = ""
    standing: tuple[Standing, ...] = ()

    def seen(self, conflict: Conflict) -> int | None:
        """When a night saw it first; None if none has yet."""
        wanted = conflict.object, conflict.field, conflict.other
        return next((each.seen for each in self.standing if each.key == wanted), None)


async def last_night(memory: Memory) -> Night:
    """As the last look left it."""
    said = next((each for each in await memory.said(0) if each.name == NAME), None)
    return Night() if said is None else read_night(said)


def read_night(said: Said) -> Night:
    """What was said under the name of the look."""
    plain = json.loads(said.body)
    return Night(said.at, plain["error"], tuple(Standing(**each) for each in plain["standing"]))


class OwnershipLook:
    """One look a night. A deal or mirror that a flow is still at work on differs for a while: what is seen
    for the first time is kept, and told if the next night still sees it."""

    def __init__(self, desk: Desk, store: Store, table: Ownership) -> None:
        self._desk, self._store = desk, store
        self._conflicts = Conflicts(desk, table)

    async def run(self, desk: Desk, since: datetime | None = None) -> None:
        """desk: for one look, so that what others have read tonight is not read again; since: as far back as
        they have read, if any did. It looks further if nights before did not end well. A system that cannot
        be asked is told, and asked again the next night."""
        watch, now = self._desk.watch, self._desk.clock.now()
        before = Night()
        try:
            before = await last_night(self._store)
            mark = await self._store.watermark(NAME)
            found = await self._conflicts.since(_earlier(since, mark), desk)
        except CoreError as error:
            watch.alert("medium", NAME, f"not looked at: {error.detail}")
            watch.count("ownership.not_looked_at")
            with suppress(CoreError):
                await self._say(replace(before, looked_at=now, error=error.detail))
            return
        # Of a deal or invoice that has not changed since nothing is read, and it stands as before.
        unread = (each for each in before.standing if each.object not in found.looked_at)
        kept = [each for each in unread if not each.object.startswith(CUSTOMER)]
        standing = [*kept, *_standing(found.conflicts, before, now)]
        fresh = {each.key for each in standing if each.told} - {e.key for e in before.standing if e.told}
        # The alert first: told twice is better than never.
        self._tell(each for each in found.conflicts if _key(each) in fresh)
        watch.count("ownership.looks")
        with suppress(CoreError):
            await self._say(Night(now, "", tuple(sorted(standing, key=lambda each: each.key))))
            await self._store.move_watermark(NAME, now)

    def _tell(self, conflicts: Iterable[Conflict]) -> None:
        for each in conflicts:
            says = f"{each.field}: {each.owner} says {each.value!r}, {each.other} shows {each.shown!r}"
            since = f" since {each.since:%Y-%m-%d %H:%M}" if each.since else ""
            self._desk.watch.alert("medium", each.object, f"{says}{since}; {each.remedy} [ask: {each.asks}]")
            self._desk.watch.count("ownership.conflicts")

    async def _say(self, night: Night) -> None:
        body = {"error": night.error, "standing": [asdict(each) for each in night.standing]}
        await self._store.say(Said(NAME, night.looked_at, json.dumps(body)))


def _standing(found: Iterable[Conflict], before: Night, now: int) -> list[Standing]:
    known: Mapping[tuple[str, str, str], Standing] = {each.key: each for each in before.standing}
    made = []
    for each in found:
        key = _key(each)
        made.append(replace(known[key], told=True) if key in known else Standing(*key, seen=now))
    return made


def _key(conflict: Conflict) -> tuple[str, str, str]:
    return conflict.object, conflict.field, conflict.other


def _earlier(since: datetime | None, mark: int) -> datetime:
    """From a day before the last look that ended well: something may have changed while it looked."""
    back = datetime.fromtimestamp(max(mark - _DAY_US, 0) // 1_000_000, UTC)
    return back if since is None else min(since, back)
