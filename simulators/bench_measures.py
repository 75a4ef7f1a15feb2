"""Servers and load as processes, and what each server spends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

CONNECTIONS = 16
_LOADER = (sys.executable, "-m", "simulators.bench_load")
_IDS = 90


class Spread(NamedTuple):
    """Of several rounds."""

    least: float
    median: float
    most: float


class Pressed(NamedTuple):
    """One round."""

    per_cpu_second: float
    p99_ms: float


def spread(values: Sequence[float]) -> Spread:
    """Least, median, most."""
    return Spread(min(values), median(values), max(values))


class Process:
    """A child that speaks JSON by the line."""

    def __init__(self, *command: str) -> None:
        # Bytecode is written, as it is for whoever uses the program for the second time.
        around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=around
        )

    def hear(self) -> Any:
        """The next line that it says."""
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(map(str, self.child.args))} ended")  # type: ignore[arg-type]
        return json.loads(line)

    def say(self, what: object) -> None:
        """One line to it."""
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps(what) + "\n")
        self.child.stdin.flush()

    def stop(self) -> None:
        """It ends when its input does; if not, it is made to."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.close()
        try:
            self.child.wait(5)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.child.stdout.close()


class Serving(Process):
    """A server; ids: of customers that it has."""

    def __init__(self, kind: str) -> None:
        super().__init__(sys.executable, "-m", "simulators.bench_served", kind)
        said = self.hear()
        self.kind, self.urls, self.key = kind, said["urls"], said["key"]
        self.port = urlsplit(self.urls["stripe"]).port
        self.ids: list[str] = []

    def cpu_seconds(self) -> float:
        """Spent so far by all its threads."""
        tasks = Path(f"/proc/{self.child.pid}/task")
        try:
            return sum(int((t / "schedstat").read_text().split()[0]) for t in tasks.iterdir()) / 1e9
        except OSError:
            fields = Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mib(self) -> float:
        """What it holds in memory now."""
        status = Path(f"/proc/{self.child.pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1]) / 1024


class Bench:
    """One load process and the servers that it presses; all end with the block."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self._load = Process(*_LOADER)
        self._shared: dict[str, Serving] = {}
        self._all: list[Serving] = []

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (*self._all, self._load):
            process.stop()

    def server(self, kind: str) -> Serving:
        """The one that all calls are measured with."""
        if kind not in self._shared:
            self._shared[kind] = self.fresh(kind)
            self.fill(self._shared[kind], 1000)
        return self._shared[kind]

    def fresh(self, kind: str) -> Serving:
        """A server with nothing in it."""
        server = Serving(kind)
        self._all.append(server)
        return server

    def fill(self, server: Serving, count: int) -> None:
        """Create so many customers."""
        first = self._order(server, "fill", min(_IDS, count), keep_ids=True)
        server.ids = first["ids"]
        if count > _IDS:
            self._order(server, "fill", count - _IDS)

    def press(self, server: Serving, kind: str) -> Pressed:
        """One round of calls."""
        before = server.cpu_seconds()
        found = self._order(server, kind, self._calls)
        return Pressed(self._calls / (server.cpu_seconds() - before), found["p99_ms"])

    def _order(self, server: Serving, kind: str, calls: int, *, keep_ids: bool = False) -> dict[str, Any]:
        self._load.say(
            {
                "kind": kind,
                "calls": calls,
                "connections": CONNECTIONS,
                "port": server.port,
                "key": server.key,
                "ids": server.ids,
                "keep_ids": keep_ids,
            }
        )
        found: dict[str, Any] = self._load.hear()
        if found["wrong"]:
            raise RuntimeError(f"{server.kind} {kind}: {found['wrong'][0]}")
        return found

    def start_seconds(self) -> dict[str, float]:
        """From the start of a process with all mocks to the first answer of each."""
        began = time.perf_counter()
        serving = Serving("all")
        try:
            found = {}
            for name, url in serving.urls.items():
                try:
                    urlopen(url, timeout=10).close()
                except HTTPError as refusal:
                    # Any answer will do.
                    refusal.close()
                found[name] = time.perf_counter() - began
            return found
        finally:
            serving.stop()
