"""Requests that change invoices, credit memos and debit memos, and their items."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from simulators.zuora.rules.amounts import whole
from simulators.zuora.rules.refusal import MISSING, Refused
from simulators.zuora.rules.revising import LineChange, TaxChange
from simulators.zuora.rules.standalone import LineWish
from simulators.zuora.wire.invoicing import BOOKS, LineTax
from simulators.zuora.wire.shape import Day, Number, Shape, words

Comment = Annotated[str, Field(max_length=255)]


class MemoTaxChange(Shape):
    """An entry of taxItems of a memo's item."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("financeInformation taxCodeDescription taxRateDescription")

    id: str
    amount: Number | None = None
    taxExemptAmount: Number | None = None
    taxName: str | None = None
    jurisdiction: str | None = None
    locationCode: str | None = None
    taxCode: str | None = None
    taxDate: Day | None = None
    taxRate: Number | None = None
    taxRateType: str | None = None

    def change(self, currency: str) -> TaxChange:
        """What the rules make of it."""
        return TaxChange(
            id=self.id,
            amount=_whole(self.amount, currency, "taxItems.amount"),
            exempt=_whole(self.taxExemptAmount, currency, "taxItems.taxExemptAmount"),
            name=self.taxName,
            jurisdiction=self.jurisdiction,
            location=self.locationCode,
            rate=self.taxRate,
            rate_type=self.taxRateType,
            code=self.taxCode,
            on=self.taxDate,
        )


class MemoItemChange(Shape):
    """An entry of items of PUT /v1/credit-memos/{key} and PUT /v1/debit-memos/{key}."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "financeInformation skuName unitOfMeasure excludeItemBillingFromRevenueAccounting"
    )

    id: str = ""
    delete: bool = False
    amount: Number | None = None
    comment: str | None = None
    quantity: Number | None = None
    productRatePlanChargeId: str = ""
    serviceStartDate: Day | None = None
    serviceEndDate: Day | None = None
    taxItems: list[MemoTaxChange] = Field(default_factory=list)

    def change(self, currency: str, on: date) -> LineChange:
        """What the rules make of it. on: the memo's date."""
        if self.id:
            return LineChange(
                id=self.id,
                delete=self.delete,
                amount=_whole(self.amount, currency, "amount"),
                quantity=self.quantity,
                comment=self.comment,
                start=self.serviceStartDate,
                end=_after(self.serviceEndDate),
                taxes=tuple(tax.change(currency) for tax in self.taxItems),
            )
        if not self.productRatePlanChargeId:
            raise Refused(MISSING, "'id' is required.", "id")
        if self.amount is None:
            raise Refused(MISSING, "'amount' is required.", "amount")
        line = LineWish(
            amount=whole(self.amount, currency, "amount"),
            start=self.serviceStartDate or on,
            end=self.serviceEndDate,
            charge=self.productRatePlanChargeId,
            quantity=Decimal(1) if self.quantity is None else self.quantity,
            comment=self.comment,
        )
        return LineChange("", new=line)


class InvoiceItemChange(Shape):
    """An entry of invoiceItems of PUT /v1/invoices/{key}."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(BOOKS)

    id: str = ""
    delete: bool = False
    amount: Number | None = None
    serviceStartDate: Day | None = None
    serviceEndDate: Day | None = None
    chargeName: Annotated[str, Field(max_length=130)] = ""
    description: Annotated[str, Field(max_length=500)] | None = None
    productRatePlanChargeId: str = ""
    quantity: Number | None = None
    unitPrice: Number | None = None
    sku: str = ""
    uom: str | None = None
    taxCode: str | None = None
    taxItems: Annotated[list[LineTax], Field(max_length=5)] = Field(default_factory=list)

    def change(self, currency: str, on: date) -> LineChange:
        """What the rules make of it. on: the invoice's date."""
        if self.id:
            return LineChange(
                id=self.id,
                delete=self.delete,
                amount=_whole(self.amount, currency, "amount"),
                quantity=self.quantity,
                price=self.unitPrice,
                comment=self.description,
                start=self.serviceStartDate,
                end=_after(self.serviceEndDate),
            )
        if self.amount is None:
            raise Refused(MISSING, "'amount' is required.", "amount")
        line = LineWish(
            amount=whole(self.amount, currency, "amount"),
            start=self.serviceStartDate or on,
            end=self.serviceEndDate,
            name=self.chargeName,
            charge=self.productRatePlanChargeId,
            sku=self.sku,
            quantity=Decimal(1) if self.quantity is None else self.quantity,
            price=self.unitPrice,
            comment=self.description,
            tax_code=self.taxCode,
            unit=self.uom,
            taxes=tuple(tax.wish(currency) for tax in self.taxItems),
        )
        return LineChange("", new=line)


class InvoiceChange(Shape):
    """PUT /v1/invoices/{key}."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words("templateId transferredToAccounting")

    autoPay: bool | None = None
    comments: Comment | None = None
    dueDate: Day | None = None
    invoiceDate: Day | None = None
    invoiceItems: Annotated[list[InvoiceItemChange], Field(max_length=1000)] = Field(default_factory=list)


class MemoChange(Shape):
    """What changes of credit and debit memos have in common."""

    CUSTOM: ClassVar[bool] = True

    comment: Comment | None = None
    effectiveDate: Day | None = None
    reasonCode: str | None = None
    items: list[MemoItemChange] = Field(default_factory=list)


class CreditMemoChange(MemoChange):
    """PUT /v1/credit-memos/{key}."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "excludeFromAutoApplyRules transferredToAccounting taxAutoCalculation"
    )

    autoApplyUponPosting: bool | None = None


class DebitMemoChange(MemoChange):
    """PUT /v1/debit-memos/{key}."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("transferredToAccounting")

    autoPay: bool | None = None
    dueDate: Day | None = None


def _whole(amount: Decimal | None, currency: str, field: str) -> int | None:
    return None if amount is None else whole(amount, currency, field)


def _after(last: date | None) -> date | None:
    return None if last is None else last + timedelta(days=1)
