"""C17: the clearing account is the processor's balance, and what is in transit is on its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.close.control import Control, Matching, Pair, Part, Sides, terms, worth
from core.close.controls.c14_balance_to_clearing import CLEARING
from core.close.controls.c15_payout_composition import PAYOUT_KINDS
from core.close.controls.c16_payout_to_bank import agreed
from core.close.extract import Extract, FeeBooking, PayoutBooking
from core.close.reperform import business_days_after
from core.close.rows.cash import BalanceTransaction

_IN_TRANSIT = "1020"


def _sides(extract: Extract) -> Sides:
    lefts = [
        worth((line.account[:4], line.processor or "processor", line.amount.currency), line.amount, (), line)
        for line in extract.ledger
        if line.account[:4] in (CLEARING, _IN_TRANSIT)
    ]
    rights = []
    for held in extract.processor_balances:
        key = (CLEARING, held.processor, held.available.currency)
        rights.append(worth(key, held.available + held.pending, (), held))
    if extract.policies.fees is FeeBooking.AT_PAYOUT:
        rights += [
            worth((CLEARING, b.processor, b.fee.currency), b.fee, (), b)
            for b in _fees_not_yet_booked(extract)
        ]
    at_arrival = extract.policies.payouts is PayoutBooking.AT_ARRIVAL
    # Booked at arrival: what the processor says has arrived has left clearing; whether the bank has it is
    # for C16, and its balance for C19.
    by_word = at_arrival or "bank_lines" in extract.absent
    arrived = _paid(extract) if by_word else agreed(extract)
    account = CLEARING if at_arrival else _IN_TRANSIT
    rights += [
        worth((account, p.processor, p.amount.currency), p.amount, (), p)
        for p in extract.payouts
        if p.status in ("in_transit", "paid") and p.id not in arrived
    ]
    return lefts, rights


def _paid(extract: Extract) -> set[str]:
    return {p.id for p in extract.payouts if p.status in ("paid", "failed")}


def _fees_not_yet_booked(extract: Extract) -> list[BalanceTransaction]:
    """Listed timing: fees are booked with the payout, the processor has taken them already."""
    paid = _paid(extract)
    return [
        b
        for b in extract.balance_transactions
        if b.fee and b.kind != "dispute" and b.payout not in paid and b.at < extract.cut_off
    ]


def _cause(extract: Extract, pair: Pair) -> Sequence[Part]:
    if pair.key[0] != CLEARING:
        aged = [p for p in extract.payouts if p.processor == pair.key[1] and p.status == "in_transit"]
        old = sum(p.amount.minor for p in aged if business_days_after(p.sent_on, 5) < extract.end)
        return [Part("aged item > 5 business days", -old)] if old and pair.amount == -old else []
    sums: dict[str, int] = {}
    for entry, amount in _unposted(extract, pair):
        cause = _why(extract, entry)
        sums[cause] = sums.get(cause, 0) - amount
    return [Part(cause, amount) for cause, amount in sums.items() if cause and amount]


def _unposted(extract: Extract, pair: Pair) -> list[tuple[BalanceTransaction, int]]:
    """Entries of the processor that the ledger does not have, with what they moved."""
    posted = {line.source for line in extract.ledger if line.account[:4] == CLEARING}
    per_item = extract.policies.fees is FeeBooking.PER_ITEM
    return [
        (b, (b.net if per_item else b.gross).minor)
        for b in extract.balance_transactions
        if (b.processor, b.net.currency) == pair.key[1:]
        and b.at < extract.cut_off
        and b.kind not in PAYOUT_KINDS
        and (b.posting or b.id) not in posted
    ]


def _why(extract: Extract, entry: BalanceTransaction) -> str:
    if entry.kind in ("refund", "dispute"):
        return f"unposted {entry.kind}"
    zones = [p.zone for p in extract.periods if p.name == extract.month]
    local = entry.at + timedelta(hours=zones[0] if zones else 0)
    if local.date() >= extract.end:
        return "time-zone cut-off"
    if business_days_after(entry.at.date(), 5) < extract.end:
        return "aged item > 5 business days"
    return ""


CONTROL = Control(
    "C17",
    terms("C17"),
    ("ledger", "processor_balances", "balance_transactions", "payouts"),
    _sides,
    _cause,
    Matching.SUMS,
)
