"""Customers' own transfers as external payments: put against invoices, kept on account, used, paid back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from core.canonical.errors import Missing, Refused
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.payments import Applied, Transfer
from core.connectors.shapes import money
from core.connectors.zuora import mapping, wire
from core.connectors.zuora.api import Api
from core.connectors.zuora.documents import Documents
from core.connectors.zuora.judge import SYSTEM
from core.connectors.zuora.settlements import Settlements, payment_number
from core.connectors.zuora.wire import Json

_EXPANDED = ("account", "paymentApplications")


class OnAccount:
    """Unapplied payments of Invoice Settlement."""

    def __init__(self, api: Api, documents: Documents, settlements: Settlements) -> None:
        self._api, self._documents, self._settlements = api, documents, settlements

    async def record_transfer(
        self,
        account: str,
        transfer: Transfer,
        parts: Sequence[tuple[str, Money]],
        key: str,
        memos: Sequence[tuple[str, Money]] = (),
    ) -> None:
        """Asked for first, looked for when refused: its number is ours. memos: debit memos by id."""
        body: dict[str, Any] = {
            "number": payment_number(transfer.id),
            "accountNumber": mapping.account_number(account),
            "amount": transfer.amount.major,
            "currency": transfer.amount.currency,
            "effectiveDate": transfer.on.isoformat(),
            "type": "External",
            "paymentMethodType": "WireTransfer",
            "referenceId": transfer.id,
            "comment": transfer.text[:255],
            "invoices": [{"invoiceNumber": number, "amount": amount.major} for number, amount in parts],
        }
        if memos:
            body["debitMemos"] = [{"debitMemoId": memo, "amount": amount.major} for memo, amount in memos]
        try:
            await self._api.post("record_transfer", key, "/v1/payments", body, idempotency_key=False)
        except Refused:
            if not await self._settlements.payment_recorded(transfer.id):
                raise

    async def applied(self, reference: str) -> Applied:
        """By the bank's id."""
        for each in await self._payments([f"referenceId.EQ:{reference}"]):
            return each
        raise Missing(f"payment of {reference} is not recorded", system=SYSTEM)

    async def of_account(self, account: str) -> list[Applied]:
        """Those with something left."""
        path = wire.object_query("accounts", filters=[f"accountNumber.EQ:{mapping.account_number(account)}"])
        rows = (await self._api.read("find_account", account, path))["data"] or ()
        found: list[Applied] = []
        for row in rows:
            found += await self._payments([f"accountId.EQ:{row['id']}", "unappliedAmount.GT:0"])
        return found

    async def of_invoice(self, invoice: Invoice) -> list[Applied]:
        """Those that pay some of it."""
        path = wire.object_query("invoices", key=invoice.id, expand=["paymentApplications"])
        row = await self._api.read("get_applications", invoice.number, path)
        ids = {str(part["paymentId"]) for part in row["paymentApplications"] or () if _amount(part)}
        found = []
        for id_ in sorted(ids):
            path = wire.object_query("payments", key=id_, expand=_EXPANDED)
            found.append(await self._applied(await self._api.read("get_payment", id_, path)))
        return found

    async def use(self, held: Applied, invoice: Invoice, amount: Money, key: str) -> None:
        """As much as both allow, so that a repetition finds nothing left on one side and is refused."""
        path = f"/v1/payments/{quote(payment_number(held.reference), safe='')}/apply"
        body = {"invoices": [{"invoiceId": invoice.id, "amount": amount.major}]}
        try:
            await self._api.put("use_on_account", key, path, body)
        except Refused:
            if invoice.number not in dict((await self.applied(held.reference)).parts):
                raise

    async def pay_back(self, reference: str, paid_back: Transfer, key: str) -> None:
        """An external refund of what is unapplied; looked for first, for a refund takes no number."""
        if await self._settlements.refund_recorded(paid_back.id):
            return
        body = {
            "type": "External",
            "methodType": "WireTransfer",
            "totalAmount": (-paid_back.amount).major,
            "refundDate": paid_back.on.isoformat(),
            "referenceId": paid_back.id,
        }
        path = f"/v1/payments/{quote(payment_number(reference), safe='')}/refunds"
        try:
            await self._api.post("return_on_account", key, path, body)
        except Refused:
            if not await self._settlements.refund_recorded(paid_back.id):
                raise

    async def _payments(self, filters: list[str]) -> list[Applied]:
        rows = self._api.query(
            "find_payments", filters[0], "payments", ["status.EQ:Processed", *filters], _EXPANDED
        )
        return [await self._applied(row) async for row in rows]

    async def _applied(self, row: Json) -> Applied:
        currency = str(row["currency"])
        parts, recovered = [], []
        for part in row["paymentApplications"] or ():
            amount = money(_amount(part), currency, "amount", SYSTEM)
            if amount and part["invoiceId"]:
                parts.append((await self._documents.number(part["invoiceId"]), amount))
            elif amount and part.get("debitMemoId"):
                recovered.append((await self._of_memo(str(part["debitMemoId"])), amount))
        return Applied(
            str(row["referenceId"] or ""),
            mapping.owner(row),
            tuple(parts),
            money(row["unappliedAmount"], currency, "unappliedAmount", SYSTEM),
            tuple(recovered),
        )

    async def _of_memo(self, id_: str) -> str:
        """The invoice that a debit memo asks for anew."""
        row = await self._api.read("get_debit_memo", id_, wire.object_query("debit-memos", key=id_))
        return await self._documents.number(row["invoiceId"])


def _amount(part: Json) -> Decimal:
    return Decimal(str(part["applyAmount"] or 0))
