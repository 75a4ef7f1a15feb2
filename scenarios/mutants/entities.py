"""Bugs in whose books business goes into, and at which rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import orjson

from core.canonical.erp import Between, Journal
from core.canonical.money import Money
from core.canonical.parties import Account
from core.canonical.versions import Version
from core.finance.ledger.rates import Rate
from core.ports.world import Request, Response
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.wraps import Around, around, in_port

_YEN_AT_GO_LIVE = "0.0067"
# The ledger's internal id of the yen.
_YEN = "5"


class FirstEntity(Around):
    """Of Erp."""

    async def upsert_customer(self, account: Account, key: str) -> Version | None:
        standing: Version | None = await self.real.upsert_customer(replace(account, entity="US"), key)
        return standing


class NoOrgUnit(Around):
    """Of Billing."""

    async def open_account(self, account: Account, payment_customer: str, key: str) -> None:
        await self.real.open_account(replace(account, entity=""), payment_customer, key)


class OneSided(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if not (journal.key.startswith("IC-CASH-") and journal.key.endswith("-UK")):
            await self.real.post_journal(journal, key)


class StaysOut(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if journal.key.startswith("IC-ELIM-"):
            journal = replace(journal, reverse_on=None)
        await self.real.post_journal(journal, key)


class RoundedDown(Around):
    """Of Erp: fees of whole pounds."""

    async def between(self, on: date) -> list[Between]:
        rows: list[Between] = await self.real.between(on)
        return [
            replace(row, collected=Money(row.collected.minor // 10_000 * 10_000, row.collected.currency))
            for row in rows
        ]


class UpsideDown(Around):
    """Of Erp."""

    async def rates(self) -> list[Rate]:
        rows: list[Rate] = await self.real.rates()
        return [replace(row, value=1 / row.value) for row in rows]


class NeverTurnedBack(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        await self.real.post_journal(replace(journal, reverse_on=None), key)


class RateOfTheInvoice(Around):
    """Of Transport: yen come in at the rate of go-live, so that no difference ever shows."""

    async def send(self, request: Request) -> Response:
        if request.operation == "post_receipt":
            body = orjson.loads(request.body)
            if body["currency"]["id"] == _YEN:
                body["exchangeRate"] = _YEN_AT_GO_LIVE
            request = replace(request, body=orjson.dumps(body))
        response: Response = await self.real.send(request)
        return response


ENTITIES = (
    Mutant(
        "every_customer_in_the_first_entity",
        "the ledger customer is made in the default subsidiary, whoever signed the contract (C03, C32)",
        ("I-10",),
        in_port("erp", FirstEntity),
        profile="multi_entity",
    ),
    Mutant(
        "billing_without_an_org_unit",
        "billing accounts are opened in no org unit, so that no invoice says whose it is (C03, C32)",
        ("I-10",),
        in_port("billing", NoOrgUnit),
        profile="multi_entity",
    ),
    Mutant(
        "cash_for_another_entity_on_one_side",
        "only the entity that took the money in books what it owes; the other still waits for it (C32)",
        ("C32",),
        in_port("erp", OneSided),
        profile="multi_entity",
        customers=14,
        months=2,
    ),
    Mutant(
        "elimination_never_turned_back",
        "what the group took out of January stays out, and is taken out of February once more (C32)",
        ("C32",),
        in_port("erp", StaysOut),
        profile="multi_entity",
        customers=14,
        months=2,
    ),
    Mutant(
        "fee_on_whole_hundreds",
        "the transfer price is worked out on collections rounded down to whole hundreds (C32)",
        ("C32",),
        in_port("erp", RoundedDown),
        profile="multi_entity",
        customers=14,
        months=2,
    ),
    Mutant(
        "rates_upside_down",
        "the revaluation takes units of foreign currency for units of the books' own (C30)",
        ("I-47",),
        in_port("erp", UpsideDown),
        profile="multi_entity",
        customers=14,
        months=2,
    ),
    Mutant(
        "revaluation_never_reversed",
        "a month's revaluation stays in the books when the next one comes (C31)",
        ("I-47",),
        in_port("erp", NeverTurnedBack),
        profile="multi_entity",
        customers=14,
        months=2,
    ),
    Mutant(
        "receipts_at_a_stale_rate",
        "receipts are posted at a rate that was fetched once: nothing is ever realised (C31)",
        ("I-47",),
        around("transport", RateOfTheInvoice),
        profile="multi_entity",
        customers=24,
        months=3,
    ),
)
