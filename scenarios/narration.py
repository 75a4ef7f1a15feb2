"""Tells the story of one transaction across all systems, in the order in which it happened.

A story begins at the names of a document and follows references one or two hops. Names that many
documents share (customers, products, bill runs) are never followed, so that it stays one story.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from scenarios.evidence.run import Change, Delivery, Evidence, Operation
from scenarios.telling import tell_attempt, tell_change, tell_delivery, tell_parked

# Kinds of objects that belong to no single transaction.
_PARTIES = frozenset({"account", "customer", "contact", "user", "vendor"})
_SHARED = frozenset(
    {
        *_PARTIES,
        *("product", "product2", "pricebook2", "product_rate_plan", "product_rate_plan_charge", "item"),
        *("bill_run", "nexus", "webhook_endpoint", "notification_definition", "period", "payment_method"),
    }
)
# Kinds that stand over many documents: told as the origin of a story, followed only if it begins there.
_CONTRACTS = frozenset({"opportunity", "quote", "quote_line", "order", "subscription"})
# Kinds in which many payments end: told, not followed.
_SINKS = frozenset({"payout", "journal"})
# Kinds whose ids are bare numbers in the ERP, each kind counting for itself.
_BOOKED = ("invoice", "receipt", "credit_memo", "refund", "journal", "schedule")
# A name that more changes bear than this is shared, whatever its kind.
_CROWD = 24
# References are followed so often: invoice, charge, payout.
_HOPS = 3
_BEGINNINGS = frozenset({"created", "closed_won", "completed"})
_CUTS = re.compile(r"[/#]")


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=_Keyed)


@dataclass(frozen=True, slots=True)
class _Line:
    """weight: 0 the transaction itself, higher is farther away; the lightest lines are kept.
    by_core: the core had a part in it."""

    at: int
    weight: int
    text: str
    by_core: bool = True


class Narrator:
    """The evidence, indexed once by every name that occurs in it."""

    def __init__(self, evidence: Evidence) -> None:
        self._changes: defaultdict[str, list[Change]] = defaultdict(list)
        self._own: defaultdict[str, list[Change]] = defaultdict(list)
        self._beginnings: defaultdict[str, list[Change]] = defaultdict(list)
        self._shared: set[str] = set()
        self._contracts: set[str] = set()
        # Every name that the core ever acted on.
        self._acted = {name for key in {o.key for o in evidence.operations} for name in _names(key)}
        self._causes = {operation.id: operation for operation in evidence.operations}
        for change in evidence.changes:
            self._index(change)
        self._troubles = _by_key(o for o in evidence.operations if _is_trouble(o))
        self._parked = _by_key(evidence.parked)
        self._deliveries: defaultdict[str, list[Delivery]] = defaultdict(list)
        for delivery in evidence.deliveries:
            self._deliveries[delivery.event].append(delivery)
            self._deliveries[delivery.id].append(delivery)
            for name in delivery.about:
                self._deliveries[name].append(delivery)

    def _index(self, change: Change) -> None:
        names = _names_of(change)
        kind = change.kind.lower()
        for name in names:
            self._changes[name].append(change)
        self._own[next(iter(names))].append(change)
        if kind in _PARTIES | _CONTRACTS and change.event in _BEGINNINGS:
            for name in dict.fromkeys((change.id, *change.refs[:2])):
                self._beginnings[name].append(change)
        if kind in _SHARED:
            self._shared.update(names)
        elif kind in _CONTRACTS:
            self._contracts.add(change.id)
            if change.refs and kind in ("order", "subscription"):
                self._contracts.add(change.refs[0])

    def story(self, subjects: Iterable[str], most: int = 15) -> tuple[str, ...]:
        """At most `most` lines, in time order; the first subjects weigh most. Empty if nobody is known."""
        about = tuple(dict.fromkeys(name for each in subjects for name in self._qualified(each)))
        lines: dict[int, _Line] = {}
        for source, line in self._tell(about):
            known = lines.setdefault(source, line)
            if line.weight < known.weight:
                lines[source] = line
        told = list(lines.values())
        if not told or any(line.by_core for line in told) or any(name in self._acted for name in about):
            return _fit(told, most)
        return (*_fit(told, most - 1), "… no operation of the core ever named it …")

    def _tell(self, subjects: tuple[str, ...]) -> Iterator[tuple[int, _Line]]:
        names = {name: min(index, 1) for index, name in enumerate(self._principals(subjects))}
        contracts = dict.fromkeys(name for name in subjects if name in self._contracts)
        told: set[int] = set()
        reached = dict(names)
        for _ in range(_HOPS):
            farther: dict[str, int] = {}
            for name, weight in reached.items():
                for change in self._named(name):
                    if id(change) in told:
                        continue
                    told.add(id(change))
                    yield id(change), self._changed(change, weight)
                    contracts.update(dict.fromkeys(self._standing_over(change)))
                    for each in self._followed(change):
                        farther.setdefault(each, weight + 1)
            reached = {name: weight for name, weight in farther.items() if name not in names}
            names.update(reached)
        for name in contracts:
            yield from self._origin(name)
        yield from self._trouble(names)

    def _qualified(self, subject: str) -> Iterable[str]:
        """A bare number may be the ERP's id of a document; or an account of the ledger, which is none."""
        if not subject.isdigit():
            return (subject,)
        return (name for name in (f"{kind} {subject}" for kind in _BOOKED) if name in self._changes)

    def _principals(self, subjects: tuple[str, ...]) -> tuple[str, ...]:
        """The subjects that name documents; where there are none, contracts; then whatever there is."""
        documents = [s for s in subjects if s not in self._shared and s not in self._contracts]
        known = [s for s in documents if s in self._changes or s in self._troubles or s in self._deliveries]
        contracts = [s for s in subjects if s in self._contracts]
        return tuple(known or contracts or subjects)

    def _named(self, name: str) -> list[Change]:
        if name in self._shared:
            # Of a customer only what it is itself, and its contracts' beginnings.
            return self._beginnings.get(name, [])[:_CROWD]
        found = self._changes.get(name, [])
        return found if len(found) <= _CROWD else self._own.get(name, [])[:_CROWD]

    def _followed(self, change: Change) -> Iterator[str]:
        if change.kind.lower() in _SINKS:
            return
        for name in _names_of(change):
            shared = name in self._shared or name in self._contracts or len(self._changes[name]) > _CROWD
            if not shared:
                yield name

    def _standing_over(self, change: Change) -> Iterator[str]:
        """The contracts that it refers to; a subscription or an order bears its deal's key in its number."""
        for ref in change.refs:
            for name in (ref, ref[2:] if ref[:2] in ("S-", "O-") else ""):
                if name in self._contracts:
                    yield name

    def _origin(self, contract: str) -> Iterator[tuple[int, _Line]]:
        """How the contract came to be: worth a line or two at the head of a story."""
        for change in self._beginnings.get(contract, ()):
            own = contract in (change.id, *change.refs[:1])
            if own and change.kind.lower() in _CONTRACTS:
                yield id(change), self._changed(change, _HOPS)

    def _trouble(self, names: Mapping[str, int]) -> Iterator[tuple[int, _Line]]:
        for name, weight in names.items():
            for operation in self._troubles.get(name, ()):
                far = weight + (not operation.fault)
                yield id(operation), _Line(operation.at, far, tell_attempt(operation))
            for delivery in self._deliveries.get(name, ()):
                yield id(delivery), _Line(delivery.at, weight, tell_delivery(delivery))
            for item in self._parked.get(name, ()):
                yield id(item), _Line(item.last_at, weight, tell_parked(item))

    def _changed(self, change: Change, weight: int) -> _Line:
        cause = self._causes.get(change.cause)
        return _Line(
            change.at, weight + (change.event == "updated"), tell_change(change, cause), cause is not None
        )


def _names_of(change: Change) -> tuple[str, ...]:
    """Every name that leads to a change, its own first; bare numbers only with their kind."""
    own = f"{change.kind.lower()} {change.id}" if change.id.isdigit() else change.id
    return tuple(dict.fromkeys((own, *(ref for ref in change.refs if not ref.isdigit()))))


def _by_key(items: Iterable[K]) -> defaultdict[str, list[K]]:
    """Items by every name in their key."""
    found: defaultdict[str, list[K]] = defaultdict(list)
    for item in items:
        for name in _names(item.key):
            found[name].append(item)
    return found


def _names(key: str) -> tuple[str, ...]:
    """The names in a business key; those of its case only where it names no document of its own."""
    case, _, document = key.partition("#")
    case = case.partition("/")[0]
    parts = _CUTS.split(document) if document else [case, *case.split(":"), *_CUTS.split(key)]
    return tuple(dict.fromkeys(part for part in parts if part))


def _fit(lines: list[_Line], most: int) -> tuple[str, ...]:
    """The lightest lines, in time order, and how many were left out."""
    kept = sorted(range(len(lines)), key=lambda at: (lines[at].weight, lines[at].at, at))
    if len(kept) > most:
        kept = kept[: most - 1]
    told = tuple(lines[at].text for at in sorted(kept, key=lambda at: (lines[at].at, at)))
    left = len(lines) - len(kept)
    return (*told, f"… {left} lines farther away left out …") if left else told


def _is_trouble(operation: Operation) -> bool:
    """Met a fault, or did not simply succeed; a read that found nothing is ordinary."""
    return bool(operation.fault) or operation.claim == "info" or (operation.write and operation.claim != "ok")
