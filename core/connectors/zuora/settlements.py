"""Payments and refunds made elsewhere and recorded here, by the processor's reference."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import quote

from core.canonical.errors import Refused
from core.canonical.invoices import CreditNote, Invoice
from core.canonical.money import Money
from core.canonical.payments import Dispute, PaymentRequest, Refund
from core.connectors.zuora import wire
from core.connectors.zuora.api import Api
from core.connectors.zuora.documents import Documents
from core.connectors.zuora.mapping import account_number
from core.connectors.zuora.taxing import refund_memo
from core.connectors.zuora.wire import Json

# Money that came to nothing does not count as recorded.
_VOID = frozenset({"Canceled", "Cancelled", "Error", "Voided"})


def payment_number(request: str) -> str:
    """Billing's number of a payment."""
    return f"P-{request}"


class Settlements:
    """Each write looks first: the vendor's own keys forget after a day, and a hold may last longer."""

    def __init__(self, api: Api, documents: Documents) -> None:
        self._api, self._documents = api, documents

    async def payment_recorded(self, reference: str) -> bool:
        """Whether a payment with this processor reference stands."""
        return await self._recorded("find_payment", "payments", "referenceId", reference)

    async def refund_recorded(self, reference: str) -> bool:
        """Whether a refund with this processor reference stands."""
        return await self._recorded("find_refund", "refunds", "referenceID", reference)

    async def record_payment(self, invoice: Invoice, payment: PaymentRequest, key: str) -> None:
        """An external payment, all of it applied to the invoice. Asked for first, looked for when refused:
        its number is ours, so a repeat is refused and nothing is done twice."""
        amount = payment.amount.major
        body = {
            # A number of our own is refused the second time, for ever; see Orders on idempotency keys.
            "number": payment_number(payment.id),
            "accountNumber": account_number(invoice.account),
            "amount": amount,
            "currency": payment.amount.currency,
            "effectiveDate": payment.on.isoformat(),
            "type": "External",
            "paymentMethodType": "Other",
            "referenceId": payment.id,
            "invoices": [{"invoiceId": invoice.id, "amount": amount}],
        }
        try:
            await self._api.post("record_payment", key, "/v1/payments", body, idempotency_key=False)
        except Refused:
            # For our number, or because the invoice is settled, which may be by this very payment.
            if not await self.payment_recorded(payment.id):
                raise

    async def record_refund(self, note: CreditNote, refund: Refund, key: str) -> None:
        """An external refund out of the note."""
        if await self.refund_recorded(refund.id):
            return
        body = {
            "type": "External",
            "methodType": "Other",
            "totalAmount": refund.amount.major,
            "refundDate": refund.on.isoformat(),
            "referenceId": refund.id,
        }
        path = f"/v1/credit-memos/{quote(note.id, safe='')}/refund"
        await self._api.post("record_refund", key, path, body)

    async def return_payment(self, back: Dispute, key: str) -> None:
        """An external refund of the payment, which the vendor first takes off its documents
        (developer.zuora.com, "Refund a payment with auto-unapplying")."""
        if await self.refund_recorded(back.id):
            return
        path = f"/v1/payments/{quote(payment_number(back.request), safe='')}"
        parts = self._api.pages("get_payment_parts", back.request, f"{path}/parts", "parts")
        applied = [
            {"invoiceId": part["invoiceId"], "amount": part["amount"]}
            async for part in parts
            if part.get("invoiceId") and Decimal(str(part["amount"]))
        ]
        body = {
            "type": "External",
            "methodType": "Other",
            "totalAmount": back.withdrawn.major,
            "refundDate": back.taken_on.isoformat(),
            "referenceId": back.id,
            "comment": wire.RETURN_COMMENT + back.id,
            "invoices": applied,
        }
        try:
            await self._api.post("return_payment", key, f"{path}/refunds/unapply", body)
        except Refused:
            # The very same, by somebody who was faster: then there is nothing left to give back.
            if not await self.refund_recorded(back.id):
                raise

    async def credit_for_refund(self, invoice: Invoice, refund: Refund, key: str) -> CreditNote:
        """A posted memo over the refund; found again by its comment, for a memo that comes out of an
        invoice takes no caller-given number."""
        found = await self._memo_of(invoice, refund)
        if found is None:
            items = [item async for item in self._documents.invoice_items(invoice.id)]
            body = refund_memo(invoice, refund, items, refund.on)
            path = f"/v1/credit-memos/invoice/{quote(invoice.id, safe='')}"
            found = await self._api.post("create_credit_note", key, path, body)
        if found["status"] != "Posted":
            await self._documents.finalise("credit-memos", str(found["id"]), key)
        return await self._documents.credit_note(str(found["id"]))

    async def write_off(self, invoice: Invoice, on: date, key: str) -> None:
        """One memo over the balance, posted and applied by the vendor; a second finds nothing open."""
        path = f"/v1/invoices/{quote(invoice.id, safe='')}"
        body = {"memoDate": on.isoformat(), "comment": wire.WRITE_OFF_COMMENT + invoice.number}
        try:
            await self._api.put("write_off", key, f"{path}/write-off", body)
        except Refused:
            row = await self._api.read("check_invoice", invoice.id, path)
            if Money.of(row["balance"] or 0, invoice.balance.currency):
                raise

    async def reverse(self, invoice: Invoice, on: date, key: str) -> None:
        """The vendor makes a credit memo of the same lines and applies it; of an invoice that is reversed it
        makes no second one (developer.zuora.com, "Reverse an invoice")."""
        path = f"/v1/invoices/{quote(invoice.id, safe='')}"
        body = {"memoDate": on.isoformat(), "applyEffectiveDate": on.isoformat()}
        try:
            await self._api.put("reverse_invoice", key, f"{path}/reverse", body)
        except Refused:
            row = await self._api.read("check_invoice", invoice.id, path)
            if row.get("reversed") is not True:
                raise

    async def flag_dispute(self, invoice: Invoice, dispute: Dispute, key: str) -> None:
        """In the comments of the invoice, which may be changed after it was posted."""
        path = f"/v1/invoices/{quote(invoice.id, safe='')}"
        words = f"{wire.DISPUTE_COMMENT}{dispute.id}: {dispute.status}"
        row = await self._api.read("check_invoice", invoice.id, path)
        if row.get("comments") != words:
            await self._api.put("flag_dispute", key, path, {"comments": words})

    async def _memo_of(self, invoice: Invoice, refund: Refund) -> Json | None:
        rows = self._api.query("find_credit_note", refund.id, "credit-memos", [f"invoiceId.EQ:{invoice.id}"])
        async for row in rows:
            if row.get("comments") == wire.REFUND_COMMENT + refund.id and row["status"] != "Canceled":
                return row
        return None

    async def _recorded(self, operation: str, kind: str, name: str, reference: str) -> bool:
        # The vendor spells the field in two ways: referenceId of payments, referenceID of refunds.
        rows = self._api.query(operation, reference, kind, [f"{name}.EQ:{reference}"])
        async for row in rows:
            if row["status"] not in _VOID:
                return True
        return False
