"""Customers' transfers into the bank: receipts for what they pay, customer deposits for what is over.

A deposit and its applications each have a day of their own, so that money that stays over a month end moves
no closed month when it is used; the unapplied part of a payment would.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.canonical.erp import Posted
from core.canonical.money import Money
from core.canonical.parties import Account
from core.canonical.payments import Transfer
from core.connectors.netsuite import wire
from core.connectors.netsuite.ledger import Ledger
from core.connectors.netsuite.mapping import application
from core.connectors.netsuite.references import References


def deposit_id(reference: str) -> str:
    """External id of what is over of a transfer."""
    return f"{reference}-deposit"


class Deposits:
    """Each written once, under an external id."""

    def __init__(self, ledger: Ledger, references: References) -> None:
        self._ledger, self._references = ledger, references

    async def post_transfer(
        self, transfer: Transfer, account: Account, parts: Sequence[tuple[Posted, Money]], on: date, key: str
    ) -> None:
        """A customer payment over what the transfer pays."""
        total = Money(sum(amount.minor for _, amount in parts), transfer.amount.currency)
        lines = [application(document, amount) for document, amount in parts]
        body = {**await self._money(account.key, total, on, transfer.id), "apply": {"items": lines}}
        await self._ledger.post("post_transfer", key, body, "customerPayment", transfer.id, total)

    async def post_deposit(
        self, transfer: Transfer, account: Account, amount: Money, on: date, key: str
    ) -> None:
        """What is over."""
        body = await self._money(account.key, amount, on, transfer.id)
        await self._ledger.post("post_deposit", key, body, "customerDeposit", deposit_id(transfer.id), amount)

    async def use_deposit(
        self, deposit: Posted, reference: str, invoice: Posted, amount: Money, on: date, key: str
    ) -> None:
        """A deposit application, made from the deposit as the vendor wants it."""
        body = {"tranDate": on.isoformat(), "apply": {"items": [application(invoice, amount)]}}
        await self._ledger.post(
            "use_deposit",
            key,
            body,
            "depositApplication",
            used_id(reference, invoice.key),
            amount,
            made_from=f"customerDeposit/{deposit.id}",
        )

    async def return_deposit(self, deposit: Posted, paid_back: Transfer, on: date, key: str) -> None:
        """A customer refund out of the deposit, from the bank."""
        amount = -paid_back.amount
        account = await self._references.account(wire.BANK)
        body = {
            "account": {"id": account},
            "tranDate": on.isoformat(),
            "memo": paid_back.id,
            **(await self._ledger.tags()).heading(),
            "deposit": {"items": [application(deposit, amount)]},
        }
        await self._ledger.post(
            "return_deposit",
            key,
            body,
            "customerRefund",
            paid_back.id,
            amount,
            made_from=f"customerDeposit/{deposit.id}",
        )

    async def _money(self, customer: str, amount: Money, on: date, memo: str) -> dict[str, Any]:
        return {
            "customer": {"externalId": customer},
            "account": {"id": await self._references.account(wire.BANK)},
            "currency": {"id": await self._references.currency(amount.currency)},
            "payment": amount.major,
            "tranDate": on.isoformat(),
            "memo": memo,
            **(await self._ledger.tags()).heading(),
        }


def used_id(reference: str, number: str) -> str:
    """External id of what of a transfer went to an invoice."""
    return f"{reference}-{number}"
