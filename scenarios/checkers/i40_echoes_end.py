"""I-40: what the core writes into the CRM comes back as news there, and ends."""

from __future__ import annotations

from collections import Counter

from scenarios.checkers.findings import distinct
from scenarios.evidence.run import Change, Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

# One write for what happened outside, and one for what that write brought about.
_HOPS = 2
# Systems whose news a record of the CRM shows.
_SOURCES = frozenset({"zuora", "stripe"})
_MIRRORS = frozenset({"crm_invoice", "Invoice__c"})


def check(evidence: Evidence) -> Verdict:
    """Of each record of the CRM: how often the core changed it, against how often anything happened outside
    that it shows: to the record itself, by people, or to the invoice behind a mirror. Whoever is told the
    same thing more than once may answer to each telling."""
    writes = {operation.id for operation in evidence.operations if operation.write}
    by_core: dict[str, list[Change]] = {}
    outside: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for change in evidence.changes:
        ours = change.cause in writes
        if change.system == "salesforce" and ours:
            by_core.setdefault(change.id, []).append(change)
        elif change.system == "salesforce":
            outside[change.id] += 1
        elif change.system in _SOURCES:
            documents.update({change.id, *change.refs})
    told = Counter((each.channel, each.event) for each in evidence.deliveries if each.signed)
    again = max(told.values(), default=1) - 1
    witnesses = []
    for record, changes in by_core.items():
        shown = documents[record] if changes[0].kind in _MIRRORS else 0
        most = _HOPS * max(1, outside[record] + shown) + again
        if len(changes) > most:
            said = f"the core changed {changes[0].kind} {record} {len(changes)} times, of at most {most}"
            witnesses.append(Witness("other", distinct(record, *changes[-1].refs), said))
    return judged("I-40", len(by_core), witnesses)
