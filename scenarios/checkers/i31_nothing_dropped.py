"""I-31: received = applied + duplicate + rejected + parked + ignored, by channel and event."""

from __future__ import annotations

from scenarios.checkers.findings import distinct
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

OUTCOMES = frozenset({"applied", "duplicate", "rejected", "parked", "ignored"})
NEED_REASON = frozenset({"rejected", "parked", "ignored"})


def check(evidence: Evidence) -> Verdict:
    """An acknowledged event (any 2xx) has a receipt, a receipt has a delivery, and whoever did not
    apply an event says why. An event that was never acknowledged is the sender's to repeat."""
    accounted = {(r.channel, r.event) for r in evidence.receipts}
    delivered = {(d.channel, d.event) for d in evidence.deliveries}
    taken: dict[tuple[str, str], str] = {}
    for d in evidence.deliveries:
        if 200 <= d.status < 300:
            taken.setdefault((d.channel, d.event), d.id)
    witnesses = []
    for (channel, event), delivery in taken.items():
        if (channel, event) not in accounted:
            said = f"{channel} event {event} was acknowledged and then dropped without a trace"
            witnesses.append(Witness("lost", distinct(event, delivery), said))
    for r in evidence.receipts:
        if (r.channel, r.event) not in delivered:
            said = f"{channel_event(r.channel, r.event)} was {r.outcome} though never delivered"
            witnesses.append(Witness("orphaned", (r.event,), said))
        if r.outcome not in OUTCOMES:
            said = f"{channel_event(r.channel, r.event)} has the unknown outcome {r.outcome or 'blank'}"
            witnesses.append(Witness("other", (r.event,), said))
        elif r.outcome in NEED_REASON and not r.reason:
            said = f"{channel_event(r.channel, r.event)} was {r.outcome} without a reason"
            witnesses.append(Witness("other", (r.event,), said))
    return judged("I-31", len(taken) + len(evidence.receipts), witnesses)


def channel_event(channel: str, event: str) -> str:
    """For sentences."""
    return f"{channel} event {event}"
