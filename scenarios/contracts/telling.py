"""What contracts, surveys and blast radii say, as lines and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scenarios.contracts.blast import Radius
from scenarios.contracts.checking import Answer, Contract
from scenarios.contracts.redriving import Result

_MOST_WHY, _MOST_FLOWS = 200, 8


def lapsed_lines(contracts: Sequence[Contract], lapsed: Sequence[Contract]) -> Iterator[str]:
    """Whether the contracts hold at vendors as they are."""
    held = Counter(each.sample.name for each in contracts if each.holds)
    for each in lapsed:
        why = each.rest.why or f"says {each.rest.told[:80]} and said {each.sample.told[:80]}"
        yield f"  lapsed  {each.sample.name}: {why[:_MOST_WHY]}"
    yield f"{held.total()} of {len(contracts)} contracts of {len(held)} port operations hold"


def answer_lines(answer: Answer) -> Iterator[str]:
    """What one change breaks: operations, how, for whom."""
    yield f"{answer.system}.{answer.change}: {_ended(answer)}"
    for each in answer.broken:
        yield f"  {each.operation}: {each.result}: {' '.join(each.why.split())[:_MOST_WHY]}"
        flows = each.flows
        more = f" and {len(flows) - _MOST_FLOWS} more" if len(flows) > _MOST_FLOWS else ""
        yield f"    flows / steps: {', '.join(flows[:_MOST_FLOWS])}{more}"
        yield f"    models: {', '.join(each.models)}; to be asked: {', '.join(each.owners) or 'nobody known'}"


def _ended(answer: Answer) -> str:
    if answer.broken:
        return f"{len(answer.broken)} port operations break"
    return "nothing breaks" if answer.met else "nothing breaks, and no contract met it (is the name right?)"


def survey_lines(answers: Sequence[Answer]) -> Iterator[str]:
    """The matrix: systems × outcomes; then each field that did not end as before or held."""
    columns = list(Result)
    by_system: dict[str, Counter[Result]] = {}
    for answer in answers:
        by_system.setdefault(answer.system, Counter())[answer.worst] += 1
    head = ["system", "fields", *(str(column) for column in columns)]
    rows = [
        [system, str(seen.total()), *(str(seen[column]) for column in columns)]
        for system, seen in by_system.items()
    ]
    yield from _columns([head, *rows])
    for answer in answers:
        if not loud(answer):
            yield from answer_lines(answer)


def loud(answer: Answer) -> bool:
    """Whether nothing passed silently, crashed, or was taken for something else."""
    return answer.worst in (Result.SAME, Result.HELD, Result.PASSING)


def blast_lines(change: str, radii: Sequence[Radius]) -> Iterator[str]:
    """The radius by model."""
    yield f"{change}: what breaks, by model"
    head = ["model", "mappings", "steps", "flows", "transactions", "held at the end", "documents missing"]
    rows = [
        [
            r.model,
            *map(str, (len(r.mappings), len(r.steps), len(r.flows), len(r.transactions), r.held, r.missing)),
        ]
        for r in radii
    ]
    yield from _columns([head, *rows])
    for radius in radii:
        yield f"  {radius.model}: {', '.join(radius.mappings) or 'nothing'}; {', '.join(radius.flows)}"


def as_json(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """For a pipeline."""
    return [
        {
            "system": answer.system,
            "change": answer.change,
            "met": answer.met,
            "worst": str(answer.worst),
            "broken": [
                {
                    "operation": each.operation,
                    "result": str(each.result),
                    "why": each.why,
                    "flows": list(each.flows),
                    "models": list(each.models),
                    "owners": list(each.owners),
                }
                for each in answer.broken
            ],
        }
        for answer in answers
    ]


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
