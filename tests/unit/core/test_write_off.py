"""What dunning gave up on, step by step against small books."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.connectivity.flows import FLOWS
from core.finance.cash.dunning import BySegment, Collecting
from core.ports.billing import Row
from core.steps.write_off import GivenUp, give_up
from tests.unit.core.fakes import AT, Books, Office, in_office, make_invoice, make_request, usd

DAYS = {"card": 30}


def unpaid(status: str = "failed") -> Books:
    books = Books()
    books.invoices["INV1"] = make_invoice(status="posted")
    books.requests["pi_1"] = make_request(status=status)
    return books


def tried(books: Books, on: date, *, approved: bool = True, days: dict[str, int] | None = None) -> GivenUp:
    async def story(office: Office) -> GivenUp:
        row = Row("idINV1", "INV1", "acme", "posted", usd(10_800), usd(10_800), AT)
        collecting = BySegment(Collecting((), DAYS if days is None else days))
        return await give_up(office.desk, row, collecting, on, approved=approved)

    return in_office(story, books)


LATE = date(2026, 6, 1)


def test_too_young_unapproved_unnamed_or_paid_is_left_alone():
    due = make_invoice().due
    assert tried(unpaid(), due) is GivenUp.NOT_YET
    assert tried(unpaid(), LATE, days={"invoice": 1}) is GivenUp.NOT_YET
    assert tried(unpaid(), LATE, approved=False) is GivenUp.WAITS
    assert tried(unpaid("processing"), LATE) is GivenUp.PAID
    books = unpaid()
    tried(books, LATE, approved=False)
    assert books.requests["pi_1"].status == "failed"
    assert not books.notes


def test_the_request_is_withdrawn_before_the_invoice_is_given_up():
    books = unpaid()
    assert tried(books, LATE) is GivenUp.WRITTEN_OFF
    asked = books.asked()
    assert asked.index("payments.withdraw") < asked.index("billing.write_off")
    assert books.requests["pi_1"].status == "cancelled"
    assert books.invoices["INV1"].balance == usd(0)
    assert tried(books, LATE) is GivenUp.NOT_YET


def test_a_write_off_reaches_ledger_tax_revenue_and_sales():
    books = unpaid()
    number = "WO-INV1"

    async def story(office: Office) -> None:
        for flow, subject in (("invoice_to_ledger", "INV1"), ("credit_note_to_ledger", number)):
            if subject == number:
                row = Row("idINV1", "INV1", "acme", "posted", usd(10_800), usd(10_800), AT)
                collecting = BySegment(Collecting((), {"card": 0}))
                await give_up(office.desk, row, collecting, date(2026, 1, 30), approved=True)
            case = await FLOWS[flow].open(office.desk, subject)
            for step in FLOWS[flow].steps:
                await step.act(office.desk, case)

    books.invoices["INV1"] = replace(make_invoice(status="posted"), due=date(2026, 1, 20))
    in_office(story, books)
    assert books.ledger["credit_note", number].total == usd(10_800)
    assert books.tax[number] == "committed"
    (plan,) = [p for p in books.plans.values() if p.source == number]
    # 16 of 31 days are ahead.
    assert (plan.amount, plan.start) == (usd(-5_162), date(2026, 1, 30))
    assert books.mirrors["INV1"].balance == usd(0)
