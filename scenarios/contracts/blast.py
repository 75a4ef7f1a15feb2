"""The blast radius of one change of a schema: what breaks under each model, counted from what was played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.observing.tracing import Span
from scenarios.contracts.asked import Wanted
from scenarios.contracts.deeds import company
from scenarios.evidence.run import Evidence
from scenarios.scripted.script import Script
from scenarios.spec import Spec
from scenarios.world.plant import NOTHING, Drift, Plant
from scenarios.world.play import Played, play


@dataclass(frozen=True, slots=True)
class Radius:
    """mappings: operations of connectors that failed as they did not without the change; flows, steps: those
    that called them; transactions: whose; held: items in the exception queue at the end; missing: documents
    that the ledger lacks against the same story without the change."""

    model: str
    mappings: tuple[str, ...]
    flows: tuple[str, ...]
    steps: tuple[str, ...]
    transactions: tuple[str, ...]
    held: int
    missing: int


def radii(wanted: Wanted, models: Sequence[str], script: Script) -> list[Radius]:
    """One a model. The change is there from the first day and is not undone."""
    return [_radius(wanted, model, script) for model in models]


def _radius(wanted: Wanted, model: str, script: Script) -> Radius:
    before = _played(model, script, NOTHING)
    drift = Drift(0, wanted.system, wanted.change)
    after = _played(model, script, Plant(drifts=(drift,), stays=True))
    known = {span.name for span in before.spans if span.error}
    failed = [s for s in after.spans if s.kind == "client" and s.error and s.name not in known]
    above = {span.id: span for span in after.spans}
    ways = [_way(span, above) for span in failed]
    return Radius(
        model,
        tuple(sorted({span.name for span in failed})),
        tuple(sorted({flow for flow, _ in ways if flow})),
        tuple(sorted({step for _, step in ways if step})),
        tuple(sorted({span.trace for span in failed})),
        len(after.evidence.parked),
        _documents(before.evidence) - _documents(after.evidence),
    )


def _way(span: Span, above: dict[str, Span]) -> tuple[str, str]:
    """(flow or consumer, step) that a call was made in."""
    names: list[str] = []
    at = above.get(span.parent)
    while at is not None and at.name != "transaction":
        names.append(at.name)
        at = above.get(at.parent)
    return (names[-1] if names else "", names[-2] if len(names) > 1 else "")


def _played(model: str, script: Script, plant: Plant) -> Played:
    spec = Spec("contracts", model, "usage_heavy", len(script.parties), script.months, 1, "none")
    return play(spec, repeat=False, traced=True, plant=plant, script=script, profile=company())


def _documents(evidence: Evidence) -> int:
    erp = evidence.erp
    return len(erp.invoices) + len(erp.receipts) + len(erp.credit_memos) + len(erp.refunds)
