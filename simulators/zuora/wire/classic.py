"""The older subscription calls: suspend, resume, renew, cancel, create and update without an order body."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from simulators.zuora.rules.catalogue import TRIGGERS
from simulators.zuora.rules.crediting import KINDS
from simulators.zuora.rules.order import (
    Act,
    Action,
    Billing,
    Cancel,
    Collecting,
    Renew,
    Resume,
    Suspend,
)
from simulators.zuora.rules.refusal import MISSING, Refused
from simulators.zuora.rules.terms import term_of
from simulators.zuora.wire.shape import Day, Shape, words
from simulators.zuora.wire.terming import ResumeShape, SuspendShape


class Doing(Shape):
    """What all of these calls say beside the act: dates, billing, collecting."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "applyCreditBalance bookingDate creditMemoReasonCode invoiceCollect "
        "lastBookingDate prepayment gatewayId externallyManagedBy includeExistingDraftDocItems "
        "includeExistingDraftInvoiceItems skipTax"
    )

    contractEffectiveDate: Day | None = None
    orderDate: Day | None = None
    runBilling: bool | None = None
    applyCredit: bool | None = None
    applicationOrder: list[str] | None = None
    invoice: bool | None = None
    collect: bool | None = None
    targetDate: Day | None = None
    invoiceTargetDate: Day | None = None
    documentDate: Day | None = None

    def day(self, today: date) -> date:
        """On which day the act takes effect."""
        return self.contractEffectiveDate or self.orderDate or today

    def billing(self, today: date) -> Billing | None:
        """What to bill at once."""
        if not (self.runBilling or self.invoice or self.collect):
            return None
        target = self.targetDate or self.invoiceTargetDate or today
        credit = tuple(self.applicationOrder or KINDS) if self.applyCredit else ()
        return Billing(target, self.documentDate or target, False, credit=credit)

    def collecting(self) -> Collecting | None:
        """How to collect, where that is wished."""
        return Collecting() if self.collect else None


class SuspendCall(Doing, SuspendShape):
    """PUT /v1/subscriptions/{key}/suspend; with `resume` the resumption is settled at once."""

    resume: bool | None = None
    resumePolicy: str | None = None
    resumeSpecificDate: Day | None = None
    resumePeriods: int | None = None
    resumePeriodsType: str | None = None
    extendsTerm: bool | None = None

    def acts(self) -> list[tuple[str, Act]]:
        """What the rules make of it."""
        acts: list[tuple[str, Act]] = [
            ("Suspend", Suspend(self.suspendPolicy, self.suspendSpecificDate, self.periods()))
        ]
        if self.resume:
            if self.resumePolicy is None:
                raise Refused(MISSING, "'resumePolicy' is required where 'resume' is true.", "resumePolicy")
            periods = None
            if self.resumePeriods:
                periods = term_of(self.resumePeriods, self.resumePeriodsType or "Day")
            act = Resume(self.resumePolicy, self.resumeSpecificDate, periods, bool(self.extendsTerm))
            acts.append(("Resume", act))
        return acts


class ResumeCall(Doing, ResumeShape):
    """PUT /v1/subscriptions/{key}/resume."""

    def acts(self) -> list[tuple[str, Act]]:
        """What the rules make of it."""
        extends = bool(self.extendsTerm)
        return [("Resume", Resume(self.resumePolicy, self.resumeSpecificDate, self.periods(), extends))]


class RenewCall(Doing):
    """PUT /v1/subscriptions/{key}/renew."""

    def acts(self) -> list[tuple[str, Act]]:
        """What the rules make of it."""
        return [("RenewSubscription", Renew())]


class CancelCall(Doing):
    """PUT /v1/subscriptions/{key}/cancel."""

    cancellationPolicy: str
    cancellationEffectiveDate: Day | None = None

    def acts(self) -> list[tuple[str, Act]]:
        """What the rules make of it."""
        return [("CancelSubscription", Cancel(self.cancellationPolicy, self.cancellationEffectiveDate))]


def action(kind: str, act: Act, on: date, dates: Mapping[str, date] | None = None) -> Action:
    """An order action as the vendor would write it for the older call."""
    found = dates or dict.fromkeys(TRIGGERS, on)
    sent: dict[str, Any] = {
        "type": kind,
        "triggerDates": [{"name": name, "triggerDate": day.isoformat()} for name, day in found.items()],
    }
    return Action(kind, act, found, None, sent)
