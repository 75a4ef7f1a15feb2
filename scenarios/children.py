"""One process of a deployment, started again whenever it dies."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.observing.logs import last_words
from core.process import AWAY
from simulators.serve import ServeError

_STOP_SECONDS = 15.0
# A process that dies at once is started again, but not in a tight loop.
_PAUSE_SECONDS = 0.5
_MOST_DEATHS = 20


@dataclass(slots=True)
class Child:
    """One process of the core. deaths: how often it ended without being asked; lived: once all was up."""

    name: str
    command: list[str]
    log: Path
    fds: tuple[int, ...] = ()
    process: asyncio.subprocess.Process | None = None
    deaths: int = 0
    wanted: bool = True
    lived: bool = False

    async def start(self) -> None:
        """Its output goes to its log. A terminal's Ctrl-C reaches its parent alone, which passes it on; its
        standard input is held open by its parent for as long as that lives."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=self.fds,
                start_new_session=True,
            )

    async def keep(self, told: Callable[[str], None]) -> None:
        """Start it again whenever it dies; ServeError when it does not live at all."""
        while self.wanted:
            assert self.process is not None
            code = await self.process.wait()
            if not self.wanted:
                return
            # A server that is away for a while is no death, once there was one.
            waits = code == AWAY and self.lived
            self.deaths += not waits
            if self.deaths >= _MOST_DEATHS or (code in (3, AWAY) and not waits):
                raise ServeError(f"{self.name} ended with {code}; {last_words(self.log)} (see {self.log})")
            told(f"{self.name} {'waits for a server' if waits else f'died ({code})'}; starting it again")
            await asyncio.sleep(_PAUSE_SECONDS)
            await self.start()

    def kill(self) -> None:
        """As the machine would: no farewell."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()

    async def stop(self) -> None:
        """Ask, wait, insist."""
        self.wanted = False
        if self.process is None or self.process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), _STOP_SECONDS)
        except TimeoutError:
            self.kill()
            await self.process.wait()
