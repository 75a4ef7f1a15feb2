"""C30: the rates that systems used are the treasury's, of the day and of the kind."""

from __future__ import annotations

from core.close.control import Control, Entry, Pair, Sides, terms
from core.close.extract import Extract
from core.close.rows.sales import FxRate


def _sides(extract: Extract) -> Sides:
    table = {(r.base, r.quote, r.on, r.kind): r for r in extract.treasury_rates}
    lefts, rights = [], []
    for used in extract.rates_used:
        key = (used.system, f"{used.base}/{used.quote}", used.on.isoformat(), used.kind)
        lefts.append(Entry(key, used.rate, "rate", (), used))
        held = table.get((used.base, used.quote, used.on, used.kind))
        if held is not None:
            rights.append(Entry(key, held.rate, "rate", (), held))
    return lefts, rights


def _cause(extract: Extract, pair: Pair) -> str:
    used = pair.lefts[0].row
    assert isinstance(used, FxRate)
    table = [r for r in extract.treasury_rates if (r.base, r.quote) == (used.base, used.quote)]
    back = [r for r in extract.treasury_rates if (r.base, r.quote) == (used.quote, used.base)]
    if used.via:
        return "triangulation difference"
    if pair.right and used.rate * pair.right == 1:
        return "inverted"
    if any(r.on == used.on and r.rate == used.rate for r in back):
        return "inverted"
    if any(r.on == used.on and r.kind != used.kind and r.rate == used.rate for r in table):
        return "wrong type (spot/average/closing)"
    if any(r.on < used.on and r.kind == used.kind and r.rate == used.rate for r in table):
        return "stale"
    return ""


CONTROL = Control("C30", terms("C30"), ("rates_used", "treasury_rates"), _sides, _cause)
