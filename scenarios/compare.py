"""Plays many runs on all processors and gathers them into one record.

Each run has a process to itself while it lasts. Determinism (I-48) is tried for every model and seed: a
small run of the same kind is played by the run's own worker and, before it, by another process.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from importlib.metadata import version
from multiprocessing.sharedctypes import RawArray
from pathlib import Path
from typing import Any, Protocol

from reports.html import to_html
from reports.junit import to_junit
from reports.markdown import to_markdown
from reports.record import FaultPlanned, ModelResult, Record, to_json
from scenarios.faults import CATALOGUE
from scenarios.judging import exit_code
from scenarios.running import begin_worker, company_of, small_hash, work
from scenarios.spec import Spec

_TICK_SECONDS = 0.2
# Models by how many calls they make, most first.
_BY_COST = ("hybrid", "event_driven", "orchestrated", "direct", "batch")
_NOTES = (
    "Lag is measured from the fact in its own system to its first entry in the ERP, in virtual time.",
    "An invoice's lag begins with the draft: taxing and posting it is the integration's own work.",
    "API calls are counted from the first day until the books are at rest, reconciliation included.",
    "A law with nothing to examine in a run is counted as held, on zero facts.",
    "I-48 compares a small run of the same model, seed and faults, played in two processes.",
)
_NOT_MODELLED = (
    "Licence prices of middleware and of the vendors.",
    "The effort to build, run and change each model.",
)


class Listener(Protocol):
    """Is told how the runs go on."""

    def moved(self, shares: Sequence[float]) -> None:
        """How much of each run is done, in the order of the specs; called a few times a second."""

    def finished(self, result: ModelResult) -> None:
        """A run has ended and been judged."""


class Silent:
    """A listener that says nothing."""

    def moved(self, shares: Sequence[float]) -> None:
        """Nothing."""

    def finished(self, result: ModelResult) -> None:
        """Nothing."""


@dataclass(slots=True)
class _Runs:
    """What has come of the specs so far. failures: where the harness tripped, by index of the spec."""

    specs: tuple[Spec, ...]
    results: dict[int, ModelResult] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)
    stopped: bool = False

    def partial_reason(self) -> str:
        done = f"{len(self.results)} of {len(self.specs)} runs finished"
        if self.stopped:
            return f"Stopped by Ctrl-C: {done}."
        if self.failures:
            return f"The harness failed: {done}. " + " | ".join(
                self.failures[at] for at in sorted(self.failures)
            )
        return ""


def compare(
    specs: Sequence[Spec],
    *,
    command: str,
    required: Sequence[str] = (),
    jobs: int | None = None,
    listener: Listener | None = None,
) -> Record:
    """Play all specs, of one profile, size and kind of faults, at most `jobs` at a time (default: one a
    processor). Ctrl-C and failures of the harness leave a record that is marked partial."""
    runs = _Runs(tuple(specs))
    began = time.time()
    _play_all(runs, jobs or os.cpu_count() or 1, listener or Silent())
    first = specs[0]
    reason = runs.partial_reason()
    return Record(
        tool_version=version("tieout"),
        command=command,
        token=_common_token(runs.specs),
        profile=company_of(first).title,
        customers=first.customers,
        months=first.months,
        seeds=tuple(dict.fromkeys(spec.seed for spec in specs)),
        faults=planned(runs.specs),
        started_unix_s=began,
        ended_unix_s=time.time(),
        required_models=tuple(required),
        models=tuple(runs.results[at] for at in sorted(runs.results)),
        partial=bool(reason),
        partial_reason=reason,
        notes=_NOTES,
        not_modelled=_NOT_MODELLED,
    )


def write_reports(record: Record, folder: Path) -> tuple[Path, ...]:
    """report.html, record.json, junit.xml and summary.md; OSError if the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "report.html": to_html(record),
        "record.json": to_json(record),
        "junit.xml": to_junit(record),
        "summary.md": to_markdown(record),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(folder / name for name in texts)


def outcome(record: Record) -> int:
    """The exit code: 3 if not everything was played; else 1 if a required model breaks a law, 2 if it
    leaves one undecided (see `judging.state_of` for what that means), 0 if all laws hold."""
    if record.partial:
        return 3
    required = [run for run in record.models if run.model in record.required_models]
    return exit_code([law for run in required for law in run.laws])


def planned(specs: Sequence[Spec]) -> tuple[FaultPlanned, ...]:
    """The kinds of faults that any of the plans holds."""
    kinds = sorted({fault.id for spec in specs for fault in spec.plan().faults})
    return tuple(FaultPlanned(fault=kind, says=CATALOGUE[kind].title) for kind in kinds)


def _common_token(specs: Sequence[Spec]) -> str:
    """What all runs share; each run has a token of its own."""
    first = specs[0]
    seeds = list(dict.fromkeys(spec.seed for spec in specs))
    said = str(seeds[0]) if len(seeds) == 1 else f"{seeds[0]}..{seeds[-1]}"
    return f"{first.story}/{first.profile}/c{first.customers}m{first.months}s{said}/{first.faults}"


def _play_all(runs: _Runs, jobs: int, listener: Listener) -> None:
    # A fresh interpreter for each worker: nothing is inherited, not even the seed of hashes.
    context = multiprocessing.get_context("spawn")
    shares: Any = RawArray("d", len(runs.specs))
    before = {child.pid for child in multiprocessing.active_children()}
    options: dict[str, Any] = {"mp_context": context, "initializer": begin_worker, "initargs": (shares,)}
    players = ProcessPoolExecutor(min(jobs, len(runs.specs)), **options)
    witness = ProcessPoolExecutor(1, **options)
    try:
        _conduct(runs, players, witness, shares, listener)
    except KeyboardInterrupt:
        runs.stopped = True
    finally:
        for pool in (players, witness):
            pool.shutdown(wait=not runs.stopped, cancel_futures=True)
        if runs.stopped:
            for child in multiprocessing.active_children():
                if child.pid not in before:
                    child.terminate()


def _longest_first(specs: Sequence[Spec]) -> list[int]:
    """Indexes of the specs, those that take longest first, so that no processor waits for a last long run."""
    cost = {model: rank for rank, model in enumerate(_BY_COST)}
    return sorted(range(len(specs)), key=lambda at: (cost.get(specs[at].model, 0), at))


def _conduct(
    runs: _Runs, players: ProcessPoolExecutor, witness: ProcessPoolExecutor, shares: Any, listener: Listener
) -> None:
    """The witness plays each small run first; its hash goes with the run to a player."""
    seconds: dict[Future[Any], int] = {
        witness.submit(small_hash, runs.specs[at]): at for at in _longest_first(runs.specs)
    }
    firsts: dict[Future[Any], int] = {}
    while seconds or firsts:
        done, _ = wait([*seconds, *firsts], timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=lambda f: seconds[f] if f in seconds else firsts[f]):
            small_run = future in seconds
            at = (seconds if small_run else firsts).pop(future)
            error = future.exception()
            if error is not None:
                runs.failures[at] = str(error) or type(error).__name__
            elif small_run:
                firsts[players.submit(work, runs.specs[at], future.result(), at)] = at
            else:
                runs.results[at] = future.result()
                listener.finished(runs.results[at])
        listener.moved(tuple(shares))
