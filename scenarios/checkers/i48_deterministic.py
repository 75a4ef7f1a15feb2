"""I-48: the same token gives the same run."""

from __future__ import annotations

from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Compare the hash of the event log with that of a second run; undecided if none was made."""
    hashes = evidence.determinism
    if not hashes.log_hash or not hashes.second_hash:
        return judged("I-48", 0, [], "no second run")
    if hashes.log_hash == hashes.second_hash:
        return judged("I-48", 1, [])
    said = f"{evidence.token} gave {hashes.log_hash[:12]}, then {hashes.second_hash[:12]}"
    return judged("I-48", 1, [Witness("other", (evidence.token,), said)])
