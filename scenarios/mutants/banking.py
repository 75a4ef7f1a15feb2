"""Bugs around money that comes from bank accounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.canonical.payments import Dispute
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


_RUN: dict[str, Any] = {"profile": "bank_payers", "customers": 10, "months": 3, "seed": 1}

BANKING = (
    Mutant(
        "returned_debit_booked_as_dispute",
        "a bank debit that came back is taken for a lost dispute: the customer owes it and nobody asks (P27)",
        ("C21", "I-05"),
        in_port("payments", ReturnAsDispute),
        **_RUN,
    ),
    Mutant(
        "returned_debit_still_pays_in_billing",
        "billing never hears that a debit came back: the invoice looks paid, the service goes on (P27)",
        ("I-05", "I-12"),
        in_port("billing", StillPaid),
        **_RUN,
    ),
)
