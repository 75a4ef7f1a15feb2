"""Each flow's steps against small books: what is done, in what order, under which keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from core.canonical.erp import Journal, JournalLine
from core.canonical.errors import Missing, PeriodClosed, Refused, Unclear
from core.canonical.invoices import Line
from core.canonical.orders import OrderKind
from core.canonical.parties import Address
from core.canonical.payments import PayoutPart
from core.connectivity.flows import (
    CREDIT_NOTE,
    FINALISE_CREDIT_NOTE,
    FINALISE_INVOICE,
    FLOW_OF,
    FLOWS,
    INVOICE,
    ORDER,
    PAYMENT,
    PAYMENT_FAILURE,
    PAYOUT,
    REFUND,
    Flow,
)
from core.connectivity.reactions import REACTIONS
from core.finance.cash.dunning import BySegment, Collecting
from core.ports.billing import Row
from core.ports.crm import Mirrored
from core.ports.durable import Rank
from core.steps.dun import Dunned, dun
from core.steps.mirror_invoice import RANK, status_of
from core.steps.schedule_revenue import plans
from tests.unit.core.fakes import (
    AT,
    DAY,
    Books,
    Office,
    in_office,
    make_account,
    make_invoice,
    make_note,
    make_order,
    make_payout,
    make_refund,
    make_request,
    usd,
)

READS = (
    "crm.order", "crm.account", "crm.mirrored", "billing.invoice", "billing.account", "billing.credit_note",
    "billing.credit_notes_since", "payments.request", "payments.refund", "payments.payout", "erp.invoice",
    "erp.receipt", "erp.credit_note",
)  # fmt: skip


async def go(office: Office, flow: Flow, subject: str) -> None:
    case = await flow.open(office.desk, subject)
    for step in flow.steps:
        await step.act(office.desk, case)


def play(flow: Flow, subject: str, books: Books, times: int = 1) -> Office:
    async def story(office: Office) -> Office:
        for _ in range(times):
            await go(office, flow, subject)
        return office

    return in_office(story, books)


def test_every_topic_from_outside_has_one_flow_with_an_owner():
    assert len(FLOW_OF) == len(FLOWS) == 17
    for flow in FLOWS.values():
        assert flow.owner
        assert flow.slo_minutes > 0
        assert len({step.name for step in flow.steps}) == len(flow.steps)


def test_what_moves_money_goes_before_what_is_only_shown():
    by_rank = {rank: {flow.name for flow in FLOWS.values() if flow.rank is rank} for rank in Rank}
    assert {"payment_to_cash", "refund_to_ledger", "payout_to_ledger", "transfer_to_cash"} <= by_rank[
        Rank.MONEY
    ]
    assert by_rank[Rank.SHOWN] == {"payment_failure"}
    for reaction in REACTIONS:
        acts = {act.__name__ for act in reaction.acts}
        if "post_receipt" in acts or "post_refund" in acts or "post_payout" in acts:
            assert reaction.rank is Rank.MONEY, reaction.consumer
        told = ("mirror_", "show_", "announce_")
        if all(name.startswith(told) for name in acts):
            assert reaction.rank is Rank.SHOWN, reaction.consumer


def test_choreography_and_flows_do_the_same_acts():
    in_flows = {step.name for flow in FLOWS.values() for step in flow.steps}
    in_reactions = {act.__name__ for reaction in REACTIONS for act in reaction.acts}
    assert in_reactions == in_flows


# --- order ---


def new_business() -> Books:
    books = Books(billed={}, orders={"q1": make_order()})
    books.accounts["acme"] = make_account(customer="")
    return books


def test_a_new_order_opens_accounts_then_places_then_tells():
    office = play(ORDER, "q1", books := new_business())
    assert books.asked(*READS) == [
        "tax.estimate", "payments.open_customer", "crm.link_payment_customer", "billing.open_account",
        "erp.upsert_customer", "billing.place", "crm.activate",
    ]  # fmt: skip
    assert dict(books.diary)["billing.place"] == "order:q1/place_order"
    assert dict(books.diary)["payments.open_customer"] == "account:acme/open_payment_customer"
    assert books.billed["acme"].payment_customer == books.accounts["acme"].payment_customer == "cus_acme"
    assert list(books.placed) == ["O-q1"]
    assert office.watch.counts["notices"] == 1


def test_an_order_twice_changes_nothing_more():
    once = play(ORDER, "q1", new_business()).books
    office = play(ORDER, "q1", twice := new_business(), times=2)
    for name in ("accounts", "billed", "placed", "customers", "activated", "ledger_customers"):
        assert getattr(once, name) == getattr(twice, name)
    assert twice.asked().count("payments.open_customer") == 1
    assert office.watch.counts["notices"] == 1


@pytest.mark.parametrize("kind", [OrderKind.AMENDMENT, OrderKind.RENEWAL, OrderKind.CANCELLATION])
def test_a_later_order_opens_nothing(kind):
    play(ORDER, "q2", books := Books(orders={"q2": make_order("q2", kind)}))
    assert books.asked(*READS) == ["billing.place", "crm.activate"]


@pytest.mark.parametrize(
    ("account", "order", "says"),
    [
        (make_account(), replace(make_order(), currency="EUR"), "the quote is in EUR, the account in USD"),
        (make_account(), replace(make_order(), lines=()), "the quote has no lines"),
        (replace(make_account(), email="none"), make_order(), "the e-mail address 'none' is none"),
        (
            replace(make_account(), address=Address("", "", "", "", "US")),
            make_order(),
            "the billing address is incomplete",
        ),
    ],
)
def test_an_order_that_cannot_be_billed_is_refused_before_anything_is_written(account, order, says):
    books = Books(accounts={"acme": account}, orders={"q1": order})
    with pytest.raises(Refused, match=says):
        play(ORDER, "q1", books)
    assert books.asked(*READS) == []


def test_an_order_resumed_without_its_customer_asks_the_crm_again():
    """The process that opened the payment customer died; its successor reads what was written back."""
    books = new_business()
    books.lose("crm.link_payment_customer")
    with pytest.raises(Unclear):
        play(ORDER, "q1", books)
    play(ORDER, "q1", books)
    assert books.billed["acme"].payment_customer == "cus_acme"
    assert len(books.customers) == 1


# --- drafts ---


def test_a_draft_is_taxed_and_then_posted_and_left_alone_afterwards():
    play(FINALISE_INVOICE, "INV1", books := Books(invoices={"INV1": make_invoice()}), times=2)
    assert books.asked(*READS) == ["tax.assess_invoice", "billing.tax_invoice", "billing.finalise_invoice"]
    assert books.invoices["INV1"].status == "posted"
    assert dict(books.diary)["billing.finalise_invoice"] == "invoice:acme:2026-01-15#INV1/finalise_invoice"


def test_a_draft_credit_note_likewise():
    play(FINALISE_CREDIT_NOTE, "idCM1", books := Books(notes={"CM1": make_note()}), times=2)
    assert books.asked(*READS) == [
        "tax.assess_credit_note", "billing.tax_credit_note", "billing.finalise_credit_note",
    ]  # fmt: skip


# --- invoice ---


def posted() -> Books:
    return Books(invoices={"INV1": make_invoice(status="posted")})


def test_an_invoice_goes_to_tax_ledger_processor_crm_and_revenue():
    play(INVOICE, "idINV1", books := posted())
    assert books.asked(*READS) == [
        "tax.commit_invoice", "erp.post_invoice", "erp.add_schedule", "payments.ask", "crm.mirror_invoice",
    ]  # fmt: skip
    assert books.ledger["invoice", "INV1"].total == usd(10_800)
    assert books.requests["pi_INV1"].status == "paid"
    assert books.mirrors["INV1"] == Mirrored("INV1", "Posted", usd(10_800))
    assert books.plans["RS-INV1-2026-01-15-2026-02-15"].amount == usd(10_000)


def test_who_pays_by_invoice_is_asked_and_not_charged():
    books = posted()
    books.billed["acme"] = make_account(pays_by="invoice")
    play(INVOICE, "INV1", books)
    assert books.requests["pi_INV1"].status == "open"


def test_an_invoice_over_nothing_asks_for_nothing():
    books = posted()
    books.change("INV1", balance=usd(0))
    play(INVOICE, "INV1", books)
    assert "payments.ask" not in books.asked()


def test_an_invoice_twice_changes_nothing_more():
    once = play(INVOICE, "INV1", posted()).books
    twice = play(INVOICE, "INV1", posted(), times=2).books
    for name in ("ledger", "requests", "mirrors", "plans", "tax"):
        assert getattr(once, name) == getattr(twice, name)


def test_a_draft_never_reaches_the_ledger():
    with pytest.raises(Missing, match="INV1 is draft, not posted"):
        play(INVOICE, "INV1", books := Books(invoices={"INV1": make_invoice()}))
    assert books.ledger == {}


def test_a_closed_period_takes_the_next_open_day():
    books = posted()
    books.open_from = date(2026, 2, 1)
    office = play(INVOICE, "INV1", books)
    assert books.ledger["invoice", "INV1"].on == date(2026, 2, 1)
    assert books.asked(*READS)[1:4] == ["erp.post_invoice", "erp.first_open_day", "erp.post_invoice"]
    assert office.watch.counts["posted_in_later_period"] == 1


def test_a_period_that_closes_in_between_is_tried_once_more_and_then_told():
    books = posted()
    books.trouble("erp.post_invoice", PeriodClosed("closed"), PeriodClosed("closed again"))
    with pytest.raises(PeriodClosed, match="closed again"):
        play(INVOICE, "INV1", books)


def test_plans_go_by_service_period_and_add_up():
    def line(net: int, start: date, end: date) -> Line:
        return Line("l", "S", "SEAT", "Seats", usd(net), usd(0), start, end)

    feb, mar, apr = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)
    lines = (
        line(100, feb, mar),
        line(50, mar, apr),
        line(-30, feb, mar),
        line(7, feb, apr),
        line(-7, feb, apr),
    )
    made = plans("INV1", lines, 1)
    assert [(p.amount.minor, p.start, p.end) for p in made] == [(70, feb, mar), (50, mar, apr)]
    assert len({p.key for p in made}) == 2
    assert [p.amount.minor for p in plans("CM1", lines, -1)] == [-70, -50]
    assert plans("INV2", (), 1) == []


# --- credit note ---


def test_a_credit_note_goes_to_tax_ledger_and_revenue_backwards():
    play(CREDIT_NOTE, "CM1", books := Books(notes={"CM1": make_note(status="posted")}))
    assert books.asked(*READS) == ["tax.commit_credit_note", "erp.post_credit_note", "erp.add_schedule"]
    assert [plan.amount for plan in books.plans.values()] == [usd(-2_000)]


def test_a_draft_credit_note_never_reaches_the_ledger():
    with pytest.raises(Missing, match="CM1 is draft, not posted"):
        play(CREDIT_NOTE, "CM1", Books(notes={"CM1": make_note()}))


# --- payment ---


def paid() -> Books:
    books = posted()
    books.requests["pi_1"] = make_request()
    return books


def in_ledger(books: Books) -> Books:
    play(INVOICE, "INV1", books)
    books.diary.clear()
    return books


def test_a_payment_goes_to_billing_ledger_and_crm():
    office = play(PAYMENT, "pi_1", books := in_ledger(paid()), times=2)
    assert books.asked(*READS) == [
        "billing.record_payment", "erp.post_receipt", "crm.mirror_invoice",
        "billing.record_payment", "erp.post_receipt",
    ]  # fmt: skip
    assert books.invoices["INV1"].balance == usd(0)
    assert books.mirrors["INV1"] == Mirrored("INV1", "Paid", usd(0))
    assert office.watch.counts["notices"] == 1


def test_a_payment_before_its_receivable_waits():
    with pytest.raises(Missing, match="INV1 is not in the ledger yet"):
        play(PAYMENT, "pi_1", books := paid())
    assert books.payments == {"pi_1": "INV1"}
    assert ("receipt", "pi_1") not in books.ledger


def test_a_payment_in_a_closed_period():
    books = in_ledger(paid())
    books.open_from = date(2026, 3, 1)
    play(PAYMENT, "pi_1", books)
    assert books.ledger["receipt", "pi_1"].on == date(2026, 3, 1)


def test_a_failure_is_shown_and_told_once_a_charge():
    books = posted()
    books.requests["pi_1"] = replace(make_request(status="failed"), failure="card_declined")
    office = play(PAYMENT_FAILURE, "pi_1", books, times=2)
    assert books.mirrors["INV1"].status == "Payment Failed"
    assert office.watch.counts["notices"] == 1


# --- the mirror moves forward only ---


@pytest.mark.parametrize("first", RANK)
@pytest.mark.parametrize("news", ["Posted", "Payment Failed", "Refunded"])
@pytest.mark.parametrize("balance", [0, 10_800])
def test_the_mirror_never_falls_back(first, news, balance):
    invoice = replace(make_invoice(status="posted"), balance=usd(balance))
    shown = status_of(invoice, news, first)
    if balance:
        assert shown == "Posted" or RANK[shown] >= RANK[first]
        assert shown != "Paid"
    else:
        assert RANK[shown] >= max(RANK[first], RANK["Paid"])
    if RANK[shown] >= RANK[first]:
        assert status_of(invoice, news, shown) == shown


def test_late_news_of_a_failure_does_not_hide_a_payment():
    books = in_ledger(paid())
    play(PAYMENT, "pi_1", books)
    books.requests["pi_2"] = make_request("pi_2", status="failed")
    play(PAYMENT_FAILURE, "pi_2", books)
    assert books.mirrors["INV1"].status == "Paid"


def test_a_payment_not_yet_in_billing_is_not_shown_as_paid():
    assert status_of(make_invoice(status="posted"), "Paid", "Posted") == "Posted"


# --- refund ---


def refunded() -> Books:
    books = in_ledger(paid())
    play(PAYMENT, "pi_1", books)
    books.refunds["re_1"] = make_refund()
    books.diary.clear()
    return books


def test_a_refund_is_credited_taxed_recorded_and_then_posted():
    play(REFUND, "re_1", books := refunded())
    assert books.asked(*READS) == [
        "billing.credit_for_refund", "tax.return_for_refund", "billing.record_refund",
        "erp.post_credit_note", "erp.add_schedule", "erp.post_refund", "crm.mirror_invoice",
    ]  # fmt: skip
    assert books.ledger["credit_note", "CM-re_1"].total == books.ledger["refund", "re_1"].total == usd(5_400)
    assert books.mirrors["INV1"].status == "Refunded"


def test_a_refund_twice_makes_one_credit_note():
    play(REFUND, "re_1", books := refunded(), times=2)
    assert list(books.notes) == ["CM-re_1"]
    assert len([key for key in books.ledger if key[0] == "refund"]) == 1


def test_a_refund_before_its_payment_waits():
    books = paid()
    books.refunds["re_1"] = make_refund()
    with pytest.raises(Missing, match="INV1 is not yet paid in billing"):
        play(REFUND, "re_1", books)
    assert books.notes == {}


def test_a_refund_before_its_receipt_waits():
    books = paid()
    books.refunds["re_1"] = make_refund()
    with pytest.raises(Missing, match="not in the ledger yet"):
        play(PAYMENT, "pi_1", books)  # billing knows the payment, the ledger does not
    with pytest.raises(Missing, match="the receipt of pi_1 is not in the ledger yet"):
        play(REFUND, "re_1", books)
    assert books.ledger == {}


# --- payout ---


def test_a_payout_books_bank_fees_and_clearing():
    play(PAYOUT, "po_1", books := Books(payouts={"po_1": make_payout()}), times=2)
    (journal,) = books.journals.values()
    assert [(line.account, line.debit.minor - line.credit.minor) for line in journal.lines] == [
        ("1000", 10_500), ("6000", 300), ("1010", -10_800),
    ]  # fmt: skip


def test_a_payout_without_fees_has_two_lines():
    whole = replace(make_payout(), parts=(PayoutPart("payments", usd(10_500), usd(0)),))
    play(PAYOUT, "po_1", books := Books(payouts={"po_1": whole}))
    assert len(books.journals["po_1"].lines) == 2


def test_a_payout_under_way_waits():
    with pytest.raises(Missing, match="po_1 is pending, not paid"):
        play(PAYOUT, "po_1", Books(payouts={"po_1": make_payout(status="pending")}))


def test_a_journal_that_does_not_balance_cannot_be_built():
    with pytest.raises(ValueError, match="debits exceed credits by 1 minor"):
        Journal("J", DAY, "USD", "", (JournalLine("1", usd(1), usd(0)),))
    with pytest.raises(ValueError, match="journal J"):
        Journal("J", DAY, "USD", "", ())


# --- dunning ---

CALENDAR = (1, 4, 9, 16)


def dunned(books: Books, on: date) -> Dunned:
    row = Row("idINV1", "INV1", "acme", "posted", usd(10_800), usd(10_800), AT)

    async def story(office: Office) -> Dunned:
        gaps = tuple(after - before for before, after in pairwise((0, *CALENDAR)))
        return await dun(office.desk, row, BySegment(Collecting(gaps)), on)

    return in_office(story, books)


def test_dunning_follows_its_calendar():
    books = Books(requests={"pi_1": make_request(status="failed")})
    days = (DAY + timedelta(days=n) for n in range(30))
    charged = [(day - DAY).days for day in days if dunned(books, day) is Dunned.CHARGED]
    assert charged == list(CALENDAR)
    assert books.requests["pi_1"].attempts == 5
    assert [key for operation, key in books.diary if operation == "payments.charge_again"] == [
        f"dunning:acme#INV1/{n}" for n in (1, 2, 3, 4)
    ]


def test_dunning_leaves_alone_who_pays_by_invoice_or_has_paid():
    by_invoice = Books(requests={"pi_1": make_request(status="open")})
    by_invoice.billed["acme"] = make_account(pays_by="invoice")
    assert dunned(by_invoice, date(2026, 3, 1)) is Dunned.BY_INVOICE
    for status in ("paid", "processing", "cancelled"):
        assert (
            dunned(Books(requests={"pi_1": make_request(status=status)}), date(2026, 3, 1))
            is Dunned.NOT_TODAY
        )
    assert dunned(Books(), date(2026, 3, 1)) is Dunned.NOT_TODAY
