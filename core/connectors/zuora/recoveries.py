"""Money that came for an invoice after its write-off: a debit memo on its lines, paid by the transfer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from urllib.parse import quote

from core.canonical.errors import Missing
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.payments import Transfer
from core.connectors.zuora import wire
from core.connectors.zuora.api import Api
from core.connectors.zuora.judge import SYSTEM
from core.connectors.zuora.wire import Json
from core.connectors.zuora.words import status_of
from core.finance.exact import Residual, split


class Recoveries:
    """The write-off stays as it was posted; a memo that comes out of an invoice takes no number of ours, so
    it is found again by its comment."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def ask_again(self, invoice: Invoice, transfer: Transfer, amount: Money, key: str) -> None:
        """In proportion to what the lines charge, posted at once."""
        if transfer.id in dict(await self.of_invoice(invoice)):
            return
        charged = [line for line in invoice.lines if line.net.minor > 0]
        parts = split(amount.minor, [line.net.minor for line in charged], Residual.LARGEST_REMAINDER).parts
        body = {
            "effectiveDate": transfer.on.isoformat(),
            "comment": wire.RECOVERY_COMMENT + transfer.id,
            "autoPost": True,
            "items": [
                {"invoiceItemId": line.id, "amount": Money(part, amount.currency).major}
                for line, part in zip(charged, parts, strict=True)
                if part
            ],
        }
        path = f"/v1/debit-memos/invoice/{quote(invoice.id, safe='')}"
        await self._api.post("ask_again", f"{key}/{invoice.number}", path, body)

    async def of_invoice(self, invoice: Invoice) -> list[tuple[str, Money]]:
        """(transfer's id, amount), in the order of the memos."""
        found = [
            (str(row["memoNumber"]), _transfer(row), Money.of(row["totalAmount"], invoice.total.currency))
            async for row in self._memos(invoice)
        ]
        return [(transfer, amount) for _, transfer, amount in sorted(found, key=lambda each: each[0])]

    async def memos(
        self, transfer: str, recovered: Sequence[tuple[Invoice, Money]]
    ) -> list[tuple[str, Money]]:
        """Ids of the memos that a transfer is to pay; Missing where one is not there."""
        found = []
        for invoice, amount in recovered:
            ids = [str(row["id"]) async for row in self._memos(invoice) if _transfer(row) == transfer]
            if not ids:
                raise Missing(
                    f"what {transfer} brings back of {invoice.number} is not asked for", system=SYSTEM
                )
            found.append((ids[0], amount))
        return found

    async def _memos(self, invoice: Invoice) -> AsyncIterator[Json]:
        rows = self._api.query(
            "find_debit_memos", invoice.number, "debit-memos", [f"invoiceId.EQ:{invoice.id}"]
        )
        async for row in rows:
            if status_of(row) == "posted" and _transfer(row):
                yield row


def _transfer(row: Json) -> str:
    said = str(row["comments"] or "")
    return said.removeprefix(wire.RECOVERY_COMMENT) if said.startswith(wire.RECOVERY_COMMENT) else ""
