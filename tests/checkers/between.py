"""The consistent world with euro taken in by a British company for the German one, rightly and wrongly."""

from dataclasses import replace

from scenarios.evidence.conventions import EntityPolicy
from scenarios.evidence.erp import ErpJournal, LedgerLine, LegalEntity
from scenarios.evidence.run import Evidence

from .moments import at

EUR = "EUR"
ABROAD = EntityPolicy((("EUR", "UK"),), "1.5", "ELIM")
# What moved the processor's balance: external id, day, minor units.
_MOVED = (
    ("pi_1", "2026-01-01", 12000),
    ("re_1", "2026-01-20", -3000),
    ("du_1-withdrawn", "2026-01-25", -8000),
)
_HOUR = 3_600_000_000


def _journal(id_, external, on, entity, *lines, reverses=""):
    """Lines are (account, amount, partner); a debit is positive."""
    made = at("2026-02-01") + _HOUR if on >= "2026-01-31" else at(on)
    journal = ErpJournal(id_, external, EUR, on, on[:7], "between", made + int(id_), reverses)
    postings = tuple(
        LedgerLine(
            "journalEntry", id_, account, EUR, max(n, 0), max(-n, 0), on, on[:7], "", entity, partner=partner
        )
        for account, n, partner in lines
    )
    return journal, postings


def sound(w: Evidence) -> Evidence:
    """Each movement passed on, 1,000 collected, 15 of fee set off, the rest taken out and turned back."""
    made = []
    for n, (name, on, amount) in enumerate(_MOVED):
        made.append(
            _journal(
                f"{201 + 2 * n}", f"IC-CASH-{name}-DE", on, "1", ("1300", amount, "2"), ("1010", -amount, "")
            )
        )
        made.append(
            _journal(
                f"{202 + 2 * n}", f"IC-CASH-{name}-UK", on, "2", ("1010", amount, ""), ("2400", -amount, "1")
            )
        )
    end, after = "2026-01-31", "2026-02-01"
    made += [
        _journal("211", "IC-FEE-2026-01-DE-UK-EUR-DE", end, "1", ("5000", 15, "2"), ("2400", -15, "2")),
        _journal("212", "IC-FEE-2026-01-DE-UK-EUR-UK", end, "2", ("1300", 15, "1"), ("4100", -15, "1")),
        _journal("213", "IC-NET-2026-01-DE-UK-EUR-DE", end, "1", ("2400", 15, "2"), ("1300", -15, "2")),
        _journal("214", "IC-NET-2026-01-DE-UK-EUR-UK", end, "2", ("2400", 15, "1"), ("1300", -15, "1")),
        _journal("215", "IC-ELIM-2026-01-EUR-ELIM", end, "9", ("1300", -985, "2"), ("2400", 985, "1")),
        _journal("216", "", after, "9", ("1300", 985, "2"), ("2400", -985, "1"), reverses="215"),
        _journal("217", "IC-ELIM-PL-2026-01-EUR-ELIM", end, "9", ("4100", 15, "1"), ("5000", -15, "2")),
    ]
    ledger = tuple(
        replace(x, entity="2") if x.document == "71"
        else replace(x, credit=8000) if (x.document, x.account) == ("74", "1010")
        else x
        for x in w.erp.ledger
    )  # fmt: skip
    entities = (
        *w.erp.entities,
        LegalEntity("2", "Tieout Ltd", "GBP", "UK"),
        LegalEntity("9", "Eliminations", EUR, "ELIM", True),
    )
    erp = replace(
        w.erp,
        journals=(*w.erp.journals, *(journal for journal, _ in made)),
        ledger=(*ledger, *(line for _, lines in made for line in lines)),
        entities=entities,
    )
    return replace(w, erp=erp, conventions=replace(w.conventions, entities=ABROAD))


def _without(w, external):
    journals = tuple(j for j in w.erp.journals if j.external != external)
    return replace(w, erp=replace(w.erp, journals=journals))


def _lines(w, document, **values):
    ledger = tuple(
        replace(x, **{k: v for k, v in values.items() if getattr(x, k)}) if x.document == document else x
        for x in w.erp.ledger
    )
    return replace(w, erp=replace(w.erp, ledger=ledger))


SOUND = {"passed on, charged, set off, taken out": sound}
BROKEN = {
    "not passed on by the owner": lambda w: _without(sound(w), "IC-CASH-pi_1-DE"),
    "not booked by who took it in": lambda w: _without(sound(w), "IC-CASH-re_1-UK"),
    "against nobody": lambda w: _lines(sound(w), "201", partner=""),
    "against another": lambda w: _lines(sound(w), "202", partner="9"),
    "in the other's books": lambda w: _lines(sound(w), "201", entity="2"),
    "half of it": lambda w: _lines(sound(w), "203", debit=1500, credit=1500),
    "a fee of another share": lambda w: _lines(
        _lines(sound(w), "211", debit=14, credit=14), "212", debit=14, credit=14
    ),
    "no fee": lambda w: _without(sound(w), "IC-FEE-2026-01-DE-UK-EUR-DE"),
    "never taken out": lambda w: _without(sound(w), "IC-ELIM-2026-01-EUR-ELIM"),
    "results never taken out": lambda w: _without(sound(w), "IC-ELIM-PL-2026-01-EUR-ELIM"),
    "never turned back": lambda w: _without(sound(w), ""),
}
