"""Looks on while a story is played: which flow's step calls which port operation, and what a vendor was like
when it did."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.observing.tracing import at_hand
from core.ports.desk import Desk
from core.settings import Settings
from scenarios.contracts.deeds import company
from scenarios.contracts.pact import SYSTEM_OF, Pact, Sample, Use
from scenarios.scripted.script import Script
from scenarios.spec import Spec
from scenarios.world.plant import Plant
from scenarios.world.play import play
from simulators.kit.mock import Mock

# Of one operation so many samples are kept that say something, and so many that say "nothing there".
_RICH, _POOR = 3, 1
# How often one may look for them: a snapshot costs more than the call.
_TRIES = 12
_NOTHING = frozenset({"None", "[]", "False", "set()", "frozenset()", "{}", "([], [])"})


def record(script: Script, models: Sequence[str]) -> Pact:
    """The pact of a script under these models; what the harness trips over is raised."""
    pact = Pact()
    kept: Counter[tuple[str, bool]] = Counter()
    for model in models:
        looker = _Looker(pact, model, kept)
        spec = Spec("contracts", model, "usage_heavy", len(script.parties), script.months, 1, "none")
        plant = Plant(desk=looker.desk, settings=looker.settings, mocks=looker.mocks)
        play(spec, repeat=False, traced=True, plant=plant, script=script, profile=company())
    return pact


class _Looker:
    """One played story's. kept: samples by operation, and whether they say something."""

    def __init__(self, pact: Pact, model: str, kept: Counter[tuple[str, bool]]) -> None:
        self._pact, self._model, self._kept = pact, model, kept
        self._mocks: Mapping[str, Mock] = {}
        self._tries: Counter[str] = Counter()

    def mocks(self, mocks: Mapping[str, Mock]) -> None:
        self._mocks = mocks
        told = {name: mock.vendor.credentials(mock.rules) for name, mock in mocks.items()}
        self._pact.credentials = told

    def settings(self, sound: Settings) -> Settings:
        self._pact.settings = sound
        return sound

    def desk(self, desk: Desk) -> Desk:
        looked: dict[str, Any] = {port: _Looked(getattr(desk, port), port, self) for port in SYSTEM_OF}
        self._now = desk.clock.now
        return replace(desk, **looked)

    def begin(
        self, port: str, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Sample | None:
        """Note the use; the sample to be finished, unless there are enough of them."""
        name = f"{port}.{operation}"
        self._pact.uses.setdefault(name, set()).add(Use(self._model, *_doing()))
        if self._kept[name, True] >= _RICH or self._tries[name] >= _TRIES:
            return None
        self._tries[name] += 1
        memory = self._mocks[SYSTEM_OF[port]].snapshot()
        return Sample(port, operation, args, kwargs, self._now(), memory, "")

    def writes(self, port: str) -> int:
        """Changes that the vendor has committed so far."""
        return len(self._mocks[SYSTEM_OF[port]].rules.history.changes)

    def causes(self, port: str, since: int) -> int:
        """How many requests have made the changes since so many."""
        return len({change.cause for change in self._mocks[SYSTEM_OF[port]].rules.history.changes[since:]})

    def end(self, sample: Sample, told: str, wrote: bool) -> None:
        """Keep it, if there are not enough of its sort."""
        rich = wrote or told not in _NOTHING
        if self._kept[sample.name, rich] < (_RICH if rich else _POOR):
            self._kept[sample.name, rich] += 1
            self._pact.samples.append(replace(sample, told=told))


class _Looked:
    """A port that is looked at."""

    def __init__(self, real: Any, port: str, looker: _Looker) -> None:
        self._real, self._port, self._looker = real, port, looker

    def for_one_look(self) -> _Looked:
        return _Looked(self._real.for_one_look(), self._port, self._looker)

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)

        def called(*args: Any, **kwargs: Any) -> Any:
            sample = self._looker.begin(self._port, name, args, kwargs)
            made = real(*args, **kwargs)
            if sample is None:
                return made
            if isinstance(made, Awaitable):
                return self._awaited(made, sample, self._looker.writes(self._port))
            return self._iterated(made, sample)

        return called

    async def _awaited(self, made: Awaitable[Any], sample: Sample, before: int) -> Any:
        found = await made
        wrote = self._looker.writes(self._port) - before
        # Of what was written by several calls at once nobody can say which did it, and under which ids.
        if self._looker.causes(self._port, before) <= 1 or found is None:
            self._looker.end(sample, repr(found), wrote > 0)
        return found

    async def _iterated(self, rows: AsyncIterator[Any], sample: Sample) -> AsyncIterator[Any]:
        seen = []
        async for row in rows:
            seen.append(row)
            yield row
        self._looker.end(sample, repr(seen), wrote=False)


def _doing() -> tuple[str, str]:
    """(flow, step) by the spans at hand; of what is no part of a transaction, the job by who called."""
    spans = [span.name for span in at_hand()]
    if spans:
        return spans[0], spans[1] if len(spans) > 1 else "open"
    frame: Any = sys._getframe(2)
    job = "?"
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith(("core.connectivity", "core.reconcile", "core.revenue", "core.close")):
            job = module.rsplit(".", 1)[-1]
        frame = frame.f_back
    return f"job {job}", ""
