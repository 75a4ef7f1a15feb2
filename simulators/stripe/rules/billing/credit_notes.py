"""Credit notes: they lower what an invoice asks for, or give back what it was paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from simulators.stripe.rules.billing.catalog_records import TaxRate
from simulators.stripe.rules.billing.collection import Collection
from simulators.stripe.rules.billing.desk import Desk, clash, taken
from simulators.stripe.rules.billing.invoices import Invoices
from simulators.stripe.rules.billing.paper_records import CreditLine, CreditNote, Invoice, Taken, Taxed
from simulators.stripe.rules.billing.rating import rounded
from simulators.stripe.rules.billing.tax_rates import TaxRates
from simulators.stripe.rules.billing.totals import exclusive, taxed
from simulators.stripe.rules.billing.wallets import Wallets
from simulators.stripe.rules.records import NOTHING, merged
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.shelf import Shelf

_REASONS = {"duplicate": "duplicate", "fraudulent": "fraudulent"}


@dataclass(frozen=True, slots=True)
class Ways:
    """Which way the money after payment goes back, in minor units; refunds: (refund id, amount)."""

    refund: int = 0
    credit: int = 0
    elsewhere: int = 0
    refunds: tuple[tuple[str, int], ...] = ()


class CreditNotes:
    """The credit notes of one mode."""

    def __init__(
        self, desk: Desk, invoices: Invoices, wallets: Wallets, rates: TaxRates, collection: Collection
    ) -> None:
        self._desk, self._invoices, self._wallets = desk, invoices, wallets
        self._rates, self._collection = rates, collection
        self.shelf: Shelf[CreditNote] = Shelf()

    def take(self, id: str, param: str = "id", *, path: bool = True) -> CreditNote:  # noqa: A002
        """The credit note; Refused with resource_missing."""
        return taken(self.shelf, "credit note", id, param, path=path)

    def create(self, invoice: Invoice, wish: Mapping[str, Any]) -> CreditNote:
        """A credit note in force."""
        note, ways = self.worked_out(invoice, wish)
        note.number = f"{invoice.number}-CN-{len(self.shelf.under(('invoice', invoice.id))) + 1:02d}"
        self.shelf.add(note, ("invoice", invoice.id), ("customer", invoice.customer))
        if ways.refund:
            refund = self._refund(invoice, ways.refund, note)
            note.refunds = (*note.refunds, (refund, ways.refund))
        if ways.credit:
            entry = self._wallets.enter(
                invoice.customer, -ways.credit, invoice.currency, "credit_note",
                invoice=invoice.id, credit_note=note.id,
            )  # fmt: skip
            note.balance_entry = entry.id
        self._desk.note(note, "created", "issued", invoice.customer, invoice.id, amount=note.total)
        self._desk.emit("credit_note.created", note)
        invoice.postpaid += note.postpaid
        if note.prepaid:
            self._lower(invoice, note.prepaid)
        return note

    def worked_out(self, invoice: Invoice, wish: Mapping[str, Any]) -> tuple[CreditNote, Ways]:
        """The note that would be made, and how its money goes back; nothing is written down."""
        if invoice.status not in ("open", "paid", "uncollectible"):
            text = (
                "You cannot create a credit note for an invoice that is not finalized, or that is void."
                f" The status of this invoice is {invoice.status}."
            )
            raise clash(text, "invoice")
        lines = self._lines(invoice, wish)
        total = sum(line.amount - _off(line) + exclusive(line.taxes) for line in lines)
        if total <= 0:
            raise clash("Credit note amounts must be greater than zero.", "amount")
        before = min(total, invoice.remaining) if invoice.status != "paid" else 0
        after = total - before
        room = invoice.paid + (
            invoice.total - invoice.due - invoice.prepaid if invoice.status == "paid" else 0
        )
        if after > room - invoice.postpaid:
            most = invoice.remaining + room - invoice.postpaid
            text = (
                f"The sum of credit amount, refund amount and out of band amount ({total}) is greater than"
                f" the amount that can be credited ({most})."
            )
            raise clash(text, "amount", "amount_too_large")
        ways = self._ways(wish, after)
        ground = self._desk.ground
        note = CreditNote(
            ground.numbers.new("cn"),
            ground.clock.now(),
            ground.live,
            invoice.id,
            invoice.customer,
            invoice.currency,
            "",
            lines,
            sum(line.amount for line in lines),
            total,
            before,
            after,
            ways.elsewhere,
            ways.credit,
            ways.refunds,
            reason=wish.get("reason"),
            memo=wish.get("memo"),
            effective_at=wish.get("effective_at") or self._desk.now(),
            metadata=merged(NOTHING, wish.get("metadata", NOTHING)),
        )
        return note, ways

    def update(self, note: CreditNote, changes: Mapping[str, Any]) -> CreditNote:
        """Its memo and metadata."""
        if "metadata" in changes:
            note.metadata = merged(note.metadata, changes["metadata"])
        if "memo" in changes:
            note.memo = changes["memo"]
        self._desk.note(note, "updated", note.status)
        self._desk.emit("credit_note.updated", note)
        return note

    def void(self, note: CreditNote) -> CreditNote:
        """Only one made before payment, while its invoice is open still."""
        if note.status == "void":
            raise clash("This credit note has already been voided.")
        invoice = self._invoices.take(note.invoice)
        if note.postpaid or invoice.status != "open":
            text = (
                "You can only void a credit note of an open invoice; the invoice is " + invoice.status + "."
            )
            raise clash(text)
        note.status, note.voided_at = "void", self._desk.now()
        invoice.prepaid -= note.prepaid
        invoice.due += note.prepaid
        self._desk.note(note, "voided", "void", invoice.customer, invoice.id, amount=note.total)
        self._desk.emit("credit_note.voided", note)
        self._desk.emit("invoice.updated", invoice, {"amount_due": invoice.due - note.prepaid})
        return note

    def _lower(self, invoice: Invoice, amount: int) -> None:
        invoice.prepaid += amount
        invoice.due -= amount
        self._desk.emit("invoice.updated", invoice, {"amount_due": invoice.due + amount})
        if invoice.remaining == 0:
            self._collection.settled(invoice)

    def _refund(self, invoice: Invoice, amount: int, note: CreditNote) -> str:
        paid = [p for p in invoice.payments if p.status == "paid"]
        if not paid:
            raise clash("The invoice has no payment that could be refunded.", "refund_amount")
        refund = self._desk.refunds.create(
            payment_intent=paid[0].intent,
            amount=amount,
            reason=_REASONS.get(note.reason or "", "requested_by_customer"),
        )
        return refund.id

    def _ways(self, wish: Mapping[str, Any], after: int) -> Ways:
        linked = []
        for i, link in enumerate(wish.get("refunds") or ()):
            refund = self._desk.refunds.take(str(link.get("refund", "")), f"refunds[{i}][refund]", path=False)
            linked.append((refund.id, int(link.get("amount_refunded") or refund.amount)))
        known = sum(amount for _, amount in linked)
        ways = Ways(
            wish.get("refund_amount") or 0,
            wish.get("credit_amount") or 0,
            wish.get("out_of_band_amount") or 0,
            tuple(linked),
        )
        given = ways.refund + ways.credit + ways.elsewhere + known
        if given != after:
            text = (
                "The sum of refund amount, credit amount and out of band amount must equal the post payment"
                f" amount of the credit note: expected {after}, got {given}."
            )
            raise Refused(text, param="refund_amount" if after else "")
        return ways

    def _lines(self, invoice: Invoice, wish: Mapping[str, Any]) -> list[CreditLine]:
        wishes: Sequence[Mapping[str, Any]] = wish.get("lines") or ()
        amount = wish.get("amount")
        if wishes and amount is not None:
            raise clash("You may only specify one of these parameters: amount, lines.")
        if not wishes:
            if amount is None:
                amount = (wish.get("refund_amount") or 0) + (wish.get("credit_amount") or 0)
                amount += wish.get("out_of_band_amount") or 0
                amount += sum(int(x.get("amount_refunded") or 0) for x in wish.get("refunds") or ())
            if not amount:
                text = "You must pass `amount`, `lines`, or the amounts to be refunded or credited."
                raise clash(text, "amount", "parameter_missing")
            return [self._line(amount, description="Credit")]
        return [self._wished(invoice, one, f"lines[{i}]") for i, one in enumerate(wishes)]

    def _custom(self, wish: Mapping[str, Any], param: str) -> CreditLine:
        unit = wish.get("unit")
        if unit is None or not wish.get("description"):
            text = "Custom line items need `unit_amount` (or `unit_amount_decimal`) and `description`."
            raise clash(text, param, "parameter_missing")
        quantity = wish.get("quantity") or 1
        rates = self._rates.several(wish.get("tax_rates") or (), f"{param}[tax_rates]")
        amount = rounded(Fraction(unit) * quantity)
        return self._line(
            amount, description=wish["description"], quantity=quantity, unit=unit, tax_rates=rates,
            taxes=taxed(amount, rates), metadata=merged(NOTHING, wish.get("metadata", NOTHING)),
        )  # fmt: skip

    def _wished(self, invoice: Invoice, wish: Mapping[str, Any], param: str) -> CreditLine:
        if wish["type"] == "custom_line_item":
            return self._custom(wish, param)
        line = self._invoices.line_on(invoice, wish.get("line", ""), f"{param}[invoice_line_item]")
        amount: Any = wish.get("amount")
        quantity: Any = wish.get("quantity")
        if amount is None:
            whole = line.quantity or 1
            quantity = whole if quantity is None else quantity
            if quantity > whole:
                text = f"The quantity ({quantity}) is greater than that of the invoice line item ({whole})."
                raise clash(text, f"{param}[quantity]")
            amount = rounded(Fraction(line.amount * int(quantity), whole))
        gone = sum(
            other.amount
            for note in self.shelf.under(("invoice", invoice.id))
            if note.status == "issued"
            for other in note.lines
            if other.line == line.id
        )
        if amount > line.amount - gone:
            text = (
                f"The amount ({amount}) is greater than what is left of the line item ({line.amount - gone})."
            )
            raise clash(text, f"{param}[amount]")
        share = Fraction(amount, line.amount) if line.amount else Fraction(0)
        rates = tuple(t.rate for t in line.taxes)
        return self._line(
            amount, line=line.id, description=line.description, quantity=quantity,
            unit=line.unit if quantity else None, tax_rates=rates,
            taken=tuple(Taken(t.discount, rounded(t.amount * share)) for t in line.taken),
            taxes=tuple(
                Taxed(t.rate, rounded(t.amount * share), rounded(t.taxable * share), t.reason)
                for t in line.taxes
            ),
        )  # fmt: skip

    def _line(
        self,
        amount: int,
        *,
        tax_rates: tuple[TaxRate, ...] = (),
        unit: Decimal | None = None,
        **fields: Any,
    ) -> CreditLine:
        ground = self._desk.ground
        return CreditLine(
            ground.numbers.new("cnli"),
            ground.clock.now(),
            ground.live,
            amount,
            tax_rates=tax_rates,
            unit=unit,
            **fields,
        )


def _off(line: CreditLine) -> int:
    return sum(t.amount for t in line.taken)
