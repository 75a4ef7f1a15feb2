"""The conventions of a company's books, each an explicit stored switch."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum


class Refunds(StrEnum):
    """Where what was recognised goes when it is given back."""

    CONTRA = "contra_revenue_shows_refunds"
    GROSS = "refunds_reduce_revenue"


class DisputeLoss(StrEnum):
    """What a lost dispute's delivered part is."""

    EXPENSE = "dispute_loss_is_expense"
    CONTRA = "dispute_loss_is_contra_revenue"


class WriteOff(StrEnum):
    """What an uncollectible receivable is taken against."""

    ALLOWANCE = "write_off_by_allowance"
    DIRECT = "write_off_direct"


class TaxRelief(StrEnum):
    """Whether the tax of a bad debt comes back from the authority."""

    NONE = "no_tax_relief_on_bad_debt"
    RELIEF = "tax_relief_on_bad_debt"


class Breakage(StrEnum):
    """When prepaid credits that nobody will use become revenue."""

    ON_EXPIRY = "breakage_on_expiry"
    PRO_RATA = "breakage_pro_rata_with_use"


class Cancelled(StrEnum):
    """What becomes of deferred revenue when a contract ends without a refund."""

    RELEASES = "cancellation_releases"
    CONTINUES = "cancellation_keeps_schedule"


class CreditOrder(StrEnum):
    """Which credits are used first."""

    PAID_FIRST = "paid_credits_first"
    PROMOTIONAL_FIRST = "promotional_credits_first"
    EARLIEST_EXPIRY = "earliest_expiry_first"


class Suspension(StrEnum):
    """What days without service give the customer."""

    CREDITS = "suspension_credits"
    EXTENDS = "suspension_extends"


class Fees(StrEnum):
    """How the processor's fee is shown."""

    GROSS = "fees_are_expense"
    NET = "fees_reduce_revenue"


class ShortInvoices(StrEnum):
    """Revenue of an invoice whose service is a month or less."""

    DEFERRED = "short_invoices_deferred"
    AT_INVOICE = "short_invoices_at_once"


class AutoCharge(StrEnum):
    """An invoice that is charged automatically: a receivable of its own, or revenue with the charge."""

    THROUGH_RECEIVABLE = "charge_through_receivable"
    WITH_CHARGE = "revenue_with_charge"


class Revaluation(StrEnum):
    """What becomes of a month-end revaluation."""

    REVERSES = "revaluation_reverses_on_day_1"
    CARRIES = "revaluation_carries"


class CutOff(StrEnum):
    """Which date decides the period of a document."""

    SERVICE_DATE = "by_service_date"
    INVOICE_DATE = "by_invoice_date"


@dataclass(frozen=True, slots=True)
class Policy:
    """All of them. Limits in minor units of the amount's currency; None: no limit, every correction posts.

    rounding_document, rounding_month: how much a rounding difference may be; material: a correction of
    a closed period from this amount on is the controller's to decide.
    """

    refunds: Refunds = Refunds.CONTRA
    dispute_loss: DisputeLoss = DisputeLoss.EXPENSE
    write_off: WriteOff = WriteOff.ALLOWANCE
    tax_relief: TaxRelief = TaxRelief.RELIEF
    breakage: Breakage = Breakage.ON_EXPIRY
    cancelled: Cancelled = Cancelled.RELEASES
    credit_order: CreditOrder = CreditOrder.PAID_FIRST
    suspension: Suspension = Suspension.CREDITS
    fees: Fees = Fees.GROSS
    short_invoices: ShortInvoices = ShortInvoices.DEFERRED
    auto_charge: AutoCharge = AutoCharge.THROUGH_RECEIVABLE
    revaluation: Revaluation = Revaluation.REVERSES
    cut_off: CutOff = CutOff.INVOICE_DATE
    rounding_document: int = 5
    rounding_month: int = 500
    material: int | None = None

    @property
    def chosen(self) -> frozenset[StrEnum]:
        """The switches as they stand."""
        found = (getattr(self, field.name) for field in fields(self))
        return frozenset(value for value in found if isinstance(value, StrEnum))
