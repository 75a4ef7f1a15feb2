"""Bugs around money that comes from bank accounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.canonical.erp import Journal
from core.canonical.money import Money
from core.canonical.payments import Dispute, Transfer
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.wraps import Around, in_port


class ReturnAsDispute(Around):
    """Of Payments."""

    async def dispute(self, id: str) -> Dispute:  # noqa: A002 - the port's own word
        found: Dispute = await self.real.dispute(id)
        return replace(found, status="lost") if found.status == "returned" else found


class StillPaid(Around):
    """Of Billing."""

    async def return_payment(self, *_: Any) -> None:
        return None


class DepositOfAll(Around):
    """Of Erp."""

    async def post_deposit(self, transfer: Transfer, account: Any, _: Money, *rest: Any) -> None:
        await self.real.post_deposit(transfer, account, transfer.amount, *rest)


class StillOnAccount(Around):
    """Of Erp."""

    async def use_deposit(self, *_: Any) -> None:
        return None


class ShortIsEnough(Around):
    """Of Erp."""

    async def post_transfer(self, transfer: Transfer, account: Any, parts: Any, *rest: Any) -> None:
        whole = [(posted, posted.remaining) for posted, _ in parts]
        await self.real.post_transfer(transfer, account, whole, *rest)


class RecoveryIsRevenue(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if "-recovered-" in journal.key:
            lines = (replace(x, account=x.account.replace("6210", "4000")) for x in journal.lines)
            journal = replace(journal, lines=tuple(lines))
        await self.real.post_journal(journal, key)


_PAID: dict[str, Any] = {"profile": "bank_payers", "customers": 14, "months": 4, "seed": 3}

BANKING = (
    Mutant(
        "returned_debit_booked_as_dispute",
        "a bank debit that came back is taken for a lost dispute: the customer owes it and nobody asks (P27)",
        ("C21", "I-05"),
        in_port("payments", ReturnAsDispute),
        **_PAID,
    ),
    Mutant(
        "returned_debit_still_pays_in_billing",
        "billing never hears that a debit came back: the invoice looks paid, the service goes on (P27)",
        ("I-05", "I-12"),
        in_port("billing", StillPaid),
        **_PAID,
    ),
    Mutant(
        "overpayment_applied_twice",
        "what is over of a transfer is kept as all of it: the ledger has the money twice, once applied (P28)",
        ("C18", "I-30"),
        in_port("erp", DepositOfAll),
        **_PAID,
    ),
    Mutant(
        "used_overpayment_still_on_account",
        "billing pays an invoice with money on account, the ledger keeps owing it: it is used again (P29)",
        ("C18", "I-12"),
        in_port("erp", StillOnAccount),
        **_PAID,
    ),
    Mutant(
        "short_payment_closes_the_invoice",
        "a transfer that is too little pays the whole invoice in the ledger: cash that never came (P25)",
        ("C18", "C19"),
        in_port("erp", ShortIsEnough),
        **_PAID,
    ),
    Mutant(
        "recovery_booked_as_new_revenue",
        "what comes back of a write-off is booked as revenue of the subscription: sales that were none (P40)",
        ("C18",),
        in_port("erp", RecoveryIsRevenue),
        story="bad_debt_recovered",
        profile="contested",
        customers=1,
        months=5,
    ),
)
