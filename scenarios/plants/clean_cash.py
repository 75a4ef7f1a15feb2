"""Clean books of a deal's money: payment, processor, payout, bank, refund, dispute."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from core.canonical.money import Money
from core.close.rows.billing import BillingDocument, InvoiceLine
from core.close.rows.cash import (
    Allocation,
    BalanceTransaction,
    BankLine,
    BankStatement,
    BillingPayment,
    Charge,
    Dispute,
    Payout,
    ProcessorBalance,
    Receipt,
    Refund,
)
from core.close.rows.ledger import ArMovement, DatedEntry, ErpDocument, TaxLine
from scenarios.plants.deal import END, JURISDICTION, MONTH, Books, Deal, moment, post

_PAID, _SENT, _ARRIVED = date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 14)
_REFUNDED, _DISPUTED = date(2026, 1, 20), date(2026, 1, 22)


def fee_of(deal: Deal) -> int:
    """What the processor keeps of a charge."""
    return deal.total * 29 // 1000 + 30


def pay(books: Books, deal: Deal) -> None:
    """By card or by bank transfer; not at all where it pays later."""
    if deal.pays == "card":
        _by_card(books, deal)
    elif deal.pays == "bank":
        _by_bank(books, deal)
    if deal.pays != "later":
        books["ar_movements"].append(
            ArMovement(
                document=deal.invoice,
                kind="receipt",
                amount=deal.money(-deal.total),
                on=_PAID,
                period=MONTH,
                entity=deal.entity,
                created_at=moment(_PAID),
            )
        )


def _by_card(books: Books, deal: Deal) -> None:
    total, fee = deal.money(deal.total), deal.money(fee_of(deal))
    books["charges"].append(
        Charge(
            id=f"ch-{deal.number}",
            reference=f"pi-{deal.number}",
            status="succeeded",
            amount=total,
            captured=total,
            invoice=deal.invoice,
            key=f"key-{deal.number}",
        )
    )
    books["billing_payments"].append(
        BillingPayment(
            id=f"pay-{deal.number}",
            kind="payment",
            reference=f"pi-{deal.number}",
            status="succeeded",
            amount=total,
            invoice=deal.invoice,
        )
    )
    payout = f"po-{deal.currency}" if not deal.refund and not deal.disputed else ""
    _balance(books, "charge", f"ch-{deal.number}", total, fee, _PAID, payout)
    source = f"bt-ch-{deal.number}"
    sides = (("1010", total - fee), ("6000", fee), ("1100", -total))
    post(books, source, "P26", _PAID, *sides, entity=deal.entity, document=deal.invoice)


def _balance(
    books: Books, kind: str, source: str, gross: Money, fee: Money, on: date, payout: str = ""
) -> None:
    books["balance_transactions"].append(
        BalanceTransaction(
            id=f"bt-{source}",
            kind=kind,
            source=source,
            gross=gross,
            fee=fee,
            net=gross - fee,
            at=moment(on),
            payout=payout,
        )
    )


def _by_bank(books: Books, deal: Deal) -> None:
    total = deal.money(deal.total)
    books["bank_lines"].append(
        BankLine(
            id=f"bank-{deal.number}",
            account=f"main-{deal.currency}",
            on=_PAID,
            amount=total,
            kind="customer",
            reference=deal.invoice,
            payer=deal.customer,
        )
    )
    books["receipts"].append(
        Receipt(
            id=f"rc-{deal.number}",
            customer=deal.customer,
            amount=total,
            on=_PAID,
            reference=deal.invoice,
            bank_lines=(f"bank-{deal.number}",),
            allocations=(Allocation(invoice=deal.invoice, amount=total),),
            expected=total,
        )
    )
    sides = (("1000", total), ("1100", -total))
    where: dict[str, Any] = {"entity": deal.entity, "bank": f"main-{deal.currency}"}
    post(books, f"rc-{deal.number}", "P25", _PAID, *sides, document=deal.invoice, **where)


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
    owed = (("4900", net), ("2000", tax), ("2310", -total))
    where: dict[str, Any] = {"entity": deal.entity, "jurisdiction": JURISDICTION}
    post(books, name, "P35a", _REFUNDED, *owed, document=note, **where)
    post(books, f"bt-{name}", "P35b", _REFUNDED, ("2310", total), ("1010", -total), entity=deal.entity)
    _balance(books, "refund", name, -total, deal.money(0), _REFUNDED)


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
    _balance(books, "dispute", name, -total, fee, _DISPUTED)
    books["balance_transactions"][-1] = _posted_as(books["balance_transactions"][-1], name)
    sides = (("1200", total), ("6110", fee), ("1010", -(total + fee)))
    post(books, name, "P41", _DISPUTED, *sides, entity=deal.entity)


def _posted_as(entry: BalanceTransaction, source: str) -> BalanceTransaction:
    return BalanceTransaction(
        id=entry.id,
        kind=entry.kind,
        source=entry.source,
        gross=entry.gross,
        fee=entry.fee,
        net=entry.net,
        at=entry.at,
        posting=source,
    )


def settle(books: Books, currencies: list[str]) -> None:
    """One payout a currency of what is itemised to it; balances and statements as they then are."""
    for currency in currencies:
        _pay_out(books, currency)
        entries = [b for b in books["balance_transactions"] if b.net.currency == currency]
        held = Money(sum(b.net.minor for b in entries), currency)
        if entries:
            books["processor_balances"].append(
                ProcessorBalance(processor="processor", available=held, pending=Money(0, currency))
            )


def _pay_out(books: Books, currency: str) -> None:
    name = f"po-{currency}"
    items = [b for b in books["balance_transactions"] if b.payout == name]
    if not items:
        return
    amount = Money(sum(b.net.minor for b in items), currency)
    account = f"main-{currency}"
    books["payouts"].append(
        Payout(
            id=name,
            amount=amount,
            status="paid",
            sent_on=_SENT,
            arrival_on=_ARRIVED,
            account=account,
            trace=f"trace-{currency}",
        )
    )
    nothing = Money(0, currency)
    books["balance_transactions"].append(
        BalanceTransaction(
            id=f"bt-{name}",
            kind="payout",
            source=name,
            gross=-amount,
            fee=nothing,
            net=-amount,
            at=moment(_SENT),
            payout=name,
        )
    )
    books["bank_lines"].append(
        BankLine(
            id=f"bank-{name}",
            account=account,
            on=_ARRIVED,
            amount=amount,
            kind="processor",
            trace=f"trace-{currency}",
        )
    )
    post(books, f"bt-{name}", "P30a", _SENT, ("1020", amount), ("1010", -amount))
    post(books, f"bank-{name}", "P30b", _ARRIVED, ("1000", amount), ("1020", -amount), bank=account)


def state(books: Books) -> None:
    """Statements: what the cash accounts hold, for the bank has booked all of it."""
    sums: dict[tuple[str, str], int] = {}
    for line in books["ledger"]:
        if line.account == "1000":
            key = (line.bank or "1000", line.amount.currency)
            sums[key] = sums.get(key, 0) + line.amount.minor
    for (account, currency), minor in sorted(sums.items()):
        books["bank_statements"].append(
            BankStatement(account=account, on=END - timedelta(days=1), closing=Money(minor, currency))
        )
