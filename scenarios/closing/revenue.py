"""Plans, releases, obligations, identities and events, out of a run's books."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.close.extract import Explanation
from core.close.rows.revenue import (
    ContractProgress,
    DeferredMovement,
    Pob,
    RevenuePlan,
    ScheduleLine,
    SentEvent,
    TakenEvent,
)
from scenarios.closing.ahead import USE, progress
from scenarios.closing.deals import deals
from scenarios.closing.frame import Frame, at, money
from scenarios.evidence.erp import RevenueSchedule

_RUN = re.compile(r"REV-(?P<month>\d{4}-\d{2})-")
_TAKEN = {"applied": "processed", "ignored": "processed", "parked": "dead", "duplicate": "duplicate"}
_CORE = "core"


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name."""
    released = _released(frame)
    begun = {name for name, _ in released}
    known = _known(frame)
    plans = [s for s in frame.evidence.erp.schedules if s.external in begun | known]
    standing = progress(frame, [plan for plan in plans if plan.external in known], released)
    return {
        "plans": tuple(
            RevenuePlan(
                source=s.external,
                amount=money(s.amount, s.currency),
                start=date.fromisoformat(s.start),
                end=date.fromisoformat(s.end),
                pob=s.source,
            )
            for s in plans
            if date.fromisoformat(s.start) < frame.end
        ),
        "schedule": (
            *_releases(frame, released),
            *_remaining(frame, plans, known, released),
            *_asset(frame, standing),
        ),
        "pobs": tuple(_pob(frame, s) for s in plans),
        "deferred_movements": (*_movements(frame, plans, released), *_ahead(frame, standing)),
        "progress": standing,
        "deals": tuple(deals(frame)),
        "sent_events": tuple(_sent(frame)),
        "taken_events": tuple(_taken(frame)),
    }


def _known(frame: Frame) -> frozenset[str]:
    """Plans whose document, or the allocation of whose order, was in the ledger by the end."""
    billing = frame.evidence.billing
    dates = {i.number: i.date for i in billing.invoices}
    dates |= {n.number: n.date for n in billing.credit_notes}
    allocated = {j.external: j.date for j in frame.evidence.erp.journals if j.external.startswith("P14-")}
    dates |= {name.removeprefix("P14-"): day for name, day in allocated.items()}

    def was_there(plan: RevenueSchedule) -> bool:
        if plan.source not in dates:
            return frame.came(plan.created_at)
        return frame.until(dates[plan.source]) and plan.source not in frame.put_off

    return frozenset(plan.external for plan in frame.evidence.erp.schedules if was_there(plan))


def _released(frame: Frame) -> dict[tuple[str, str], int]:
    """(plan, month it was earned in) -> minor units, of what is dated before the end."""
    plans = {s.external for s in frame.evidence.erp.schedules}
    months = {j.id: found["month"] for j in frame.evidence.erp.journals if (found := _RUN.match(j.external))}
    sums: dict[tuple[str, str], int] = {}
    for line in frame.evidence.erp.ledger:
        if line.account == "4000" and line.document in months and frame.until(line.date):
            plan = next((word for word in line.memo.split() if word in plans), "")
            key = (plan, months[line.document])
            sums[key] = sums.get(key, 0) + line.credit - line.debit
    return sums


def _releases(frame: Frame, released: dict[tuple[str, str], int]) -> Iterator[ScheduleLine]:
    currency = {s.external: s.currency for s in frame.evidence.erp.schedules}
    for (plan, month), minor in sorted(released.items()):
        if plan:
            yield ScheduleLine(
                id=f"{plan}/{month}",
                source=plan,
                period=month,
                amount=money(minor, currency[plan]),
                journal="posted",
            )


def _remaining(
    frame: Frame,
    plans: list[RevenueSchedule],
    known: frozenset[str],
    released: dict[tuple[str, str], int],
) -> Iterator[ScheduleLine]:
    """What is still planned for each customer; no line of a plan of its own."""
    done: Counter[str] = Counter()
    for (name, _), minor in released.items():
        done[name] += minor
    for plan in plans:
        # A plan whose invoice is yet to come takes away what was released of it already.
        whole = plan.amount if plan.external in known else 0
        rest = whole - done[plan.external]
        if rest:
            yield ScheduleLine(
                id=f"{plan.external}/rest",
                source="",
                period="",
                amount=money(rest, plan.currency),
                pob=frame.owner_of.get(plan.source, plan.source),
                entity=_entity(frame, plan.source),
            )


def _entity(frame: Frame, document: str) -> str:
    """Of a billed document, of the dispute that was lost, or of the order whose bundle was allocated."""
    names = (document, f"{document}-lost", f"P14-{document}")
    return next((frame.entity_of[name] for name in names if name in frame.entity_of), "")


def _pob(frame: Frame, plan: RevenueSchedule) -> Pob:
    """Each plan is delivered by its days."""
    start, end = date.fromisoformat(plan.start), date.fromisoformat(plan.end)
    days = (end - start).days
    gone = (min(frame.end, end) - start).days
    progress = Fraction(max(gone, 0), days) if days > 0 else Fraction(int(start < frame.end))
    return Pob(
        id=plan.external,
        contract=plan.source,
        allocated=money(plan.amount, plan.currency),
        progress=progress,
    )


def _ahead(frame: Frame, standing: Sequence[ContractProgress]) -> Iterator[DeferredMovement]:
    """What was delivered before its bill is an asset, and no deferred revenue below nothing."""
    for place in _positive(standing):
        ahead, entity = place.recognised - place.billed, _entity_of(frame, place)
        yield DeferredMovement(
            pob=place.customer, contract="", kind="modification", amount=ahead, entity=entity
        )


def _asset(frame: Frame, standing: Sequence[ContractProgress]) -> Iterator[ScheduleLine]:
    """Its bill is still to come: nothing of it is left to be taken off what is planned."""
    for move, place in zip(_ahead(frame, standing), _positive(standing), strict=True):
        yield ScheduleLine(
            id=f"{place.contract}/ahead",
            source="",
            period="",
            amount=move.amount,
            pob=move.pob,
            entity=move.entity,
        )


def _positive(standing: Sequence[ContractProgress]) -> list[ContractProgress]:
    """Use is accrued without a movement of deferred revenue."""
    found = [place for place in standing if not place.contract.endswith(USE)]
    return [place for place in found if (place.recognised - place.billed).minor > 0]


def _entity_of(frame: Frame, place: ContractProgress) -> str:
    """Where the contract's deferred revenue stands."""
    lines = frame.evidence.erp.ledger
    return next((x.entity for x in lines if x.account == "2100" and x.contract == place.contract), "")


def made_good(frame: Frame) -> Iterator[Explanation]:
    """Events that never came, where reconciliation asked both systems again until they agreed."""
    convergence = frame.evidence.convergence
    cycles = convergence.repairs_in_last_cycles
    if convergence.quiescent and cycles and not any(cycles):
        for event in _sent(frame):
            yield Explanation(
                control="C38",
                key=f"{event.id}/{_CORE}",
                cause="lost",
                by=f"reconciliation asked again, {len(cycles)} cycles without a difference",
            )


def _movements(
    frame: Frame, plans: list[RevenueSchedule], released: dict[tuple[str, str], int]
) -> Iterator[DeferredMovement]:
    """By customer: net of tax as billing has it; what disputes end, as their plans have it."""
    billing = frame.evidence.billing
    # Use is earned when it is billed, and never deferred.
    used = {row.line for row in billing.usage if row.line}
    # What no bill run gave came off what was deferred only by what its plans end; the rest had been earned.
    put_off = frame.put_off
    by_hand = {note.number for note in billing.credit_notes if note.source != "bill_run"}
    numbers: dict[str, str] = {}

    def move(document: str, kind: str, minor: int, currency: str) -> DeferredMovement:
        return DeferredMovement(
            pob=frame.owner_of.get(document, document),
            contract="",
            kind=kind,
            amount=money(minor, currency),
            entity=_entity(frame, document),
        )

    for sign, kind, rows in ((1, "billed", billing.invoices), (-1, "credited", billing.credit_notes)):
        for row in rows:
            numbers[row.number] = row.currency
            if row.status == "Posted" and frame.until(row.date) and row.number not in put_off:
                deferred = sign * sum(line.net for line in row.lines if line.id not in used)
                if row.number in by_hand:
                    deferred = sum(plan.amount for plan in plans if plan.source == row.number)
                yield move(row.number, kind, deferred, row.currency)
    by_plan = {plan.external: plan for plan in plans}
    for plan in plans:
        if plan.source not in numbers:
            yield move(plan.source, "modification", plan.amount, plan.currency)
    for (name, _), minor in released.items():
        if name in by_plan:
            plan = by_plan[name]
            yield move(plan.source, "recognised", -minor, plan.currency)


def _sent(frame: Frame) -> Iterator[SentEvent]:
    """Whatever was sent under a good signature; a visitor's inventions are not events."""
    seen: set[tuple[str, str]] = set()
    for row in frame.evidence.deliveries:
        key = (row.channel, row.event)
        if row.signed and frame.came(row.at) and key not in seen and not row.channel.startswith("batch"):
            seen.add(key)
            yield SentEvent(
                id=f"{row.channel}/{row.event}",
                source=row.channel,
                kind="webhook",
                at=at(row.at),
                consumers=(_CORE,),
            )


def _taken(frame: Frame) -> Iterator[TakenEvent]:
    sent = {event.id for event in _sent(frame)}
    ignored: set[str] = set()
    late = frame.cut_off - timedelta(microseconds=1)
    for row in frame.evidence.receipts:
        name = f"{row.channel}/{row.event}"
        if name in sent and row.outcome in _TAKEN:
            # What is no concern of the core changes nothing, however often it comes.
            again = row.outcome == "ignored" and name in ignored
            ignored.update({name} if row.outcome == "ignored" else ())
            yield TakenEvent(
                id=name,
                consumer=_CORE,
                outcome="duplicate" if again else _TAKEN[row.outcome],
                # Sent by the end is processed for it, if within the days that the books stay open.
                at=min(at(row.at), late),
                reason=row.reason,
            )
