"""Clean books of a deal: sale, contract, customer, invoice, tax, receivable, revenue."""

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
from core.close.rows.revenue import (
    AllocationLine,
    ContractProgress,
    ContractVersion,
    DealToCash,
    DeferredMovement,
    Pob,
    RemainingLine,
    RevenuePlan,
    RpoMovement,
    ScheduleLine,
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
    taxed: dict[str, Any] = {
        "document": deal.invoice,
        "line": line.id,
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
    post(
        books,
        deal.invoice,
        "P02",
        START,
        ("1100", total),
        ("2100", -net),
        ("2000", -tax),
        document=deal.invoice,
        contract=deal.contract,
        pob=f"P-{deal.number}",
        jurisdiction=JURISDICTION,
        customer=deal.customer,
        entity=deal.entity,
    )
    if open_:
        books["open_items"].append(
            OpenItem(
                document=f"erp-{deal.number}",
                customer=deal.customer,
                amount=total,
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


def earn(books: Books, deal: Deal) -> None:
    """The plan by days, January released; obligation, allocation, remaining and the identities."""
    pob, months = f"P-{deal.number}", _by_days(deal.net)
    january, net = months[MONTH], deal.money(deal.net)
    where: dict[str, Any] = {"pob": pob, "contract": deal.contract}
    books["plans"].append(
        RevenuePlan(source=f"L-{deal.number}", amount=net, start=START, end=_YEAR_END, **where)
    )
    for month, part in months.items():
        books["schedule"].append(
            ScheduleLine(
                id=f"S-{deal.number}-{month}",
                source=f"L-{deal.number}",
                period=month,
                amount=deal.money(part),
                journal="JE" if month == MONTH else "",
                **where,
            )
        )
    released = deal.money(january)
    sides = (("2100", released), ("4000", -released))
    post(books, f"S-{deal.number}-{MONTH}", "P04", date(2026, 1, 31), *sides, entity=deal.entity, **where)
    progress = Fraction(january, deal.net)
    books["pobs"].append(
        Pob(id=pob, contract=deal.contract, allocated=net, progress=progress, entity=deal.entity)
    )
    for kind, amount in (("billed", net), ("recognised", -released)):
        books["deferred_movements"].append(
            DeferredMovement(kind=kind, amount=amount, entity=deal.entity, **where)
        )
    books["contract_versions"].append(
        ContractVersion(contract=deal.contract, version=1, on=START, price=net, book="2026")
    )
    books["allocations"].append(
        AllocationLine(
            contract=deal.contract,
            version=1,
            pob=pob,
            stated=net,
            allocated=net,
            carve=deal.money(0),
            ssp=net,
            ssp_from=START,
            ssp_to=None,
            book="2026",
        )
    )
    books["progress"].append(
        ContractProgress(contract=deal.contract, recognised=released, billed=net, deferred=net - released)
    )
    books["rpo_movements"] += [
        RpoMovement(contract=deal.contract, kind="booking", amount=net),
        RpoMovement(contract=deal.contract, kind="recognised", amount=-released),
    ]
    books["remaining"].append(RemainingLine(contract=deal.contract, amount=net - released))
    nothing, total = deal.money(0), deal.money(deal.total)
    open_ = total if deal.pays == "later" else nothing
    books["deals"].append(
        DealToCash(
            contract=deal.contract,
            booked=net,
            billed=net,
            credited=nothing,
            to_bill=nothing,
            billed_gross=total,
            credited_gross=nothing,
            cash=total - open_,
            credit_used=nothing,
            written_off=nothing,
            disputed_lost=nothing,
            open_ar=open_,
            recognised=released,
            deferred=net - released,
            asset=nothing,
        )
    )


def _by_days(minor: int) -> dict[str, int]:
    """2026 has 365 days: what of it is earned by each month's end, less what was by the one before."""
    ends = (31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)
    earned = [minor * days // 365 for days in ends]
    parts = [after - before for before, after in zip([0, *earned], earned, strict=False)]
    return {f"2026-{number:02d}": part for number, part in enumerate(parts, 1)}
