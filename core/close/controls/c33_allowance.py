"""C33: the allowance is what aging and loss rates call for, and write-offs were allowed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from core.canonical.money import Money
from core.close.control import Control, Matching, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.reperform import half_up
from core.close.rows.ledger import OpenItem

_ALLOWANCE, _RECOVERIES = "1110", "6210"
_GOOD = (("approval", "given"),)


def _sides(extract: Extract) -> Sides:
    required = _required(extract, extract.open_items)
    lefts = [
        worth(("allowance", entity, currency), Money(minor, currency))
        for (entity, currency), minor in required.items()
    ]
    rights = [
        worth(("allowance", line.entity, line.amount.currency), -line.amount, (), line)
        for line in extract.ledger
        if line.account == _ALLOWANCE
    ]
    for gone in extract.write_offs:
        key = ("write-off", gone.id, gone.amount.currency)
        lefts.append(worth(key, gone.relief_due, _GOOD, gone))
        rights.append(
            worth(key, gone.relieved, (("approval", "given" if gone.approved_by else "missing"),), gone)
        )
    recovered = [x for x in extract.ledger if x.rule == "P40" and x.amount.minor < 0 and x.account[0] in "46"]
    for line in recovered:
        key = ("recovery", line.entry, line.amount.currency)
        lefts.append(worth(key, -line.amount, (), line))
        taken = -line.amount if line.account == _RECOVERIES else Money(0, line.amount.currency)
        rights.append(worth(key, taken, (), line))
    return [e for e in lefts if e.value or e.key[0] != "allowance"], rights


def _required(extract: Extract, items: Sequence[OpenItem]) -> dict[tuple[str, str], int]:
    """Minor units by entity and currency: each bucket rounded once, and reserves for single documents."""
    buckets: dict[tuple[str, str, str], tuple[int, Fraction]] = {}
    for item in items:
        late = (extract.end - item.due_on).days - 1 if item.due_on else 0
        for rate in extract.loss_rates:
            if rate.entity in ("", item.entity) and rate.from_days <= late <= (rate.to_days or late):
                key = (item.entity, item.amount.currency, rate.bucket)
                sum_, _ = buckets.get(key, (0, Fraction(0)))
                buckets[key] = (sum_ + item.amount.minor, Fraction(rate.rate))
    found: dict[tuple[str, str], int] = {}
    for (entity, currency, _), (minor, share) in buckets.items():
        found[entity, currency] = found.get((entity, currency), 0) + half_up(max(minor, 0) * share)
    known = {item.document for item in items}
    for reserve in extract.reserves:
        if reserve.document in known:
            place = (reserve.entity, reserve.amount.currency)
            found[place] = found.get(place, 0) + reserve.amount.minor
    return found


def _cause(extract: Extract, pair: Pair) -> str:
    if pair.key[0] == "recovery":
        return "recovery in revenue"
    if pair.key[0] == "write-off":
        return "write-off without approval" if pair.apart else "tax relief missed" if pair.amount > 0 else ""
    undisputed = [item for item in extract.open_items if not item.disputed]
    without = _required(extract, undisputed).get((pair.key[1], pair.key[2]), 0)
    return "disputed items not in aging" if pair.amount and pair.right == without else ""


CONTROL = Control("C33", terms("C33"), ("open_items", "loss_rates", "ledger"), _sides, _cause, Matching.SUMS)
