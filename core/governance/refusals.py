"""Refusals in the audit log: a flood is a few lines with a count, since a stranger must not fill a disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.governance.audit import Deed, Outcome, Trail

# Lines of one sender in one minute that are written out; what comes after them is counted.
LINES_A_MINUTE = 20
_MINUTE_US = 60_000_000


@dataclass(slots=True)
class _Minute:
    number: int
    lines: int = 0
    more: int = 0
    last: Deed | None = None


class Refusals:
    """Writes refused deeds. Senders are told apart by `who` alone, of which there are as many as accounts and
    vendors: what a stranger can make up does not count. A count that the process took with it when it died is
    still in the metrics that were scraped before."""

    def __init__(self, trail: Trail, now: Callable[[], int], most: int = LINES_A_MINUTE) -> None:
        self._trail, self._now, self._most = trail, now, most
        self._minutes: dict[str, _Minute] = {}

    async def write(self, deed: Deed) -> None:
        """The line, or one more in the count of this minute; Unavailable if it cannot be written."""
        await self.settle()
        number = self._now() // _MINUTE_US
        minute = self._minutes.setdefault(deed.who, _Minute(number))
        if minute.lines < self._most:
            # Before the wait: many come at once.
            minute.lines += 1
            await self._trail.write(replace(deed, outcome=Outcome.REFUSED))
        else:
            minute.more, minute.last = minute.more + 1, deed

    async def settle(self, *, all_: bool = False) -> None:
        """Counts of minutes that are over, one line each; all_: also of this one, when a process ends. What
        cannot be written down is still counted afterwards (Unavailable)."""
        number = self._now() // _MINUTE_US
        for who, minute in list(self._minutes.items()):
            if minute.number == number and not all_:
                continue
            self._minutes.pop(who, None)
            if minute.last is None:
                continue
            try:
                await self._trail.write(_told(minute.last, minute.more))
            except BaseException:
                again = self._minutes.setdefault(who, _Minute(number))
                again.more, again.last = again.more + minute.more, again.last or minute.last
                raise


def _told(last: Deed, more: int) -> Deed:
    said = f"{more} more in the same minute; the last: {last.subject}: {last.reason}"
    return replace(last, subject=f"{more} more", outcome=Outcome.REFUSED, reason=said)
