"""Documents posted under their external id, so that posting one twice posts it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.canonical.erp import Journal, Late, Posted
from core.canonical.errors import AlreadyThere, Missing, PeriodClosed, Refused, Unclear
from core.canonical.invoices import CreditNote, Invoice
from core.canonical.money import Money
from core.canonical.payments import PaymentRequest, Refund
from core.connectors.netsuite import cashing, mapping, wire
from core.connectors.netsuite.api import Api
from core.connectors.netsuite.entities import Entities
from core.connectors.netsuite.judge import SYSTEM
from core.connectors.netsuite.periods import Periods
from core.connectors.netsuite.references import References
from core.connectors.netsuite.tagging import Tags
from core.connectors.netsuite.wire import Json
from core.finance.ledger.dimensions import UNCLASSIFIED, Classification
from core.mappings.shipped import SHIPPED, Mappings

_OWNERS_KEPT_MAX = 50_000


class Ledger:
    """Creates, and looks when it is refused. An upsert would move a posted document to the date of the
    repetition, and a late one could put an older version over a newer."""

    def __init__(
        self,
        api: Api,
        references: References,
        periods: Periods,
        entities: Entities,
        classification: Classification = UNCLASSIFIED,
        maps: Mappings = SHIPPED,
    ) -> None:
        self._api, self._references, self._periods = api, references, periods
        self._entities, self._classification = entities, classification
        self._items = maps["erp_items"]
        # Whose document an internal id is: learnt when it was read, for payments name their customer.
        self._owners: dict[str, str] = {}

    async def find(self, kind: str, external_id: str) -> Posted | None:
        """A document by external id."""
        record = await self._record(kind, external_id)
        return None if record is None else await self._posted(kind, record)

    async def post_invoice(self, invoice: Invoice, on: date, key: str) -> None:
        """The receivable of an invoice."""
        currency = await self._references.currency(invoice.total.currency)
        body = mapping.invoice(invoice, on, currency, await self.tags(), self._items)
        stands = ("invoice", invoice.number, invoice.total, invoice.tax)
        await self.post("post_invoice", key, body, *stands)

    async def post_credit_note(
        self, note: CreditNote, on: date, key: str, late: Late, against: Posted | None
    ) -> None:
        """The credit memo of a note."""
        currency = await self._references.currency(note.total.currency)
        body = mapping.credit_memo(note, on, currency, late, await self.tags(), self._items)
        if against is not None:
            body["apply"] = {"items": [mapping.application(against, note.total)]}
        await self.post("post_credit_note", key, body, "creditMemo", note.number, note.total, note.tax)

    async def post_write_off(self, note: CreditNote, late: Late, invoice: Posted, on: date, key: str) -> None:
        """The credit memo of a write-off, against its invoice."""
        currency = await self._references.currency(note.total.currency)
        body = mapping.write_off(note, late, invoice, on, currency, await self.tags(), self._items)
        await self.post("post_write_off", key, body, "creditMemo", note.number, note.total, note.tax)

    async def post_receipt(self, payment: PaymentRequest, invoice: Posted, on: date, key: str) -> None:
        """Money in, against an invoice."""
        terms = await self._cash_terms("invoice", invoice)
        body = cashing.receipt(payment, invoice, on, *terms, await self.tags())
        await self.post("post_receipt", key, body, "customerPayment", payment.id, payment.amount)

    async def return_receipt(self, receipt: Posted, journal: Journal, key: str) -> None:
        """The receivable of the journal is an open item of the payer, at the receipt's own rate; the receipt
        moves over to it and so leaves its invoice. No line of the receipt changes, which a closed period
        allows where it lets changes in that leave the ledger alone."""
        record = await self._record("customerPayment", receipt.key)
        if record is None:
            raise Missing(f"the receipt of {receipt.key} is not in the ledger", system=SYSTEM)
        await self._journal(journal, str(record["subsidiary"]["id"]), mapping.of_payer(record), key)
        back = await self._record("journalEntry", journal.key)
        if back is None:
            raise Unclear(f"{key}: the journal {journal.key} was posted and is not there", system=SYSTEM)
        body = cashing.put_against(str(back["id"]), receipt.total)
        await self._api.put("return_receipt", key, "customerPayment", receipt.key, body)

    async def post_refund(self, refund: Refund, note: Posted, on: date, key: str) -> None:
        """Money out, against a credit memo."""
        terms = await self._cash_terms("creditMemo", note)
        body = cashing.refund(refund, note, on, *terms, await self.tags())
        await self.post("post_refund", key, body, "customerRefund", refund.id, refund.amount)

    async def post_journal(self, journal: Journal, key: str) -> None:
        """A balanced entry."""
        await self._journal(journal, await self._entities.subsidiary(journal.entity), None, key)

    async def _journal(
        self, journal: Journal, subsidiary: str, payer: mapping.Payer | None, key: str
    ) -> None:
        debits = Money(sum(line.debit.minor for line in journal.lines), journal.currency)
        currency = await self._references.currency(journal.currency)
        accounts = await self._references.accounts(line.account for line in journal.lines)
        partners = {line.partner for line in journal.lines if line.partner}
        ids = {name: await self._entities.subsidiary(name) for name in sorted(partners)}
        tags = replace(await self.tags(), subsidiaries=ids)
        body = mapping.journal(journal, currency, subsidiary, accounts, tags, payer)
        await self.post("post_journal", key, body, "journalEntry", journal.key, debits)

    async def tags(self) -> Tags:
        """How our dimensions are written; Missing where the ledger lacks a department of the policy."""
        found = Tags(self._classification)
        return replace(found, departments=await self._references.departments(found.names))

    async def _cash_terms(self, kind: str, document: Posted) -> tuple[str, str, str]:
        """Internal ids of the customer, of the clearing account and of the currency."""
        owner = self._owners.get(document.id)
        if owner is None:
            record = await self._api.get_by_id(f"get_{_NAMES[kind]}", kind, document.id)
            owner = self._learn(record)
        account = await self._references.account(wire.CLEARING)
        return owner, account, await self._references.currency(document.total.currency)

    async def post(
        self,
        operation: str,
        key: str,
        body: Json,
        kind: str,
        external_id: str,
        total: Money,
        tax: Money | None = None,
        made_from: str = "",
    ) -> None:
        """Created under its external id; when that is refused, quiet if the document stands there. made_from:
        path of the record that it is transformed from."""
        body = {**body, "externalId": external_id}
        try:
            await self._api.create(operation, key, kind, body, made_from)
        except Refused as error:
            if await self._stands(kind, external_id, total, tax):
                return
            if isinstance(error, PeriodClosed):
                self._periods.forget()
            raise

    async def _stands(self, kind: str, external_id: str, total: Money, tax: Money | None = None) -> bool:
        record = await self._record(kind, external_id)
        if record is None:
            return False
        found = await self._posted(kind, record)
        taxed = tax is None or mapping.tax_of(record, found.total.currency) == tax
        if found.total == total and taxed:
            return True
        raise AlreadyThere(
            f"{kind} {external_id} stands there over {found.total}, not {total}", system=SYSTEM
        )

    async def _record(self, kind: str, external_id: str) -> Json | None:
        # The total of a journal is the sum of its lines.
        query = "expandSubResources=true" if kind == "journalEntry" else ""
        return await self._api.get(f"get_{_NAMES[kind]}", kind, external_id, query)

    async def _posted(self, kind: str, record: Json) -> Posted:
        if kind in ("invoice", "creditMemo"):
            self._learn(record)
        code = await self._references.code(str(record["currency"]["id"]))
        return mapping.posted(kind, record, code)

    def _learn(self, record: Json) -> str:
        if len(self._owners) >= _OWNERS_KEPT_MAX:
            self._owners.clear()
        owner = str(record["entity"]["id"])
        self._owners[str(record["id"])] = owner
        return owner


_NAMES = {
    "invoice": "invoice",
    "creditMemo": "credit_note",
    "customerPayment": "receipt",
    "customerRefund": "refund",
    "customerDeposit": "deposit",
    "depositApplication": "deposit_application",
    "journalEntry": "journal",
}
