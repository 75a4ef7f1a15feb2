"""C40: from deal to cash, three identities of every contract hold over all systems."""

from __future__ import annotations

from collections.abc import Sequence

from core.canonical.money import Money
from core.close.control import Control, Pair, Part, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.revenue import DealToCash

_CAUSE = terms("C40").causes[0]


def _sides(extract: Extract) -> Sides:
    lefts, rights = [], []
    for deal in extract.deals:
        billed, credited = deal.billed, deal.credited
        gone = deal.cash + deal.credit_used + deal.written_off + deal.disputed_lost
        identities = {
            "billed - credited = settled + open": (
                deal.billed_gross - deal.credited_gross,
                gone + deal.open_ar,
            ),
            "recognised = billed - credited - deferred + asset": (
                deal.recognised,
                billed - credited - deal.deferred + deal.asset,
            ),
        }
        if deal.booked is not None:
            all_of_it = billed - credited + deal.to_bill
            identities["booked = billed - credited + to bill"] = (deal.booked, all_of_it)
        for name, (left, right) in identities.items():
            lefts.append(worth((deal.contract, name), left, (), deal))
            rights.append(worth((deal.contract, name), right, (), deal))
    return lefts, rights


def _cause(extract: Extract, pair: Pair) -> Sequence[Part]:
    deal = pair.lefts[0].row
    assert isinstance(deal, DealToCash)
    return [Part(_CAUSE, pair.amount, f"broken by {breaker(extract, deal, pair.key[1])}")]


def breaker(extract: Extract, deal: DealToCash, identity: str) -> str:
    """The system whose own rows disagree with its figure; the one that tells the rest if none does."""
    if identity.startswith("booked"):
        held = [c.tcv for c in extract.contracts if c.id == deal.contract]
        return "CRM" if held and deal.booked and _sum(held) != deal.booked.minor else "billing"
    if identity.startswith("billed"):
        items = [i.amount for i in extract.open_items if i.contract == deal.contract]
        return "receivables" if _sum(items) != deal.open_ar.minor else "cash application"
    lines = [x for x in extract.ledger if x.contract == deal.contract]
    deferred = [-x.amount for x in lines if x.account == "2100"]
    asset = [x.amount for x in lines if x.account == "1150"]
    shown = _sum(deferred) == deal.deferred.minor and _sum(asset) == deal.asset.minor
    return "revenue" if shown else "ledger"


def _sum(amounts: list[Money]) -> int:
    return sum(amount.minor for amount in amounts)


CONTROL = Control("C40", terms("C40"), ("deals",), _sides, _cause)
