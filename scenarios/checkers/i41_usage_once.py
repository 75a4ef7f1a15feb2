"""I-41: every use that the product wrote down is billed exactly once, at the price of its tiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from scenarios.checkers.days import day, period_around, text_of
from scenarios.checkers.findings import EXPONENT, distinct, grouped, major
from scenarios.checkers.lookups import Links, excused, links, named_in
from scenarios.evidence.billing import DocumentLine, UsageCharge, UsageRecord
from scenarios.evidence.product import ReportedUsage
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_Line = tuple[str, int, DocumentLine]  # document, +1 or -1, line


def check(evidence: Evidence) -> Verdict:
    """By the product's id, whatever it was told how often: one record in billing, with the same quantity,
    day and contract, and none that the product does not know. What no charge of the contract measures is
    in billing never, and somebody has it before them with the reason. What is of a period that is over and
    was due by `billed_through` is on a line. And each period's lines together are what its tiers make of
    the quantity, late use included, to the cent."""
    known = links(evidence)
    told: dict[str, ReportedUsage] = {}
    for use in evidence.product.usage:
        told.setdefault(use.id, use)
    records = grouped(evidence.billing.usage, lambda record: record.event)
    measured = {(each.subscription, each.unit) for each in evidence.billing.usage_charges}
    witnesses: list[Witness] = []
    for use in told.values():
        found = records.get(use.id, ())
        if (use.subscription, use.meter) in measured:
            witnesses += _once(use, found, known)
        else:
            witnesses += _turned_away(evidence, use, found)
    for event, held in records.items():
        if event not in told and told:
            said = f"billing holds use {event or 'without id'} that the product never wrote down"
            witnesses.append(Witness("orphaned", distinct(event, held[0].id), said))
    witnesses += _due(evidence)
    witnesses += _amounts(evidence)
    return judged("I-41", len(told) + len(evidence.billing.usage), witnesses)


def _once(use: ReportedUsage, records: Sequence[UsageRecord], known: Links) -> Iterator[Witness]:
    names = distinct(use.account, use.subscription, use.id)
    what = f"use {use.id} of {use.quantity} {use.meter}"
    if not records and not excused(known, use.id, f"usage:{use.account}:{use.id}"):
        yield Witness("lost", names, f"{what} on {use.on} is not in billing")
    if len(records) > 1:
        said = f"{what} is in billing {len(records)} times"
        yield Witness("duplicated", distinct(*names, *(each.id for each in records)), said)
    for record in records[:1]:
        pairs = (
            ("quantity", Decimal(record.quantity), Decimal(use.quantity)),
            ("day", record.on, use.on),
            ("contract", record.subscription, use.subscription),
            ("unit", record.unit, use.meter),
        )
        for field, is_now, due in pairs:
            if is_now != due:
                said = f"{what} has the {field} {is_now} in billing, should be {due}"
                yield Witness("wrong_amount", distinct(*names, record.id), said)


def _turned_away(evidence: Evidence, use: ReportedUsage, records: Sequence[UsageRecord]) -> Iterator[Witness]:
    """A use that nothing in the contract measures."""
    names = distinct(use.account, use.subscription, use.id)
    what = f"use {use.id} of {use.quantity} {use.meter}, which {use.subscription} does not measure,"
    if records:
        yield Witness("orphaned", distinct(*names, records[0].id), f"{what} is in billing")
    held = any(named_in(use.id, item.key) for item in evidence.parked)
    # A notice's id ends with that of the use it is about.
    refused = any(r.outcome == "rejected" and r.event.endswith(f"-{use.id}") for r in evidence.receipts)
    if not records and not held and not refused:
        yield Witness("lost", names, f"{what} was turned away by nobody")


def _due(evidence: Evidence) -> Iterator[Witness]:
    """Records of a contract's period that is over without a line."""
    if not evidence.billed_through:
        return
    through = day(evidence.billed_through)
    sold = {each.number: each for each in evidence.billing.subscriptions}
    metered = {(each.subscription, each.unit) for each in evidence.billing.usage_charges}
    for record in evidence.billing.usage:
        contract = sold.get(record.subscription)
        if record.line or contract is None or (record.subscription, record.unit) not in metered:
            continue
        start, on, end = day(contract.start), day(record.on), day(contract.end)
        if not start <= on < end:
            continue  # use outside the contract is nobody's to bill
        over = min(period_around(start, 1, on)[1], end)
        if over <= through:
            said = f"use {record.event} of {record.on} is not billed, its period ended on {text_of(over)}"
            yield Witness("lost", distinct(record.subscription, record.event, record.id), said)


def _amounts(evidence: Evidence) -> Iterator[Witness]:
    """Lines of use, by charge and period, against the tiers."""
    charges = {each.charge: each for each in evidence.billing.usage_charges}
    quantity: dict[str, Decimal] = {}
    for record in evidence.billing.usage:
        if record.line:
            quantity[record.line] = quantity.get(record.line, Decimal(0)) + Decimal(record.quantity)
    by_period: dict[tuple[str, str], list[_Line]] = {}
    for document, sign, line in _lines(evidence, charges):
        by_period.setdefault((line.charge, line.start), []).append((document, sign, line))
    for (number, start), lines in by_period.items():
        charge = charges[number]
        used = sum((quantity.get(line.id, Decimal(0)) for _, _, line in lines), Decimal(0))
        due = cost(charge, used)
        billed = sum(sign * line.net for _, sign, line in lines)
        if billed != due:
            documents = [document for document, _, _ in lines]
            said = f"{used} {charge.unit} of {charge.subscription} from {start} are billed with "
            said += f"{major(billed, charge.currency)}, the tiers make {major(due, charge.currency)}"
            names = distinct(charge.subscription, *documents)
            yield Witness("wrong_amount", names, said, billed - due, charge.currency)


def _lines(evidence: Evidence, charges: Mapping[str, UsageCharge]) -> Iterator[_Line]:
    for invoice in evidence.billing.invoices:
        if invoice.status in {"Posted", "Draft"}:
            yield from ((invoice.number, 1, line) for line in invoice.lines if line.charge in charges)
    for note in evidence.billing.credit_notes:
        if note.source == "bill_run" and note.status in {"Posted", "Draft"}:
            yield from ((note.number, -1, line) for line in note.lines if line.charge in charges)


def cost(charge: UsageCharge, used: Decimal) -> int:
    """Minor units, half up: graduated, or all in the tier that is reached where the model is a volume."""
    if "Volume" in charge.model:
        tier = next((t for t in charge.tiers if not t.up_to or used <= Decimal(t.up_to)), charge.tiers[-1])
        total = Decimal(tier.price) * (1 if tier.flat else used)
    else:
        total, below = Decimal(0), Decimal(0)
        for place, tier in enumerate(charge.tiers):
            if used <= below and not (place == 0 and tier.flat):
                break
            top = min(used, Decimal(tier.up_to)) if tier.up_to else used
            total += Decimal(tier.price) * (1 if tier.flat else top - below)
            below = top
    exact = total.scaleb(EXPONENT.get(charge.currency, 2))
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
