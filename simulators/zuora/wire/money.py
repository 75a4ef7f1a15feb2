"""Requests and answers about payments, refunds, and what is put against what."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.kit.money import major
from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.documents import DebitMemo, Invoice
from simulators.zuora.rules.gateway import IDS
from simulators.zuora.rules.receipts import Part as Receipt
from simulators.zuora.rules.receipts import Payment, PaymentRun, Refund
from simulators.zuora.wire.shape import Day, Number, Shape, words

Comment = Annotated[str, Field(max_length=255)]


class Part(Shape):
    """An amount for one invoice, named by id or number."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("items")

    invoiceId: str | None = None
    invoiceNumber: str | None = None
    amount: Number


class DebitPart(Shape):
    """An amount for one debit memo, named by id or number."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("items")

    debitMemoId: str | None = None
    debitMemoNumber: str | None = None
    amount: Number


class Parts(Shape):
    """What an amount is put against, or taken off."""

    invoices: Annotated[list[Part], Field(max_length=1000)] = Field(default_factory=list)
    debitMemos: Annotated[list[DebitPart], Field(max_length=1000)] = Field(default_factory=list)


class Application(Parts):
    """PUT …/apply and PUT …/unapply of credit memos and payments."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("applicationRule")

    effectiveDate: Day | None = None


class NewRefund(Shape):
    """POST /v1/credit-memos/{key}/refunds."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "customRates financeInformation gatewayId gatewayOptions items paymentGatewayNumber "
        "secondRefundReferenceId softDescriptor softDescriptorPhone"
    )

    totalAmount: Number
    type: str
    paymentMethodId: str | None = None
    methodType: str | None = None
    refundDate: Day | None = None
    referenceId: Annotated[str, Field(max_length=100)] | None = None
    reasonCode: str | None = None
    comment: Comment | None = None


class PaymentReturn(Parts):
    """POST /v1/payments/{key}/refunds and …/refunds/unapply."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "customRates financeInformation gatewayOptions secondRefundReferenceId softDescriptor "
        "softDescriptorPhone refundTransactionType writeOff writeOffOptions type"
    )

    totalAmount: Number
    methodType: str | None = None
    refundDate: Day | None = None
    referenceId: Annotated[str, Field(max_length=100)] | None = None
    reasonCode: str | None = None
    comment: Comment | None = None


class MoneyChange(Shape):
    """PUT /v1/payments/{id} and PUT /v1/refunds/{id}."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "financeInformation gatewayState paymentScheduleKey gatewayReconciliationStatus "
        "gatewayReconciliationReason payoutId reasonCode"
    )

    comment: Comment | None = None
    referenceId: Annotated[str, Field(max_length=100)] | None = None


class Transfer(Shape):
    """PUT /v1/payments/{key}/transfer."""

    accountId: str
    effectiveDate: Day | None = None


class PaymentRunChange(Shape):
    """PUT /v1/payment-runs/{key}."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "applyCreditBalance billCycleDay useCustomPaymentMethods data processPaymentWithClosedPM "
        "advancedFilter ignorePaymentRunRetryRule apiCallerType organizationLabels"
    )

    accountId: str = ""
    batch: str = ""
    currency: str = ""
    billingRunId: str = ""
    paymentGatewayId: str = ""
    paymentGatewayNumber: str = ""
    autoApplyCreditMemo: bool = False
    autoApplyUnappliedPayment: bool = False
    collectPayment: bool = True
    consolidatedPayment: bool = False
    runDate: str | None = None
    targetDate: Day | None = None


class NewPayment(Parts):
    """POST /v1/payments."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "authTransactionId customRates financeInformation gatewayOptions gatewayOrderId "
        "paymentOption paymentScheduleKey softDescriptor softDescriptorPhone standalone "
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
    paymentMethodId: str | None = None
    gatewayId: str | None = None
    paymentGatewayNumber: str | None = None
    comment: Comment | None = None


def payment(p: Payment) -> dict[str, Any]:
    """A payment of GET /v1/payments/{key}; without `success`."""
    currency = p.currency
    return {
        "id": p.id,
        "number": p.number,
        "accountId": p.account.id,
        "accountNumber": p.account.number,
        "status": p.status,
        "type": p.type,
        "amount": major(p.amount, currency),
        "appliedAmount": major(sum(a for _, a in p.applied), currency),
        "unappliedAmount": major(p.unapplied, currency),
        "refundAmount": major(p.refunded, currency),
        "creditBalanceAmount": major(0, currency),
        "currency": currency,
        "effectiveDate": p.effective.isoformat(),
        "referenceId": p.reference,
        "secondPaymentReferenceId": p.second_reference if p.status != "Processing" else None,
        "paymentMethodId": p.method,
        "paymentMethodType": p.method_type,
        "gatewayId": IDS.get(p.gateway or ""),
        "gatewayState": p.gateway_state,
        "gatewayResponse": p.response,
        "gatewayResponseCode": p.response_code,
        "comment": p.comment,
        "standalone": False,
        "submittedOn": stamp(p.submitted_at) if p.submitted_at else None,
        "cancelledOn": stamp(p.cancelled_at) if p.cancelled_at else None,
        "createdDate": stamp(p.created_at),
        "updatedDate": stamp(p.updated_at),
    }


def payment_part(p: Payment, part: Receipt) -> dict[str, Any]:
    """A part of GET /v1/payments/{key}/parts; the part of what is unapplied has no invoice."""
    return {
        "id": part.id,
        "amount": major(part.amount, p.currency),
        "invoiceId": part.document.id if isinstance(part.document, Invoice) else None,
        "debitMemoId": part.document.id if isinstance(part.document, DebitMemo) else None,
        "createdDate": stamp(part.created_at),
        "updatedDate": stamp(part.updated_at),
    }


def refund(r: Refund) -> dict[str, Any]:
    """A refund; without `success`."""
    return {
        "id": r.id,
        "number": r.number,
        "accountId": r.account.id,
        "creditMemoId": r.memo.id if r.memo else None,
        "paymentId": r.payment.id if r.payment else None,
        "paymentNumber": r.payment.number if r.payment else None,
        "status": r.status,
        "type": r.type,
        "methodType": r.method_type,
        "amount": major(r.amount, r.currency),
        "refundDate": r.on.isoformat(),
        "referenceId": r.reference,
        "reasonCode": r.reason,
        "comment": r.comment,
        "gatewayState": r.gateway_state,
        "gatewayResponse": r.response,
        "gatewayResponseCode": r.response_code,
        "cancelledOn": stamp(r.cancelled_at) if r.cancelled_at else None,
        "createdDate": stamp(r.created_at),
        "updatedDate": stamp(r.updated_at),
    }


def payment_run(r: PaymentRun) -> dict[str, Any]:
    """A payment run; without `success`."""
    return {
        "id": r.id,
        "number": r.number,
        "status": r.status,
        "accountId": r.account or None,
        "batch": r.batch or None,
        "currency": r.currency or None,
        "billingRunId": r.billing_run or None,
        "paymentGatewayId": IDS.get(r.gateway or ""),
        "targetDate": r.target.isoformat(),
        "runDate": r.run_date,
        "collectPayment": r.collect,
        "consolidatedPayment": r.consolidated,
        "autoApplyCreditMemo": r.apply_memos,
        "autoApplyUnappliedPayment": r.apply_payments,
        "applyCreditBalance": False,
        "processPaymentWithClosedPM": False,
        "executedOn": stamp(r.executed_at) if r.executed_at else None,
        "completedOn": stamp(r.completed_at) if r.completed_at else None,
        "createdDate": stamp(r.created_at),
        "updatedDate": stamp(r.updated_at),
    }


def refund_part(found: Refund) -> dict[str, Any]:
    """A refund goes out of one payment or one credit memo: that is its one part."""
    return {
        "id": f"{found.id[:24]}{1:08x}",
        "amount": major(found.amount, found.currency),
        "paymentId": found.payment.id if found.payment else None,
        "creditMemoId": found.memo.id if found.memo else None,
        "createdDate": stamp(found.created_at),
        "updatedDate": stamp(found.updated_at or found.created_at),
    }
