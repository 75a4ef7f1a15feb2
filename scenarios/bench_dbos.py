"""The same five durable steps as a dbos workflow, for comparison: python -m scenarios.bench_dbos URL COUNT.

A program of its own, as dbos is a library of the benchmark only and keeps one instance a process.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from typing import Any

from dbos import DBOS

STEPS, AT_ONCE = 5, 16


def main(url: str, count: int) -> None:
    """Prints workflows a second."""
    if url.startswith("sqlite:///"):
        # dbos keeps SQLite's rollback journal; the comparison is with the write-ahead log on both sides.
        with sqlite3.connect(url.removeprefix("sqlite:///")) as db:
            db.execute("PRAGMA journal_mode=WAL")
    configured: Any = {"name": "bench", "system_database_url": url, "log_level": "ERROR"}
    DBOS(config=configured)

    @DBOS.step()
    async def step(key: str) -> str:
        await asyncio.sleep(0)
        return key

    @DBOS.workflow()
    async def flow(key: str) -> str:
        for _ in range(STEPS):
            await step(key)
        return key

    async def run() -> float:
        DBOS.launch()
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(key: str) -> None:
            async with slots:
                handle = await DBOS.start_workflow_async(flow, key)
                await handle.get_result()

        await one("warm")
        began = time.perf_counter()
        await asyncio.gather(*(one(f"k{n}") for n in range(count)))
        took = time.perf_counter() - began
        DBOS.destroy()
        return count / took

    print(asyncio.run(run()))  # noqa: T201 - the other side of the comparison reads it


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
