"""Payouts with what they are made of, and disputes with what they moved, as our values; pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.canonical.errors import Refused, Unclear
from core.canonical.money import Money
from core.canonical.payments import Dispute, Payout, PayoutPart
from core.canonical.versions import Version
from core.connectors.shapes import one_of
from core.connectors.stripe import mapping, wire
from core.connectors.stripe.judge import SYSTEM
from core.connectors.stripe.mapping import day, money
from core.connectors.stripe.wire import Json

_PAYOUT_STATUS = {
    "paid": "paid", "pending": "pending", "in_transit": "in_transit", "failed": "failed",
    "canceled": "cancelled",
}  # fmt: skip
_DISPUTE_STATUS = {
    "warning_needs_response": "inquiry",
    "warning_under_review": "inquiry",
    "warning_closed": "closed",
    "needs_response": "open",
    "under_review": "open",
    "won": "won",
    "lost": "lost",
    # Refunded before the bank took it, or handled ahead of it: no funds of ours moved.
    "prevented": "closed",
}
# Reporting categories of balance transactions (docs.stripe.com/reports/reporting-categories).
_PARTS = {
    "charge": "payments",
    "charge_failure": "payments",
    "refund": "refunds",
    "refund_failure": "refunds",
    "partial_capture_reversal": "refunds",
    "dispute": "disputes",
    "dispute_reversal": "disputes",
    "payout_reversal": "returned payouts",
    "fee": "processor fees",
    "network_cost": "processor fees",
    "risk_reserved_funds": "reserve",
    "payment_network_reserved_funds": "reserve",
}
# In the order in which a payout is told.
_ORDER = ("payments", "refunds", "disputes", "returned payouts", "processor fees", "reserve")


def state_of(row: Json) -> str:
    """Of a payout, in our words; Held for a state that nobody knows."""
    return one_of(row["status"], _PAYOUT_STATUS, "status", SYSTEM)


def payout(row: Json, entries: Iterable[Json], failed_on: date | None = None) -> Payout:
    """entries: the balance transactions that it paid out, its own among them, with their sources expanded."""
    amount = money(row["amount"], row["currency"])
    sums: dict[str, list[int]] = {}
    requests: set[str] = set()
    for each in entries:
        if each["type"] == "payout":
            continue
        requests |= _request_of(each.get("source"))
        if str(each["currency"]).upper() != amount.currency:
            raise Refused(f"payout {row['id']}: entry {each['id']} is in {each['currency']}", system=SYSTEM)
        kind = _part_of(each)
        sums.setdefault(kind, [0, 0])
        sums[kind][0] += int(each["amount"])
        sums[kind][1] += int(each["fee"])
    kinds = sorted(sums, key=lambda kind: _ORDER.index(kind) if kind in _ORDER else len(_ORDER))
    parts = tuple(
        PayoutPart(kind, money(sums[kind][0], row["currency"]), money(sums[kind][1], row["currency"]))
        for kind in kinds
    )
    status = state_of(row)
    return Payout(
        id=str(row["id"]),
        amount=amount,
        status=status,
        on=day(row["arrival_date"]),
        parts=parts,
        failed_on=failed_on,
        requests=tuple(sorted(requests)),
    )


def _request_of(source: object) -> set[str]:
    """Charges, refunds and disputes name their payment; a fee of the processor's has none. Only traces are
    told of it, so nothing is held for want of it."""
    named = source.get("payment_intent") if isinstance(source, dict) else None
    return {named} if isinstance(named, str) else set()


def dispute(row: Json, closed_on: date | None) -> Dispute:
    """A dispute with its payment_intent and charge expanded."""
    intent, charge = row["payment_intent"] or {}, row["charge"] or {}
    if not isinstance(intent, dict) or not isinstance(charge, dict):
        raise Unclear(f"dispute {row['id']}: its payment was not expanded", system=SYSTEM)
    status = _DISPUTE_STATUS.get(str(row["status"]))
    if status is None:
        raise Unclear(f"dispute {row['id']} is {row['status']!r}", system=SYSTEM)
    if status == "lost" and mapping.by_debit(charge):
        status = "returned"
    entries = row["balance_transactions"] or ()
    for each in entries:
        if each["currency"] != row["currency"]:
            text = f"dispute {row['id']} in {row['currency']} is settled in {each['currency']}"
            raise Refused(text, system=SYSTEM)
    taken = [each for each in entries if int(each["amount"]) < 0]
    back = [each for each in entries if int(each["amount"]) > 0]
    currency = row["currency"]
    return Dispute(
        id=str(row["id"]),
        request=str(intent["id"]) if intent else "",
        invoice=wire.metadata(intent, "invoice") if intent else "",
        amount=money(row["amount"], currency),
        status=status,
        reason=str(row["reason"] or ""),
        withdrawn=_sum(taken, "amount", -1, currency),
        fee=_sum(taken, "fee", 1, currency),
        returned=_sum(back, "amount", 1, currency),
        fee_returned=_sum(back, "fee", -1, currency),
        given_back=money(charge["amount_refunded"] or 0, currency),
        taken_on=day(taken[0]["created"] if taken else row["created"]),
        closed_on=day(back[0]["created"]) if back else closed_on,
        version=Version(int(row["created"]), mapping.life_of("returned")),
    )


def is_closed(row: Json) -> bool:
    """Whether the bank has decided, or an inquiry has ended."""
    return one_of(row["status"], _DISPUTE_STATUS, "status", SYSTEM) in ("won", "lost", "closed")


def has_moved(row: Json) -> bool:
    """Whether funds were withdrawn."""
    return bool(row["balance_transactions"])


def _part_of(entry: Json) -> str:
    category = str(entry.get("reporting_category") or entry.get("type"))
    return _PARTS.get(category, category)


def _sum(entries: list[Json], field: str, sign: int, currency: object) -> Money:
    return money(sign * sum(int(each[field] or 0) for each in entries), currency)
