"""Bugs around disputes: what the bank took, gave back, or kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from core.canonical.erp import Journal, Late, Schedule
from core.canonical.money import Money
from core.canonical.payments import Dispute
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.wraps import Around, in_port

_DEFERRED, _LOSSES = "2100", "6100"


def _nothing(currency: str) -> Money:
    return Money(0, currency)


class InquiryAsLoss(Around):
    """Of Payments."""

    async def dispute(self, id: str) -> Dispute:  # noqa: A002 - the port's own word
        found: Dispute = await self.real.dispute(id)
        if found.status == "closed":
            return replace(found, status="lost", withdrawn=found.amount)
        return found


class WithoutFee(Around):
    """Of Payments."""

    async def dispute(self, id: str) -> Dispute:  # noqa: A002
        found: Dispute = await self.real.dispute(id)
        nothing = _nothing(found.amount.currency)
        return replace(found, fee=nothing, fee_returned=nothing)


class WonForgotten(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if not journal.key.endswith("-won"):
            await self.real.post_journal(journal, key)


class AllExpensed(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if journal.key.endswith("-lost"):
            lines = [
                replace(line, account=_LOSSES) if line.account == _DEFERRED else line
                for line in journal.lines
            ]
            journal = replace(journal, lines=tuple(lines))
        await self.real.post_journal(journal, key)


class RevenueGoesOn(Around):
    """Of Erp."""

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        if "/end_revenue/" not in key:
            await self.real.add_schedule(schedule, key)


class ReturnsForgotten(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if not journal.key.endswith("-failed"):
            await self.real.post_journal(journal, key)


class OpenToPay(Around):
    """Of Payments."""

    async def withdraw(self, *_: Any) -> None:
        return None


class AllBadDebt(Around):
    """Of Erp."""

    async def post_write_off(self, note: Any, late: Late, *rest: Any) -> None:
        await self.real.post_write_off(note, late[:0], *rest)


class RefundedRevenueGoesOn(Around):
    """Of Erp."""

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        if "/end_refunded/" not in key:
            await self.real.add_schedule(schedule, key)


class AllContra(Around):
    """Of Erp."""

    async def post_credit_note(
        self, note: Any, on: date, key: str, late: Late = (), against: Any = None
    ) -> None:
        await self.real.post_credit_note(note, on, key, late[:0], against)


class NoFlag(Around):
    """Of Billing."""

    async def flag_dispute(self, *_: Any) -> None:
        return None


_RUN: dict[str, Any] = {"profile": "contested", "customers": 12, "months": 3, "seed": 3}
_WRITTEN_OFF: dict[str, Any] = {"profile": "contested", "customers": 14, "months": 4, "seed": 5}

DISPUTES = (
    Mutant(
        "inquiry_booked_as_loss",
        "a closed inquiry is taken for a lost dispute: a loss is booked that never was (C21)",
        ("C21",),
        in_port("payments", InquiryAsLoss),
        profile="contested",
        customers=10,
        months=2,
        seed=1,
    ),
    Mutant(
        "dispute_without_its_fee",
        "the fee of a dispute is booked nowhere: clearing never comes to nothing (C14, C21)",
        ("C21", "I-13"),
        in_port("payments", WithoutFee),
        **_RUN,
    ),
    Mutant(
        "won_dispute_forgotten",
        "the money that a won dispute brings back is not booked: it stays a receivable for ever (C21)",
        ("C21",),
        in_port("erp", WonForgotten),
        **_RUN,
    ),
    Mutant(
        "lost_dispute_all_expensed",
        "what was not delivered is expensed as well: deferred revenue is released a second time (C24)",
        ("C21",),
        in_port("erp", AllExpensed),
        **_RUN,
    ),
    Mutant(
        "lost_dispute_keeps_its_revenue",
        "the plans of a lost payment go on: revenue is recognised that was taken off already (C24)",
        ("C21",),
        in_port("erp", RevenueGoesOn),
        **_RUN,
    ),
    Mutant(
        "refund_leaves_its_plan_running",
        "revenue goes on as planned after a refund: what was given back is earned all the same (P35, C24)",
        ("I-07",),
        in_port("erp", RefundedRevenueGoesOn),
        profile="contested",
        customers=10,
        months=2,
        seed=1,
    ),
    Mutant(
        "refund_all_contra_revenue",
        "a refund in mid service is booked against revenue alone: deferred revenue stays for what nobody"
        " will be served (P35)",
        ("I-07",),
        in_port("erp", AllContra),
        profile="contested",
        customers=10,
        months=2,
        seed=1,
    ),
    Mutant(
        "dispute_unknown_to_billing",
        "billing never hears of the dispute: the invoice looks paid, the service goes on (C21)",
        ("C21",),
        in_port("billing", NoFlag),
        **_RUN,
    ),
    Mutant(
        "what_the_bank_sent_back_is_forgotten",
        "a payout or refund that failed after it was paid is not reversed: cash that is not there (C16, C20)",
        ("I-30", "I-13", "C19"),
        in_port("erp", ReturnsForgotten),
        **_RUN,
    ),
    Mutant(
        "written_off_and_still_to_pay",
        "the payment request stays open when its invoice is given up: it is paid later against nothing (P40)",
        ("I-07",),
        in_port("payments", OpenToPay),
        **_WRITTEN_OFF,
    ),
    Mutant(
        "write_off_all_bad_debt",
        "what was never delivered is expensed as well, and stays in deferred revenue (P39)",
        ("I-07",),
        in_port("erp", AllBadDebt),
        **_WRITTEN_OFF,
    ),
)
