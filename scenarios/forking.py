"""One run that is played once and branches off, at each point of it, a process in which the power is cut.

What stands before a point is the same for all cuts behind it, so it is played once. A branch is a fork: the
whole run as it stands, in a process of its own, which goes on from there by itself. No thread may live where
this is done. What is asked of a run (clock, chance, disk) comes from inside it, so that a branch is to the
byte the run that its own token stands for.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Hashable
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

from scenarios.world.powercut import Branch, Point

# Told by a branch when it is over.
Heard = Callable[[int, Point, Any], None]


class Fork:
    """Branches off at the `wanted` points, not more than `most` at once. heard: gets each branch's words, or
    None if it died without any.

    Call it at each point (`scenarios.world.powercut.Branch`): True says that this is the branch now.
    """

    def __init__(self, wanted: Branch, most: int, heard: Heard) -> None:
        self._wanted, self._most, self._heard = wanted, most, heard
        self._open: dict[Connection, tuple[int, int, Point]] = {}
        self._mouth: Connection | None = None
        self.point: tuple[int, Point] | None = None

    def __call__(self, number: int, point: Point, state: Hashable) -> bool:
        if not self._wanted(number, point, state):
            return False
        while len(self._open) >= self._most:
            self._listen()
        loop = asyncio.get_running_loop()
        ear, mouth = Pipe(duplex=False)
        child = os.fork()
        if child:
            mouth.close()
            self._open[ear] = (child, number, point)
            return False
        for other in (ear, *self._open):
            other.close()
        self._open, self._mouth, self.point = {}, mouth, (number, point)
        # asyncio believes that a child has no loop of its own; this one goes on with its parent's.
        asyncio._set_running_loop(loop)
        return True

    def say(self, words: Any) -> None:
        """The last act of a branch: tell the parent, and be gone with nothing of the parent's tidied up."""
        if self._mouth is None:
            raise RuntimeError("only a branch has something to say")
        self._mouth.send(words)
        self._mouth.close()
        os._exit(0)

    def end(self) -> None:
        """Of the parent: wait for the branches that are still under way."""
        while self._open:
            self._listen()

    def _listen(self) -> None:
        for ear in wait(list(self._open)):
            assert isinstance(ear, Connection)
            child, number, point = self._open.pop(ear)
            try:
                words = ear.recv()
            except EOFError:
                words = None
            ear.close()
            os.waitpid(child, 0)
            self._heard(number, point, words)
