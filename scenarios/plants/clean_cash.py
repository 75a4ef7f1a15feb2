"""Clean books of a deal's money: payment, processor, payout, bank."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from core.canonical.money import Money
from core.close.rows.cash import (
    Allocation,
    BalanceTransaction,
    BankLine,
    BankStatement,
    BillingPayment,
    Charge,
    Payout,
    ProcessorBalance,
    Receipt,
)
from core.close.rows.ledger import ArMovement
from scenarios.plants.deal import END, MONTH, Books, Deal, moment, post

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
    balance_entry(books, "charge", f"ch-{deal.number}", total, fee, _PAID, payout)
    source = f"bt-ch-{deal.number}"
    sides = (("1010", total - fee), ("6000", fee), ("1100", -total))
    post(books, source, "P26", _PAID, *sides, entity=deal.entity, document=deal.invoice)


def balance_entry(
    books: Books, kind: str, source: str, gross: Money, fee: Money, on: date, payout: str = ""
) -> None:
    """A line of the processor's balance report."""
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
