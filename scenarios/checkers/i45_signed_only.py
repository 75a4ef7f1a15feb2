"""I-45: an unsigned, wrongly signed or stale message changes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scenarios.checkers.findings import distinct, major
from scenarios.evidence.run import Change, Delivery, Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Every delivery is looked at. One without a valid signature is not accepted (400 or above, or no
    answer at all), its event is not applied unless a signed delivery brought it too, and no change
    names it as its cause."""
    genuine = {(d.channel, d.event) for d in evidence.deliveries if d.signed}
    forged = [d for d in evidence.deliveries if not d.signed]
    applied = {(r.channel, r.event) for r in evidence.receipts if r.outcome == "applied"}
    witnesses = []
    for d in forged:
        names = distinct(d.event, d.id)
        if 0 < d.status < 400:
            said = f"unsigned {d.channel} delivery {d.id} of {d.event} was accepted with {d.status}"
            witnesses.append(Witness("other", names, said))
        if (d.channel, d.event) in applied and (d.channel, d.event) not in genuine:
            said = f"{d.channel} event {d.event} was applied, it only ever came unsigned"
            witnesses.append(Witness("other", names, said))
    senders = {d.id: d for d in forged}
    for change in evidence.changes if forged else ():
        sender = _sender(change.cause, senders)
        if sender is not None:
            witnesses.append(_caused(change, sender))
    return judged("I-45", len(evidence.deliveries), witnesses)


def _sender(cause: str, senders: Mapping[str, Delivery]) -> Delivery | None:
    """The cause is a delivery's id, or goes on behind it with a mark: "d1/2" is by d1, "d12" is not."""
    ends = [mark.start() for mark in re.finditer(r"[^0-9A-Za-z]|$", cause)]
    return next((senders[cause[:end]] for end in ends if cause[:end] in senders), None)


def _caused(change: Change, delivery: Delivery) -> Witness:
    said = f"unsigned delivery {delivery.id} caused {change.system} {change.kind} {change.id} "
    said += f"{change.event} ({major(change.amount, change.currency)})"
    names = distinct(delivery.event, delivery.id, change.id, *change.refs)
    return Witness("other", names, said, change.amount, change.currency)
