"""Bugs in what the ledger is told, and one in the ledger itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson

from core.canonical.erp import Posted, Schedule
from core.canonical.invoices import Invoice, TaxAnswer
from core.canonical.money import Money
from core.canonical.parties import Account
from core.ports.desk import Desk
from core.ports.world import Clock, Request, Response
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around, around, in_port
from scenarios.world.plant import Plant
from simulators.kit.mock import Mock


class YenTimesHundred(Around):
    """Of Erp."""

    async def post_invoice(self, invoice: Invoice, on: date, key: str) -> None:
        if invoice.total.currency == "JPY":
            lines = tuple(
                replace(each, net=_hundred(each.net), tax=_hundred(each.tax)) for each in invoice.lines
            )
            invoice = replace(
                invoice,
                net=_hundred(invoice.net),
                tax=_hundred(invoice.tax),
                total=_hundred(invoice.total),
                lines=lines,
            )
        await self.real.post_invoice(invoice, on, key)


def _hundred(money: Money) -> Money:
    return Money(100 * money.minor, money.currency)


@dataclass(frozen=True)
class DayOfTheRun(Around):
    """Of Erp."""

    clock: Clock

    async def post_invoice(self, invoice: Invoice, on: date, key: str) -> None:
        today = datetime.fromtimestamp(self.clock.now() / 1_000_000, UTC).date()
        later = date(today.year + today.month // 12, today.month % 12 + 1, 1)
        # "Post to the current period": it is the next one as soon as somebody works at night.
        await self.real.post_invoice(invoice, later if on.day >= 20 else on, key)


def _day_of_the_run(desk: Desk) -> Desk:
    changed: dict[str, Any] = {"erp": DayOfTheRun(desk.erp, desk.clock)}
    return replace(desk, **changed)


@dataclass(frozen=True)
class CodeOfAttempt(Around):
    """Of Tax."""

    tries: dict[str, int] = field(default_factory=dict)

    async def assess_invoice(self, invoice: Invoice, account: Account, key: str) -> TaxAnswer:
        tried = self.tries[key] = self.tries.get(key, 0) + 1
        if tried > 1:
            invoice = replace(invoice, number=f"{invoice.number}-{tried}")
        answer: TaxAnswer = await self.real.assess_invoice(invoice, account, key)
        return answer


class LastMonthsPlans(Around):
    """Of Erp."""

    def schedules(self, first: date, last: date) -> AsyncIterator[Schedule]:
        # Asks for what begins tomorrow: off by one at the wrong end, and nothing is ever due.
        return self.real.schedules(last + timedelta(days=1), first)  # type: ignore[no-any-return]


class OnAccount(Around):
    """Of Transport."""

    async def send(self, request: Request) -> Response:
        if request.operation == "post_receipt":
            body = orjson.loads(request.body)
            del body["apply"]
            request = replace(request, body=orjson.dumps(body))
        response: Response = await self.real.send(request)
        return response


class NotHeldBack(Around):
    """Of Erp: whoever asks whether a receipt is there is told yes."""

    async def receipt(self, reference: str) -> Posted | None:
        found: Posted | None = await self.real.receipt(reference)
        nothing = Money(0, "USD")
        return found or Posted("", reference, nothing, nothing, date(2026, 1, 1))


@dataclass(frozen=True)
class PlanOfAttempt(Around):
    """Of Erp."""

    made: list[str] = field(default_factory=list)

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        self.made.append(key)
        await self.real.add_schedule(replace(schedule, key=f"{schedule.key}-{len(self.made)}"), key)


class GrossRevenue(Around):
    """Of Erp."""

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        amount = Money(schedule.amount.minor * 6 // 5, schedule.amount.currency)
        await self.real.add_schedule(replace(schedule, amount=amount), key)


def _lose_a_line(mocks: Mapping[str, Mock]) -> None:
    shelf: Any = mocks["netsuite"].rules.company.transactions["journalEntry"]
    keep = shelf.put

    def put(row: Any) -> None:
        row.postings = row.postings[:-1]
        keep(row)

    shelf.put = put


POSTING = (
    Mutant(
        "yen_in_hundredths",
        "amounts go to the ledger times a hundred, whatever the currency: ¥100 becomes ¥10,000 (F46)",
        ("I-02", "I-12"),
        in_port("erp", YenTimesHundred),
        customers=20,
        months=2,
        seed=2,
    ),
    Mutant(
        "posted_into_next_month",
        "late in the month invoices are posted into the next period though theirs is open (F50, cut-off)",
        ("I-02", "I-15"),
        Plant(desk=_day_of_the_run),
        customers=20,
    ),
    Mutant(
        "tax_document_per_attempt",
        "the tax document's code holds the attempt: a retry leaves a second one without an invoice (F53)",
        ("I-03",),
        in_port("tax", CodeOfAttempt),
        faults=met_by(Fault("F01", "avatax", rate=0.4)),
    ),
    Mutant(
        "journal_line_lost",
        "planted in the ledger, since no core can post it: the mock drops a journal's last line after its"
        " own check, as an import that skips validation does (runmyaccounts#230)",
        ("I-11",),
        Plant(mocks=_lose_a_line),
    ),
    Mutant(
        "receipt_left_unapplied",
        "receipts reach the ledger on account, no one applies them: receivables are never closed",
        ("I-12", "I-18"),
        around("transport", OnAccount),
    ),
    Mutant(
        "refund_overtakes_receipt",
        "nobody waits for the receipt before the refund is posted (F15): money out before money in",
        ("I-26",),
        in_port("erp", NotHeldBack),
        profile="self_serve",
        customers=20,
        months=2,
        seed=2,
        faults=met_by(Fault("F39", "netsuite", "post_receipt", until_day=60)),
    ),
    Mutant(
        "revenue_plan_per_attempt",
        "a revenue plan's external id is counted, not derived: a retry plans the revenue twice (F01)",
        ("I-46",),
        in_port("erp", PlanOfAttempt),
        faults=met_by(Fault("F01", "netsuite", "add_schedule", rate=0.4)),
    ),
    Mutant(
        "revenue_never_recognised",
        "the month's plans are asked for with first and last day mixed up: no revenue is ever released",
        ("I-46",),
        in_port("erp", LastMonthsPlans),
        months=3,
    ),
    Mutant(
        "revenue_with_tax",
        "revenue is planned from the gross amount: tax is recognised as revenue",
        ("I-46",),
        in_port("erp", GrossRevenue),
    ),
)
