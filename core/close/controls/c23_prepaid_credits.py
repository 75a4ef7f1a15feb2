"""C23: prepaid credits roll forward to what the ledger still owes in service."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Entry, Matching, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.billing import Grant

_PREPAID = "2210"
_GOOD = (("sign", "credit"), ("expiry", "in time"))


def _sides(extract: Extract) -> Sides:
    grants = {g.id: g for g in extract.grants}
    lefts = [worth(_key(g, "value"), _worth(g), _facts(extract, g), g) for g in extract.grants]
    rights: list[Entry] = []
    for line in extract.ledger:
        if line.account[:4] == _PREPAID:
            grant = grants.get(line.document)
            key = _key(grant, "value") if grant else ("", line.document, line.amount.currency, "value")
            rights.append(worth(key, -line.amount, _GOOD, line))
    lefts += [worth(_key(g, "consumption"), g.consumed, (), g) for g in extract.grants]
    for draw in extract.drawdowns:
        if draw.grant in grants:
            rights.append(worth(_key(grants[draw.grant], "consumption"), draw.amount, (), draw))
        if draw.overage:
            key = (draw.grant, draw.event, draw.overage.currency, "overage")
            lefts.append(worth(key, draw.overage, (), draw))
            rights.append(worth(key, draw.invoiced or Money(0, draw.overage.currency), (), draw))
    return lefts, rights


def _key(grant: Grant, part: str) -> tuple[str, ...]:
    return (grant.wallet, grant.id, grant.opening.currency, part)


def _left(grant: Grant) -> Money:
    return grant.opening + grant.purchased - grant.consumed - grant.expired - grant.refunded


def _worth(grant: Grant) -> Money:
    """What is given away is no liability."""
    return _left(grant) if grant.kind == "paid" else Money(0, grant.opening.currency)


def _facts(extract: Extract, grant: Grant) -> tuple[tuple[str, str], ...]:
    left = _left(grant).minor
    over = grant.expires_on is not None and grant.expires_on < extract.end and left > 0
    return (("sign", "debit" if left < 0 else "credit"), ("expiry", "missed" if over else "in time"))


def _cause(_extract: Extract, pair: Pair) -> str:
    part = pair.key[3]
    if part == "overage":
        return "overage lost"
    if part == "consumption":
        return "consumption without rating" if pair.amount > 0 else ""
    if not pair.lefts:
        return ""
    grant = pair.lefts[0].row
    assert isinstance(grant, Grant)
    if _left(grant).minor < 0:
        return "negative grant"
    if grant.kind == "promotional":
        return "promotional credit valued"
    return "expiry missed" if "expiry" in pair.apart else ""


CONTROL = Control("C23", terms("C23"), ("grants", "drawdowns", "ledger"), _sides, _cause, Matching.SUMS)
