"""Money that one of our entities takes in or pays out for another: a balance between the two (P52)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.canonical.erp import Journal, JournalLine
from core.canonical.money import Money
from core.canonical.parties import Account
from core.finance.ledger.chart import CLEARING
from core.finance.ledger.intercompany import Side, passed_on
from core.ports.desk import Desk
from core.steps.posting_day import post_in_open_period, takes_in

# External ids of the journals of cash that was taken in for another entity.
CASH = "IC-CASH-"


def books_of(desk: Desk, account: Account, currency: str) -> str:
    """Key of the entity whose customer it is; of whoever takes the currency in, where billing names none."""
    return account.entity or takes_in(desk, currency)


async def pass_on(desk: Desk, account: Account, amount: Money, what: str, on: date, key: str) -> None:
    """Move `amount` of clearing from the customer's entity to the one that took it in (negative: that paid
    it out). what: name of the movement at the processor. Quiet where both are one."""
    if not desk.routing.entities or not amount:
        return
    owner, cashier = books_of(desk, account, amount.currency), takes_in(desk, amount.currency)
    if owner == cashier:
        return
    for side in passed_on(amount, owner, cashier, what):
        await post_side(desk, side, f"{CASH}{what}-{side.entity}", on, f"{key}/pass_on/{side.entity}")


def cleared(entry: Iterable[JournalLine], currency: str) -> Money:
    """What an entry moves on processor clearing; in is positive."""
    lines = [line for line in entry if line.account == CLEARING]
    return Money(sum(line.debit.minor - line.credit.minor for line in lines), currency)


async def post_side(desk: Desk, side: Side, name: str, on: date, key: str) -> None:
    """The journal of one entity, under its external id."""
    lines = desk.classification.journal(side.lines)

    async def post(day: date) -> None:
        await desk.erp.post_journal(Journal(name, day, side.currency, side.memo, lines, side.entity), key)

    await post_in_open_period(desk, on, post)
