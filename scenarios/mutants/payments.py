"""Bugs around captures, receipts, payouts and refunds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import orjson

from core.canonical.erp import Journal, JournalLine, Posted
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.payments import PaymentRequest, Refund
from core.ports.world import Request, Response
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around, around, in_port
from scenarios.world.plant import Plant

BANK, CLEARING, TRANSIT, FEES = "1000", "1010", "1020", "6000"


class KeyOfAttempt(Around):
    """Of Transport."""

    async def send(self, request: Request) -> Response:
        if request.operation == "find_payment":
            # The look-up before the charge reads an index that is behind: it finds nothing.
            return Response(200, {}, b'{"object":"list","data":[],"has_more":false}')
        if request.operation == "ask_payment":
            key = f"{request.headers['idempotency-key']}-{request.attempt}"
            request = replace(request, headers={**request.headers, "idempotency-key": key})
        response: Response = await self.real.send(request)
        return response


class NetOfTax(Around):
    """Of Billing."""

    async def record_payment(self, invoice: Invoice, payment: PaymentRequest, key: str) -> None:
        await self.real.record_payment(invoice, replace(payment, amount=invoice.net), key)


class OnAccount(Around):
    """Of Transport."""

    async def send(self, request: Request) -> Response:
        if request.operation == "record_payment":
            body = orjson.loads(request.body)
            del body["invoices"]
            request = replace(request, body=orjson.dumps(body))
        response: Response = await self.real.send(request)
        return response


def _payout(journal: Journal) -> bool:
    accounts = {line.account for line in journal.lines}
    return {BANK, CLEARING} <= accounts


class NetPayout(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        fees = sum(line.debit.minor for line in journal.lines if line.account == FEES)
        lines = [line for line in journal.lines if line.account != FEES]
        if fees:
            at = next(n for n, line in enumerate(lines) if line.account == CLEARING)
            lines[at] = _less(lines[at], fees)
        await self.real.post_journal(replace(journal, lines=tuple(lines)), key)


def _less(line: JournalLine, minor: int) -> JournalLine:
    return replace(line, credit=Money(line.credit.minor - minor, line.credit.currency))


def _more(line: JournalLine, minor: int) -> JournalLine:
    return replace(line, debit=Money(line.debit.minor + minor, line.debit.currency))


class PayoutUnbooked(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if not _payout(journal):
            await self.real.post_journal(journal, key)


class GrossToBank(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if _payout(journal):
            fees = sum(line.debit.minor for line in journal.lines if line.account == FEES)
            lines = [line for line in journal.lines if line.account != FEES]
            lines = [_more(line, fees) if line.account == BANK else line for line in lines]
            journal = replace(journal, lines=tuple(lines))
        await self.real.post_journal(journal, key)


class WrongClearing(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        lines = [
            replace(line, account=TRANSIT) if line.account == CLEARING else line for line in journal.lines
        ]
        await self.real.post_journal(replace(journal, lines=tuple(lines)), key)


class NoMoneyOut(Around):
    """Of Erp."""

    async def post_refund(self, _refund: Refund, _note: Posted, _on: date, _key: str) -> None:
        return None


class WholePayment(Around):
    """Of Payments."""

    async def refund(self, id: str) -> Refund:  # noqa: A002 - the port's own word
        found: Refund = await self.real.refund(id)
        paid: PaymentRequest = await self.real.request(found.request)
        return replace(found, amount=Money(paid.amount.minor // 2, paid.amount.currency))


PAYMENTS = (
    Mutant(
        "charged_under_a_new_key",
        "the idempotency key holds the attempt, the look-up before it lags: charged twice (F12, F35, F01)",
        ("I-04",),
        around("transport", KeyOfAttempt),
        model="direct",
        profile="self_serve",
        faults=met_by(Fault("F01", "stripe", "ask_payment", rate=0.6)),
    ),
    Mutant(
        "payment_without_its_tax",
        "billing is told the net amount as paid: every invoice stays open by its tax (F47)",
        ("I-05", "I-12"),
        in_port("billing", NetOfTax),
    ),
    Mutant(
        "payment_on_account",
        "billing gets the payment and is not told for which invoice: paid customers are dunned",
        ("I-05",),
        around("transport", OnAccount),
    ),
    Mutant(
        "payout_posted_net",
        "the payout's journal is built from what the bank shows: no fees, gross never cleared",
        ("I-06", "I-13"),
        in_port("erp", NetPayout),
    ),
    Mutant(
        "payout_posted_gross",
        "the bank is debited with the captures: it holds money that never arrived",
        ("I-06", "I-30", "C19"),
        in_port("erp", GrossToBank),
    ),
    Mutant(
        "payout_nobody_booked",
        "payouts arrive at the bank and are never booked: clearing keeps what has long left it (C19)",
        ("I-06", "I-30", "C19"),
        in_port("erp", PayoutUnbooked),
    ),
    Mutant(
        "bank_keeps_a_fee",
        "the bank nets a fee of each payout and nobody books it: cash that is not there (C16, C19)",
        ("C19",),
        Plant(bank_fee=25),
    ),
    Mutant(
        "payout_wrong_clearing",
        "payouts clear 'in transit' instead of the processor's account: both grow for ever",
        ("I-13",),
        in_port("erp", WrongClearing),
    ),
    Mutant(
        "refund_stops_at_the_memo",
        "a refund gets its credit memo and no payment out of it: the memo stays open (F55)",
        ("I-07",),
        in_port("erp", NoMoneyOut),
        profile="self_serve",
        customers=20,
        months=2,
        seed=2,
    ),
    Mutant(
        "refund_of_another_amount",
        "the refund's amount is worked out from the payment, not read: a dashboard's refund differs (F55)",
        ("I-07",),
        in_port("payments", WholePayment),
        profile="self_serve",
        customers=20,
        months=2,
        seed=2,
    ),
)
