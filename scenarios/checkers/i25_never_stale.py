"""I-25: no record goes back to an earlier version, and no copy to what its source had left before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scenarios.checkers.findings import distinct
from scenarios.evidence.run import Change, Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

# (system, kind) of a copy -> the same of its source, and what of it is copied. The two share a name.
_COPIES: Mapping[tuple[str, str], tuple[tuple[str, str], tuple[str, ...]]] = {
    ("salesforce", "crm_invoice"): (("zuora", "invoice"), ("balance",)),
    ("netsuite", "customer"): (("salesforce", "account"), ("name", "email")),
}
_MIRRORS = frozenset({"crm_invoice", "Invoice__c"})
_CLOSED = frozenset({"Paid", "Refunded"})
_SETTLED = "settled"
_SECOND = 1_000_000
# What a mirror says that it was made of: the second of billing's word, and whether that was over (1).
_CLAIM = re.compile(r"(?:^| )invoice=(\d+)\.(\d+)(?: |$)")


@dataclass(slots=True)
class _Source:
    """What a record said: (moment, values), in order."""

    said: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)


def check(evidence: Evidence) -> Verdict:
    """Of every record: each version is above the one before. Of every copy that the core wrote, from the
    commit logs alone: what it shows, its source did not leave before what it had shown already; and what a
    mirror says it was made of is what billing said in that second, and never older than the last time. Of
    every mirror in the CRM: it opens again at most as often as billing had changed the settled invoice. Of
    every deal: the core does not show it as active again once it was withdrawn."""
    # The log of each system is in order; a source's change at the same moment comes first.
    changes = sorted(evidence.changes, key=lambda change: (change.at, _is_copy(change)))
    witnesses = [*_older(changes), *_reopened(changes), *_went_back(changes), *_reactivated(changes)]
    return judged("I-25", len({(c.system, c.kind, c.id) for c in changes}), witnesses)


def _is_copy(change: Change) -> int:
    # The CRM is a source of the ledger's customers and holds billing's mirrors.
    return {"zuora": 0, "salesforce": 1}.get(change.system, 2)


def _older(changes: Sequence[Change]) -> Iterator[Witness]:
    versions: dict[tuple[str, str, str], int] = {}
    for change in changes:
        record = (change.system, change.kind, change.id)
        before = versions.get(record, 0)
        versions[record] = max(before, change.version)
        if change.version <= before:
            said = f"{change.kind} {change.id} of {change.system} got version {change.version} after {before}"
            yield Witness("other", distinct(change.id, *change.refs), said)


def _went_back(changes: Sequence[Change]) -> Iterator[Witness]:
    sources: dict[tuple[str, str, str], _Source] = {}
    # Of each copy: the index of what it showed last, and the claim that it carried.
    shown: dict[tuple[str, str], tuple[int, tuple[int, int]]] = {}
    for change in changes:
        says = dict(change.says)
        place = (change.system, change.kind)
        if says and place in (("zuora", "invoice"), ("salesforce", "account")):
            values = tuple(text for name, text in change.says if name in ("balance", "name", "email"))
            source = sources.get((*place, change.id)) or _Source()
            source.said.append((change.at, values))
            for name in {change.id, *change.refs}:
                sources[(*place, name)] = source
        if not says or not change.cause or place not in _COPIES or change.event == "deleted":
            continue
        of, names = _COPIES[place]
        found = (sources.get((*of, name)) for name in (change.id, *change.refs))
        if (said := next((each.said for each in found if each), None)) is None:
            continue
        reached, claimed = shown.get((change.system, change.id), (0, (0, 0)))
        wanted = tuple(says[name] for name in names)
        fits = next((i for i in range(reached, len(said)) if said[i][1] == wanted), None)
        if fits is None and wanted in (each for _, each in said[:reached]):
            yield _backward(change, wanted, said[reached][1])
        claim = _claim(says.get("versions", ""))
        if claim < claimed:
            yield _old_claim(change, claim, claimed)
        elif claim > claimed and wanted not in _in_second(said, claim):
            yield _false_claim(change, claim, wanted)
        shown[change.system, change.id] = (reached if fits is None else fits, max(claim, claimed))


def _claim(text: str) -> tuple[int, int]:
    found = _CLAIM.search(text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _in_second(said: Sequence[tuple[int, tuple[str, ...]]], claim: tuple[int, int]) -> list[tuple[str, ...]]:
    """What the source said in the second of a claim: the last of it if that was over when it was read."""
    second, over = claim
    found = [values for at, values in said if at // _SECOND == second]
    return found[-1:] if over else found


def _backward(change: Change, wanted: tuple[str, ...], had: tuple[str, ...]) -> Witness:
    said = f"{change.system}'s copy {change.id} shows {' '.join(wanted)} again, after {' '.join(had)}"
    return Witness("other", distinct(change.id, *change.refs), f"{said}: its source had left that before")


def _old_claim(change: Change, claim: tuple[int, int], claimed: tuple[int, int]) -> Witness:
    said = f"{change.system}'s copy {change.id} was made of version {claim[0]}.{claim[1]}"
    return Witness(
        "other", distinct(change.id, *change.refs), f"{said} after {claimed[0]}.{claimed[1]} had been shown"
    )


def _false_claim(change: Change, claim: tuple[int, int], wanted: tuple[str, ...]) -> Witness:
    said = f"{change.system}'s copy {change.id} shows {' '.join(wanted)} as version {claim[0]}.{claim[1]}"
    return Witness("other", distinct(change.id, *change.refs), f"{said}, in which its source said otherwise")


def _reactivated(changes: Sequence[Change]) -> Iterator[Witness]:
    withdrawn: set[str] = set()
    for change in changes:
        if (change.system, change.kind) != ("salesforce", "opportunity") or not change.cause:
            continue
        status = dict(change.says).get("status", "")
        if status == "Withdrawn":
            withdrawn.add(change.id)
        elif status == "Activated" and change.id in withdrawn:
            said = f"the CRM shows the deal {change.id} as active, after its order was withdrawn"
            yield Witness("other", distinct(change.id, *change.refs), said)


def _reopened(changes: Sequence[Change]) -> Iterator[Witness]:
    shown: dict[str, tuple[str, int]] = {}
    settled: set[str] = set()
    reopened: dict[str, int] = {}
    for change in changes:
        if (change.system, change.kind) == ("zuora", "invoice"):
            _follow(change, settled, reopened)
        elif change.system == "salesforce" and change.kind in _MIRRORS:
            before, times = shown.get(change.id, ("", 0))
            opens = before in _CLOSED and change.state not in _CLOSED and change.event != "deleted"
            shown[change.id] = (change.state, times + opens)
            if opens and times + 1 > reopened.get(change.id, 0):
                said = f"the CRM's mirror of {change.id} went from {before} back to {change.state}"
                names = distinct(change.id, *change.refs)
                yield Witness("other", names, f"{said}, which billing had left before")


def _follow(change: Change, settled: set[str], reopened: dict[str, int]) -> None:
    # Billing's word is the same where money comes and where it is taken off again: all but the first may
    # have opened the invoice, and count so.
    for name in {change.id, *change.refs}:
        if name in settled:
            reopened[name] = reopened.get(name, 0) + 1
        elif change.event == _SETTLED:
            settled.add(name)
