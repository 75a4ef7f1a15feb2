"""One run that is played once and branches off, at each point of it, a process in which the power is cut.

What stands before a point is the same for all cuts behind it, so it is played once. A branch is a fork: the
whole run as it stands, in a process of its own, which goes on from there by itself. No thread may live where
this is done. What is asked of a run (clock, chance, disk) comes from inside it, so that a branch is to the
byte the run that its own token stands for.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Hashable
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, Protocol

from scenarios.world.powercut import Point


class Director(Protocol):
    """Who says which points get a branch, and hears what comes of each."""

    def wanted(self, number: int, point: Point, state: Hashable) -> bool:
        """Whether a point gets a branch (`scenarios.world.powercut.Branch`)."""
        ...

    def goes_on(self, number: int, point: Point, memory: bytes | None) -> bool:
        """Whether a branch is played on after the dark, of which only `memory` is left; asked at most once
        for each branch, before the next is begun. One that is not played on is never heard of again."""
        ...

    def heard(self, number: int, words: Any) -> None:
        """A branch's words, or None if it died without any."""
        ...


class Fork:
    """Branches off at the points that are wanted, not more than `most` at once.

    Call it at each point (`scenarios.world.powercut.Branch`): True says that this is the branch now.
    """

    def __init__(self, director: Director, most: int) -> None:
        self._director, self._most = director, most
        self._open: dict[Connection, tuple[int, int, Point]] = {}
        self._mouth: Connection | None = None
        self.point: tuple[int, Point] | None = None

    def __call__(self, number: int, point: Point, state: Hashable) -> bool:
        if not self._director.wanted(number, point, state):
            return False
        while len(self._open) >= self._most:
            self._listen(wait(list(self._open)))
        loop = asyncio.get_running_loop()
        ear, mouth = Pipe()
        child = os.fork()
        if child:
            mouth.close()
            self._open[ear] = (child, number, point)
            # Its first word comes soon, and may be its last.
            self._listen([ear])
            return False
        for other in (ear, *self._open):
            other.close()
        self._open, self._mouth, self.point = {}, mouth, (number, point)
        # asyncio believes that a child has no loop of its own; this one goes on with its parent's.
        asyncio._set_running_loop(loop)
        return True

    def dark(self, memory: bytes | None) -> None:
        """Of a branch: returns if it is to go on."""
        if self._mouth is None:
            raise RuntimeError("only a branch is ever in the dark")
        self._mouth.send(_Dark(memory))
        if not self._mouth.recv():
            os._exit(0)

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
            self._listen(wait(list(self._open)))

    def _listen(self, ears: list[Any]) -> None:
        for ear in ears:
            child, number, point = self._open[ear]
            try:
                words = ear.recv()
            except EOFError:
                words = None
            if isinstance(words, _Dark):
                on = self._director.goes_on(number, point, words.memory)
                ear.send(on)
                if on:
                    continue
            else:
                self._director.heard(number, words)
            del self._open[ear]
            ear.close()
            os.waitpid(child, 0)


class _Dark:
    """A branch's first word."""

    def __init__(self, memory: bytes | None) -> None:
        self.memory = memory
