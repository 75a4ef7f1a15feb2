"""Clean books of a deal: sale, contract, customer, invoice, tax, receivable."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from core.close.rows.billing import BillingDocument, Dunning, InvoiceLine
from core.close.rows.ledger import (
    ArMovement,
    DatedEntry,
    ErpDocument,
    OpenItem,
    TaxLine,
)
from core.close.rows.sales import (
    Contract,
    CrmAccount,
    MrrItem,
    MrrMovement,
    Opportunity,
    QuoteLine,
    ServicePeriod,
    SubscriptionItem,
    SystemCustomer,
)
from scenarios.plants.deal import JURISDICTION, MONTH, START, Books, Deal, moment, post

_YEAR_END = date(2027, 1, 1)
_DUE = date(2026, 1, 20)


def sell(books: Books, deal: Deal) -> None:
    """CRM, quoting, contract, subscription item, customers and recurring revenue."""
    key, entity = f"OPP-{deal.number}", deal.entity
    terms: dict[str, Any] = {"entity": entity, "start": START, "end": _YEAR_END}
    books["opportunities"].append(
        Opportunity(
            key=key,
            account=deal.customer,
            stage="Closed Won",
            closed_on=START,
            tcv=deal.money(deal.net),
            **terms,
        )
    )
    books["contracts"].append(
        Contract(
            id=deal.contract,
            opportunity=key,
            account=deal.customer,
            tcv=deal.money(deal.net),
            booked_on=START,
            **terms,
        )
    )
    line: dict[str, Any] = {
        "product": "PLAN",
        "quantity": Fraction(deal.quantity),
        "price": Fraction(deal.net, 100 * deal.quantity),
        "currency": deal.currency,
        "start": START,
        "end": _YEAR_END,
        "months": 12,
    }
    books["quote_lines"].append(QuoteLine(id=f"Q-{deal.number}", opportunity=key, **line))
    books["items"].append(
        SubscriptionItem(
            id=f"I-{deal.number}", subscription=deal.contract, quote_line=f"Q-{deal.number}", **line
        )
    )
    books["service_periods"].append(
        ServicePeriod(item=f"I-{deal.number}", subscription=deal.contract, start=START, end=_YEAR_END)
    )
    master: dict[str, Any] = {
        "currency": deal.currency,
        "entity": entity,
        "tax_id": f"T{deal.number}",
        "address": "NY 10001",
    }
    books["accounts"].append(CrmAccount(key=deal.customer, name=deal.customer, **master))
    for system in ("billing", "erp", "payments"):
        books["customers"].append(
            SystemCustomer(system=system, id=f"{system}-{deal.number}", account=deal.customer, **master)
        )
    recurring: dict[str, Any] = {"customer": deal.customer, "product": "PLAN", "month": MONTH}
    monthly = deal.money(deal.net // 12)
    books["mrr_closing"].append(MrrItem(amount=monthly, **recurring))
    books["mrr_movements"].append(MrrMovement(kind="new", amount=monthly, on=START, event=key, **recurring))


def bill(books: Books, deal: Deal) -> None:
    """Invoice, its tax, its receivable and their postings."""
    net, tax, total = deal.money(deal.net), deal.money(deal.tax), deal.money(deal.total)
    line = InvoiceLine(
        id=f"L-{deal.number}",
        net=net,
        tax=tax,
        item=f"I-{deal.number}",
        product="PLAN",
        subscription=deal.contract,
        pob=f"P-{deal.number}",
        start=START,
        end=_YEAR_END,
    )
    books["documents"].append(
        BillingDocument(
            id=f"doc-{deal.number}",
            number=deal.invoice,
            kind="invoice",
            customer=deal.customer,
            status="posted",
            on=START,
            net=net,
            tax=tax,
            total=total,
            due_amount=total,
            lines=(line,),
            entity=deal.entity,
            contract=deal.contract,
            due_on=_DUE,
            posted_at=moment(START),
        )
    )
    _tax(books, deal)
    _receivable(books, deal)


def _tax(books: Books, deal: Deal) -> None:
    """Billing's and the engine's."""
    net, tax = deal.money(deal.net), deal.money(deal.tax)
    taxed: dict[str, Any] = {
        "document": deal.invoice,
        "line": f"L-{deal.number}",
        "jurisdiction": JURISDICTION,
        "tax": tax,
        "base": net,
        "rate": "0.08",
        "on": START,
        "ship_to": "NY 10001",
        "entity": deal.entity,
    }
    books["billing_tax"].append(TaxLine(**taxed))
    books["tax_lines"].append(TaxLine(code=deal.invoice, **taxed))


def _receivable(books: Books, deal: Deal) -> None:
    """In the ERP, with its posting."""
    tax, total = deal.money(deal.tax), deal.money(deal.total)
    open_ = deal.total if deal.pays == "later" else 0
    books["erp_documents"].append(
        ErpDocument(
            id=f"erp-{deal.number}",
            external=deal.invoice,
            kind="invoice",
            customer=deal.customer,
            on=START,
            period=MONTH,
            tax=tax,
            total=total,
            open=deal.money(open_),
            entity=deal.entity,
            created_at=moment(START),
            due_on=_DUE,
        )
    )
    books["ar_movements"].append(
        ArMovement(
            document=deal.invoice,
            kind="invoice",
            amount=total,
            on=START,
            period=MONTH,
            entity=deal.entity,
            created_at=moment(START),
        )
    )
    books["dated_entries"].append(
        DatedEntry(id=deal.invoice, kind="invoice", on=START, created_at=moment(START), entity=deal.entity)
    )
    if open_:
        _unpaid(books, deal)
    post(
        books,
        deal.invoice,
        "P02",
        START,
        ("1100", total),
        ("2100", -deal.money(deal.net)),
        ("2000", -tax),
        document=deal.invoice,
        contract=deal.contract,
        pob=f"P-{deal.number}",
        jurisdiction=JURISDICTION,
        customer=deal.customer,
        entity=deal.entity,
    )


def _unpaid(books: Books, deal: Deal) -> None:
    """Open, and dunned once it is late."""
    books["open_items"].append(
        OpenItem(
            document=f"erp-{deal.number}",
            customer=deal.customer,
            amount=deal.money(deal.total),
            entity=deal.entity,
            invoice=deal.invoice,
            due_on=_DUE,
            contract=deal.contract,
        )
    )
    books["dunning"].append(
        Dunning(
            customer=deal.customer,
            invoice=deal.invoice,
            currency=deal.currency,
            state="dunning",
            attempts=1,
        )
    )
