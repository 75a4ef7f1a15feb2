"""How a comparison goes on: bars in a terminal, one line a finished run elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from reports.names import model_name
from reports.record import ModelResult
from reports.units import format_span, plural
from scenarios.compare import Listener
from scenarios.spec import Spec


@contextmanager
def following(specs: Sequence[Spec], console: Console) -> Iterator[Listener]:
    """A listener that shows what it hears on `console`, which should be that of the errors."""
    if not console.is_terminal:
        yield _Lines(console, len(specs))
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bars(progress, specs)


class _Lines:
    def __init__(self, console: Console, runs: int) -> None:
        self._console, self._runs, self._done = console, runs, 0

    def moved(self, shares: Sequence[float]) -> None:
        """Silence: a log wants no bars."""

    def finished(self, result: ModelResult) -> None:
        self._done += 1
        self._console.print(
            f"[{self._done}/{self._runs}] {said(result)}", markup=False, highlight=False, soft_wrap=True
        )


class _Bars:
    """One bar a model, over all its seeds."""

    def __init__(self, progress: Progress, specs: Sequence[Spec]) -> None:
        self._progress = progress
        self._slots: dict[str, list[int]] = {}
        for slot, spec in enumerate(specs):
            self._slots.setdefault(spec.model, []).append(slot)
        self._bars = {
            model: progress.add_task(model_name(model), total=float(len(slots)))
            for model, slots in self._slots.items()
        }

    def moved(self, shares: Sequence[float]) -> None:
        for model, slots in self._slots.items():
            self._progress.update(self._bars[model], completed=sum(shares[slot] for slot in slots))

    def finished(self, result: ModelResult) -> None:
        self._progress.console.print(said(result), markup=False, highlight=False, soft_wrap=True)


def said(result: ModelResult) -> str:
    """A finished run in one line."""
    broken = ", ".join(law.id for law in result.broken)
    verdict = f"breaks {broken}" if broken else f"{plural(len(result.laws), 'law')}, none broken"
    return f"{result.model} seed {result.seed}: {verdict} ({format_span(result.cpu_seconds)})"
