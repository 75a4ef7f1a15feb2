"""What a payout is made of, to the cent, and its entries: arrived, returned by the bank (P30)."""

from __future__ import annotations

from enum import StrEnum

from core.canonical.erp import JournalLine
from core.canonical.errors import Held
from core.canonical.payments import Payout, PayoutPart
from core.finance.cash.accounts import BANK, CLEARING, CONTRA_REVENUE, FEES, RESERVE, Posting, lines
from core.finance.ledger.policy import Fees


class PartOf(StrEnum):
    """What entries of a payout are, and so whether they stand in clearing already, and how."""

    PAYMENTS = "payments"
    REFUNDS = "refunds"
    DISPUTES = "disputes"  # booked with their fees when the funds moved
    RETURNED = "returned payouts"
    PROCESSOR_FEES = "processor fees"  # billed apart from payments, booked nowhere before
    RESERVE = "reserve"  # withheld or released, booked nowhere before


def composition_gap(payout: Payout) -> int:
    """Minor units by which the parts miss the amount; nothing for one that names no entries."""
    if not payout.parts:
        return 0
    return sum(part.gross.minor - part.fees.minor for part in payout.parts) - payout.amount.minor


def arrived(payout: Payout, fees: Fees = Fees.GROSS) -> tuple[JournalLine, ...]:
    """Dr bank and fees, Cr clearing, each part in a line of its own; a negative payout the other way. fees:
    shown as an expense, or off revenue.

    Held where the parts do not add up to the amount, or a part is of a kind that has no account.
    """
    gap = composition_gap(payout)
    if gap:
        raise Held(f"payout {payout.id}: its entries miss {payout.amount} by {gap} minor units")
    memo = payout.id
    postings: list[Posting] = [(BANK, payout.amount.minor, memo)]
    if not payout.parts:
        postings.append((CLEARING, -payout.amount.minor, memo))
    for part in payout.parts:
        postings += _postings(part, f"{memo} {part.kind}")
    if fees is Fees.NET:
        shown = {FEES: CONTRA_REVENUE}
        postings = [(shown.get(account, account), minor, text) for account, minor, text in postings]
    return lines(payout.amount.currency, *postings)


def returned(payout: Payout) -> tuple[JournalLine, ...]:
    """The bank sent it back: Dr clearing, Cr bank; the fees stay what they were."""
    memo = payout.id
    amount = payout.amount
    return lines(amount.currency, (CLEARING, amount.minor, memo), (BANK, -amount.minor, memo))


def _postings(part: PayoutPart, memo: str) -> list[Posting]:
    gross, fees = part.gross.minor, part.fees.minor
    if part.kind == PartOf.DISPUTES:
        return [(CLEARING, fees - gross, memo)]
    if part.kind in (PartOf.PROCESSOR_FEES, PartOf.RESERVE):
        account = FEES if part.kind == PartOf.PROCESSOR_FEES else RESERVE
        return [(account, -gross, memo), (FEES, fees, memo)]
    if part.kind in (PartOf.PAYMENTS, PartOf.REFUNDS, PartOf.RETURNED):
        return [(FEES, fees, memo), (CLEARING, -gross, memo)]
    raise Held(f"payout part: {part.kind!r} has no account; name one in the chart", owner="treasury")
