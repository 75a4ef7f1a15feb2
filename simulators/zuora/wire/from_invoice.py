"""Requests for credit and debit memos from an invoice."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from simulators.zuora.wire.shape import Day, Number, Shape, words

Comment = Annotated[str, Field(max_length=255)]


class CreditTax(Shape):
    """An entry of taxItems of a credit memo item."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("financeInformation taxCodeDescription taxRateDescription")

    amount: Number
    jurisdiction: str = ""
    taxName: str = ""
    locationCode: str | None = None
    sourceTaxItemId: str | None = None
    taxCode: str | None = None
    taxDate: Day | None = None
    taxExemptAmount: Number | None = None
    taxRate: Number | None = None
    taxRateType: str = "Percentage"


class CreditItem(Shape):
    """An entry of items of a credit memo from an invoice; amount is without tax."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "financeInformation quantity skuName taxMode unitOfMeasure description contributeToCommitment "
        "excludeItemBillingFromRevenueAccounting"
    )

    invoiceItemId: str
    amount: Number
    comment: str | None = None
    serviceStartDate: Day | None = None
    serviceEndDate: Day | None = None
    taxItems: list[CreditTax] = Field(default_factory=list)


class MemoFromInvoice(Shape):
    """What memos from an invoice have in common."""

    CUSTOM: ClassVar[bool] = True

    items: list[CreditItem]
    invoiceId: str | None = None
    reasonCode: str | None = None
    comment: Comment | None = None
    effectiveDate: Day | None = None
    autoPost: bool = False


class CreditFromInvoice(MemoFromInvoice):
    """POST /v1/credit-memos/invoice/{invoiceKey}. memoNumber: the caller's own (unconfirmed)."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("excludeFromAutoApplyRules taxAutoCalculation")

    memoNumber: Annotated[str, Field(max_length=32)] = ""
    autoApplyToInvoiceUponPosting: bool = False


class DebitFromInvoice(MemoFromInvoice):
    """POST /v1/debit-memos/invoice/{invoiceKey}."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "billToContactId soldToContactId soldToSameAsBillTo taxAutoCalculation"
    )

    autoPay: bool | None = None
