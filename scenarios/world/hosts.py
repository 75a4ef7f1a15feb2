"""Machines that can lose power. A task belongs to the host in whose context it was started."""

from __future__ import annotations

from asyncio import Task
from contextvars import ContextVar
from typing import Any


class Host:
    """One machine; `epoch` counts its restarts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.up = True
        self.epoch = 0
        # Kept as a dict for its order: the order in which tasks were started.
        self.tasks: dict[Task[Any], None] = {}

    def forget(self, task: Task[Any]) -> None:
        """A task has ended."""
        self.tasks.pop(task, None)

    def power_off(self) -> list[Task[Any]]:
        """Go down; returns the tasks that died with it."""
        self.up = False
        self.epoch += 1
        dead = list(self.tasks)
        self.tasks = {}
        return dead

    def power_on(self) -> None:
        """Come up again, with nothing running."""
        self.up = True


# The host on whose behalf the present code runs; None for the world itself.
HOST: ContextVar[Host | None] = ContextVar("host", default=None)
