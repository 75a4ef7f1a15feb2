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

    def goes_on(self, number: int, state: bytes | None) -> bool:
        """Whether a branch that has come to this state is played on; asked at most twice of each. One that
        is not played on is never heard of again."""
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
        # By their ends of the pipes: process and number.
        self._open: dict[Connection, tuple[int, int]] = {}
        self._mouth: Connection | None = None
        self.point: tuple[int, Point] | None = None

    def __call__(self, number: int, point: Point, state: Hashable) -> bool:
        if not self._director.wanted(number, point, state):
            return False
        while len(self._open) >= self._most:
            self._listen()
        loop = asyncio.get_running_loop()
        ear, mouth = Pipe()
        child = os.fork()
        if child:
            mouth.close()
            self._open[ear] = (child, number)
            return False
        for other in (ear, *self._open):
            other.close()
        self._open, self._mouth, self.point = {}, mouth, (number, point)
        # asyncio believes that a child has no loop of its own; this one goes on with its parent's.
        asyncio._set_running_loop(loop)
        return True

    def has_come_to(self, state: bytes | None) -> None:
        """Of a branch: returns if it is to go on."""
        if self._mouth is None:
            raise RuntimeError("only a branch is ever compared")
        self._mouth.send(_State(state))
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
            self._listen()

    def _listen(self) -> None:
        for ear in wait(list(self._open)):
            assert isinstance(ear, Connection)
            child, number = self._open[ear]
            try:
                words = ear.recv()
            except EOFError:
                words = None
            if isinstance(words, _State):
                on = self._director.goes_on(number, words.state)
                ear.send(on)
                if on:
                    continue
            else:
                self._director.heard(number, words)
            del self._open[ear]
            ear.close()
            os.waitpid(child, 0)


class _State:
    """What a branch has come to."""

    def __init__(self, state: bytes | None) -> None:
        self.state = state
