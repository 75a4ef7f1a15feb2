"""I-25: no record goes back to an earlier version, and no mirror to what billing had left before."""

from __future__ import annotations

from scenarios.checkers.findings import distinct
from scenarios.evidence.run import Change, Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_MIRRORS = frozenset({"crm_invoice", "Invoice__c"})
_CLOSED = frozenset({"Paid", "Refunded"})
_SETTLED = "settled"


def check(evidence: Evidence) -> Verdict:
    """Of every record: each version is above the one before. Of every mirror in the CRM: it opens again at
    most as often as billing had changed the settled invoice by then, else the one that wrote it showed what
    it had read before. What the log does not hold: balances, so a stale balance alone is left to I-18."""
    witnesses: list[Witness] = []
    versions: dict[tuple[str, str, str], int] = {}
    shown: dict[str, tuple[str, int]] = {}
    settled: set[str] = set()
    reopened: dict[str, int] = {}
    # The log of each system is in order; a source's change at the same moment comes first.
    for change in sorted(evidence.changes, key=lambda c: (c.at, c.system == "salesforce")):
        witnesses += _older(change, versions)
        if (change.system, change.kind) == ("zuora", "invoice"):
            _follow(change, settled, reopened)
        elif change.system == "salesforce" and change.kind in _MIRRORS:
            before, times = shown.get(change.id, ("", 0))
            opens = before in _CLOSED and change.state not in _CLOSED and change.event != "deleted"
            shown[change.id] = (change.state, times + opens)
            if opens and times + 1 > reopened.get(change.id, 0):
                said = f"the CRM's mirror of {change.id} went from {before} back to {change.state}"
                names = distinct(change.id, *change.refs)
                witnesses.append(Witness("other", names, f"{said}, which billing had left before"))
    return judged("I-25", len(versions), witnesses)


def _older(change: Change, versions: dict[tuple[str, str, str], int]) -> list[Witness]:
    record = (change.system, change.kind, change.id)
    before = versions.get(record, 0)
    versions[record] = max(before, change.version)
    if change.version > before:
        return []
    said = f"{change.kind} {change.id} of {change.system} got version {change.version} after {before}"
    return [Witness("other", distinct(change.id, *change.refs), said)]


def _follow(change: Change, settled: set[str], reopened: dict[str, int]) -> None:
    # Billing's word is the same where money comes and where it is taken off again: all but the first may
    # have opened the invoice, and count so.
    for name in {change.id, *change.refs}:
        if name in settled:
            reopened[name] = reopened.get(name, 0) + 1
        elif change.event == _SETTLED:
            settled.add(name)
