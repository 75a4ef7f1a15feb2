"""Requests about standalone invoices, credit memos from charges, and what changes documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from simulators.zuora.rules.amounts import whole
from simulators.zuora.rules.invoices import TaxWish
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused
from simulators.zuora.rules.standalone import LineWish, StandaloneWish
from simulators.zuora.wire.shape import Day, Number, Shape, words

BOOKS = (
    "accountingCode accountsReceivableAccountingCode adjustmentLiabilityAccountingCode "
    "adjustmentRevenueAccountingCode contractAssetAccountingCode contractLiabilityAccountingCode "
    "contractRecognizedRevenueAccountingCode deferredRevenueAccountingCode "
    "excludeItemBillingFromRevenueAccounting recognizedRevenueAccountingCode revRecCode "
    "revRecTriggerCondition revRecStartDate revenueRecognitionRuleName unbilledReceivablesAccountingCode "
    "bookingReference purchaseOrderNumber chargeDate itemType taxMode"
)


class LineTax(Shape):
    """An entry of taxItems of a standalone invoice's item."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "onAccountAccountingCode salesTaxPayableAccountingCode taxCodeDescription taxRateDescription"
    )

    name: str
    jurisdiction: str
    taxAmount: Number
    taxRate: Number
    taxRateType: str = "Percentage"
    locationCode: str | None = None
    taxCode: str | None = None
    taxDate: Day | None = None
    exemptAmount: Number = Decimal(0)

    def wish(self, currency: str) -> TaxWish:
        """What the rules make of it."""
        return TaxWish(
            item="",
            name=self.name,
            jurisdiction=self.jurisdiction,
            amount=whole(self.taxAmount, currency, "taxAmount"),
            rate=self.taxRate,
            rate_type=self.taxRateType,
            location=self.locationCode,
            code=self.taxCode,
            on=self.taxDate,
            exempt=whole(self.exemptAmount, currency, "exemptAmount"),
        )


class NewInvoiceItem(Shape):
    """An entry of invoiceItems of POST /v1/invoices."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(BOOKS)

    amount: Number
    serviceStartDate: Day
    serviceEndDate: Day | None = None
    chargeName: Annotated[str, Field(max_length=130)] = ""
    description: Annotated[str, Field(max_length=500)] | None = None
    productRatePlanChargeId: str = ""
    quantity: Number = Decimal(1)
    unitPrice: Number | None = None
    sku: str = ""
    uom: str | None = None
    taxCode: str | None = None
    taxItems: Annotated[list[LineTax], Field(max_length=5)] = Field(default_factory=list)

    def wish(self, currency: str) -> LineWish:
        """What the rules make of it."""
        return LineWish(
            amount=whole(self.amount, currency, "amount"),
            start=self.serviceStartDate,
            end=self.serviceEndDate,
            name=self.chargeName,
            charge=self.productRatePlanChargeId,
            sku=self.sku,
            quantity=self.quantity,
            price=self.unitPrice,
            comment=self.description,
            tax_code=self.taxCode,
            unit=self.uom,
            taxes=tuple(tax.wish(currency) for tax in self.taxItems),
        )


class NewInvoice(Shape):
    """POST /v1/invoices: a standalone invoice."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "customRates billToContactId paymentTerm sequenceSet communicationProfileId soldToContactId "
        "billToContact soldToContact soldToSameAsBillTo templateId transferredToAccounting shipToContactId "
        "shipToContact shipToSameAsBillTo"
    )

    accountId: str | None = None
    accountNumber: str | None = None
    invoiceDate: Day
    invoiceItems: Annotated[list[NewInvoiceItem], Field(min_length=1, max_length=1000)]
    invoiceNumber: str = ""
    currency: str = ""
    dueDate: Day | None = None
    status: str = "Draft"
    comments: Annotated[str, Field(max_length=255)] | None = None
    autoPay: bool = False

    def wish(self, currency: str) -> StandaloneWish:
        """What the rules make of it."""
        if self.status not in ("Draft", "Posted"):
            raise Refused(INVALID, f"'{self.status}' is not a status of a new invoice.", "status")
        return StandaloneWish(
            lines=tuple(item.wish(currency) for item in self.invoiceItems),
            on=self.invoiceDate,
            number=self.invoiceNumber,
            due=self.dueDate,
            currency=self.currency,
            post=self.status == "Posted",
            comment=self.comments,
            auto_pay=self.autoPay,
            custom=self.custom_fields(),
        )


class MemoCharge(Shape):
    """An entry of charges of POST /v1/credit-memos."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "financeInformation excludeItemBillingFromRevenueAccounting chargeId"
    )

    productRatePlanChargeId: str
    amount: Number | None = None
    memoItemAmount: Number | None = None
    comment: str | None = None
    description: str | None = None
    quantity: Number = Decimal(1)
    serviceStartDate: Day | None = None
    serviceEndDate: Day | None = None

    def wish(self, currency: str, on: date) -> LineWish:
        """What the rules make of it."""
        amount = self.amount if self.amount is not None else self.memoItemAmount
        if amount is None:
            raise Refused(MISSING, "'amount' is required.", "amount")
        return LineWish(
            amount=whole(amount, currency, "amount"),
            start=self.serviceStartDate or on,
            end=self.serviceEndDate,
            charge=self.productRatePlanChargeId,
            quantity=self.quantity,
            comment=self.comment or self.description,
        )


class NewMemo(Shape):
    """POST /v1/credit-memos: from charges of the catalogue."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words("customRates excludeFromAutoApplyRules")

    accountId: str | None = None
    accountNumber: str | None = None
    charges: Annotated[list[MemoCharge], Field(min_length=1)]
    autoPost: bool = False
    comment: Annotated[str, Field(max_length=255)] | None = None
    effectiveDate: Day | None = None
    reasonCode: str | None = None
    currency: str = ""
    number: str = ""

    def wish(self, currency: str, today: date) -> StandaloneWish:
        """What the rules make of it."""
        on = self.effectiveDate or today
        return StandaloneWish(
            lines=tuple(charge.wish(currency, on) for charge in self.charges),
            on=on,
            number=self.number,
            currency=self.currency,
            post=self.autoPost,
            comment=self.comment,
            reason=self.reasonCode,
            custom=self.custom_fields(),
        )


class WriteOff(Shape):
    """PUT /v1/invoices/{key}/write-off."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "taxAutoCalculation revenueImpacting nonRevenueWriteOffAccountingCode items"
    )

    memoDate: Day | None = None
    amount: Number | None = None
    reasonCode: str | None = None
    comment: Annotated[str, Field(max_length=255)] | None = None


class Posting(Shape):
    """PUT /v1/invoices/{key}/post and PUT /v1/bill-runs/{key}/post."""

    invoiceDate: Day | None = None


class Collect(Shape):
    """POST /v1/operations/invoice-collect."""

    accountKey: str
    documentDate: Day | None = None
    invoiceDate: Day | None = None
    invoiceId: str | None = None
    invoiceTargetDate: Day | None = None
    targetDate: Day | None = None
    paymentGateway: str = ""
    paymentMethodId: str = ""


class EmailRequest(Shape):
    """POST …/emails."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "emailAddresses includeAdditionalEmailAddresses pdfFileId useEmailTemplateSetting resend"
    )


class RunCancel(Shape):
    """PUT /v1/bill-runs/{key}/cancel."""

    cancelOnce: bool = True


class Forecast(Shape):
    """POST /v1/operations/billing-preview."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "assumeRenewal includingDraftItems includingEvergreenSubscription"
    )

    accountId: str | None = None
    accountNumber: str | None = None
    targetDate: Day
    chargeTypeToExclude: str = ""
