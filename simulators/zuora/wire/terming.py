"""Requests of order actions: terms, settings and the shapes of each act."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from simulators.zuora.rules.order import (
    Term,
    Terms,
)
from simulators.zuora.rules.terms import term_of
from simulators.zuora.wire.opening import OrderAccount
from simulators.zuora.wire.pricing import PlanTerms
from simulators.zuora.wire.shape import Day, Shape, words

_CLEARING = words(
    "clearingExistingBillToContact clearingExistingInvoiceGroupNumber clearingExistingInvoiceTemplate "
    "clearingExistingPaymentTerm clearingExistingSequenceSet clearingExistingSoldToContact "
    "clearingExistingShipToContact clearingExistingCommunicationProfile"
)
# Settings of a subscription that are kept only to be shown.
SETTINGS = words(
    "billToContactId soldToContactId shipToContactId billToContact soldToContact shipToContact paymentTerm "
    "invoiceGroupNumber invoiceTemplateId sequenceSetId communicationProfileId invoiceSeparately"
)


class Period(Shape):
    """The length of a term."""

    period: int | None = None
    periodType: str | None = "Month"

    def term(self) -> Term | None:
        """What the rules make of it; None where no length is given."""
        return None if self.period is None else term_of(self.period, self.periodType or "Month")


class InitialTerm(Period):
    """terms.initialTerm, and termsAndConditions.lastTerm."""

    startDate: Day | None = None
    endDate: Day | None = None
    termType: Literal["TERMED", "EVERGREEN"]

    def whole(self) -> Terms:
        """What the rules make of it, for a change of the present term."""
        return Terms(self.startDate, self.term(), self.termType, end=self.endDate)


RenewalSetting = Literal["RENEW_WITH_SPECIFIC_TERM", "RENEW_TO_EVERGREEN"]


class TermsShape(Shape):
    """createSubscription.terms."""

    initialTerm: InitialTerm
    autoRenew: bool | None = False
    renewalSetting: RenewalSetting | None = "RENEW_WITH_SPECIFIC_TERM"
    renewalTerms: list[Period] | None = Field(default_factory=list)

    def wish(self) -> Terms:
        """What the rules make of it."""
        first = self.initialTerm
        period = first.term()
        if period is None and first.startDate and first.endDate:
            period = (first.endDate - first.startDate).days, "Day"
        return Terms(
            start=first.startDate,
            period=period,
            term_type=first.termType,
            auto_renew=bool(self.autoRenew),
            renewal_setting=self.renewalSetting or "RENEW_WITH_SPECIFIC_TERM",
            renewal_terms=terms_of(self.renewalTerms or []),
            end=first.endDate,
        )


def terms_of(periods: list[Period]) -> tuple[Term, ...]:
    """The lengths of renewal terms."""
    return tuple(term for each in periods if (term := each.term()) is not None)


class Settings(Shape):
    """What several actions say of billing a subscription; kept to be shown."""

    ACCEPTS: ClassVar[tuple[str, ...]] = (*SETTINGS, *_CLEARING)

    def settings(self) -> dict[str, Any]:
        """The settings that were given."""
        return {k: v for k, v in (self.model_extra or {}).items() if k in SETTINGS and v is not None}


class CreateShape(Settings):
    """createSubscription."""

    ACCEPTS: ClassVar[tuple[str, ...]] = (*SETTINGS, "uniqueToken", "subscribeToProducts")

    subscriptionNumber: Annotated[str, Field(max_length=100)] | None = None
    terms: TermsShape | None = None
    subscribeToRatePlans: list[PlanTerms] = Field(default_factory=list)
    currency: str | None = None
    notes: str | None = None
    subscriptionOwnerAccountNumber: str | None = None
    invoiceOwnerAccountNumber: str | None = None
    newSubscriptionOwnerAccount: OrderAccount | None = None


class RenewShape(Settings):
    """renewSubscription: it renews by the subscription's own renewal terms."""


class CancelShape(Shape):
    """cancelSubscription."""

    cancellationPolicy: str
    cancellationEffectiveDate: Day | None = None


class SuspendShape(Shape):
    """suspend."""

    suspendPolicy: str
    suspendSpecificDate: Day | None = None
    suspendPeriods: int | None = None
    suspendPeriodsType: str | None = None

    def periods(self) -> Term | None:
        """The fixed periods, where they are given."""
        return term_of(self.suspendPeriods, self.suspendPeriodsType or "Day") if self.suspendPeriods else None


class ResumeShape(Shape):
    """resume."""

    resumePolicy: str
    resumeSpecificDate: Day | None = None
    resumePeriods: int | None = None
    resumePeriodsType: str | None = None
    extendsTerm: bool | None = None

    def periods(self) -> Term | None:
        """The fixed periods, where they are given."""
        return term_of(self.resumePeriods, self.resumePeriodsType or "Day") if self.resumePeriods else None


class TermsChange(Settings):
    """termsAndConditions."""

    ACCEPTS: ClassVar[tuple[str, ...]] = (
        *SETTINGS,
        *_CLEARING,
        *words(
            "termIncreaseToNewContractLine scheduledCancelDate scheduledSuspendDate scheduledResumeDate "
            "clearingScheduledCancelDate clearingScheduledSuspendDate clearingScheduledResumeDate"
        ),
    )

    autoRenew: bool | None = None
    renewalSetting: RenewalSetting | None = None
    renewalTerms: list[Period] | None = None
    lastTerm: InitialTerm | None = None


class TransferShape(Settings):
    """ownerTransfer."""

    ACCEPTS: ClassVar[tuple[str, ...]] = (*SETTINGS, *_CLEARING, "paymentProfile")

    destinationAccountNumber: str | None = None
    destinationInvoiceAccountNumber: str | None = None
