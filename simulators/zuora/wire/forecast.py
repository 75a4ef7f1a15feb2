"""Previews by the older subscription calls."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from simulators.kit.money import major
from simulators.zuora.rules.contracts import Subscription
from simulators.zuora.rules.documents import Item
from simulators.zuora.rules.fields_worth import monthly, total_value
from simulators.zuora.rules.order import OrderWish, SubscriptionWish
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.previews import Preview, PreviewWish
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused
from simulators.zuora.wire.classic import action
from simulators.zuora.wire.classic_plans import CreateCall
from simulators.zuora.wire.opening import PreviewAccount
from simulators.zuora.wire.previewing import documents, line
from simulators.zuora.wire.shape import Day, Shape


class NewPreview(CreateCall):
    """POST /v1/subscriptions/preview."""

    accountKey: str = ""
    previewType: str | None = None
    previewAccountInfo: PreviewAccount | None = None

    def preview(self) -> PreviewWish:
        """What the rules make of it."""
        first = action("CreateSubscription", self.act(), self.contractEffectiveDate, self.dates())
        stranger: Account | None = self.previewAccountInfo.stranger() if self.previewAccountInfo else None
        wish = OrderWish(
            number="",
            on=self.contractEffectiveDate,
            account=self.accountKey,
            subscriptions=(SubscriptionWish("", (first,)),),
        )
        target = self.targetDate or self.invoiceTargetDate or self.contractEffectiveDate
        return PreviewWish(wish, "SpecificDate", target, stranger=stranger)


def new_forecast(found: Preview) -> dict[str, Any]:
    """What a new subscription would come to, and its first invoice."""
    currency = found.account.currency
    sold = next(iter(found.drafts.versions.values()))
    total = major(sum(item.net for item in found.items), currency)
    lines = []
    for item in found.items:
        shown = line(item, 1, currency)
        lines.append(
            {
                "serviceStartDate": shown["serviceStartDate"],
                "serviceEndDate": shown["serviceEndDate"],
                "chargeAmount": shown["amountWithoutTax"],
                "chargeDescription": shown["chargeDescription"],
                "chargeName": shown["chargeName"],
                "productName": shown["productName"],
                "productRatePlanChargeId": shown["productRatePlanChargeId"],
                "quantity": shown["quantity"],
                "unitOfMeasure": shown["unitOfMeasure"],
                "taxAmount": 0,
                "taxationItems": [],
            }
        )
    invoice = {
        "amount": total,
        "amountWithoutTax": total,
        "taxAmount": 0,
        "targetDate": found.target.isoformat(),
        "invoiceItems": lines,
    }
    return {
        "contractedMrr": monthly(sold),
        "totalContractedValue": major(total_value(sold), currency),
        "documentDate": found.target.isoformat(),
        "targetDate": found.target.isoformat(),
        "invoice": invoice,
    }


class PreviewStart(Shape):
    """previewStartDate."""

    previewStartDatePolicy: str
    specificDate: Day | None = None


class PreviewThrough(Shape):
    """previewThroughDate."""

    previewThruDatePolicy: str
    specificDate: Day | None = None
    nextBillingPeriods: Annotated[int, Field(ge=1, le=1200)] | None = None


class ExistingPreview(Shape):
    """POST /v1/subscriptions/{key}/preview."""

    previewStartDate: PreviewStart | None = None
    previewThroughDate: PreviewThrough
    quantityForUsageCharges: list[Any] | None = None
    skipTax: bool | None = False

    def span(self, sold: Subscription, today: date) -> tuple[date, date]:
        """(first day, target date)."""
        start, thru = sold.start, self.previewThroughDate
        if self.previewStartDate is not None:
            policy = self.previewStartDate.previewStartDatePolicy
            days = {
                "startOfTerm": sold.term_start,
                "today": today,
                "specificDate": self.previewStartDate.specificDate,
            }
            start = days.get(policy) or sold.start
        if thru.previewThruDatePolicy == "specificDate":
            if thru.specificDate is None:
                raise Refused(MISSING, "'specificDate' is required.", "previewThroughDate")
            return start, thru.specificDate
        if thru.previewThruDatePolicy == "endOfTerm":
            if sold.term_end is None:
                raise Refused(INVALID, "An evergreen subscription has no end of term.", "previewThroughDate")
            return start, sold.term_end
        if thru.previewThruDatePolicy == "nextBillingPeriods":
            ends = [sold.start]
            for charge in sold.charges:
                day = max(today, charge.segments[0].start) if charge.segments else sold.start
                for _ in range((thru.nextBillingPeriods or 1) - 1):
                    day = charge.period(day)[1] if charge.cycle.unit != "Once" else day
                ends.append(day)
            return start, max(ends)
        raise Refused(INVALID, f"'{thru.previewThruDatePolicy}' is not a policy.", "previewThroughDate")


def forecast(items: list[Item], target: date, currency: str) -> dict[str, Any]:
    """The documents, a preview's invoices said to be of no invoice yet."""
    shown = documents(items, target, currency)
    for invoice in shown["invoices"]:
        invoice |= {"invoiceNumber": None, "isFromExistingInvoice": False, "status": "Draft"}
    return shown
