"""Requests about bill runs, invoices and taxation items."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from simulators.zuora.rules.amounts import whole
from simulators.zuora.rules.invoices import TaxWish
from simulators.zuora.rules.refusal import INVALID, MISSING, UNSUPPORTED, Refused
from simulators.zuora.rules.runs import RunWish
from simulators.zuora.wire.shape import Day, Number, Shape, words


class RunFilter(Shape):
    """An entry of billRunFilters; of the filter types Account and Subscription are known here."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("objectType filterId")

    filterType: str
    accountId: str | None = None
    subscriptionId: str | None = None


class NewRun(Shape):
    """POST /v1/bill-runs."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "billRunType autoEmail noEmailForZeroAmountInvoice "
        "includeSubscriptions includeOrderLineItems organizationLabels"
    )

    targetDate: Day
    invoiceDate: Day
    name: str | None = None
    autoPost: bool = False
    autoRenewal: bool = False
    batches: list[str] = Field(default_factory=list)
    billCycleDay: str = "AllBillCycleDays"
    chargeTypeToExclude: list[str] = Field(default_factory=list)
    billRunFilters: list[RunFilter] = Field(default_factory=list)

    def wish(self) -> RunWish:
        """What the rules make of it."""
        accounts, subscriptions = [], []
        if self.batches and self.billRunFilters:
            message = "Batches and billRunFilters cannot be given together."
            raise Refused(INVALID, message, "billRunFilters")
        for each in self.billRunFilters:
            if each.filterType == "Account":
                if not each.accountId:
                    raise Refused(MISSING, "'accountId' is required.", "accountId")
                accounts.append(each.accountId)
            elif each.filterType == "Subscription":
                if not each.subscriptionId:
                    raise Refused(MISSING, "'subscriptionId' is required.", "subscriptionId")
                subscriptions.append(each.subscriptionId)
            else:
                message = f"Filter type '{each.filterType}' is not available in this tenant."
                raise Refused(UNSUPPORTED, message, "filterType")
        for kind in self.chargeTypeToExclude:
            if kind not in ("OneTime", "Recurring", "Usage"):
                raise Refused(INVALID, f"'{kind}' is not a charge type.", "chargeTypeToExclude")
        for batch in self.batches:
            number = batch.removeprefix("Batch")
            if batch != "AllBatches" and not (number.isdigit() and 1 <= int(number) <= 50):
                raise Refused(INVALID, f"'{batch}' is not a batch.", "batches")
        day = self.billCycleDay
        if day != "AllBillCycleDays" and not (day.isdigit() and 1 <= int(day) <= 31):
            raise Refused(INVALID, f"'{day}' is not a bill cycle day.", "billCycleDay")
        shown = [each.model_dump(exclude_none=True) for each in self.billRunFilters]
        return RunWish(
            target=self.targetDate,
            invoice_date=self.invoiceDate,
            name=self.name,
            accounts=tuple(dict.fromkeys(accounts)),
            batches=tuple(batch for batch in self.batches if batch != "AllBatches"),
            auto_post=self.autoPost,
            auto_renew=self.autoRenewal,
            subscriptions=tuple(dict.fromkeys(subscriptions)),
            filters=tuple(shown),
            skipped=frozenset(self.chargeTypeToExclude),
            bill_cycle_day=day,
        )


class TaxationItem(Shape):
    """A taxation item of an invoice item or a credit memo item."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "financeInformation applicableTaxUnRounded taxCodeDescription taxRateDescription country"
    )

    invoiceItemId: str | None = None
    memoItemId: str | None = None
    name: Annotated[str, Field(min_length=1)]
    jurisdiction: Annotated[str, Field(min_length=1)]
    taxAmount: Number
    taxRate: Number
    taxRateType: str
    locationCode: str | None = None
    location: str | None = None
    taxCode: str | None = None
    taxDate: Day | None = None
    taxMode: str | None = None
    exemptAmount: Number = Decimal(0)
    sourceTaxItemId: str | None = None

    def wish(self, currency: str, member: str) -> TaxWish:
        """What the rules make of it. member: the field that names the taxed item."""
        item = self.invoiceItemId if member == "invoiceItemId" else self.memoItemId
        if not item:
            raise Refused(MISSING, f"'{member}' is required.", member)
        if self.taxDate is None and member == "invoiceItemId":
            raise Refused(MISSING, "'taxDate' is required.", "taxDate")
        if self.taxRateType not in ("Percentage", "FlatFee"):
            raise Refused(INVALID, f"'{self.taxRateType}' is not a tax rate type.", "taxRateType")
        if self.taxMode == "TaxInclusive":
            raise Refused(UNSUPPORTED, "Inclusive tax is not available in this tenant.", "taxMode")
        return TaxWish(
            item=item,
            name=self.name,
            jurisdiction=self.jurisdiction,
            amount=whole(self.taxAmount, currency, "taxAmount"),
            rate=self.taxRate,
            rate_type=self.taxRateType,
            location=self.locationCode or self.location,
            code=self.taxCode,
            on=self.taxDate,
            mode=self.taxMode,
            exempt=whole(self.exemptAmount, currency, "exemptAmount"),
            source=self.sourceTaxItemId,
        )


class TaxationItems(Shape):
    """POST …/taxation-items of an invoice or a credit memo."""

    taxationItems: Annotated[list[TaxationItem], Field(min_length=1, max_length=500)]


class Reversal(Shape):
    """PUT /v1/invoices/{key}/reverse."""

    memoDate: Day | None = None
    applyEffectiveDate: Day | None = None
    reasonCode: str | None = None
    comment: str | None = None
