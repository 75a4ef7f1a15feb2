"""Invoices and credit memos: read, taxed while drafts, posted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from core.canonical.errors import Missing, Refused, Unclear
from core.canonical.invoices import CreditNote, Invoice, TaxAnswer
from core.canonical.money import Money
from core.connectors.zuora import mapping
from core.connectors.zuora.api import Api
from core.connectors.zuora.judge import SYSTEM
from core.connectors.zuora.taxing import tax_items
from core.connectors.zuora.wire import Json

_ID = re.compile(r"[0-9a-f]{32}")
# Posting is a job: it is asked after at once, then ever more rarely, for about half a minute in all.
_JOB_PAUSES_SECONDS = (0.0, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)
_NUMBERS_KEPT_MAX = 50_000


class Documents:
    """Both kinds of billing document."""

    def __init__(self, api: Api) -> None:
        self._api = api
        # Numbers never change, so what an id stands for is asked once.
        self._account_numbers: dict[str, str] = {}
        self._invoice_numbers: dict[str, str] = {}

    async def drafts(self, run: str) -> tuple[list[str], list[str]]:
        """Ids of draft invoices and of draft memos, of one run if `run` is an id or a number."""
        filters = ["status.EQ:Draft"]
        if run:
            filters.append(f"sourceId.EQ:{await self._run_number(run)}")
        found: list[list[str]] = []
        for kind in ("invoices", "credit-memos"):
            rows = self._api.query(f"find_draft_{kind}".replace("-", "_"), run or "all", kind, filters)
            found.append([str(row["id"]) async for row in rows])
        return found[0], found[1]

    async def invoice(self, key: str) -> Invoice:
        """By id or number, with its items."""
        path = f"/v1/invoices/{quote(key, safe='')}"
        row = await self._api.read("get_invoice", key, path)
        items = [item async for item in self.invoice_items(key)]
        self._keep(self._invoice_numbers, str(row["id"]), str(row["invoiceNumber"]))
        return mapping.invoice(row, items, await self._account_number(row))

    def invoice_items(self, key: str) -> AsyncIterator[Json]:
        """The items with their taxation items."""
        path = f"/v1/invoices/{quote(key, safe='')}/items?pageSize=40"
        return self._api.pages("get_invoice_items", key, path, "invoiceItems")

    async def credit_note(self, key: str) -> CreditNote:
        """By id or number, with its items."""
        path = f"/v1/credit-memos/{quote(key, safe='')}"
        row = await self._api.read("get_credit_note", key, path)
        items = [
            item
            async for item in self._api.pages(
                "get_credit_note_items", key, f"{path}/items?pageSize=40", "items"
            )
        ]
        owner = await self._account_number(row)
        return mapping.credit_note(row, items, owner, await self._referred(row))

    async def tax_invoice(self, invoice: Invoice, tax: TaxAnswer, key: str) -> None:
        """Put tax on a draft's items; quiet if they carry it already."""
        await self._tax("invoices", "invoiceItemId", invoice.id, invoice.total.currency, tax, key)

    async def tax_credit_note(self, note: CreditNote, tax: TaxAnswer, key: str) -> None:
        """The same for a draft credit memo."""
        await self._tax("credit-memos", "memoItemId", note.id, note.total.currency, tax, key)

    async def finalise(self, kind: str, id: str, key: str) -> None:  # noqa: A002
        """Draft to posted; quiet if posted. kind: "invoices" or "credit-memos"."""
        path = f"/v1/{kind}/{quote(id, safe='')}"
        operation = "post_invoice" if kind == "invoices" else "post_credit_note"
        try:
            answer = await self._api.put(operation, key, f"{path}/post")
            if answer.get("jobId"):
                await self._finished(str(answer["jobId"]), key)
        except Refused:
            row = await self._api.read(operation.replace("post", "check"), id, path)
            if row.get("status") != "Posted":
                raise

    async def _tax(
        self,
        kind: str,
        item_name: str,
        id: str,  # noqa: A002
        currency: str,
        tax: TaxAnswer,
        key: str,
    ) -> None:
        items = tax_items(item_name, tax)
        if not items:
            return
        path = f"/v1/{kind}/{quote(id, safe='')}"
        one = "invoice" if kind == "invoices" else "credit_note"
        row = await self._api.read(f"check_{one}", id, path)
        held = Money.of(row.get("taxAmount") or 0, currency)
        if held:
            if held == tax.tax:
                return
            raise Refused(f"tax_{one}: {id} carries {held} of tax, not {tax.tax}", system=SYSTEM)
        await self._api.post(f"tax_{one}", key, f"{path}/taxation-items", {"taxationItems": items})

    async def _finished(self, job: str, key: str) -> None:
        for pause in _JOB_PAUSES_SECONDS:
            await asyncio.sleep(pause)
            status = (await self._api.read("get_job", job, f"/v1/operations/jobs/{job}")).get("status")
            if status == "Completed":
                return
            if status == "Failed":
                raise Refused(f"{key}: the job {job} failed", system=SYSTEM)
        raise Unclear(f"{key}: the job {job} has not ended", system=SYSTEM)

    async def _run_number(self, run: str) -> str:
        # Documents remember their run by its number; events may name it by its id.
        if not _ID.fullmatch(run):
            return run
        row = await self._api.read("get_bill_run", run, f"/v1/bill-runs/{run}")
        return str(row["billRunNumber"])

    async def _account_number(self, row: Json) -> str:
        if row.get("accountNumber"):
            return str(row["accountNumber"])
        id_ = str(row["accountId"])
        if id_ not in self._account_numbers:
            found = await self._api.read("get_account", id_, f"/v1/accounts/{id_}")
            self._keep(self._account_numbers, id_, str(found["basicInfo"]["accountNumber"]))
        return self._account_numbers[id_]

    async def _referred(self, row: Json) -> str:
        id_ = str(row.get("referredInvoiceId") or "")
        if not id_:
            return ""
        if id_ not in self._invoice_numbers:
            try:
                found = await self._api.read("get_invoice", id_, f"/v1/invoices/{id_}")
            except Missing:
                return ""
            self._keep(self._invoice_numbers, id_, str(found["invoiceNumber"]))
        return self._invoice_numbers[id_]

    def _keep(self, numbers: dict[str, str], id: str, number: str) -> None:  # noqa: A002
        if len(numbers) >= _NUMBERS_KEPT_MAX:
            numbers.clear()
        numbers[id] = number
