"""What one entity of ours owes another by the ledger, side by side, for control C32."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.canonical.money import Money
from core.close.rows.ledger import Intercompany
from scenarios.closing.frame import Frame

_SIDES = {"1300": ("due_from", 1), "2400": ("due_to", -1)}
# Journals that bring a balance about, by how their names begin: why it is owed.
_REASONS = {"IC-CASH-": "cash", "IC-FEE-": "sale"}


def tables(frame: Frame) -> dict[str, Any]:
    """The table of the extract; without rows where entities do not trade with each other."""
    return {"intercompany": tuple(_rows(frame))}


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
