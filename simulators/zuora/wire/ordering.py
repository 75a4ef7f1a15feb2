"""Requests of orders: shapes of the wire, and the values that the rules make of them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.zuora.rules.crediting import KINDS
from simulators.zuora.rules.order import (
    COMPLETED,
    DRAFT,
    SCHEDULED,
    Billing,
    Collecting,
    OrderWish,
)
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused
from simulators.zuora.wire.opening import OrderAccount
from simulators.zuora.wire.pricing import PlanChange, PlanRef, PlanTerms, PlanUpdate
from simulators.zuora.wire.ramping import RampShape
from simulators.zuora.wire.shape import Day, Number, Shape, words
from simulators.zuora.wire.terming import (
    CancelShape,
    CreateShape,
    RenewShape,
    ResumeShape,
    SuspendShape,
    TermsChange,
    TransferShape,
)


class BillingOptions(Shape):
    """processingOptions.billingOptions."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("creditMemoReasonCode")

    targetDate: Day | None = None
    documentDate: Day | None = None
    generateDraftInvoice: bool | None = False
    chargeTypeToExclude: list[str] = Field(default_factory=list)


class PaymentOptions(Shape):
    """processingOptions.electronicPaymentOptions."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("authTransactionId gatewayOrderId")

    paymentGatewayId: str | None = None
    paymentMethodId: str | None = None


class Processing(Shape):
    """processingOptions."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "applyCreditBalance refund refundReasonCode reAssociation writeOff writeOffBehavior"
    )

    runBilling: bool | None = False
    applyCredit: bool | None = False
    applicationOrder: list[str] | None = None
    collectPayment: bool | None = False
    allowPaymentFailure: bool | None = False
    electronicPaymentOptions: PaymentOptions | None = None
    billingOptions: BillingOptions | None = None
    refundAmount: Number | None = None

    def billing(self) -> Billing | None:
        """What the rules make of it; a payment can be collected of what is billed only."""
        if not self.runBilling:
            if self.collectPayment:
                message = "runBilling must be true where collectPayment is."
                raise Refused(RULE, message, "collectPayment")
            return None
        options = self.billingOptions or BillingOptions()
        return Billing(
            options.targetDate,
            options.documentDate,
            bool(options.generateDraftInvoice),
            frozenset(options.chargeTypeToExclude),
            tuple(self.applicationOrder or KINDS) if self.applyCredit else (),
        )

    def collecting(self) -> Collecting | None:
        """How to collect, where that is wished."""
        if not self.collectPayment:
            return None
        options = self.electronicPaymentOptions or PaymentOptions()
        return Collecting(
            options.paymentMethodId or "", options.paymentGatewayId or "", bool(self.allowPaymentFailure)
        )


class Trigger(Shape):
    """A trigger date."""

    name: str
    triggerDate: Day | None = None


class ActionShape(Shape):
    """An order action: `type` says which of the members holds it."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words("customFields")

    type: str
    triggerDates: list[Trigger] | None = None
    changeReason: str | None = None
    createSubscription: CreateShape | None = None
    addProduct: PlanTerms | None = None
    updateProduct: PlanUpdate | None = None
    removeProduct: PlanRef | None = None
    renewSubscription: RenewShape | None = None
    cancelSubscription: CancelShape | None = None
    termsAndConditions: TermsChange | None = None
    changePlan: PlanChange | None = None
    suspend: SuspendShape | None = None
    resume: ResumeShape | None = None
    ownerTransfer: TransferShape | None = None


class SubscriptionShape(Shape):
    """An entry of an order's subscriptions."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("quote clearingCustomFields externallyManagedBy")

    subscriptionNumber: Annotated[str, Field(max_length=100)] | None = None
    orderActions: list[ActionShape]
    notes: str | None = None
    ramp: RampShape | None = None
    customFields: dict[str, Any] = Field(default_factory=dict)


class Scheduling(Shape):
    """schedulingOptions."""

    scheduledDate: Day | None = None
    scheduledDatePolicy: str | None = None


class OrderShape(Shape):
    """POST /v1/orders, and PUT of a draft."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words("orderLineItems commitments externallyManagedBy")

    orderNumber: Annotated[str, Field(max_length=100)] | None = None
    orderDate: Day
    existingAccountNumber: str | None = None
    newAccount: OrderAccount | None = None
    subscriptions: list[SubscriptionShape] = Field(default_factory=list)
    processingOptions: Processing | None = None
    schedulingOptions: Scheduling | None = None
    status: str | None = COMPLETED
    category: str = "NewSales"
    description: Annotated[str, Field(max_length=500)] | None = None
    reasonCode: str | None = None
    customFields: dict[str, Any] = Field(default_factory=dict)

    def header(self) -> OrderWish:
        """The order without its subscriptions."""
        status = self.status or COMPLETED
        if status not in (COMPLETED, DRAFT, SCHEDULED, "Pending"):
            raise Refused(INVALID, f"'{status}' is not a status an order can be created in.", "status")
        for name in ("orderLineItems", "commitments"):
            if (self.model_extra or {}).get(name):
                raise Refused(INVALID, f"'{name}' is not available in this tenant.", name)
        if self.category not in ("NewSales", "Return"):
            raise Refused(INVALID, f"'{self.category}' is not an order category.", "category")
        if not self.subscriptions:
            raise Refused(MISSING, "An order needs at least one subscription.", "subscriptions")
        if not self.existingAccountNumber and self.newAccount is None:
            raise Refused(MISSING, "'existingAccountNumber' is required.", "existingAccountNumber")
        processing = self.processingOptions or Processing()
        return OrderWish(
            number=self.orderNumber or "",
            on=self.orderDate,
            account=self.existingAccountNumber or "",
            subscriptions=(),
            description=self.description,
            category=self.category,
            reason=self.reasonCode,
            billing=processing.billing(),
            custom={**self.customFields, **self.custom_fields()},
            opens=self.newAccount.order_wish() if self.newAccount else None,
            collecting=processing.collecting(),
            status=COMPLETED if status == "Pending" else status,
            when=self.schedulingOptions.scheduledDate if self.schedulingOptions else None,
        )
