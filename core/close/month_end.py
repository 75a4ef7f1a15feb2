"""The month's end as a job of the core: what the ports show, under the same forty controls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from core.canonical.errors import CoreError
from core.close.controls.index import CONTROLS
from core.close.engine import Outcome, run
from core.close.once import Patience, for_one_look
from core.close.reading import read_extract
from core.finance.calendar import add_months
from core.ports.desk import Desk

# Of these the ports show both sides; what the others need stands in no port.
BY_PORT = ("C01", "C03", "C07", "C10", "C13", "C15", "C26")


class MonthEnd:
    """`last`: outcome of each control at the latest close, by number."""

    def __init__(self, desk: Desk, patience: Patience) -> None:
        self._desk, self._patience = desk, patience
        self.last: Mapping[str, Outcome] = MappingProxyType({})

    async def run(self) -> None:
        """Close the month before this one."""
        await self.close(add_months(self._desk.today.replace(day=1), -1))

    async def close(self, month: date) -> bool:
        """Close the month that begins on `month`; whoever owns an open exception is told of it. Reads only,
        so that it may be run again. False if the books could not be read."""
        try:
            extract = await read_extract(for_one_look(self._desk, self._patience), month)
        except CoreError as error:
            said = f"the books of {month:%Y-%m} could not be read: {error.detail}"
            self._desk.watch.alert("medium", "month_end", said)
            return False
        self.last = MappingProxyType({number: run(CONTROLS[number], extract) for number in BY_PORT})
        for outcome in self.last.values():
            self._tell(outcome)
        return True

    def _tell(self, outcome: Outcome) -> None:
        control = outcome.control
        self._desk.watch.count(f"close.{control.id}.{outcome.state.value}")
        for item in outcome.open:
            cause = item.cause or "cause unknown"
            text = f"{control.id} {control.terms.name}: {cause} ({item.says}); ask {item.owner}"
            self._desk.watch.alert("high", "/".join(item.key), text)
