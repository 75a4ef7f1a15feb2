"""Changes that many tasks ask for in the same moment, sent as one statement."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST = 500


class Batched(Generic[T]):
    """Collects wishes while one statement is under way; the next takes all of them.

    run: carries out a batch and returns, for each wish in order, whether it was granted; what it raises
    is raised for every wish of the batch.
    """

    def __init__(self, run: Callable[[Sequence[T]], Awaitable[Sequence[bool]]]) -> None:
        self._run = run
        self._wishes: list[tuple[T, asyncio.Future[bool]]] = []
        self._sender: asyncio.Task[None] | None = None

    async def add(self, wish: T) -> bool:
        """Returns when the batch with this wish is committed."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._wishes.append((wish, future))
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send())
        return await future

    async def _send(self) -> None:
        while self._wishes:
            batch, self._wishes = self._wishes[:_MOST], self._wishes[_MOST:]
            try:
                granted = await self._run([wish for wish, _ in batch])
            except Exception as error:  # noqa: BLE001 - it is raised where each of them waits
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), yes in zip(batch, granted, strict=True):
                    if not future.done():
                        future.set_result(yes)
