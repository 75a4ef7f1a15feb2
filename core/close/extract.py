"""All books at one cut-off, as a month-end close reads them; the controls see nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from core.canonical.money import Money
from core.close.rows.billing import (
    BillingDocument,
    CreditUse,
    CustomerBalance,
    Drawdown,
    Dunning,
    Grant,
    PriceVersion,
    RatedUsage,
    UsageEvent,
)
from core.close.rows.cash import (
    BalanceTransaction,
    BankLine,
    BankStatement,
    BillingPayment,
    Charge,
    Dispute,
    OutstandingItem,
    Payout,
    ProcessorBalance,
    Receipt,
    Refund,
)
from core.close.rows.ledger import (
    ArMovement,
    BookPeriod,
    DatedEntry,
    ErpDocument,
    FxItem,
    Intercompany,
    LateEntry,
    LedgerLine,
    LossRate,
    Opening,
    OpenItem,
    PostingEvent,
    Registration,
    SpecificReserve,
    TaxLine,
    TaxReturn,
    WriteOff,
)
from core.close.rows.revenue import (
    AllocationLine,
    ContractProgress,
    ContractVersion,
    DealToCash,
    DeferredMovement,
    Pob,
    RemainingLine,
    RevenuePlan,
    RpoMovement,
    ScheduleLine,
    SentEvent,
    TakenEvent,
    UsageAccrual,
    UsageBilled,
)
from core.close.rows.sales import (
    Contract,
    CrmAccount,
    FxRate,
    MrrItem,
    MrrMovement,
    Opportunity,
    QuoteLine,
    ServicePeriod,
    SubscriptionItem,
    Suspension,
    SystemCustomer,
)


class FeeBooking(StrEnum):
    """When the processor's fees are posted."""

    PER_ITEM = "per_item"  # with each charge
    AT_PAYOUT = "at_payout"  # with the payout that brings the item


class PayoutBooking(StrEnum):
    """When a payout leaves the clearing account."""

    AT_SENDING = "at_sending"  # to payouts in transit, and from there to the bank
    AT_ARRIVAL = "at_arrival"  # straight to the bank


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """What the company decided, as far as a control depends on it.

    short_pay: minor units a customer may pay less; bank_days: business days from sending to arrival;
    accrual_share and accrual_least: how far an accrual may miss, the larger counts (share, minor units);
    dun_above: minor units overdue from which a customer is dunned; dun_after: days overdue until then;
    dun_attempts: at most.
    """

    fees: FeeBooking = FeeBooking.PER_ITEM
    payouts: PayoutBooking = PayoutBooking.AT_SENDING
    short_pay: int = 100
    bank_days: int = 5
    accrual_share: Fraction = Fraction(2, 100)
    accrual_least: int = 0
    dun_above: int = 0
    dun_after: int = 0
    dun_attempts: int = 4
    stale_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A difference that a person has looked into and accepts. key: the difference's, joined by "/"."""

    control: str
    key: str
    cause: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The period [start, end) named `month`, everything as of `cut_off`.

    billed_through: day (exclusive) to which bills have been run. absent: table -> why it could not be
    read or is not kept here; a control that rests on such a table is not run for that reason. origin:
    table -> how it was read ("port" or "books").
    """

    month: str
    start: date
    end: date
    cut_off: datetime
    home: str = "USD"
    billed_through: date | None = None
    policies: Policies = Policies()
    absent: dict[str, str] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)
    explanations: tuple[Explanation, ...] = ()

    opportunities: tuple[Opportunity, ...] = ()
    contracts: tuple[Contract, ...] = ()
    quote_lines: tuple[QuoteLine, ...] = ()
    items: tuple[SubscriptionItem, ...] = ()
    service_periods: tuple[ServicePeriod, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    accounts: tuple[CrmAccount, ...] = ()
    customers: tuple[SystemCustomer, ...] = ()
    mrr_opening: tuple[MrrItem, ...] = ()
    mrr_closing: tuple[MrrItem, ...] = ()
    mrr_movements: tuple[MrrMovement, ...] = ()
    rates_used: tuple[FxRate, ...] = ()
    treasury_rates: tuple[FxRate, ...] = ()

    usage_events: tuple[UsageEvent, ...] = ()
    rated_usage: tuple[RatedUsage, ...] = ()
    prices: tuple[PriceVersion, ...] = ()
    documents: tuple[BillingDocument, ...] = ()
    customer_balances: tuple[CustomerBalance, ...] = ()
    credit_uses: tuple[CreditUse, ...] = ()
    grants: tuple[Grant, ...] = ()
    drawdowns: tuple[Drawdown, ...] = ()
    dunning: tuple[Dunning, ...] = ()

    billing_tax: tuple[TaxLine, ...] = ()
    tax_lines: tuple[TaxLine, ...] = ()
    tax_returns: tuple[TaxReturn, ...] = ()
    registrations: tuple[Registration, ...] = ()

    billing_payments: tuple[BillingPayment, ...] = ()
    charges: tuple[Charge, ...] = ()
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    balance_transactions: tuple[BalanceTransaction, ...] = ()
    payouts: tuple[Payout, ...] = ()
    processor_balances: tuple[ProcessorBalance, ...] = ()
    bank_lines: tuple[BankLine, ...] = ()
    bank_statements: tuple[BankStatement, ...] = ()
    outstanding: tuple[OutstandingItem, ...] = ()
    receipts: tuple[Receipt, ...] = ()

    erp_documents: tuple[ErpDocument, ...] = ()
    open_items: tuple[OpenItem, ...] = ()
    openings: tuple[Opening, ...] = ()
    ar_movements: tuple[ArMovement, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    posting_events: tuple[PostingEvent, ...] = ()
    periods: tuple[BookPeriod, ...] = ()
    dated_entries: tuple[DatedEntry, ...] = ()
    late_entries: tuple[LateEntry, ...] = ()
    fx_items: tuple[FxItem, ...] = ()
    intercompany: tuple[Intercompany, ...] = ()
    loss_rates: tuple[LossRate, ...] = ()
    reserves: tuple[SpecificReserve, ...] = ()
    write_offs: tuple[WriteOff, ...] = ()

    pobs: tuple[Pob, ...] = ()
    plans: tuple[RevenuePlan, ...] = ()
    schedule: tuple[ScheduleLine, ...] = ()
    deferred_movements: tuple[DeferredMovement, ...] = ()
    allocations: tuple[AllocationLine, ...] = ()
    contract_versions: tuple[ContractVersion, ...] = ()
    progress: tuple[ContractProgress, ...] = ()
    accruals: tuple[UsageAccrual, ...] = ()
    usage_billed: tuple[UsageBilled, ...] = ()
    rpo_movements: tuple[RpoMovement, ...] = ()
    remaining: tuple[RemainingLine, ...] = ()
    deals: tuple[DealToCash, ...] = ()

    sent_events: tuple[SentEvent, ...] = ()
    taken_events: tuple[TakenEvent, ...] = ()

    def balance(self, account: str) -> dict[str, Money]:
        """Closing balance of a ledger account (debit positive), by currency; "1010" takes 1010.* too."""
        sums: dict[str, int] = {}
        for line in self.ledger:
            if line.account == account or line.account.startswith(account + "."):
                currency = line.amount.currency
                sums[currency] = sums.get(currency, 0) + line.amount.minor
        return {currency: Money(minor, currency) for currency, minor in sums.items()}
