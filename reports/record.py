"""The schema of a run: what the lab measured, complete in itself. Standard library only.

Units: money in whole minor units with a currency; spans in seconds of virtual time unless the name says
otherwise. Percentiles are computed by whoever fills the record.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from reports.codec import RecordError, from_plain, to_plain

SCHEMA = "tieout-record/1"
STORY_LINES_MAX = 15
State = Literal["holds", "broken", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Minor units, signed: what the books are off by."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessResult:
    """One transaction that breaks a law. kind: lost, duplicated, orphaned, wrong_amount, or a law's own word.

    story: what happened to it across all systems, in time order; replay: the command that shows it again.
    """

    kind: str
    says: str
    subjects: tuple[str, ...]
    story: tuple[str, ...]
    replay: str
    amount: Amount | None = None

    def __post_init__(self) -> None:
        if len(self.story) > STORY_LINES_MAX:
            raise ValueError(f"story: {len(self.story)} lines, at most {STORY_LINES_MAX} (see fit_story)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LawResult:
    """examined: how many facts the law was tried on; 0: it held because nothing was there to break it."""

    id: str
    title: str
    state: State
    examined: int
    note: str = ""
    witnesses: tuple[WitnessResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationResult:
    """What a scripted story expects of the books, and what they say. by: how it was worked out by hand."""

    says: str
    due: str
    found: str
    by: str = ""

    @property
    def holds(self) -> bool:
        """Equal as written."""
        return self.due == self.found


@dataclass(frozen=True, slots=True, kw_only=True)
class LagResult:
    """From the fact to its entry in the ERP, or in the flow's own target, over every fact of the flow."""

    flow: str
    count: int
    p50_s: float
    p95_s: float
    p99_s: float
    max_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemCalls:
    """API calls to one system, and how the core's operations on it ended (info: outcome unknown)."""

    system: str
    calls: int
    per_lifecycle: float
    ok: int = 0
    fail: int = 0
    info: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedItem:
    """Work set aside for a person at the end of the run."""

    key: str
    flow: str
    cause: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultFired:
    """How often a planned fault really bit."""

    fault: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSample:
    """Differences between the books still open, so long after the heal."""

    after_heal_s: float
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelResult:
    """One model on one seed. lags: the first is the headline flow; converge_seconds: None if it never did."""

    model: str
    seed: int
    token: str
    replay: str
    laws: tuple[LawResult, ...]
    lost: int
    duplicated: int
    orphaned: int
    wrong_amount: int
    money_effects: tuple[Amount, ...]
    lags: tuple[LagResult, ...]
    systems: tuple[SystemCalls, ...]
    converge_seconds: float | None
    parked: tuple[ParkedItem, ...]
    faults_fired: tuple[FaultFired, ...]
    repairs: int
    lifecycles: int
    events: int
    log_hash: str
    cpu_seconds: float
    virtual_seconds: float
    open_after_heal: tuple[OpenSample, ...] = ()
    expectations: tuple[ExpectationResult, ...] = ()

    @property
    def broken(self) -> tuple[LawResult, ...]:
        return tuple(law for law in self.laws if law.state == "broken")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlanned:
    """A fault of the plan, in plain words."""

    fault: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One comparison. required_models: those that must hold every law for the run to pass.

    partial: the run was stopped; `models` holds what was finished. started and ended: wall clock.
    """

    tool_version: str
    command: str
    token: str
    profile: str
    customers: int
    months: int
    seeds: tuple[int, ...]
    faults: tuple[FaultPlanned, ...]
    started_unix_s: float
    ended_unix_s: float
    required_models: tuple[str, ...]
    models: tuple[ModelResult, ...]
    partial: bool = False
    partial_reason: str = ""
    notes: tuple[str, ...] = ()
    not_modelled: tuple[str, ...] = ()
    schema: str = SCHEMA

    def __post_init__(self) -> None:
        if self.schema != SCHEMA:
            raise ValueError(f"schema: this version reads {SCHEMA}, the record is {self.schema}")
        runs = [(run.model, run.seed) for run in self.models]
        for run in runs:
            if runs.count(run) > 1:
                raise ValueError(f"models: {run[0]} on seed {run[1]} is there twice")


def fit_story(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Keep a story within its bound: its beginning and its end, and how much was left out between."""
    if len(lines) <= STORY_LINES_MAX:
        return lines
    head, tail = STORY_LINES_MAX // 2, STORY_LINES_MAX - STORY_LINES_MAX // 2 - 1
    return (*lines[:head], f"… {len(lines) - head - tail} lines left out …", *lines[-tail:])


def to_json(record: Record) -> str:
    """The record as a JSON text that ends with a newline."""
    return json.dumps(to_plain(record), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def from_json(text: str) -> Record:
    """Read a record; RecordError names the field that is wrong."""
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise RecordError(f"record: not JSON: {error}") from error
    if isinstance(raw, dict) and raw.get("schema") != SCHEMA:
        raise RecordError(
            f"record.schema: this version reads {SCHEMA}, the record says {raw.get('schema')!r}"
        )
    return from_plain(Record, raw)
