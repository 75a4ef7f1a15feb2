"""Clean books of what goes back: a refund with its credit note, a dispute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from core.close.rows.billing import BillingDocument, InvoiceLine
from core.close.rows.cash import BillingPayment, Dispute, Refund
from core.close.rows.ledger import DatedEntry, ErpDocument, TaxLine
from scenarios.plants.clean_cash import balance_entry
from scenarios.plants.deal import JURISDICTION, MONTH, Books, Deal, moment, post

_REFUNDED, _DISPUTED = date(2026, 1, 20), date(2026, 1, 22)


def refund(books: Books, deal: Deal) -> None:
    """A part of a card payment given back, with its credit note and its tax."""
    name, note = f"re-{deal.number}", f"CN-{deal.number}"
    net = deal.money(deal.refund)
    tax = deal.money(_share(deal))
    total = net + tax
    books["refunds"].append(
        Refund(id=name, charge=f"ch-{deal.number}", status="succeeded", amount=total, invoice=deal.invoice)
    )
    books["billing_payments"].append(
        BillingPayment(
            id=f"ref-{deal.number}",
            kind="refund",
            reference=name,
            status="succeeded",
            amount=total,
            credit_note=note,
        )
    )
    books["documents"].append(
        BillingDocument(
            id=f"cn-{deal.number}",
            number=note,
            kind="credit",
            customer=deal.customer,
            status="posted",
            on=_REFUNDED,
            net=net,
            tax=tax,
            total=total,
            due_amount=total,
            lines=(InvoiceLine(id=f"CL-{deal.number}", net=net, tax=tax, kind="one_time"),),
            entity=deal.entity,
            contract=deal.contract,
            posted_at=moment(_REFUNDED),
            original=deal.invoice,
            refund=name,
        )
    )
    _tax_back(books, deal)
    _memo(books, deal)
    balance_entry(books, "refund", name, -total, deal.money(0), _REFUNDED)
    owed = (("4900", net), ("2000", tax), ("2310", -total))
    where: dict[str, Any] = {"entity": deal.entity, "jurisdiction": JURISDICTION}
    post(books, name, "P35a", _REFUNDED, *owed, document=note, **where)
    post(books, f"bt-{name}", "P35b", _REFUNDED, ("2310", total), ("1010", -total), entity=deal.entity)


def _tax_back(books: Books, deal: Deal) -> None:
    """Billing's and the engine's."""
    note, net, tax = f"CN-{deal.number}", deal.money(deal.refund), deal.money(_share(deal))
    taxed: dict[str, Any] = {
        "document": note,
        "line": f"CL-{deal.number}",
        "jurisdiction": JURISDICTION,
        "tax": -tax,
        "base": -net,
        "on": _REFUNDED,
        "entity": deal.entity,
    }
    books["billing_tax"].append(TaxLine(**taxed))
    books["tax_lines"].append(TaxLine(code=note, **taxed))


def _memo(books: Books, deal: Deal) -> None:
    """In the ERP."""
    note, tax = f"CN-{deal.number}", deal.money(_share(deal))
    total = deal.money(deal.refund) + tax
    books["erp_documents"].append(
        ErpDocument(
            id=f"erpcn-{deal.number}",
            external=note,
            kind="credit",
            customer=deal.customer,
            on=_REFUNDED,
            period=MONTH,
            tax=tax,
            total=total,
            open=deal.money(0),
            entity=deal.entity,
            created_at=moment(_REFUNDED),
        )
    )
    books["dated_entries"].append(
        DatedEntry(id=note, kind="credit", on=_REFUNDED, created_at=moment(_REFUNDED), entity=deal.entity)
    )


def _share(deal: Deal) -> int:
    """Tax of what is given back, so that net and tax are to each other as on the invoice."""
    return (2 * deal.refund * deal.tax + deal.net) // (2 * deal.net)


def dispute(books: Books, deal: Deal) -> None:
    """A chargeback that is still open."""
    name, fee = f"dp-{deal.number}", deal.money(1500)
    total, nothing = deal.money(deal.total), deal.money(0)
    books["disputes"].append(
        Dispute(
            id=name,
            charge=f"ch-{deal.number}",
            status="open",
            amount=total,
            withdrawn=total,
            reinstated=nothing,
            fee=fee,
            fee_returned=nothing,
            invoice=deal.invoice,
        )
    )
    books["billing_payments"].append(
        BillingPayment(id=f"dis-{deal.number}", kind="dispute", reference=name, status="open", amount=total)
    )
    balance_entry(books, "dispute", name, -total, fee, _DISPUTED)
    books["balance_transactions"][-1] = replace(books["balance_transactions"][-1], posting=name)
    sides = (("1200", total), ("6110", fee), ("1010", -(total + fee)))
    post(books, name, "P41", _DISPUTED, *sides, entity=deal.entity)
