"""I-22: what the core takes for refused has changed nothing."""

from __future__ import annotations

from scenarios.checkers.acts import caused_by, money
from scenarios.checkers.findings import distinct, major
from scenarios.evidence.run import Change, Evidence, Operation
from scenarios.evidence.verdicts import Verdict, Witness, judged

TOOK_EFFECT = frozenset({"succeeded", "processing", "paid"})


def check(evidence: Evidence) -> Verdict:
    """No change was caused by an attempt that the core claims to have failed."""
    caused = caused_by(evidence)
    failed = [o for o in evidence.operations if o.write and o.claim == "fail"]
    witnesses = []
    for operation in failed:
        effects = [c for c in caused.get(operation.id, ()) if not _refusal(operation, c)]
        if not effects:
            continue
        amount, currency = money(effects)
        what = ", ".join(f"{c.kind} {c.id} {c.event}" for c in effects)
        said = f"{operation.system} {operation.name} {operation.key} is claimed failed, "
        said += f"yet it caused {what} ({major(amount, currency)})"
        names = distinct(operation.key, *operation.key.replace("/", ":").split(":"), operation.id)
        names = distinct(*names, *(name for c in effects for name in (c.id, *c.refs)))
        witnesses.append(Witness("other", names, said, amount, currency))
    return judged("I-22", len(failed), witnesses)


def _refusal(operation: Operation, change: Change) -> bool:
    """A declined payment (402) is written down by the processor: that record is the refusal itself."""
    return operation.status == 402 and change.state not in TOOK_EFFECT
