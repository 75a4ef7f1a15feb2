"""Presses a served lab from outside and judges the books afterwards: python -m loadtests.press.

Three processes: the lab, Locust, and this one, which runs the bills, waits for rest and judges.
Exit codes: 0 the laws hold, 1 a law is broken or requests failed, 2 undecided, 3 it could not be run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from rich.console import Console

from core.assemble import MODELS
from core.realtime import WallClock
from loadtests.findings import Pressed, Row, exit_code, read_refusals, read_rows, show, write
from scenarios.collecting import collect, counters, judge_books, settle
from scenarios.lifecycles.hands import Hands, HandsError
from scenarios.serving import Lab, reaching, read_lab, serve_command

_ROOT = Path(__file__).resolve().parent.parent
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_USERS_MAX, _SECONDS_MAX = 500, 3600
# Seconds: for the lab to come up, for Locust beyond its run time, for rest, for the lab to go down.
_UP, _LOCUST_MORE, _REST, _DOWN = 60.0, 60.0, 180.0, 20.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done. spawn_rate: users a second; bill_every: seconds between bill runs."""

    users: int
    seconds: int
    spawn_rate: float
    host: str
    model: str
    face: str
    bill_every: float
    out: Path


class PressError(RuntimeError):
    """It could not be run."""


def main(arguments: list[str] | None = None) -> int:
    """Parse, press, print; the exit code."""
    try:
        wish = _parse(arguments)
    except SystemExit as end:
        # argparse says 2, which here means undecided.
        return 3 if end.code else 0
    console = Console()
    try:
        pressed = asyncio.run(_with_lab(wish, console))
    except (PressError, HandsError, aiohttp.ClientError, OSError, ValueError) as error:
        Console(stderr=True).print(f"loadtests.press: {error}", markup=False, soft_wrap=True)
        return 3
    show(console, pressed)
    write(pressed, wish.out / "press.json")
    console.print(f"written: {wish.out / 'press.json'}, {wish.out / 'locust.html'}", soft_wrap=True)
    return exit_code(pressed)


async def _with_lab(wish: Wish, console: Console) -> Pressed:
    wish.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tieout-load-") as folder:
        lab_file = Path(folder) / "lab.json"
        # Spawned, not forked: the lab starts from a clean interpreter.
        process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(wish.host, wish.model, wish.face, str(lab_file), str(wish.out / "lab.log"))
        )
        process.start()
        try:
            lab = await _up(process, lab_file, wish.out / "lab.log")
            console.print(f"{wish.model} at {lab.core_url}; {wish.users} users for {wish.seconds} s")
            return await _press(wish, lab, lab_file)
        finally:
            process.terminate()
            await asyncio.to_thread(process.join, _DOWN)
            if process.is_alive():
                process.kill()


async def _press(wish: Wish, lab: Lab, lab_file: Path) -> Pressed:
    started_at = time.time_ns() // 1000
    async with reaching(lab.urls, lab.credentials, WallClock()) as hands:
        bills = 0

        async def bill() -> None:
            nonlocal bills
            await _bill_run(hands)
            bills += 1

        billing = asyncio.create_task(_repeat(bill, wish.bill_every))
        try:
            rows, refusals = await _locust(wish, lab_file)
        finally:
            billing.cancel()
            with suppress(asyncio.CancelledError):
                await billing
        waited = time.monotonic()
        # First everything sold becomes a subscription; then one last run bills what came late.
        rest = await settle(lab, _REST)
        billed_through = datetime.now(UTC).date().isoformat()
        if rest.quiescent:
            await bill()
            rest = await settle(lab, _REST)
        waited = time.monotonic() - waited
    evidence = await collect(lab, billed_through, rest, started_at)
    invoices, paid = len(evidence.billing.invoices), len(evidence.payments.charges)
    facts = {
        "accounts": len(evidence.crm.accounts),
        "invoices": invoices,
        "charges": paid,
        "bill runs": bills,
    }
    own, judged = await counters(lab), judge_books(evidence)
    return Pressed(wish.model, wish.users, wish.seconds, rows, refusals, facts, own, waited, rest, judged)


async def _bill_run(hands: Hands) -> None:
    """Drafts for everything due by today."""
    today = datetime.now(UTC).date().isoformat()
    sent = {"targetDate": today, "invoiceDate": today, "autoPost": False}
    await hands.call("zuora", "POST", "/v1/bill-runs", json_body=sent)


async def _repeat(act: Callable[[], Awaitable[None]], every_seconds: float) -> None:
    while True:
        await asyncio.sleep(every_seconds)
        await act()


async def _locust(wish: Wish, lab_file: Path) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    figures = lab_file.with_name("figures.json")
    log = wish.out / "locust.log"
    command = [
        sys.executable, "-m", "locust", "-f", str(_ROOT / "loadtests" / "journey.py"), "--headless",
        "--users", str(wish.users), "--spawn-rate", f"{wish.spawn_rate:g}", "--run-time", f"{wish.seconds}s",
        "--stop-timeout", "15", "--only-summary", "--exit-code-on-error", "0",
        "--html", str(wish.out / "locust.html"), "--json-file", str(figures.with_suffix("")),
        "--logfile", str(log),
        "--csv", str(lab_file.with_name("figures")),
    ]  # fmt: skip
    environment = {**os.environ, "TIEOUT_LAB": str(lab_file)}
    with log.with_name("locust.out").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=_ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            async with asyncio.timeout(wish.seconds + _LOCUST_MORE):
                code = await process.wait()
        except TimeoutError:
            raise PressError(f"Locust did not end within {_LOCUST_MORE:g} s of its time; see {log}") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if code or not figures.exists():
        raise PressError(f"Locust ended with {code}; see {log} and {log.with_name('locust.out')}")
    return read_rows(json.loads(figures.read_text())), read_refusals(
        lab_file.with_name("figures_failures.csv")
    )


async def _up(process: multiprocessing.process.BaseProcess, lab_file: Path, log: Path) -> Lab:
    deadline = time.monotonic() + _UP
    while time.monotonic() < deadline:
        if lab_file.exists():
            return read_lab(lab_file)
        if not process.is_alive():
            raise PressError(f"the lab ended with {process.exitcode} before it was up; see {log}")
        await asyncio.sleep(0.1)
    raise PressError(f"the lab was not up within {_UP:g} s; see {log}")


def _serve(host: str, model: str, face: str, lab_file: str, log: str) -> None:
    """The other process."""
    # It prints credentials: for this user's eyes only.
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    serve_command([], host, 0, model, None, face, lab_file=Path(lab_file))


def _parse(arguments: list[str] | None) -> Wish:
    parser = argparse.ArgumentParser(
        "loadtests.press", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--users", type=_whole(1, _USERS_MAX), default=20, help="at once (default 20)")
    parser.add_argument(
        "--seconds", type=_whole(1, _SECONDS_MAX), default=30, help="of pressing (default 30)"
    )
    parser.add_argument("--spawn-rate", type=float, default=10.0, help="users a second (default 10)")
    parser.add_argument("--host", choices=_LOOPBACK, default="127.0.0.1", help="loopback only")
    parser.add_argument("--model", choices=sorted(MODELS), default="hybrid", help="default hybrid")
    parser.add_argument("--face", choices=("fastapi", "lean"), default="fastapi", help="of the mocks")
    parser.add_argument("--bill-every", type=float, default=5.0, help="seconds between bill runs (default 5)")
    parser.add_argument("--out", type=Path, default=Path("out/load"), help="folder (default out/load)")
    given = parser.parse_args(arguments)
    if given.spawn_rate <= 0 or given.bill_every < 1:
        parser.error("--spawn-rate must be above 0, --bill-every at least 1")
    return Wish(
        given.users,
        given.seconds,
        given.spawn_rate,
        given.host,
        given.model,
        given.face,
        given.bill_every,
        given.out,
    )


def _whole(low: int, high: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not text.isdigit() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} must be a whole number from {low} to {high}")
        return int(text)

    return whole


if __name__ == "__main__":
    sys.exit(main())
