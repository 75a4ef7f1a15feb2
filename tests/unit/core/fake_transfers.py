"""Small books of customers own transfers: the bank, billing's side of them, and the ledger's deposits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from core.canonical.erp import Posted
from core.canonical.errors import Missing
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.parties import Account
from core.canonical.payments import Applied, Transfer


@dataclass
class FakeBank:
    """Nobody pays in unless there is a transfer."""

    b: Any

    @property
    def takes_transfers(self) -> bool:
        return bool(self.b.transfers)

    async def transfer(self, id: str) -> Transfer:  # noqa: A002
        if id not in self.b.transfers:
            raise Missing(f"{id} is not at the bank")
        return self.b.transfers[id]

    async def transfers_since(self, moment: datetime) -> AsyncIterator[str]:
        for key in list(self.b.transfers):
            yield key


class TransfersInBilling:
    """Payments on account."""

    b: Any

    async def record_transfer(
        self,
        account: str,
        transfer: Transfer,
        parts: Sequence[tuple[str, Money]],
        key: str,
        recovered: Sequence[tuple[Invoice, Money]] = (),
    ) -> None:
        def do() -> None:
            if transfer.id in self.b.applied:
                return
            left = transfer.amount
            for number, amount in parts:
                left = left - amount
                self.b.change(number, balance=self.b.invoices[number].balance - amount)
            back = tuple((invoice.number, amount) for invoice, amount in recovered)
            left = left - Money(sum(amount.minor for _, amount in back), left.currency)
            self.b.payments[transfer.id] = ""
            self.b.applied[transfer.id] = Applied(transfer.id, account, tuple(parts), left, back)

        await self.b.act("billing.record_transfer", key, do)

    async def ask_again(self, invoice: Invoice, transfer: Transfer, amount: Money, key: str) -> None:
        def do() -> None:
            self.b.again.setdefault(invoice.number, {}).setdefault(transfer.id, amount)

        await self.b.act("billing.ask_again", key, do)

    async def recoveries(self, invoice: Invoice) -> list[tuple[str, Money]]:
        return list(self.b.again.get(invoice.number, {}).items())

    async def applied(self, reference: str) -> Applied:
        if reference not in self.b.applied:
            raise Missing(f"{reference} is not recorded")
        return self.b.applied[reference]

    async def on_account(self, account: str) -> list[Applied]:
        return [each for each in self.b.applied.values() if each.account == account and each.rest]

    async def payments_of(self, invoice: Invoice) -> list[Applied]:
        return [each for each in self.b.applied.values() if invoice.number in dict(each.parts)]

    async def use_on_account(self, held: Applied, invoice: Invoice, amount: Money, key: str) -> None:
        def do() -> None:
            now = self.b.applied[held.reference]
            parts = (*now.parts, (invoice.number, amount))
            self.b.applied[held.reference] = replace(now, parts=parts, rest=now.rest - amount)
            self.b.change(invoice.number, balance=self.b.invoices[invoice.number].balance - amount)

        await self.b.act("billing.use_on_account", key, do)

    async def return_on_account(self, reference: str, paid_back: Transfer, key: str) -> None:
        def do() -> None:
            if paid_back.id not in self.b.refunded:
                self.b.refunded[paid_back.id] = reference
                now = self.b.applied[reference]
                self.b.applied[reference] = replace(now, rest=now.rest + paid_back.amount)

        await self.b.act("billing.return_on_account", key, do)


class TransfersInLedger:
    """Receipts into the bank, deposits and their uses."""

    b: Any

    async def post_transfer(
        self, transfer: Transfer, account: Account, parts: Sequence[tuple[Posted, Money]], on: date, key: str
    ) -> None:
        total = Money(sum(amount.minor for _, amount in parts), transfer.amount.currency)
        await self.b.act("erp.post_transfer", key, lambda: self._post("receipt", transfer.id, total, on))

    async def post_deposit(
        self, transfer: Transfer, account: Account, amount: Money, on: date, key: str
    ) -> None:
        await self.b.act("erp.post_deposit", key, lambda: self._post("deposit", transfer.id, amount, on))

    async def deposit(self, reference: str) -> Posted | None:
        return self.b.ledger.get(("deposit", reference))

    async def deposit_used(self, reference: str, number: str) -> Posted | None:
        return self.b.ledger.get(("use", f"{reference}-{number}"))

    async def use_deposit(
        self, deposit: Posted, reference: str, invoice: Posted, amount: Money, on: date, key: str
    ) -> None:
        name = f"{reference}-{invoice.key}"
        await self.b.act("erp.use_deposit", key, lambda: self._post("use", name, amount, on))

    async def return_deposit(self, deposit: Posted, paid_back: Transfer, on: date, key: str) -> None:
        await self.b.act(
            "erp.return_deposit", key, lambda: self._post("refund", paid_back.id, -paid_back.amount, on)
        )

    def _post(self, kind: str, key: str, total: Money, on: date) -> Posted:
        raise NotImplementedError
