"""C01: every deal that was won in the period has its contract, once, as it was sold."""

from __future__ import annotations

from datetime import date

from core.close.control import Control, Pair, Sides, terms, worth
from core.close.extract import Extract


def _facts(entity: str, currency: str, start: date | None, end: date | None) -> tuple[tuple[str, str], ...]:
    said = (("entity", entity), ("currency", currency), ("start", _text(start)), ("end", _text(end)))
    return tuple((name, text) for name, text in said if text)


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _sides(extract: Extract) -> Sides:
    won = {
        o.key: o
        for o in extract.opportunities
        if o.stage == "Closed Won" and extract.start <= o.closed_on < extract.end
    }
    known = {o.key for o in extract.opportunities}
    lefts = [
        worth(
            (key,),
            o.tcv,
            (*_facts(o.entity, o.tcv.currency, o.start, o.end), ("booked", "by the period's end")),
            o,
        )
        for key, o in won.items()
    ]
    rights = [
        worth(
            (c.opportunity or c.id,),
            c.tcv,
            (
                *_facts(c.entity, c.tcv.currency, c.start, c.end),
                ("booked", "by the period's end" if c.booked_on < extract.end else f"on {c.booked_on}"),
            ),
            c,
        )
        for c in extract.contracts
        if c.opportunity in won or (c.opportunity not in known and extract.start <= c.booked_on < extract.end)
    ]
    return lefts, rights


def _cause(_extract: Extract, pair: Pair) -> str:
    if not pair.lefts:
        return ""
    if not pair.rights:
        return "missing contract"
    if len(pair.rights) > 1:
        return "duplicate contract for one opp"
    if pair.apart & {"currency", "entity"}:
        return "currency/entity mismatch"
    if pair.apart & {"start", "end"}:
        return "start/end mismatch"
    return "booked after period end" if pair.apart else "amount mismatch"


CONTROL = Control("C01", terms("C01"), ("opportunities", "contracts"), _sides, _cause)
