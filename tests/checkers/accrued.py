"""January's use of the world, unbilled at its end: 200 calls that cost 15.00."""

from dataclasses import replace

from scenarios.evidence.erp import ErpJournal, LedgerLine, Period

from .world import EUR, at, changed, without

MEMO = "USE/S-OPP-1/calls/2026-01-01 unbilled 2026-01"


def accrued(w, amount=1500, revenue=None):
    """The world a month later, with the entry at the end of January."""
    journal = ErpJournal("60", "USE-2026-01-EUR-001", EUR, "2026-01-31", "2026-01", "", at("2026-02-02"))
    lines = (_line("1150", amount), _line("4010", -(amount if revenue is None else revenue)))
    erp = replace(w.erp, journals=(*w.erp.journals, journal), ledger=(*w.erp.ledger, *lines))
    return replace(w, billed_through="2026-02-20", erp=erp)


def _line(account, amount):
    debit, credit = max(amount, 0), max(-amount, 0)
    return LedgerLine("journalEntry", "60", account, EUR, debit, credit, "2026-01-31", "2026-01", MEMO)


def late(w):
    """The second use was told only after January was closed."""
    return changed(accrued(w, 800), "product", "usage", 1, at=at("2026-02-12"))


def next_period(w, closed_at, memo="Use of 2026-01 not billed at its end, original period 2026-01"):
    """The entry is in February and names January; January was closed at that moment, or "" never."""
    w = accrued(w)
    period = Period("2026-01", "2026-01-01", "2026-02-01", bool(closed_at), at(closed_at) if closed_at else 0)
    moved = {"date": "2026-02-01", "period": "2026-02"}
    journals = tuple(replace(j, memo=memo, **moved) if j.id == "60" else j for j in w.erp.journals)
    lines = tuple(replace(x, **moved) if x.document == "60" else x for x in w.erp.ledger)
    return replace(w, erp=replace(w.erp, journals=journals, ledger=lines, periods=(period,)))


SOUND = {
    "its month closed early": lambda w: next_period(w, "2026-01-29"),
    "accrued": accrued,
    "told after the close": late,
    "on its way at the close": lambda w: changed(accrued(w, 800), "product", "usage", 1, at=at("2026-01-30")),
}
BAD = {
    "in the next month without need": lambda w: next_period(w, ""),
    "in the next month before its own was closed": lambda w: next_period(w, "2026-02-05"),
    "in the next month without a word": lambda w: next_period(w, "2026-01-29", memo="Use"),
    "not accrued": lambda w: replace(w, billed_through="2026-02-20"),
    "accrued in part": lambda w: accrued(w, 800),
    "accrued twice": lambda w: accrued(w, 3000),
    "told too late, and accrued": lambda w: changed(accrued(w), "product", "usage", 1, at=at("2026-02-12")),
    "no revenue of it": lambda w: accrued(w, revenue=1000),
    "of no use": lambda w: without(without(accrued(w), "billing", "usage", 1), "billing", "usage", 0),
}
