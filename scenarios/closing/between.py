"""What one entity of ours owes another by the ledger, side by side, for control C32."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.canonical.money import Money
from core.close.rows.ledger import Intercompany
from scenarios.closing.frame import VALUATION, Frame

_SIDES = {"1300": ("due_from", 1), "2400": ("due_to", -1)}
# Journals that bring a balance about, by how their names begin: why it is owed.
_CASH = "IC-CASH-"
_REASONS = {_CASH: "cash", "IC-FEE-": "sale"}
_RUNS = ("IC-FEE-", "IC-NET-", "IC-ELIM-")


def tables(frame: Frame) -> dict[str, Any]:
    """The table of the extract; without rows where entities do not trade with each other."""
    return {"intercompany": tuple(_rows(frame))}


def handed_on(external: str) -> str:
    """The payment that an entry between two entities hands on, "" if it hands on none."""
    return external.removeprefix(_CASH).rpartition("-")[0] if external.startswith(_CASH) else ""


def events(frame: Frame) -> Iterator[str]:
    """What calls for an entry between entities, by the entry's name: money that another entity takes in, one
    in the books of each; the runs of a month's end; what the ledger itself turns back on the next day."""
    evidence = frame.evidence
    cashiers = dict(evidence.conventions.entities.cashiers)
    sellers = {account.key: account.entity for account in evidence.crm.accounts}
    owners = {i.id: sellers.get(frame.owner_of.get(i.invoice, ""), "") for i in evidence.payments.intents}
    for charge in frame.charges:
        owner, cashier = owners.get(charge.intent, ""), cashiers.get(charge.currency, "")
        if charge.status == "succeeded" and owner and cashier and owner != cashier:
            yield from (f"{_CASH}{charge.intent}-{entity}" for entity in (owner, cashier))
    for journal in evidence.erp.journals:
        turns = frame.documents.get(journal.reverses, VALUATION)
        mine = journal.external.startswith(_RUNS) or not turns.startswith(VALUATION)
        if mine and frame.until(journal.date):
            yield journal.external or journal.id


def _rows(frame: Frame) -> Iterator[Intercompany]:
    """Of each fact its two sides; what is set off or taken out later is no fact of its own."""
    keys = {entity.id: entity.key for entity in frame.evidence.erp.entities}
    priced = frame.evidence.conventions.entities.collection_fee_percent != "0"
    for line in frame.evidence.erp.ledger:
        external = frame.documents.get(line.document, "")
        reason = next((why for begin, why in _REASONS.items() if external.startswith(begin)), "")
        if line.account in _SIDES and reason and frame.until(line.date):
            side, sign = _SIDES[line.account]
            minor = sign * (line.debit - line.credit)
            # Money paid out for another turns the sides round.
            turned = {"due_from": "due_to", "due_to": "due_from"}[side] if minor < 0 else side
            yield Intercompany(
                holder=keys.get(line.entity, line.entity),
                other=keys.get(line.partner, line.partner),
                side=turned,
                document=external.rpartition("-")[0],
                amount=Money(abs(minor), line.currency),
                priced=priced,
                reason=reason,
            )
