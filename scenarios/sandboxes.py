"""The mocks in a thread of this process, on free ports: for tests, notebooks and scripts in Python."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from core.realtime import Crew, WallClock
from scenarios.checkers.laws import LAWS
from scenarios.collecting import Judged, collect, judge_books
from scenarios.serving import Lab
from simulators.serve import Plan, Served, serving

# Longest wait for the mocks to be up, for one control call, and between looks at what is pending.
_START, _CALL, _LOOK = 30.0, 120.0, 0.02


class SandboxError(RuntimeError):
    """The control surface refused; the text is its own."""


class Sandboxes:
    """Mocks that answer, seen by one tenant: where they are, how to sign in, and their control surface."""

    def __init__(self, served: Mapping[str, Served], tenant: str = "") -> None:
        self._served, self._tenant = served, tenant
        self.vendors: tuple[str, ...] = tuple(served)

    def url(self, vendor: str, *, tls: bool = False) -> str:
        """Base URL, without a slash at the end; for a tenant other than the main one with its prefix."""
        found = self._found(vendor)
        base = found.tls_url if tls else found.url
        if not base:
            raise SandboxError(f"{vendor} is not served over TLS; start with tls=True")
        return f"{base}/_tenant/{self._tenant}" if self._tenant else base

    def _found(self, vendor: str) -> Served:
        if vendor not in self._served:
            raise SandboxError(f"vendor: {vendor!r} is not served; there are: {', '.join(self.vendors)}")
        return self._served[vendor]

    @property
    def urls(self) -> dict[str, str]:
        """Base URLs by vendor."""
        return {vendor: self.url(vendor) for vendor in self.vendors}

    def credentials(self, vendor: str) -> dict[str, str]:
        """How to sign in to the vendor; a reset does not change it."""
        found: dict[str, str] = self.control(vendor, "GET", "credentials")
        return found

    def control(self, vendor: str, method: str, path: str, body: Any = None) -> Any:
        """One call of the control surface: control("stripe", "POST", "clock", {"advance": "30d"})."""
        parts = urlsplit(self.url(vendor))
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_CALL)
        try:
            data = b"" if body is None else json.dumps(body).encode()
            headers = {"content-type": "application/json"} if data else {}
            connection.request(method, f"{parts.path}/_tieout/{path}", data, headers)
            answer = connection.getresponse()
            found = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise SandboxError(found["error"])
        return found

    # --- time and state, of all systems

    def open(self, vendor: str, **options: int) -> None:
        """One system as on a first day with these numbers, until the next reset: open("netsuite",
        approvals=1). GET /_tieout/options lists what there is."""
        self.control(vendor, "POST", "reset", {"options": options})

    def reset(self, at: str | int | None = None) -> None:
        """All systems as on their first day, which is today; `at`: a moment (ISO 8601) that is that day."""
        wish: dict[str, Any] = {"all": True} if at is None else {"all": True, "at": at}
        self.control(self.vendors[0], "POST", "reset", wish)

    def now(self) -> str:
        """The present, ISO 8601 in UTC."""
        return str(self.control(self.vendors[0], "GET", "clock")["utc"])

    def advance(self, by: str | int) -> None:
        """Let time pass ("36h", "30d", or microseconds); what falls due on the way happens on the way."""
        self.control(self.vendors[0], "POST", "clock", {"advance": by})

    def go_to(self, moment: str | int) -> None:
        """Be at a moment: ISO 8601, or microseconds since 1970."""
        self.control(self.vendors[0], "POST", "clock", {"set": moment})

    def run(self, pace: float) -> None:
        """Let time run at so many times its pace; 0 makes it stand still."""
        self.control(self.vendors[0], "POST", "clock", {"run": pace})

    def snapshot(self, name: str) -> None:
        """Keep all systems and the clock as they are."""
        self.control(self.vendors[0], "POST", "snapshots", {"name": name})

    def restore(self, name: str) -> None:
        """All systems and the clock as they were."""
        self.control(self.vendors[0], "POST", "restore", {"name": name})

    def tenant(self, name: str, *, fork: bool = False) -> Sandboxes:
        """Another tenant: fresh, or in the present state of this one."""
        path, word = ("fork", "tenant") if fork else ("tenants", "name")
        self.control(self.vendors[0], "POST", path, {word: name})
        return Sandboxes(self._served, name)

    def drop(self) -> None:
        """Forget this tenant."""
        self.control(self.vendors[0], "DELETE", f"tenants?name={quote(self._tenant)}")

    # --- faults and findings, of one system

    def arm(self, vendor: str, kind: str, operation: str = "*", **more: Any) -> None:
        """Arm a fault; `more`: match, count, skip, seconds. GET /_tieout/faults lists the kinds."""
        self.control(vendor, "POST", "faults", {"kind": kind, "operation": operation, **more})

    def disturb(self, vendor: str, kind: str, **more: Any) -> None:
        """Make something happen inside a vendor's system."""
        self.control(vendor, "POST", "disturb", {"kind": kind, **more})

    def requests(self, vendor: str, **search: Any) -> list[dict[str, Any]]:
        """The journal, oldest first, narrowed by operation, method, path, status, contains, body, …"""
        found: list[dict[str, Any]] = self.control(vendor, "POST", "requests", search)["requests"]
        return found

    def called(self, vendor: str, times: int = 1, **search: Any) -> bool:
        """Whether the vendor was called exactly so often with what `search` says."""
        return len(self.requests(vendor, **search)) == times

    def books(self, vendor: str) -> Any:
        """The vendor's books as JSON."""
        return self.control(vendor, "GET", "books")

    def settle(self, seconds: float = 10.0) -> None:
        """Wait until no webhook or job is under way; SandboxError names what still is."""
        until = time.monotonic() + seconds
        while True:
            counts = {vendor: self.control(vendor, "GET", "pending")["pending"] for vendor in self.vendors}
            left = {vendor: count for vendor, count in counts.items() if count}
            if not left:
                return
            if time.monotonic() > until:
                raise SandboxError(f"still pending after {seconds} s: {urlencode(left)}")
            time.sleep(_LOOK)

    def judge(self, *laws: str) -> Judged:
        """What the checkers say of the books as they are: of the laws named, or of all that books show.

        SandboxError for a law that is unknown, or named though it cannot be judged here."""
        known = {law.id for law in LAWS}
        for law in laws:
            if law not in known:
                raise SandboxError(f"law: {law!r} is unknown; one of: {', '.join(sorted(known))}")
        evidence = asyncio.run(collect(Lab(self.urls, {}, {}), self.now()[:10]))
        judged = judge_books(evidence, self.vendors)
        for law in laws:
            if law in judged.left_out:
                raise SandboxError(f"law: {law} cannot be judged: {judged.left_out[law]}")
        verdicts = tuple(v for v in judged.verdicts if not laws or v.law in laws)
        return Judged(verdicts, judged.left_out)


@contextmanager
def sandboxes(
    *vendors: str,
    options: Mapping[str, Mapping[str, int]] | None = None,
    seed: str = "tieout",
    tls: bool = False,
) -> Iterator[Sandboxes]:
    """The named mocks (all when none is named), until the block is left.

    options: the mocks' numbers by vendor; seed: of ids and secrets. ServeError if they cannot start.
    """
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()
    found: dict[str, Any] = {}

    async def main() -> None:
        crew = Crew("tieout.sandboxes")
        try:
            plan = Plan(vendors, port_base=0, seed=seed, options=options, tls=tls)
            async with serving(plan, WallClock(), crew.spawn) as served:
                found["served"] = served
                ready.set()
                await stop.wait()
        except BaseException as error:
            found["error"] = error
            raise
        finally:
            ready.set()
            await crew.dismiss()

    def work() -> None:
        try:
            loop.run_until_complete(main())
        except BaseException as error:  # noqa: BLE001 - it is raised again where the mocks were wanted
            found.setdefault("error", error)
        finally:
            loop.close()

    thread = threading.Thread(target=work, daemon=True, name="tieout")
    thread.start()
    ready.wait(_START)
    try:
        if "error" in found:
            raise found["error"]
        yield Sandboxes(found["served"])
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
            thread.join(_START)
