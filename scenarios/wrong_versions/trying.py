"""Tries wrong versions: the file must be refused, or a story of the flows that it touches must not hold."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from core.mappings.document import BadMapping, read_document
from core.mappings.shipped import SHIPPED
from scenarios.regression import judge, specs_of, stories_of
from scenarios.running import begin_worker
from scenarios.wrong_versions.alike import ALIKE
from scenarios.wrong_versions.making import Wrong

FILE, AS_GOOD, NOBODY = "the file", "as good", ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """by: FILE, the story that did not hold, AS_GOOD, or NOBODY; says: why."""

    wrong: Wrong
    by: str
    says: str

    def __str__(self) -> str:
        who = {NOBODY: "NOBODY refuses it", AS_GOOD: AS_GOOD}.get(self.by, f"refused by {self.by}")
        return f"{self.wrong.name}: {self.wrong.says}: {who}{self.says and ': '}{self.says}"


def tried(wrong: Wrong, models: Sequence[str]) -> Verdict:
    """As promoting it would, but it ends with the first story that does not hold. What is listed as as good,
    and is refused, is NOBODY's: then the list is wrong."""
    try:
        document = read_document(wrong.content, "file")
    except BadMapping as error:
        return Verdict(wrong, FILE, str(error))
    reason = ALIKE.get((wrong.name, wrong.says), "")
    for spec in specs_of(stories_of(document.flows), models, SHIPPED.with_these([document])):
        if found := judge(spec).breaches:
            return Verdict(wrong, NOBODY if reason else spec.story, f"{found[0]}")
    return Verdict(wrong, AS_GOOD if reason else NOBODY, reason)


def tried_all(wrongs: Sequence[Wrong], models: Sequence[str], jobs: int | None) -> Iterator[Verdict]:
    """In their order; jobs: how many processes, None for one a processor."""
    processes = min(jobs or os.cpu_count() or 1, len(wrongs))
    if processes == 1:
        yield from (tried(each, models) for each in wrongs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, begin_worker, ([],)) as pool:
        try:
            yield from pool.map(partial(tried, models=tuple(models)), wrongs)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
