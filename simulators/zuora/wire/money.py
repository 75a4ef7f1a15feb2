"""Requests and answers about credit from invoices, payments and refunds."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.kit.money import major
from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.receipts import Payment, Refund
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


class CreditFromInvoice(Shape):
    """POST /v1/credit-memos/invoice/{invoiceKey}. memoNumber: the caller's own (unconfirmed)."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words("excludeFromAutoApplyRules taxAutoCalculation")

    items: list[CreditItem]
    memoNumber: Annotated[str, Field(max_length=32)] = ""
    invoiceId: str | None = None
    reasonCode: str | None = None
    comment: Comment | None = None
    effectiveDate: Day | None = None
    autoPost: bool = False
    autoApplyToInvoiceUponPosting: bool = False


class Part(Shape):
    """An amount for one invoice, named by id or number."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("items")

    invoiceId: str | None = None
    invoiceNumber: str | None = None
    amount: Number


class Application(Shape):
    """PUT /v1/credit-memos/{key}/apply and PUT /v1/payments/{key}/apply."""

    invoices: Annotated[list[Part], Field(min_length=1, max_length=1000)]
    effectiveDate: Day | None = None


class NewRefund(Shape):
    """POST /v1/credit-memos/{key}/refunds."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "customRates financeInformation gatewayId gatewayOptions items paymentGatewayNumber "
        "paymentMethodId secondRefundReferenceId softDescriptor softDescriptorPhone"
    )

    totalAmount: Number
    type: str
    methodType: str | None = None
    refundDate: Day | None = None
    referenceId: Annotated[str, Field(max_length=100)] | None = None
    reasonCode: str | None = None
    comment: Comment | None = None


class NewPayment(Shape):
    """POST /v1/payments."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "authTransactionId customRates financeInformation gatewayId gatewayOptions gatewayOrderId "
        "paymentGatewayNumber paymentMethodId softDescriptor softDescriptorPhone standalone "
        "mitTransactionSource balanceRefresh prepayment cryptogram"
    )

    amount: Number
    currency: str
    type: str
    number: str = ""
    accountId: str | None = None
    accountNumber: str | None = None
    effectiveDate: Day | None = None
    referenceId: Annotated[str, Field(max_length=100)] | None = None
    paymentMethodType: str | None = None
    comment: Comment | None = None
    invoices: list[Part] = Field(default_factory=list)


def payment(p: Payment) -> dict[str, Any]:
    """A payment of GET /v1/payments/{key}; without `success`."""
    currency = p.currency
    return {
        "id": p.id,
        "number": p.number,
        "accountId": p.account.id,
        "accountNumber": p.account.number,
        "status": p.status,
        "type": "External",
        "amount": major(p.amount, currency),
        "appliedAmount": major(p.amount - p.unapplied, currency),
        "unappliedAmount": major(p.unapplied, currency),
        "refundAmount": major(0, currency),
        "creditBalanceAmount": major(0, currency),
        "currency": currency,
        "effectiveDate": p.effective.isoformat(),
        "referenceId": p.reference,
        "paymentMethodId": None,
        "gatewayState": "NotSubmitted",
        "comment": p.comment,
        "createdDate": stamp(p.created_at),
        "updatedDate": stamp(p.updated_at),
    }


def refund(r: Refund) -> dict[str, Any]:
    """A refund; without `success`."""
    return {
        "id": r.id,
        "number": r.number,
        "accountId": r.account.id,
        "creditMemoId": r.memo.id,
        "paymentId": None,
        "status": r.status,
        "type": "External",
        "methodType": r.method_type,
        "amount": major(r.amount, r.currency),
        "refundDate": r.on.isoformat(),
        "referenceId": r.reference,
        "reasonCode": r.reason,
        "comment": r.comment,
        "gatewayState": "NotSubmitted",
        "createdDate": stamp(r.created_at),
        "updatedDate": stamp(r.updated_at),
    }
