"""`tieout mappings prove`: wrong versions of every mapping, and who refuses each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import typer
from rich.console import Console

from core.mappings.shipped import SHIPPED
from scenarios.commands import wishes
from scenarios.wrong_versions.making import wrong_versions
from scenarios.wrong_versions.trying import AS_GOOD, FILE, NOBODY, Verdict, tried_all


def prove(names: Sequence[str], models: Sequence[str], jobs: int | None, say: Callable[[str], None]) -> None:
    """All mappings if none is named; models: under which each is tried. Exit code 1 if one would
    be promoted."""
    chosen = [wishes.one_of("mapping", name, SHIPPED.documents) for name in names] or list(SHIPPED.documents)
    wrongs = [wrong for name in chosen for wrong in wrong_versions(SHIPPED[name])]
    processes = None if jobs is None else wishes.within("jobs", jobs)
    errors, verdicts = Console(stderr=True), []
    for verdict in tried_all(wrongs, models, processes):
        verdicts.append(verdict)
        line = f"[{len(verdicts)}/{len(wrongs)}] {verdict}"
        errors.print(line, markup=False, highlight=False, soft_wrap=True)
    for name in chosen:
        say(_line(name, [each for each in verdicts if each.wrong.name == name]))
    left = [each for each in verdicts if each.by in (NOBODY, AS_GOOD)]
    for verdict in left:
        say(str(verdict))
    raise typer.Exit(1 if any(each.by == NOBODY for each in left) else 0)


def _line(name: str, verdicts: Sequence[Verdict]) -> str:
    by = Counter(each.by if each.by in (FILE, AS_GOOD, NOBODY) else "stories" for each in verdicts)
    counts = (
        f"{by[FILE]} by the file, {by['stories']} by a story, {by[AS_GOOD]} as good, {by[NOBODY]} by nobody"
    )
    return f"{name:22} {len(verdicts):3} wrong versions are refused: {counts}"
