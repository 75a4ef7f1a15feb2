"""I-37: after the faults end, the run comes to rest in bounded time and needs no further repair."""

from __future__ import annotations

from scenarios.checkers.lookups import named_in
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import UNDECIDED, Verdict, Witness, judged

HOUR = 3_600_000_000  # µs


def check(evidence: Evidence) -> Verdict:
    """Quiescent within the bound, nothing pending, no repair in the last reconciliation cycles. If only
    items marked unrecoverable without a human are left, the law is undecided: they are escalated.
    A bound of zero says that nothing was run."""
    rest = evidence.convergence
    stuck = [item.key for item in evidence.parked if item.unrecoverable]
    pending = [p for p in rest.pending if not any(named_in(key, p) for key in stuck)]
    witnesses = [Witness("other", (p,), f"still pending at the end: {p}") for p in pending]
    took = rest.quiescent_at - rest.healed_at
    if rest.quiescent and took > rest.bound:
        said = f"rest came {took / HOUR:.2f} h after healing, the bound is {rest.bound / HOUR:.2f} h"
        witnesses.append(Witness("other", (), said))
    for cycle, repairs in enumerate(rest.repairs_in_last_cycles, 1):
        if repairs:
            said = f"reconciliation cycle {cycle} of the last {len(rest.repairs_in_last_cycles)} "
            witnesses.append(Witness("other", (), f"{said}still made {repairs} repairs"))
    if not rest.quiescent and not rest.pending:
        witnesses.append(Witness("other", (), "the run never came to rest, and names nothing pending"))
    if not witnesses and rest.pending:
        return Verdict("I-37", UNDECIDED, 1, (), f"{len(rest.pending)} escalated, waiting for a human")
    return judged("I-37", 1 if rest.bound else 0, witnesses)
