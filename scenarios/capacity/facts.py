"""Which calls of a run are for which business fact, and grow with the company; the rest go by the clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from scenarios.capacity.demand import (
    SPANS,
    Call,
    Standing,
    at_once,
    busiest,
    loads,
    mean_an_hour,
    standing,
)
from scenarios.evidence.run import Evidence, Operation
from simulators.roster import VENDORS

CLOCK, OTHER = "clock", "other record"
FACTS = ("customer", "order", "invoice", "credit note", "payment", "payout")
# What looks for news, drafts or a token names no record, and is done by the timetable.
_LOOKS = re.compile(r"list_|find_draft_|sign_in$")
_APART = re.compile(r"[:/#]+")


@dataclass(frozen=True, slots=True)
class VendorDemand:
    """What one vendor is asked under one model at the size asked for. busiest: calls by span's name;
    at_once: the most in the play, not scaled; by_fact: calls of one fact (OTHER: of one customer); by_clock:
    calls an hour that do not grow; limits: none where the mock has none."""

    system: str
    calls: int
    mean_an_hour: Fraction
    busiest: Mapping[str, Fraction]
    at_once: int
    by_fact: Mapping[str, Fraction]
    by_clock: Fraction
    limits: tuple[Standing, ...]


def demands(evidence: Evidence, size: Fraction) -> tuple[VendorDemand, ...]:
    """Each vendor's, from the start until the books were at rest: what came after is the lab's doing.
    size: customers asked for by customers played. ValueError where the run took no time."""
    until = evidence.convergence.quiescent_at or max((o.ended_at for o in evidence.operations), default=0)
    lasted = until - evidence.started_at
    if lasted <= 0:
        raise ValueError("run: it took no time, so nothing can be said of calls an hour; play a longer one")
    names, counts = dict(_names(evidence)), counted(evidence)
    asked: dict[str, list[tuple[Operation, str]]] = {name: [] for name in VENDORS}
    for each in evidence.operations:
        if each.at <= until:
            asked.setdefault(each.system, []).append((each, fact_of(each, names)))
    return tuple(_of(evidence, system, made, counts, lasted, size) for system, made in asked.items())


def fact_of(operation: Operation, names: Mapping[str, str]) -> str:
    """The fact that a call is for: the last record that its key names; CLOCK for a look that names none.
    Whatever else names none counts as growing with the customers, rather than be left out."""
    for part in reversed(_APART.split(operation.key)):
        if part in names:
            return names[part]
    return CLOCK if _LOOKS.match(operation.name) else OTHER


def counted(evidence: Evidence) -> dict[str, int]:
    """How many there are of each fact."""
    billing, crm, payments = evidence.billing, evidence.crm, evidence.payments
    return {
        "customer": len(crm.accounts),
        "order": sum(deal.stage == "Closed Won" for deal in crm.opportunities),
        "invoice": len(billing.invoices),
        "credit note": len(billing.credit_notes),
        "payment": len(payments.intents),
        "payout": len(payments.payouts),
        OTHER: len(crm.accounts),
    }


def _names(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Every name of a record that a key may carry, and what fact it is."""
    crm, billing, payments = evidence.crm, evidence.billing, evidence.payments
    rows: list[tuple[str, tuple[str, ...]]] = [("customer", (a.id, a.key)) for a in crm.accounts]
    rows += [("customer", (b.id, b.number)) for b in billing.accounts]
    rows += [("customer", (c.id,)) for c in payments.customers]
    # Numbers that the core gives to a deal's subscription and order in billing.
    rows += [("order", (d.id, d.key, f"S-{d.key}", f"O-{d.key}")) for d in crm.opportunities]
    rows += [("order", (s.id, s.number, *s.orders)) for s in billing.subscriptions]
    rows += [("invoice", (i.id, i.number)) for i in billing.invoices]
    rows += [("credit note", (n.id, n.number)) for n in billing.credit_notes]
    rows += [("payment", (p.id,)) for p in payments.intents]
    rows += [("payment", (c.id,)) for c in payments.charges]
    rows += [("payment", (r.id,)) for r in payments.refunds]
    rows += [("payment", (d.id,)) for d in payments.disputes]
    rows += [("payment", (p.id, p.number)) for p in billing.payments]
    rows += [("payout", (p.id,)) for p in payments.payouts]
    for fact, known in rows:
        for name in known:
            if name:
                yield name, fact


def _of(
    evidence: Evidence,
    system: str,
    made: list[tuple[Operation, str]],
    counts: Mapping[str, int],
    lasted: int,
    size: Fraction,
) -> VendorDemand:
    calls = [Call(o.arrived_at, o.at, o.ended_at, fact != CLOCK) for o, fact in made]
    kinds = Counter(fact for o, fact in made if o.arrived_at)
    return VendorDemand(
        system,
        kinds.total(),
        mean_an_hour(calls, lasted, size),
        {name: busiest(loads(calls, window), size) for name, window in SPANS.items()},
        at_once(calls),
        {f: Fraction(kinds[f], counts[f]) for f in (*FACTS, OTHER) if kinds[f] and counts[f]},
        mean_an_hour([call for call in calls if not call.grows], lasted, size),
        tuple(
            standing(calls, quota.window, quota.most, size)
            for quota in evidence.limits.quotas
            if quota.system == system
        ),
    )
