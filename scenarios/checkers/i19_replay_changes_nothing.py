"""I-19: delivering everything once more leaves all books as they were."""

from __future__ import annotations

from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Compare the hash of the books before and after the replay phase; undecided without one."""
    replay = evidence.replay
    if not replay.done:
        return judged("I-19", 0, [], "no replay phase")
    note = f"{replay.redelivered} redelivered"
    moved = [Witness("other", (difference,), difference) for difference in replay.differences]
    if replay.before != replay.after and not moved:
        said = f"the books moved from {replay.before[:12]} to {replay.after[:12]}"
        moved = [Witness("other", (), said)]
    # Nothing redelivered proves nothing: that leaves the law undecided.
    return judged("I-19", replay.redelivered, moved, note)
