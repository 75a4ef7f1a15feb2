"""Clean books of use: December rated, invoiced and paid; January rated and accrued; prepaid credits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.close.rows.billing import (
    BillingDocument,
    CreditUse,
    CustomerBalance,
    Drawdown,
    Grant,
    InvoiceLine,
    PriceVersion,
    RatedUsage,
    Tier,
    UsageEvent,
)
from core.close.rows.cash import Allocation, BankLine, Receipt
from core.close.rows.ledger import ArMovement, DatedEntry, ErpDocument
from core.close.rows.revenue import ContractProgress, UsageAccrual, UsageBilled
from core.close.rows.sales import CrmAccount, SystemCustomer
from scenarios.plants.deal import BEFORE, MONTH, START, Books, moment, post

METER, ITEM, CONTRACT, USER = "calls", "I-use", "K-use", "ACME-use"
TIERS = (
    Tier(up_to=Fraction(100), unit=Fraction(2)),
    Tier(up_to=None, unit=Fraction(1)),
)
LEAST = Fraction(50)
_POSTED, _PAID = date(2026, 1, 2), date(2026, 1, 9)


def use(books: Books, december: Sequence[int], january: Sequence[int]) -> None:
    """Units a day, from the first of each month on; at least one day each."""
    master: dict[str, Any] = {"currency": "USD", "entity": "US"}
    books["accounts"].append(CrmAccount(key=USER, **master))
    for system in ("billing", "erp", "payments"):
        books["customers"].append(SystemCustomer(system=system, id=f"{system}-use", account=USER, **master))
    books["prices"].append(
        PriceVersion(
            item=ITEM,
            meter=METER,
            version="1",
            start=date(2025, 1, 1),
            end=None,
            currency="USD",
            tiers=TIERS,
            least=LEAST,
        )
    )
    for year, month, units in ((2025, 12, december), (2026, 1, january)):
        for day, quantity in enumerate(units, 1):
            _event(books, date(year, month, day), quantity)
    _accrue(books, BEFORE, date(2025, 12, 31), price(sum(december)))
    _accrue(books, MONTH, date(2026, 1, 31), price(sum(january)))
    _invoice(books, price(sum(december)))
    billed, earned = price(sum(december)), price(sum(december)) + price(sum(january))
    books["progress"].append(
        ContractProgress(contract=CONTRACT, recognised=earned, billed=billed, deferred=Money(0, "USD"))
    )


def price(units: int) -> Money:
    """By hand: two for each of the first hundred, one for each after; at least fifty."""
    return Money(max(200 * min(units, 100) + 100 * max(units - 100, 0), 5000), "USD")


def _event(books: Books, on: date, quantity: int) -> None:
    name = f"use-{on.isoformat()}"
    books["usage_events"].append(
        UsageEvent(
            id=name,
            customer=USER,
            meter=METER,
            item=ITEM,
            at=moment(on, 10),
            received_at=moment(on, 11),
            quantity=Fraction(quantity),
        )
    )
    books["rated_usage"].append(
        RatedUsage(event=name, customer=USER, meter=METER, item=ITEM, on=on, quantity=Fraction(quantity))
    )


def _accrue(books: Books, month: str, on: date, amount: Money) -> None:
    books["accruals"].append(UsageAccrual(item=ITEM, meter=METER, month=month, amount=amount))
    post(books, f"accrual-{month}", "P07", on, ("1150", amount), ("4010", -amount), contract=CONTRACT)


def _invoice(books: Books, amount: Money) -> None:
    number, nothing = "INV-use", Money(0, "USD")
    books["usage_billed"].append(UsageBilled(item=ITEM, meter=METER, month=BEFORE, amount=amount))
    line = InvoiceLine(
        id="L-use",
        net=amount,
        tax=nothing,
        item=ITEM,
        meter=METER,
        kind="usage",
        start=date(2025, 12, 1),
        end=START,
    )
    books["documents"].append(
        BillingDocument(
            id="doc-use",
            number=number,
            kind="invoice",
            customer=USER,
            status="posted",
            on=_POSTED,
            net=amount,
            tax=nothing,
            total=amount,
            due_amount=amount,
            lines=(line,),
            entity="US",
            contract=CONTRACT,
            posted_at=moment(_POSTED),
        )
    )
    _receivable(books, number, amount)
    _paid(books, number, amount)


def _receivable(books: Books, number: str, amount: Money) -> None:
    nothing = Money(0, "USD")
    books["erp_documents"].append(
        ErpDocument(
            id="erp-use",
            external=number,
            kind="invoice",
            customer=USER,
            on=_POSTED,
            period=MONTH,
            tax=nothing,
            total=amount,
            open=nothing,
            entity="US",
            created_at=moment(_POSTED),
        )
    )
    books["dated_entries"].append(
        DatedEntry(id=number, kind="invoice", on=_POSTED, created_at=moment(_POSTED), entity="US")
    )
    post(books, number, "P06", _POSTED, ("1100", amount), ("1150", -amount), contract=CONTRACT)


def _paid(books: Books, number: str, amount: Money) -> None:
    """By bank transfer."""
    for kind, moved, on in (("invoice", amount, _POSTED), ("receipt", -amount, _PAID)):
        books["ar_movements"].append(
            ArMovement(document=number, kind=kind, amount=moved, on=on, period=MONTH, entity="US")
        )
    books["bank_lines"].append(
        BankLine(
            id="bank-use",
            account="main-USD",
            on=_PAID,
            amount=amount,
            kind="customer",
            reference=number,
            payer=USER,
        )
    )
    books["receipts"].append(
        Receipt(
            id="rc-use",
            customer=USER,
            amount=amount,
            on=_PAID,
            reference=number,
            allocations=(Allocation(invoice=number, amount=amount),),
            expected=amount,
        )
    )
    post(books, "rc-use", "P25", _PAID, ("1000", amount), ("1100", -amount), bank="main-USD")


def prepay(books: Books, bought: int, used: int, free: int) -> None:
    """A paid grant and one that was given away, both drawn from; a credit balance and its use."""
    nothing, paid, drawn = Money(0, "USD"), Money(bought, "USD"), Money(min(used, bought), "USD")
    books["grants"] += [
        Grant(
            id="g-paid",
            wallet="w-1",
            customer=USER,
            opening=nothing,
            purchased=paid,
            consumed=drawn,
            expired=nothing,
            refunded=nothing,
            expires_on=date(2026, 12, 31),
        ),
        Grant(
            id="g-free",
            wallet="w-1",
            customer=USER,
            opening=Money(free, "USD"),
            purchased=nothing,
            consumed=nothing,
            expired=nothing,
            refunded=nothing,
            kind="promotional",
            expires_on=date(2026, 12, 31),
        ),
    ]
    books["drawdowns"].append(
        Drawdown(grant="g-paid", event="use-2026-01-01", amount=drawn, overage=drawn, invoiced=drawn)
    )
    post(books, "g-paid", "P10", _POSTED, ("1000", paid), ("2210", -paid), document="g-paid", bank="main-USD")
    post(books, "draw-1", "P11", _PAID, ("2210", drawn), ("4010", -drawn), document="g-paid")
    held, put = Money(bought, "USD"), Money(free, "USD")
    books["customer_balances"].append(CustomerBalance(customer=USER, amount=held))
    books["credit_uses"].append(
        CreditUse(credit="cr-1", customer=USER, invoice="INV-use", amount=put, issued=put)
    )
    post(books, "cr-2", "P17", _PAID, ("4900", held), ("2200", -held), customer=USER)
