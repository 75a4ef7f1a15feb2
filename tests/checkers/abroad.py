"""The consistent world with business in dollars, which the books of a German company have in euro."""

from __future__ import annotations

from dataclasses import replace

from scenarios.evidence.billing import Application
from scenarios.evidence.erp import ErpInvoice, ErpJournal, ErpReceipt, ExchangeRate, LedgerLine, LegalEntity
from scenarios.evidence.run import Evidence

from .world import at, changed

USD, EUR = "USD", "EUR"
# What a dollar was at go-live, when the receipt came, and when the month ended.
RATES = (("2026-01-01", "0.90"), ("2026-01-20", "0.95"), ("2026-01-31", "0.92"))


def abroad(w: Evidence) -> Evidence:
    """INV-8 over 100.00 USD, paid at another rate; INV-9 over 10.00 USD, open at the end of January, which
    is revalued and turned back on 1 February."""
    invoices = (
        _invoice("81", "INV-8", 10000, 0, "2026-01-05"),
        _invoice("82", "INV-9", 1000, 1000, "2026-01-06"),
    )
    paid = ErpReceipt(
        "83",
        "pi_8",
        "11",
        USD,
        "2026-01-20",
        "2026-01",
        10000,
        0,
        at("2026-01-20"),
        (Application("81", 10000),),
    )
    journals = (
        ErpJournal("84", "FXR-2026-01-DE", EUR, "2026-01-31", "2026-01", "reval", at("2026-02-02")),
        ErpJournal("85", "", EUR, "2026-02-01", "2026-02", "reval", at("2026-02-02"), reverses="84"),
    )
    ledger = (
        *_lines("invoice", "81", USD, "2026-01-05", ("1100", 10000), ("2100", -10000)),
        *_lines("invoice", "82", USD, "2026-01-06", ("1100", 1000), ("2100", -1000)),
        *_lines("customerPayment", "83", USD, "2026-01-20", ("1010", 10000), ("1100", -10000)),
        *_lines("journalEntry", "84", EUR, "2026-01-31", ("1100", 20), ("1010", -300), ("7010", 280)),
        *_lines("journalEntry", "85", EUR, "2026-02-01", ("1100", -20), ("1010", 300), ("7010", -280)),
    )
    base = (
        *_lines("invoice", "81", EUR, "2026-01-05", ("1100", 9000), ("2100", -9000)),
        *_lines("invoice", "82", EUR, "2026-01-06", ("1100", 900), ("2100", -900)),
        *_lines("customerPayment", "83", EUR, "2026-01-20", ("1010", 9500), ("1100", -9000), ("7000", -500)),
        *ledger[-6:],
    )
    erp = replace(
        w.erp,
        invoices=(*w.erp.invoices, *invoices),
        receipts=(*w.erp.receipts, paid),
        journals=(*w.erp.journals, *journals),
        ledger=(*w.erp.ledger, *ledger),
        base_ledger=(*w.erp.base_ledger, *base),
        rates=tuple(ExchangeRate(EUR, USD, date, rate) for date, rate in RATES),
    )
    return replace(w, erp=erp, billed_through="2026-02-20")


def booked(w: Evidence, document: str, **accounts: int) -> Evidence:
    """The base amounts of a document otherwise: a1100=5 is a debit of five."""
    kind, date = next((x.kind, x.date) for x in w.erp.base_ledger if x.document == document)
    rest = tuple(x for x in w.erp.base_ledger if x.document != document)
    lines = _lines(kind, document, EUR, date, *((name[1:], amount) for name, amount in accounts.items()))
    return replace(w, erp=replace(w.erp, base_ledger=(*rest, *lines)))


def unrevalued(w: Evidence) -> Evidence:
    """Without the revaluation and its reversal."""
    gone = {"84", "85"}
    return replace(
        w,
        erp=replace(
            w.erp,
            journals=tuple(j for j in w.erp.journals if j.id not in gone),
            ledger=tuple(x for x in w.erp.ledger if x.document not in gone),
            base_ledger=tuple(x for x in w.erp.base_ledger if x.document not in gone),
        ),
    )


def elsewhere(w: Evidence, document: str) -> Evidence:
    """A document in the books of another entity."""
    moved = tuple(replace(x, entity="2") if x.document == document else x for x in w.erp.ledger)
    entities = (*w.erp.entities, LegalEntity("2", "Tieout Ltd", EUR, "UK"))
    return replace(w, erp=replace(w.erp, ledger=moved, entities=entities))


def _invoice(id_: str, external: str, total: int, remaining: int, date: str) -> ErpInvoice:
    status = "Open" if remaining else "Paid In Full"
    return ErpInvoice(
        id_, external, f"#{id_}", "11", status, USD, date, date[:7], 0, total, remaining, at(date)
    )


def _lines(kind: str, document: str, currency: str, date: str, *lines: tuple[str, int]) -> list[LedgerLine]:
    return [
        LedgerLine(kind, document, account, currency, max(n, 0), max(-n, 0), date, date[:7], "", "1")
        for account, n in lines
    ]


def entered(w: Evidence, day: str, rate: int) -> Evidence:
    """The receipt of 20 January came into the ledger on another day, at a rate in hundredths."""
    at_rate = booked(abroad(w), "83", a1010=100 * rate, a1100=-9000, a7000=9000 - 100 * rate)
    return changed(at_rate, "erp", "receipts", len(w.erp.receipts), created_at=at(day))


SOUND = {
    "entered ahead, at the rate known then": lambda w: changed(
        unrevalued(entered(w, "2026-01-10", 90)), "erp", "periods", 0, closed_at=at("2026-02-01")
    ),
    "entered ahead, at the rate of its day": lambda w: entered(w, "2026-01-10", 95),
    "dollars, paid and open": abroad,
    "closed before anybody could revalue": lambda w: changed(
        unrevalued(abroad(w)), "erp", "periods", 0, closed_at=at("2026-02-01")
    ),
}
BROKEN = {
    "entered ahead, at no rate that was": lambda w: entered(w, "2026-01-10", 92),
    "entered on its day at the rate before": lambda w: entered(w, "2026-01-20", 90),
    "entered late at a rate of before": lambda w: entered(w, "2026-01-25", 90),
    "own currency, other amount": lambda w: booked(w, "21", a1100=12001, a2100=-10001, a2000=-2000),
    "rate upside down": lambda w: booked(abroad(w), "81", a1100=11111, a2100=-11111),
    "receipt at a stale rate": lambda w: booked(abroad(w), "83", a1010=9000, a1100=-9000),
    "gain not realised": lambda w: booked(abroad(w), "83", a1010=9500, a1100=-9500),
    "gain with the wrong sign": lambda w: booked(abroad(w), "83", a1010=9500, a1100=-10000, a7000=500),
    "revaluation never turned back": lambda w: changed(
        abroad(w), "erp", "journals", len(w.erp.journals) + 1, reverses=""
    ),
    "turned back a day late": lambda w: changed(
        abroad(w), "erp", "journals", len(w.erp.journals) + 1, date="2026-02-02"
    ),
    "turned back with other amounts": lambda w: booked(abroad(w), "85", a1100=-19, a1010=299, a7010=-280),
    "deferred revenue remeasured": lambda w: booked(
        booked(abroad(w), "84", a1100=20, a1010=-300, a2100=-220, a7010=500),
        "85", a1100=-20, a1010=300, a2100=220, a7010=-500,
    ),
    "other amount": lambda w: booked(
        booked(abroad(w), "84", a1100=30, a1010=-300, a7010=270), "85", a1100=-30, a1010=300, a7010=-270
    ),
    "not revalued": lambda w: unrevalued(abroad(w)),
}  # fmt: skip
ELSEWHERE = {
    "another entity": lambda w: changed(w, "crm", "accounts", 0, entity="UK"),
    "another currency": lambda w: changed(w, "erp", "customers", 0, currency="USD"),
    "another entity in billing": lambda w: changed(w, "billing", "accounts", 0, entity="UK"),
    "no entity in billing": lambda w: changed(w, "billing", "accounts", 1, entity=""),
    "another currency in billing": lambda w: changed(w, "billing", "accounts", 0, currency="USD"),
    "yen in hundredths": lambda w: changed(w, "erp", "invoices", 0, total=1_200_000),
    "invoice in another currency": lambda w: changed(w, "erp", "invoices", 0, currency="JPY"),
    "receipt in another currency": lambda w: changed(w, "erp", "receipts", 0, currency="JPY"),
    "invoice in the books of another entity": lambda w: elsewhere(w, "21"),
    "revenue released elsewhere": lambda w: elsewhere(w, "72"),
    "payout cleared elsewhere": lambda w: elsewhere(w, "71"),
}
