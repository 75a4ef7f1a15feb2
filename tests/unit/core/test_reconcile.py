"""Each control finds the gap that was planted, and nothing in clean books."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.canonical.errors import Unavailable
from core.canonical.payments import Transfer
from core.canonical.usage import UsageEvent
from core.connectivity.flows import FLOWS
from core.ports.crm import Mirrored
from core.reconcile.finding import Finding
from core.reconcile.nightly import CONTROLS, Reconciliation
from tests.unit.core.fakes import (
    LONG_AGO,
    Books,
    Office,
    in_office,
    make_dispute,
    make_invoice,
    make_note,
    make_order,
    make_payout,
    make_refund,
    make_request,
    usd,
)

CONTROL = {control.name: control for control in CONTROLS}
DAY_US = 86_400_000_000


def clean() -> Books:
    """Everything that the flows do, done."""
    books = Books()
    books.orders["q1"] = make_order()
    books.invoices["INV1"] = make_invoice(status="posted")
    books.invoices["INV2"] = make_invoice("INV2", status="posted")
    books.notes["CM1"] = make_note(status="posted")
    books.requests["pi_1"] = make_request()
    books.requests["pi_INV2"] = replace(make_request("pi_INV2", "INV2"), status="open", attempts=0)
    books.refunds["re_1"] = make_refund()
    books.refunds["re_2"] = replace(make_refund("re_2", 100), status="failed", failed_on=date(2026, 1, 20))
    books.disputes["du_1"] = make_dispute(status="lost")
    books.payouts["po_1"] = make_payout()
    books.used["USE-1"] = UsageEvent("USE-1", "acme", "S-q1", "calls", Decimal(3), date(2026, 1, 1))
    books.meters["S-q1"] = frozenset({"calls"})
    books.payouts["po_2"] = make_payout("po_2", "failed")
    books.transfers["TR1"] = Transfer("TR1", date(2026, 1, 20), usd(700), "Acme", "A-acme")
    books.transfers["TR2"] = Transfer("TR2", date(2026, 1, 22), usd(-700), "Acme", "REFUND TR1")

    async def story(office: Office) -> None:
        for flow, subject in (
            ("order_to_subscription", "q1"),
            ("invoice_to_ledger", "INV1"),
            ("invoice_to_ledger", "INV2"),
            ("credit_note_to_ledger", "CM1"),
            ("payment_to_cash", "pi_1"),
            ("transfer_to_cash", "TR1"),
            ("paid_back_to_ledger", "TR2"),
            ("refund_to_ledger", "re_1"),
            ("refund_failure", "re_2"),
            ("dispute_to_ledger", "du_1"),
            ("dispute_outcome", "du_1"),
            ("payout_to_ledger", "po_1"),
            ("usage_to_billing", "USE-1"),
            ("payout_failure", "po_2"),
        ):
            case = await FLOWS[flow].open(office.desk, subject)
            for step in FLOWS[flow].steps:
                await step.act(office.desk, case)

    in_office(story, books)
    books.requests.pop("pi_INV1")  # the one made by the flow; pi_1 is the one that was paid
    return books


def findings(control: str, books: Books) -> list[Finding]:
    async def story(office: Office) -> list[Finding]:
        return await CONTROL[control].run(office.desk, LONG_AGO)

    return in_office(story, books)


@pytest.mark.parametrize("control", CONTROL)
def test_clean_books_have_no_findings(control):
    assert findings(control, clean()) == []


def shorten(books: Books) -> None:
    books.ledger["invoice", "INV1"] = replace(books.ledger["invoice", "INV1"], total=usd(10_000))


def overstate(books: Books) -> None:
    books.ledger["credit_note", "CM1"] = replace(books.ledger["credit_note", "CM1"], total=usd(9_999))


def show(number: str, status: str, balance: int) -> Callable[[Books], None]:
    return lambda books: books.mirrors.update({number: Mirrored(number, status, usd(balance))})


def fail(books: Books) -> None:
    books.requests["pi_INV2"] = make_request("pi_INV2", "INV2", status="failed")


# (control, what is done to the books, kind, number, amount, flow that mends it, its subject)
GAPS = {
    "an order not placed": (
        "won quotes placed", lambda b: b.activated.clear(),
        ("missing", "q1", None, "order_to_subscription", "q1"),
    ),
    "a customer unknown to the ledger": (
        "won quotes placed", lambda b: b.ledger_customers.clear(),
        ("missing", "acme", None, "order_to_subscription", "q1"),
    ),
    "a use that billing does not know": (
        "usage metered", lambda b: b.metered.clear(),
        ("missing", "USE-1", None, "usage_to_billing", "USE-1"),
    ),
    "a draft left over": (
        "drafts finalised", lambda b: b.change("INV2", status="draft"),
        ("missing", "idINV2", None, "finalise_invoice", "idINV2"),
    ),
    "a draft credit note left over": (
        "drafts finalised", lambda b: b.notes.update(CM1=make_note()),
        ("missing", "idCM1", None, "finalise_credit_note", "idCM1"),
    ),
    "an invoice not in the ledger": (
        "invoice register", lambda b: b.ledger.pop(("invoice", "INV2")),
        ("missing", "INV2", usd(10_800), "invoice_to_ledger", "idINV2"),
    ),
    "an invoice with another amount": (
        "invoice register", shorten, ("different", "INV1", usd(800), "", ""),
    ),
    "a credit note not in the ledger": (
        "credit register", lambda b: b.ledger.pop(("credit_note", "CM1")),
        ("missing", "CM1", usd(2_160), "credit_note_to_ledger", "idCM1"),
    ),
    "a credit note with another amount": (
        "credit register", overstate, ("different", "CM1", usd(2_160 - 9_999), "", ""),
    ),
    "a payment not in the ledger": (
        "cash application", lambda b: b.ledger.pop(("receipt", "pi_1")),
        ("missing", "pi_1", usd(10_800), "payment_to_cash", "pi_1"),
    ),
    "a payment not in billing": (
        "cash application", lambda b: (b.payments.clear(), b.change("INV1", balance=usd(10_800))),
        ("missing", "pi_1", usd(10_800), "payment_to_cash", "pi_1"),
    ),
    "a refund not in the ledger": (
        "refunds", lambda b: b.ledger.pop(("refund", "re_1")),
        ("missing", "re_1", usd(5_400), "refund_to_ledger", "re_1"),
    ),
    "a refund not in billing": (
        "refunds", lambda b: b.refunded.clear(),
        ("missing", "re_1", usd(5_400), "refund_to_ledger", "re_1"),
    ),
    "a transfer not in the ledger": (
        "receipts to bank", lambda b: b.ledger.pop(("deposit", "TR1")),
        ("missing", "TR1", usd(700), "transfer_to_cash", "TR1"),
    ),
    "a transfer back not in billing": (
        "receipts to bank", lambda b: b.refunded.pop("TR2"),
        ("missing", "TR2", usd(-700), "paid_back_to_ledger", "TR2"),
    ),
    "a payout not in the ledger": (
        "payouts", lambda b: b.ledger.pop(("journal", "po_1")),
        ("missing", "po_1", None, "payout_to_ledger", "po_1"),
    ),
    "a payout sent back and not reversed": (
        "payouts", lambda b: b.ledger.pop(("journal", "po_2-failed")),
        ("missing", "po_2", None, "payout_failure", "po_2"),
    ),
    "a refund sent back and not owed": (
        "failed refunds", lambda b: b.ledger.pop(("journal", "re_2-failed")),
        ("missing", "re_2", None, "refund_failure", "re_2"),
    ),
    "a dispute that was not booked": (
        "disputes", lambda b: b.ledger.pop(("journal", "du_1-withdrawn")),
        ("missing", "du_1", None, "dispute_to_ledger", "du_1"),
    ),
    "a dispute whose outcome was not booked": (
        "disputes", lambda b: b.ledger.pop(("journal", "du_1-lost")),
        ("missing", "du_1", usd(10_800), "dispute_outcome", "du_1"),
    ),
    "a mirror that is not there": (
        "invoice mirror", lambda b: b.mirrors.pop("INV2"),
        ("different", "INV2", usd(10_800), "invoice_to_ledger", "idINV2"),
    ),
    "a mirror with another balance": (
        "invoice mirror", show("INV2", "Posted", 1),
        ("different", "INV2", usd(10_800), "invoice_to_ledger", "idINV2"),
    ),
    "a mirror that says paid too early": (
        "invoice mirror", show("INV2", "Paid", 10_800),
        ("different", "INV2", usd(10_800), "invoice_to_ledger", "idINV2"),
    ),
    "a mirror that does not know of the refund": (
        "invoice mirror", show("INV1", "Paid", 0),
        ("different", "INV1", usd(5_400), "refund_to_ledger", "re_1"),
    ),
    "a mirror that does not know of the failure": (
        "invoice mirror", fail,
        ("different", "INV2", None, "payment_failure", "pi_INV2"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("gap", GAPS)
def test_a_planted_gap_is_found_and_nothing_else(gap):
    control, plant, (kind, number, amount, flow, subject) = GAPS[gap]
    books = clean()
    plant(books)
    (finding,) = findings(control, books)
    assert (finding.kind, finding.number, finding.amount) == (kind, number, amount)
    assert (finding.flow, finding.subject) == (flow, subject)


def test_every_control_has_a_gap_above_and_every_flow_exists():
    assert {control for control, _, _ in GAPS.values()} == set(CONTROL)
    assert {expected[3] for _, _, expected in GAPS.values()} <= {"", *FLOWS}


def test_a_request_for_no_invoice_is_no_business_of_ours():
    books = clean()
    books.requests["pi_9"] = make_request("pi_9", "")
    assert findings("cash application", books) == []


def test_a_refund_of_a_note_comes_with_the_refund():
    books = clean()
    books.ledger.pop(("credit_note", "CM-re_1"))
    assert findings("credit register", books) == []


# --- the nightly cycle ---


def cycle(books: Books, *, mends: bool = True, prepare: Callable[[Office], object] | None = None):
    """(flows begun, office, reconciliation) of one cycle."""
    begun: list[tuple[str, str]] = []

    async def story(office: Office):
        async def mend(finding: Finding) -> bool:
            begun.append((finding.flow, finding.subject))
            return mends

        await asyncio.sleep(10 * 86_400)
        if prepare is not None:
            await prepare(office)
        reconciliation = Reconciliation(office.desk, office.store, 4, mend)
        await reconciliation.cycle()
        mark = await office.store.watermark("reconciliation")
        return reconciliation.cycles, mark and office.clock.now() - mark, office

    cycles, behind, office = in_office(story, books)
    return begun, cycles, behind, office


def test_a_clean_night():
    begun, cycles, behind, office = cycle(clean())
    assert (begun, cycles, behind, office.alerts()) == ([], [0], DAY_US, [])


def test_each_gap_starts_its_flow_and_is_counted():
    books = clean()
    books.ledger.pop(("receipt", "pi_1"))
    books.ledger.pop(("journal", "po_1"))
    begun, cycles, _, office = cycle(books)
    assert begun == [("payment_to_cash", "pi_1"), ("payout_to_ledger", "po_1")]
    assert cycles == [2]
    assert office.watch.counts["finding.cash application"] == 1
    assert office.watch.counts["repairs"] == 2


def test_a_flow_under_way_is_no_repair():
    books = clean()
    books.ledger.pop(("journal", "po_1"))
    begun, cycles, _, _ = cycle(books, mends=False)
    assert (len(begun), cycles) == (1, [0])


def test_a_difference_in_amount_is_shown_to_a_person():
    books = clean()
    shorten(books)
    begun, cycles, _, office = cycle(books)
    assert (begun, cycles) == ([], [0])
    assert office.alerts() == [
        ("high", "invoice register (C10): billing and ledger differ by 8.00 USD; ask AR")
    ]


@pytest.mark.parametrize(("error", "begun"), [("refused: no", 0), ("after 24 attempts: no answer", 1)])
def test_what_a_person_was_asked_about_is_not_begun_again(error, begun):
    books = clean()
    books.ledger.pop(("journal", "po_1"))

    async def hold(office: Office) -> None:
        await office.store.enqueue("payout_to_ledger", "po_1", 1)
        (task,) = await office.store.ready()
        await office.store.park(task, error, "treasury", "", 2)

    assert len(cycle(books, prepare=hold)[0]) == begun


def test_a_control_that_cannot_be_run_leaves_the_mark_and_the_others_run():
    books = clean()
    books.trouble("billing.drafts", Unavailable("down"))
    books.ledger.pop(("journal", "po_1"))
    begun, cycles, behind, office = cycle(books)
    assert begun == [("payout_to_ledger", "po_1")]
    assert (cycles, behind) == ([], 0)
    assert office.alerts() == [("medium", "not run: down")]
