"""Invoices and credit memos: read, taxed while drafts, posted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import date
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from core.canonical.errors import Refused, Unclear
from core.canonical.invoices import CreditNote, Invoice, TaxAnswer
from core.canonical.money import Money
from core.connectors.zuora import mapping, wire
from core.connectors.zuora.api import Api
from core.connectors.zuora.judge import SYSTEM
from core.connectors.zuora.taxing import tax_items
from core.connectors.zuora.wire import Json
from core.ports.billing import Draft
from core.ports.world import Clock
from core.reliability.retry import listed

_ID = re.compile(r"[0-9a-f]{32}")
# Posting is a job: it is asked after at once, then ever more rarely, for about half a minute in all.
_JOB_PAUSES_SECONDS = (0.0, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)
_NUMBERS_KEPT_MAX = 50_000

Document = TypeVar("Document", Invoice, CreditNote)


class Documents:
    """Both kinds of billing document."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api, self._clock = api, clock
        # Invoice numbers by id: they never change, so each is asked once.
        self._numbers: dict[str, str] = {}

    async def drafts(self, run: str) -> tuple[list[Draft], list[Draft]]:
        """Draft invoices and draft memos, of one run if `run` is an id or a number, with the subscriptions
        of their first items (expanded lists are capped)."""
        filters = ["status.EQ:Draft"]
        if run:
            filters.append(f"sourceId.EQ:{await self._run_number(run)}")
        found: list[list[Draft]] = []
        for kind, items in (("invoices", "invoiceItems"), ("credit-memos", "creditMemoItems")):
            rows = self._api.query(
                f"find_draft_{kind}".replace("-", "_"), run or "all", kind, filters, [items], fields=["id"]
            )
            found.append([mapping.draft(row, row[items] or ()) async for row in rows])
        return found[0], found[1]

    async def invoice(self, key: str) -> Invoice:
        """By id or number, with its items: one object query where v1 takes two calls and a third for
        the account's number."""
        path = wire.object_query(
            "invoices", key=key, expand=["account", "invoiceItems"], fields=mapping.INVOICE_FIELDS
        )
        asked = self._clock.now()
        return await self._invoice(await self._api.read("get_invoice", key, path), asked)

    async def invoices_dated(self, first: date, last: date) -> AsyncIterator[Invoice]:
        """Posted ones, a page of them a call."""
        asked = self._clock.now()
        rows = self._api.query(
            "list_whole_invoices",
            f"{first} {last}",
            "invoices",
            _posted_on("invoiceDate", first, last),
            ["account", "invoiceItems"],
            "updatedDate.ASC",
            mapping.INVOICE_FIELDS,
        )
        async for row in rows:
            yield await self._invoice(row, asked)

    async def _invoice(self, row: Json, asked: int) -> Invoice:
        read = partial(mapping.invoice, row, asked_us=asked)
        found = await _whole(read, row["invoiceItems"], self.invoice_items)
        self._keep(found.id, found.number)
        return found

    def invoice_items(self, key: str) -> AsyncIterator[Json]:
        """The items with their taxation items, page by page."""
        path = f"/v1/invoices/{quote(key, safe='')}/items?pageSize=40"
        return self._api.pages("get_invoice_items", key, path, "invoiceItems")

    async def credit_note(self, key: str) -> CreditNote:
        """By id or number, with its items."""
        path = wire.object_query("credit-memos", key=key, expand=["account", "creditMemoItems"])
        return await self._credit_note(await self._api.read("get_credit_note", key, path))

    async def credit_notes_dated(self, first: date, last: date) -> AsyncIterator[CreditNote]:
        """Posted ones, a page of them a call."""
        rows = self._api.query(
            "list_whole_credit_notes",
            f"{first} {last}",
            "credit-memos",
            _posted_on("memoDate", first, last),
            ["account", "creditMemoItems"],
            "updatedDate.ASC",
        )
        async for row in rows:
            yield await self._credit_note(row)

    async def _credit_note(self, row: Json) -> CreditNote:
        of_invoice = await self.number(row["invoiceId"])
        read = partial(mapping.credit_note, row, of_invoice=of_invoice)
        return await _whole(read, row["creditMemoItems"], self._credit_note_items)

    def _credit_note_items(self, key: str) -> AsyncIterator[Json]:
        path = f"/v1/credit-memos/{key}/items?pageSize=40"
        return self._api.pages("get_credit_note_items", key, path, "items")

    async def tax_invoice(self, invoice: Invoice, tax: TaxAnswer, key: str) -> None:
        """Put tax on a draft's items; quiet if they carry it already."""
        items = tax_items("invoiceItemId", tax, invoice.on)
        if not items:
            return
        path = f"/v1/invoices/{invoice.id}/taxation-items"
        try:
            await self._api.post("tax_invoice", key, path, {"taxationItems": items})
        except Refused:
            # A second set is refused, and so is tax on what is posted: quiet if the first set is ours.
            if not await self._taxed("check_invoice", "invoices", invoice, tax):
                raise

    async def tax_credit_note(self, note: CreditNote, tax: TaxAnswer, key: str) -> None:
        """The same for a draft credit memo."""
        items = tax_items("memoItemId", tax, note.on)
        if items and not await self._taxed("check_credit_note", "credit-memos", note, tax):
            path = f"/v1/credit-memos/{note.id}/taxation-items"
            await self._api.post("tax_credit_note", key, path, {"taxationItems": items})

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
            if row["status"] != "Posted":
                raise

    async def _taxed(self, operation: str, kind: str, document: Invoice | CreditNote, tax: TaxAnswer) -> bool:
        row = await self._api.read(operation, document.id, f"/v1/{kind}/{document.id}")
        held = Money.of(row.get("taxAmount") or 0, document.total.currency)
        if held and held != tax.tax:
            detail = f"{document.number} carries {held} of tax already, not {tax.tax}"
            raise Refused(detail, system=SYSTEM)
        return bool(held)

    async def _finished(self, job: str, key: str) -> None:
        for pause in _JOB_PAUSES_SECONDS:
            await asyncio.sleep(pause)
            status = (await self._api.read("get_job", job, f"/v1/operations/jobs/{job}"))["status"]
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

    async def number(self, id: object) -> str:  # noqa: A002
        """Of an invoice by its id, "" of none."""
        if not id:
            return ""
        key = str(id)
        if key not in self._numbers:
            row = await self._api.read("check_invoice", key, f"/v1/invoices/{quote(key, safe='')}")
            self._keep(key, str(row["invoiceNumber"]))
        return self._numbers[key]

    def _keep(self, id: str, number: str) -> None:  # noqa: A002
        if len(self._numbers) >= _NUMBERS_KEPT_MAX:
            self._numbers.clear()
        self._numbers[id] = number


def _posted_on(field: str, first: date, last: date) -> list[str]:
    return ["status.EQ:Posted", f"{field}.GE:{first.isoformat()}", f"{field}.LE:{last.isoformat()}"]


async def _whole(
    read: Callable[[Iterable[Json]], Document],
    expanded: Iterable[Json] | None,
    all_items: Callable[[str], AsyncIterator[Json]],
) -> Document:
    """The document with all of its lines: expanded lists are capped, and a sum that falls short says so."""
    found = read(expanded or ())
    if sum(line.net.minor for line in found.lines) == found.net.minor:
        return found
    return read(await listed(all_items(found.id)))
