"""Figures of a run, from evidence alone: lags, calls, wrong entries, money, faults, parked work.

Spans in seconds of virtual time; money in minor units; percentiles by nearest rank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from reports.record import (
    Amount,
    ExpectationResult,
    FaultFired,
    LagResult,
    ModelResult,
    ParkedItem,
    SystemCalls,
)
from scenarios.checkers.findings import totals
from scenarios.evidence.run import Evidence, Lag
from scenarios.evidence.verdicts import Verdict, Witness
from scenarios.judging import law_results
from scenarios.stories.index import STORIES
from scenarios.world.play import Played

HEADLINE = "event_to_erp"
# In the order of a report; all but the first lead into the ERP, and together are the headline.
_FLOWS = (
    "order_to_subscription",
    "invoice_to_ledger",
    "payment_to_cash",
    "refund_to_ledger",
    "payout_to_ledger",
)
# These laws compare totals: they find again, as a sum, what the laws of single documents have found.
_OF_TOTALS = frozenset({"I-11", "I-12", "I-13", "I-30", "C19"})
_COUNTED = ("lost", "duplicated", "orphaned", "wrong_amount")


def result_of(played: Played, verdicts: Sequence[Verdict]) -> ModelResult:
    """The run as a record has it."""
    spec, evidence = played.spec, played.evidence
    replay = f"tieout replay {spec.token}"
    found = wrong_entries(verdicts)
    return ModelResult(
        model=spec.model,
        seed=spec.seed,
        token=spec.token,
        replay=replay,
        laws=law_results(evidence, verdicts, replay),
        lost=found["lost"],
        duplicated=found["duplicated"],
        orphaned=found["orphaned"],
        wrong_amount=found["wrong_amount"],
        money_effects=money_effects(verdicts),
        lags=lag_results(evidence),
        systems=system_calls(evidence, spec.customers),
        converge_seconds=converge_seconds(evidence),
        parked=tuple(
            ParkedItem(key=item.key, flow=item.flow, cause=item.cause, owner=item.owner)
            for item in evidence.parked
        ),
        faults_fired=faults_fired(fault for fault, _ in played.fired),
        repairs=played.core_counts["repairs"],
        lifecycles=spec.customers,
        events=played.events,
        log_hash=evidence.determinism.log_hash,
        cpu_seconds=played.cpu_seconds,
        virtual_seconds=played.virtual_seconds,
        expectations=expectations_of(spec.story, evidence),
    )


def expectations_of(story: str, evidence: Evidence) -> tuple[ExpectationResult, ...]:
    """What a scripted story expects beside what the books say; none for any other story."""
    script = STORIES[story].script if story in STORIES else None
    if script is None:
        return ()
    return tuple(
        ExpectationResult(says=each.says, due=each.due, found=each.found, by=each.by)
        for each in script.judge(evidence)
    )


def nearest_rank(ordered: Sequence[float], percent: float) -> float:
    """The smallest value with at least `percent` of all values at or below it; `ordered` ascends."""
    return ordered[max(ceil(len(ordered) * percent / 100), 1) - 1]


def lag_results(evidence: Evidence) -> tuple[LagResult, ...]:
    """One entry a flow that had facts which arrived, the headline first. What never arrived has no lag:
    the laws judge it."""
    by_flow: dict[str, list[float]] = {name: [] for name in (HEADLINE, *_FLOWS)}
    for lag in lags(evidence):
        span = (lag.arrived_at - lag.at) / 1_000_000
        by_flow[lag.fact].append(span)
        if lag.fact != "order_to_subscription":
            by_flow[HEADLINE].append(span)
    return tuple(_lag_result(flow, sorted(spans)) for flow, spans in by_flow.items() if spans)


def lags(evidence: Evidence) -> Iterator[Lag]:
    """Each fact and when it arrived; `fact` is the name of the flow. Arrival is the first one."""
    yield from _orders(evidence)
    erp = evidence.erp
    invoices = _first((i.external, i.created_at) for i in erp.invoices)
    receipts = _first((r.external, r.created_at) for r in erp.receipts)
    refunds = _first((r.external, r.created_at) for r in erp.refunds)
    journals = _first((j.external, j.created_at) for j in erp.journals)
    # From the draft on: taxing and posting it is the integration's own work.
    billed = [(i.number, i.created_at) for i in evidence.billing.invoices if i.status == "Posted"]
    paid = [(c.intent, c.created_at) for c in evidence.payments.charges if c.status == "succeeded"]
    returned = [(r.id, r.created_at) for r in evidence.payments.refunds if r.status == "succeeded"]
    sent = [(p.id, p.paid_at) for p in evidence.payments.payouts if p.status == "paid"]
    pairs = ((billed, invoices), (paid, receipts), (returned, refunds), (sent, journals))
    for flow, (facts, arrivals) in zip(_FLOWS[1:], pairs, strict=True):
        for key, at in facts:
            if key in arrivals:
                yield Lag(flow, key, at, arrivals[key])


def system_calls(evidence: Evidence, customers: int) -> tuple[SystemCalls, ...]:
    """Calls to each system from the start until the books were at rest; what came after, and the
    repetition of everything, is the lab's doing."""
    end = evidence.convergence.quiescent_at or max((o.at for o in evidence.operations), default=0)
    claims: dict[str, Counter[str]] = {}
    for operation in evidence.operations:
        if operation.at <= end:
            claims.setdefault(operation.system, Counter())[operation.claim] += 1
    return tuple(
        SystemCalls(
            system=system,
            calls=count.total(),
            per_lifecycle=count.total() / customers,
            ok=count["ok"],
            fail=count["fail"],
            info=count["info"],
        )
        for system, count in sorted(claims.items())
    )


def converge_seconds(evidence: Evidence) -> float | None:
    """From the end of the faults to rest; None if it never came."""
    rest = evidence.convergence
    return (rest.quiescent_at - rest.healed_at) / 1_000_000 if rest.quiescent else None


def wrong_entries(verdicts: Sequence[Verdict]) -> Counter[str]:
    """Breaches by kind; what several laws say of the same documents in the same words counts once."""
    said = {(w.kind, w.subjects, w.says) for w in _breaches(verdicts) if w.kind in _COUNTED}
    return Counter(kind for kind, _, _ in said)


def money_effects(verdicts: Sequence[Verdict]) -> tuple[Amount, ...]:
    """What the breaches come to in each currency, as magnitudes: too much never makes up for too little.
    Of the same documents only the largest amount counts, since each law sees the same money."""
    largest: dict[tuple[tuple[str, ...], str], int] = {}
    for witness in _breaches(verdicts):
        if witness.currency:
            key = (witness.subjects, witness.currency)
            largest[key] = max(largest.get(key, 0), abs(witness.amount))
    sums = totals((currency, amount) for (_, currency), amount in largest.items())
    return tuple(
        Amount(minor=sums[currency], currency=currency) for currency in sorted(sums) if sums[currency]
    )


def faults_fired(fired: Iterable[str]) -> tuple[FaultFired, ...]:
    """How often each fault bit, by id."""
    counts = Counter(fired)
    return tuple(FaultFired(fault=fault, count=counts[fault]) for fault in sorted(counts))


def _breaches(verdicts: Sequence[Verdict]) -> list[Witness]:
    """Of single documents; those of totals only where nothing else is broken."""
    broken = [verdict for verdict in verdicts if verdict.witnesses]
    single = [verdict for verdict in broken if verdict.law not in _OF_TOTALS]
    return [witness for verdict in single or broken for witness in verdict.witnesses]


def _orders(evidence: Evidence) -> Iterator[Lag]:
    """Won deals: a new one arrives as its subscription, any other as its order."""
    numbers = _first((s.number, s.created_at) for s in evidence.billing.subscriptions)
    placed = _first(
        (ref, c.at)
        for c in evidence.changes
        if c.kind == "order" and c.system == "zuora"
        for ref in c.refs[:1]
    )
    for deal in evidence.crm.opportunities:
        if deal.stage != "Closed Won":
            continue
        at = numbers.get(f"S-{deal.key}") if deal.kind == "new" else placed.get(f"O-{deal.key}")
        if at is not None:
            yield Lag("order_to_subscription", deal.key, deal.closed_at, at)


def _first(arrivals: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, at in arrivals:
        found[key] = min(at, found.get(key, at))
    return found


def _lag_result(flow: str, ordered: list[float]) -> LagResult:
    p50, p95, p99 = (nearest_rank(ordered, percent) for percent in (50, 95, 99))
    return LagResult(flow=flow, count=len(ordered), p50_s=p50, p95_s=p95, p99_s=p99, max_s=ordered[-1])
