"""C08: the tax on every document is what the tax engine has in force for it, line and jurisdiction alike."""

from __future__ import annotations

from core.close.control import Control, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.ledger import TaxLine


def _sides(extract: Extract) -> Sides:
    lefts = [worth(_key(row), row.tax, _facts(row, True), row) for row in extract.billing_tax]
    rights = [
        worth(_key(row), row.tax, _facts(row, not row.exempt or bool(row.certificate)), row)
        for row in extract.tax_lines
        if row.status == "committed"
    ]
    return lefts, rights


def _key(row: TaxLine) -> tuple[str, ...]:
    return (row.document, row.line, row.jurisdiction)


def _facts(row: TaxLine, certified: bool) -> tuple[tuple[str, str], ...]:
    said = (
        ("ship-to", row.ship_to),
        ("date", row.on.isoformat() if row.on else ""),
        ("rate", row.rate),
        ("exemption", "in order" if certified else "without certificate"),
    )
    return tuple((name, text) for name, text in said if text)


def _cause(extract: Extract, pair: Pair) -> str:
    if not pair.lefts:
        dead = {d.number for d in extract.documents if d.status != "posted"}
        return "committed on void/draft" if pair.key[0] in dead else ""
    if len(pair.rights) > 1:
        return "committed twice"
    if not pair.rights:
        notes = {d.number for d in extract.documents if d.kind == "credit"}
        return "credit note not reversed in tax engine" if pair.key[0] in notes else "not committed"
    if "exemption" in pair.apart:
        return "exemption certificate missing"
    if "ship-to" in pair.apart:
        return "wrong ship-to"
    return "rate date" if pair.apart & {"date", "rate"} else ""


CONTROL = Control("C08", terms("C08"), ("billing_tax", "tax_lines"), _sides, _cause)
