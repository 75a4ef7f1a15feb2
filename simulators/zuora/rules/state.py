"""Everything that one sandbox remembers about its business, and the small services all acts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush
from operator import attrgetter
from typing import Any

from simulators.kit.agenda import Agenda
from simulators.kit.clock import Clock, day
from simulators.kit.history import History
from simulators.kit.ids import Ids
from simulators.zuora.rules.callouts import Callouts
from simulators.zuora.rules.catalogue import Plan, PlanCharge, Product
from simulators.zuora.rules.contracts import ACTIVE, EXPIRED, Charge, Subscription
from simulators.zuora.rules.documents import AnyDocument, CreditMemo, DebitMemo, Invoice, Owed
from simulators.zuora.rules.duelist import DueList
from simulators.zuora.rules.jobs import Job, Settlement
from simulators.zuora.rules.ledger import Ledger
from simulators.zuora.rules.metering import Import, Reading
from simulators.zuora.rules.order import Order
from simulators.zuora.rules.parties import CRM_KEY, Account, Contact
from simulators.zuora.rules.prepaid import Fund
from simulators.zuora.rules.proration import USUAL, BillingRules
from simulators.zuora.rules.receipts import BillRun, Payment, PaymentRun, Refund
from simulators.zuora.rules.shelf import Shelf
from simulators.zuora.rules.till import Till

# Number formats as a fresh tenant has them; a tenant may configure others.
NUMBERS: Mapping[str, tuple[str, int]] = {
    "account": ("A", 8),
    "subscription": ("A-S", 8),
    "rate_plan": ("SRP-", 8),
    "charge": ("C-", 8),
    "order": ("O-", 8),
    "invoice": ("INV", 8),
    "credit_memo": ("CM", 8),
    "debit_memo": ("DM", 8),
    "payment": ("P-", 8),
    "refund": ("R-", 8),
    "bill_run": ("BR-", 8),
    "payment_run": ("PR-", 8),
    "method": ("PM-", 8),
    "product": ("PROD-", 8),
    "plan": ("PRP-", 8),
    "plan_charge": ("PRPC-", 8),
    "ramp": ("R-", 8),
}

_ACCOUNT = attrgetter("account.id")


def _run(document: Invoice | CreditMemo) -> str | None:
    return document.run or None


def _owing(document: Owed) -> bool:
    return document.balance > 0


def _unapplied(memo: CreditMemo) -> bool:
    return memo.unapplied > 0


def _invoice(memo: CreditMemo | DebitMemo) -> str | None:
    return memo.invoice.id if memo.invoice else None


def _memo(refund: Refund) -> str | None:
    return refund.memo.id if refund.memo else None


def _account(item: Any) -> str | None:
    return item.account.id if item.account else None


@dataclass(slots=True)
class Operation:
    """A job of an invoice operation, which ends at once here: what was done to which object."""

    id: str
    object: str
    kind: str
    act: str
    status: str = "Completed"


class State:
    """Shelves of objects, ledgers of what is billed, and the number ranges."""

    def __init__(self, clock: Clock, ids: Ids, callouts: Callouts, agenda: Agenda) -> None:
        self.clock, self.ids, self.callouts, self.agenda = clock, ids, callouts, agenda
        self.till: Till | None = None
        self.history = History(clock)
        self.accounts: Shelf[Account] = Shelf(
            crmId=attrgetter("crm_id"), status=attrgetter("status"), **{CRM_KEY: attrgetter("crm_key")}
        )
        self.products: Shelf[Product] = Shelf()
        self.plans: Shelf[Plan] = Shelf()
        self.plan_charges: Shelf[PlanCharge] = Shelf()
        self.subscriptions: Shelf[Subscription] = Shelf(accountId=_ACCOUNT, status=attrgetter("status"))
        self.versions: dict[str, Subscription] = {}
        self.versions_of: dict[str, list[Subscription]] = {}
        self.orders: Shelf[Order] = Shelf(accountId=_ACCOUNT)
        self.invoices: Shelf[Invoice] = Shelf(
            accountId=_ACCOUNT,
            status=attrgetter("status"),
            sourceId=_run,
            invoiceDate=attrgetter("on"),
            open=_owing,
        )
        self.memos: Shelf[CreditMemo] = Shelf(
            accountId=_ACCOUNT,
            invoiceId=_invoice,
            status=attrgetter("status"),
            sourceId=_run,
            open=_unapplied,
        )
        self.debits: Shelf[DebitMemo] = Shelf(
            accountId=_ACCOUNT, invoiceId=_invoice, status=attrgetter("status"), open=_owing
        )
        self.payments: Shelf[Payment] = Shelf(accountId=_ACCOUNT, referenceId=attrgetter("reference"))
        self.refunds: Shelf[Refund] = Shelf(
            accountId=_ACCOUNT, creditMemoId=_memo, referenceId=attrgetter("reference")
        )
        self.bill_runs: Shelf[BillRun] = Shelf(status=attrgetter("status"))
        self.contacts: Shelf[Contact] = Shelf(accountId=_ACCOUNT)
        self.methods: Shelf[Any] = Shelf(accountId=_account)
        self.payment_runs: Shelf[PaymentRun] = Shelf(status=attrgetter("status"))
        self.operations: dict[str, Operation] = {}
        self.settlements: dict[str, Settlement] = {}
        self.usage: Shelf[Reading] = Shelf(accountId=_ACCOUNT)
        self.imports: dict[str, Import] = {}
        self.order_jobs: dict[str, Job] = {}
        self.ledgers: dict[str, Ledger] = {}
        self.charges: dict[str, tuple[Subscription, Charge]] = {}
        self.due = DueList()
        # Numbers of the subscriptions with a percentage discount, by account.
        self.discounted: dict[str, dict[str, None]] = {}
        self.rules: BillingRules = USUAL
        # Numbers of subscriptions by the number of their ramp.
        self.ramps: dict[str, str] = {}
        # What was drawn from prepaid funds, by topup charge and start of the validity period.
        self.funds: dict[tuple[str, date], Fund] = {}
        self.jobs = 0
        self._term_ends: list[tuple[date, str]] = []
        self._renewals: list[tuple[date, str]] = []
        self._seq = 0

    def now(self) -> int:
        """The present in microseconds."""
        return self.clock.now()

    def today(self) -> date:
        """The present calendar date in the tenant's time zone, UTC."""
        return day(self.clock.now())

    def next_seq(self) -> int:
        """1, 2, 3, …: order of creation over all kinds."""
        self._seq += 1
        return self._seq

    def new_id(self) -> str:
        """32 hexadecimal digits, as all of the vendor's ids."""
        return self.ids.hex("object", 32)

    def new_number(self, kind: str) -> str:
        """The next number of the kind's range."""
        prefix, digits = NUMBERS[kind]
        return f"{prefix}{self.ids.count(f'number/{kind}'):0{digits}d}"

    def keep(self, document: AnyDocument) -> None:
        """Put a changed document back on its shelf."""
        if isinstance(document, Invoice):
            self.invoices.put(document, self.now())
        elif isinstance(document, CreditMemo):
            self.memos.put(document, self.now())
        else:
            self.debits.put(document, self.now())

    def operated(self, item: str, kind: str, act: str) -> Operation:
        """Remember an operation that is over; GET /v1/operations/jobs/{id} shows it."""
        job = Operation(self.new_id(), item, kind, act)
        self.operations[job.id] = job
        return job

    def watch_term(self, subscription: Subscription) -> None:
        """Remember when the subscription's term runs out."""
        if subscription.status == ACTIVE and subscription.term_end is not None:
            watch = self._renewals if subscription.auto_renew else self._term_ends
            heappush(watch, (subscription.term_end, subscription.number))

    def renewing(self, until: date) -> list[Subscription]:
        """Subscriptions that renew themselves and whose term ends on or before `until`."""
        return self._ended(self._renewals, until, auto_renew=True)

    def expire(self) -> None:
        """Let subscriptions expire whose term ended unrenewed; costs nothing when none did."""
        today = self.today()
        if not self._term_ends or self._term_ends[0][0] > today:
            return
        for subscription in self._ended(self._term_ends, today, auto_renew=False):
            subscription.turn(EXPIRED, subscription.term_end or today)
            self.subscriptions.put(subscription, self.now())
            self.history.note(
                "subscription", subscription.original_id, "expired", EXPIRED, refs=subscription.refs
            )

    def _ended(self, watch: list[tuple[date, str]], until: date, *, auto_renew: bool) -> list[Subscription]:
        ended: dict[str, Subscription] = {}
        while watch and watch[0][0] <= until:
            found = self.subscriptions.get(heappop(watch)[1])
            if found is None or found.status != ACTIVE or found.auto_renew != auto_renew:
                continue
            if found.term_end is not None and found.term_end <= until:
                ended[found.number] = found
        return list(ended.values())
