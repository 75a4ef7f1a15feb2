"""Requests of orders: shapes of the wire, and the values that the rules make of them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from simulators.zuora.rules.changes import term_of
from simulators.zuora.rules.order import (
    Billing,
    OrderWish,
    Term,
    Terms,
)
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, UNSUPPORTED, Refused
from simulators.zuora.wire.pricing import PlanRef, PlanTerms, PlanUpdate
from simulators.zuora.wire.shape import Day, Shape, words


class Period(Shape):
    """The length of a term."""

    period: int | None = None
    periodType: str = "Month"

    def term(self) -> Term | None:
        """What the rules make of it; None where no length is given."""
        return None if self.period is None else term_of(self.period, self.periodType)


class InitialTerm(Period):
    """terms.initialTerm."""

    startDate: Day | None = None
    termType: Literal["TERMED", "EVERGREEN"]


RenewalSetting = Literal["RENEW_WITH_SPECIFIC_TERM", "RENEW_TO_EVERGREEN"]


class TermsShape(Shape):
    """createSubscription.terms."""

    initialTerm: InitialTerm
    autoRenew: bool = False
    renewalSetting: RenewalSetting = "RENEW_WITH_SPECIFIC_TERM"
    renewalTerms: list[Period] = Field(default_factory=list)

    def wish(self) -> Terms:
        """What the rules make of it."""
        first = self.initialTerm
        return Terms(
            start=first.startDate,
            period=first.term(),
            term_type=first.termType,
            auto_renew=self.autoRenew,
            renewal_setting=self.renewalSetting,
            renewal_terms=terms_of(self.renewalTerms),
        )


def terms_of(periods: list[Period]) -> tuple[Term, ...]:
    """The lengths of renewal terms."""
    return tuple(term for each in periods if (term := each.term()) is not None)


class CreateShape(Shape):
    """createSubscription."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("uniqueToken invoiceSeparately paymentTerm")

    subscriptionNumber: Annotated[str, Field(max_length=100)] = ""
    terms: TermsShape | None = None
    subscribeToRatePlans: list[PlanTerms] = Field(default_factory=list)
    currency: str = ""
    notes: str | None = None


class RenewShape(Shape):
    """renewSubscription: it renews by the subscription's own renewal terms."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("paymentTerm invoiceGroupNumber")


class CancelShape(Shape):
    """cancelSubscription."""

    cancellationPolicy: str
    cancellationEffectiveDate: Day | None = None


class TermsChange(Shape):
    """termsAndConditions, as far as renewal goes."""

    autoRenew: bool | None = None
    renewalSetting: RenewalSetting | None = None
    renewalTerms: list[Period] | None = None


class BillingOptions(Shape):
    """processingOptions.billingOptions."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("creditMemoReasonCode chargeTypeToExclude")

    targetDate: Day | None = None
    documentDate: Day | None = None
    generateDraftInvoice: bool = False


class Processing(Shape):
    """processingOptions. Collecting a payment needs a gateway, which this tenant has not."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "applicationOrder applyCredit applyCreditBalance allowPaymentFailure electronicPaymentOptions "
        "refund refundAmount refundReasonCode reAssociation writeOff writeOffBehavior"
    )

    runBilling: bool = False
    collectPayment: bool = False
    billingOptions: BillingOptions | None = None

    def billing(self) -> Billing | None:
        """What the rules make of it."""
        if self.collectPayment:
            raise Refused(
                RULE, "The account has no default payment method to collect from.", "collectPayment"
            )
        if not self.runBilling:
            return None
        options = self.billingOptions or BillingOptions()
        return Billing(options.targetDate, options.documentDate, options.generateDraftInvoice)


class Trigger(Shape):
    """A trigger date."""

    name: str
    triggerDate: Day | None = None


class ActionShape(Shape):
    """An order action: `type` says which of the members holds it."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words("customFields")

    type: str
    triggerDates: list[Trigger] = Field(default_factory=list)
    changeReason: str | None = None
    createSubscription: CreateShape | None = None
    addProduct: PlanTerms | None = None
    updateProduct: PlanUpdate | None = None
    removeProduct: PlanRef | None = None
    renewSubscription: RenewShape | None = None
    cancelSubscription: CancelShape | None = None
    termsAndConditions: TermsChange | None = None
    changePlan: Any = None
    suspend: Any = None
    resume: Any = None
    ownerTransfer: Any = None


class SubscriptionShape(Shape):
    """An entry of an order's subscriptions."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("quote clearingCustomFields ramp")

    subscriptionNumber: Annotated[str, Field(max_length=100)] | None = None
    orderActions: list[ActionShape]
    notes: str | None = None
    customFields: dict[str, Any] = Field(default_factory=dict)


class OrderShape(Shape):
    """POST /v1/orders."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("schedulingOptions orderLineItems commitments")

    orderNumber: Annotated[str, Field(max_length=100)] = ""
    orderDate: Day
    existingAccountNumber: str | None = None
    newAccount: Any = None
    subscriptions: list[SubscriptionShape] = Field(default_factory=list)
    processingOptions: Processing | None = None
    status: str = "Completed"
    category: str = "NewSales"
    description: str | None = None
    reasonCode: str | None = None
    customFields: dict[str, Any] = Field(default_factory=dict)

    def header(self) -> OrderWish:
        """The order without its subscriptions."""
        if self.status != "Completed":
            raise Refused(UNSUPPORTED, f"Orders of status '{self.status}' are not kept here.", "status")
        if self.newAccount is not None:
            raise Refused(UNSUPPORTED, "Create the account first; name it here.", "newAccount")
        if not self.existingAccountNumber:
            raise Refused(MISSING, "'existingAccountNumber' is required.", "existingAccountNumber")
        for name in ("schedulingOptions", "orderLineItems", "commitments"):
            if (self.model_extra or {}).get(name):
                raise Refused(UNSUPPORTED, f"'{name}' is not available in this tenant.", name)
        if not self.subscriptions:
            raise Refused(INVALID, "An order needs at least one subscription.", "subscriptions")
        return OrderWish(
            number=self.orderNumber,
            on=self.orderDate,
            account=self.existingAccountNumber,
            subscriptions=(),
            description=self.description,
            category=self.category,
            reason=self.reasonCode,
            billing=self.processingOptions.billing() if self.processingOptions else None,
            custom=self.customFields,
        )
