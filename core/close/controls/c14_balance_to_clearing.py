"""C14: every entry of the processor's balance is booked on the clearing account."""

from __future__ import annotations

from collections import defaultdict

from core.canonical.money import Money
from core.close.control import Control, Matching, Pair, Sides, terms, worth
from core.close.extract import Extract, FeeBooking, PayoutBooking
from core.close.rows.cash import BalanceTransaction

CLEARING = "1010"
_BY_KIND = {
    "application_fee": "application fee",
    "adjustment": "adjustment/reserve",
    "reserve": "adjustment/reserve",
    "conversion": "FX conversion line",
    "network_cost": "network cost passed later",
}


def _sides(extract: Extract) -> Sides:
    entries = [b for b in extract.balance_transactions if b.at < extract.cut_off]
    fees = _fees_of_payouts(extract)
    by_source = {b.posting or b.id: b for b in entries}
    lefts = [worth((b.kind, b.net.currency, b.id), booked(extract, b, fees), (), b) for b in entries]
    rights = []
    for line in extract.ledger:
        if line.account == CLEARING or line.account.startswith(CLEARING + "."):
            # What one entity hands on to another is booked by entries of its own, of the same fact.
            mine = by_source.get(line.source) or by_source.get(line.document)
            kind = (mine.kind, mine.net.currency, mine.id) if mine else ("", "", line.source or line.entry)
            rights.append(worth(kind, line.amount, (), line))
    return lefts, rights


def booked(extract: Extract, entry: BalanceTransaction, fees: dict[str, int]) -> Money:
    """What the entry should move on the clearing account under the company's way of booking."""
    at_arrival = extract.policies.payouts is PayoutBooking.AT_ARRIVAL
    if entry.kind == "payout" and at_arrival and not _arrived(extract, entry.payout or entry.source):
        return Money(0, entry.net.currency)
    # The fee of a dispute is booked with it, whenever others are.
    if extract.policies.fees is FeeBooking.PER_ITEM or entry.kind == "dispute":
        return entry.net
    if entry.kind == "payout":
        return Money(entry.net.minor - fees.get(entry.payout or entry.source, 0), entry.net.currency)
    return entry.gross


def _fees_of_payouts(extract: Extract) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for entry in extract.balance_transactions:
        if entry.payout and entry.kind not in ("payout", "dispute"):
            found[entry.payout] += entry.fee.minor
    return found


def _arrived(extract: Extract, payout: str) -> bool:
    return any(p.id == payout and p.status in ("paid", "failed") for p in extract.payouts)


def _cause(extract: Extract, pair: Pair) -> str:
    if not pair.lefts:
        return "entry without balance transaction"
    entry = pair.lefts[0].row
    assert isinstance(entry, BalanceTransaction)
    if entry.kind in _BY_KIND:
        return _BY_KIND[entry.kind]
    if not pair.rights:
        return "entry not booked"
    per_item = extract.policies.fees is FeeBooking.PER_ITEM
    if per_item and entry.fee and pair.amount == -entry.fee.minor:
        return "fee not booked"
    if not per_item and entry.kind == "payout":
        fees = _fees_of_payouts(extract).get(entry.payout or entry.source, 0)
        return "fee not booked" if fees and pair.amount == -fees else ""
    return ""


CONTROL = Control("C14", terms("C14"), ("balance_transactions", "ledger"), _sides, _cause, Matching.SUMS)
