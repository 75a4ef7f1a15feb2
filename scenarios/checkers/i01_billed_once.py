"""I-01: every agreed day of service is billed exactly once, and no other day is billed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.checkers.days import FOREVER, Span, day, period_around, stretches, text_of
from scenarios.checkers.findings import distinct, major
from scenarios.checkers.lookups import by_name, links, metered, won
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice, ChargeSegment, Subscription
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What sales and customer agreed on: [start, end), the stretches of it without service, and the
    opportunities that say so."""

    start: int
    end: int
    cancelled: bool
    says: tuple[str, ...]
    rests: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Billed:
    """A line of a document: +1 bills its days, -1 takes them back."""

    document: str
    start: int
    end: int
    sign: int
    net: int


def check(evidence: Evidence) -> Verdict:
    """Coverage per charge, by interval arithmetic: +1 for each billed line, -1 for each credited one.

    The agreed range is read from the CRM (new, renewal, cancellation), and billing must have the
    same. Inside it the sum is 1 on each day of the charge up to the end of the billing period that
    contains `billed_through`; later days may be billed once, days outside never, unless they ended so
    late that their credit is not due yet. What is billed by use is no matter of days: see I-41.
    """
    agreed = _agreements(evidence)
    billed, witnesses = _billed_lines(evidence)
    key_of, by_use = links(evidence).account_key, metered(evidence)
    for subscription in evidence.billing.subscriptions:
        own = _Agreed(day(subscription.start), day(subscription.end), False, ())
        term = agreed.get(subscription.number, own)
        names = distinct(key_of.get(subscription.account, ""), subscription.number, *term.says)
        if term.says:
            witnesses += _same_term(subscription, term, evidence.billed_through, names)
        witnesses += _unserved(subscription, term, evidence.billed_through, names)
        charges: dict[str, list[ChargeSegment]] = {}
        for segment in (each for each in subscription.segments if each.charge not in by_use):
            charges.setdefault(segment.charge, []).append(segment)
        own_lines = billed.get(subscription.id, {})
        for charge in own_lines:
            charges.setdefault(charge, [])
        for charge, segments in charges.items():
            lines = own_lines.get(charge, [])
            witnesses += _coverage(subscription, term, segments, lines, evidence.billed_through, names)
    return judged("I-01", len(evidence.billing.subscriptions), witnesses)


def _agreements(evidence: Evidence) -> dict[str, _Agreed]:
    found: dict[str, _Agreed] = {}
    deals = won(evidence)
    for deal in (d for d in deals if d.kind == "new"):
        withdrawn = deal.status == "Withdrawn"
        end = day(deal.start) if withdrawn else day(deal.end)
        found[f"S-{deal.key}"] = _Agreed(day(deal.start), end, withdrawn, (deal.key,))
    for deal in (d for d in deals if d.kind != "new"):
        before = found.get(f"S-{deal.original}")
        if before is None or before.cancelled:
            continue
        end, cancelled = before.end, False
        if deal.kind == "renewal" and deal.end:
            end = day(deal.end)
        elif deal.kind == "cancellation":
            end, cancelled = max(before.start, min(before.end, day(deal.start))), True
        rests = before.rests
        if deal.kind == "suspension":
            rests = (*rests, (day(deal.start), FOREVER))
        elif deal.kind == "resumption" and rests:
            rests = (*rests[:-1], (rests[-1][0], day(deal.start)))
            end = day(deal.end) if deal.end else end
        says = (*before.says, deal.key)
        found[f"S-{deal.original}"] = _Agreed(before.start, end, cancelled, says, rests)
    return found


def _billed_lines(evidence: Evidence) -> tuple[dict[str, dict[str, list[_Billed]]], list[Witness]]:
    """Subscription id -> charge -> its lines; and the lines that belong to no subscription."""
    known, by_use = by_name(evidence.billing.subscriptions), metered(evidence)
    invoices = [i for i in evidence.billing.invoices if i.status in {"Posted", "Draft"}]
    notes = [
        n for n in evidence.billing.credit_notes if n.source == "bill_run" and n.status in {"Posted", "Draft"}
    ]
    found: dict[str, dict[str, list[_Billed]]] = {}
    witnesses = []
    documents: list[tuple[int, BillingInvoice | BillingCreditNote]] = [
        *((1, i) for i in invoices),
        *((-1, n) for n in notes),
    ]
    for sign, document in documents:
        for line in document.lines:
            if line.charge in by_use or not line.net or not line.start or line.start >= line.end:
                continue  # by use, one-off or free of charge: nothing that could be billed twice by the day
            owner = known.get(line.subscription)
            if owner is None:
                said = f"{document.number} bills {major(line.net, document.currency)} for "
                said += f"subscription {line.subscription or 'blank'}, which does not exist"
                names = distinct(document.number, line.subscription)
                witnesses.append(Witness("orphaned", names, said, line.net, document.currency))
                continue
            direction = sign if line.net > 0 else -sign
            entry = _Billed(document.number, day(line.start), day(line.end), direction, sign * line.net)
            found.setdefault(owner.id, {}).setdefault(line.charge, []).append(entry)
    return found, witnesses


def _same_term(s: Subscription, term: _Agreed, through: str, names: tuple[str, ...]) -> list[Witness]:
    """Billing's dates against the agreed ones: a lost renewal or cancellation shows here."""
    found = []
    for what, is_now, due in (("starts", day(s.start), term.start), ("ends", day(s.end), term.end)):
        if is_now != due:
            said = f"{s.number} {what} {text_of(is_now)} in billing, agreed was {text_of(due)}"
            found.append(Witness("other", names, said))
    if s.status == "Cancelled" and not term.cancelled:
        found.append(Witness("other", names, f"{s.number} is cancelled, no cancellation was agreed"))
    if s.status == "Active" and term.cancelled and through and term.end <= day(through):
        said = f"{s.number} is still active, its cancellation was agreed for {text_of(term.end)}"
        found.append(Witness("other", names, said))
    return found


def _unserved(s: Subscription, term: _Agreed, through: str, names: tuple[str, ...]) -> list[Witness]:
    """Agreed days up to `through` on which billing has no charge at all, and days of rest with one."""
    due = [(term.start, min(term.end, day(through) + 1), 1)] if through else []
    served = [(day(g.start), day(g.end), 1) for g in s.segments]
    resting = [(start, min(end, term.end), 1) for start, end in term.rests]
    found = []
    for start, end, (needed, has, rests) in stretches([due, served, resting]):
        if needed and not has and not rests:
            said = f"{s.number} has no charge from {text_of(start)} to {text_of(end)}"
            found.append(Witness("lost", names, said))
        elif has and rests:
            said = f"{s.number} has a charge from {text_of(start)} to {text_of(end)}, while it is suspended"
            found.append(Witness("wrong_amount", names, said))
    return found


def _coverage(
    subscription: Subscription,
    term: _Agreed,
    segments: Sequence[ChargeSegment],
    lines: Sequence[_Billed],
    through: str,
    names: tuple[str, ...],
) -> list[Witness]:
    needed, allowed = _due(term, segments, through)
    covered = [(line.start, line.end, line.sign) for line in lines]
    found = []
    for start, end, (has, need, may) in stretches([covered, needed, allowed]):
        if (has == 1 and may) or (has == 0 and not need):
            continue
        inside = [line for line in lines if line.start < end and line.end > start]
        effect = _billed_amount(inside, start, end)
        days = f"{subscription.number} from {text_of(start)} to {text_of(end)}"
        if has <= 0 and need:
            effect = -_price(segments, term.start, start, end)
            kind, said = ("lost", "not billed") if has == 0 else ("wrong_amount", "credited and not billed")
        elif not may:
            kind, said = "wrong_amount", "billed outside what was agreed"
            said = said if has > 0 else "credited without having been billed"
        elif has > 1:
            effect = _too_much(inside, _price(segments, term.start, start, end), start, end)
            kind, said = "duplicated", f"billed {has} times"
        else:
            kind, said = "wrong_amount", "credited without having been billed"
        said = f"{days} is {said}, {major(effect, subscription.currency)}"
        subjects = distinct(*names, *(line.document for line in inside))
        found.append(Witness(kind, subjects, said, effect, subscription.currency))
    return found


def _due(term: _Agreed, segments: Sequence[ChargeSegment], through: str) -> tuple[list[Span], list[Span]]:
    """Days that must be billed, days that may be. A bill run of day `through` bills, period by period,
    what has begun by then, and credits what has ended by then; neither is due before."""
    needed: list[Span] = []
    allowed: list[Span] = []
    ran = day(through) if through else 0
    first = min((day(s.start) for s in segments), default=0)
    for segment in segments:
        begun = day(segment.start)
        start, end = max(begun, term.start), min(day(segment.end), term.end)
        allowed.append((start, end, 1))
        if not segment.period_months or start >= end:
            continue
        if ran < end < FOREVER:
            until = period_around(term.start, segment.period_months, end - 1)[1]
            allowed.append((end, until, 1))
        if segment.amount and max(begun, term.start) <= ran:
            # Periods may be counted from the subscription's start or from the charge's own.
            anchors = (term.start, max(first, term.start))
            until = min(period_around(each, segment.period_months, ran)[1] for each in anchors)
            needed.append((start, min(end, until), 1))
    return needed, allowed


def _billed_amount(lines: Sequence[_Billed], start: int, end: int) -> int:
    """What the lines bill for these days, by their share of each line's days."""
    return sum(
        line.net * (min(line.end, end) - max(line.start, start)) // (line.end - line.start) for line in lines
    )


def _price(segments: Sequence[ChargeSegment], anchor: int, start: int, end: int) -> int:
    """What billing should have asked for these days, by their share of each period."""
    total = 0
    for segment in (s for s in segments if s.period_months):
        at, until = max(day(segment.start), start), min(day(segment.end), end)
        while at < until:
            first, last = period_around(anchor, segment.period_months, at)
            total += segment.amount * (min(last, until) - at) // (last - first)
            at = last
    return total


def _too_much(lines: Sequence[_Billed], due: int, start: int, end: int) -> int:
    """Equal lines give the exact figure; otherwise it is what was billed beyond the price."""
    looks = Counter((line.start, line.end, line.net) for line in lines if line.sign > 0)
    repeats = sum(net * (times - 1) for (_, _, net), times in looks.items())
    return repeats or _billed_amount(lines, start, end) - due
