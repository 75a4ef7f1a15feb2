"""The planted bugs by name, and the run that looks for all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from scenarios.mutants.catalogue import CANARY, MUTANTS, alter_of, plant_of
from scenarios.mutants.trial import MutantResult, try_mutant

__all__ = ["CANARY", "MUTANTS", "MutantResult", "alter_of", "plant_of", "run_mutants", "try_mutant"]


def run_mutants(
    jobs: int | None, progress: Callable[[str], None], names: Sequence[str] = tuple(MUTANTS)
) -> list[MutantResult]:
    """Try the mutants, `jobs` at once (None: one a processor), in the order of `names`.

    progress: told a line as each ends.
    """
    found: dict[str, MutantResult] = {}
    workers = min(jobs or os.cpu_count() or 1, len(names))
    # Spawned: a fork would share the parent's salt of hash(), open files and threads.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for each in as_completed([pool.submit(try_mutant, name) for name in names]):
            result = each.result()
            found[result.name] = result
            progress(f"{len(found)}/{len(names)} {result}")
    return [found[name] for name in names]
