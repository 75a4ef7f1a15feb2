"""An order that an operator takes back, in the whole world: once, also over a power cut; all laws hold."""

from __future__ import annotations

from typing import Any

import pytest

from core.connectivity.exceptions import ExceptionDesk
from scenarios.checkers.laws import judge
from scenarios.evidence.run import Evidence
from scenarios.scripted.money import PayOpen
from scenarios.scripted.office import RunBills, TakeBack
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.script import Party, Script
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.stories.story import scripted
from scenarios.world.play import Played, play

ORDER_ACTS = (
    Sign("2026-02-02", "ACME", (Item("TEAM", 5),)),
    TakeBack("2026-02-03", "order_to_subscription"),
    RunBills("2026-02-10", "2026-02-10"),
)
INVOICE_ACTS = (
    Sign("2026-02-02", "ACME", (Item("TEAM", 5, "29.00"),)),
    RunBills("2026-02-10", "2026-02-10"),
    TakeBack("2026-02-11", "invoice_to_ledger"),
    RunBills("2026-02-12", "2026-02-12"),
)

# The customer pays when the operators have decided and before the core has begun.
PAID_ACTS = (
    Sign("2026-02-02", "ACME", (Item("TEAM", 5, "29.00"),)),
    RunBills("2026-02-10", "2026-02-10"),
    TakeBack("2026-02-11", "invoice_to_ledger"),
    PayOpen("2026-02-11", "ACME"),
)


def played(
    monkeypatch: pytest.MonkeyPatch, model: str, faults: str = "none", acts: tuple[Any, ...] = ORDER_ACTS
) -> Played:
    script = Script("2026-01-05", "2026-03-03", (Party("ACME", "Acme"),), acts, ())  # type: ignore[arg-type]
    told = scripted("taken_back", "Taken back", None, script)
    monkeypatch.setitem(STORIES, told.name, told)
    return play(Spec(told.name, model, told.profile, 1, told.months, 1, faults), repeat=False)


def taken_back(found: Evidence) -> None:
    assert [(v.law, w.says) for v in judge(found) if v.state == "broken" for w in v.witnesses] == []
    (deal,) = found.crm.opportunities
    (subscription,) = found.billing.subscriptions
    assert deal.status == "Withdrawn"
    assert (subscription.status, subscription.end) == ("Cancelled", subscription.start)
    assert sum(line.net for invoice in found.billing.invoices for line in invoice.lines) == sum(
        line.net for note in found.billing.credit_notes for line in note.lines
    )


@pytest.mark.parametrize("model", ["orchestrated", "hybrid"])
def test_an_order_that_is_taken_back_is_cancelled_from_its_first_day(monkeypatch, model):
    taken_back(played(monkeypatch, model).evidence)


def test_a_power_cut_at_any_point_of_it_changes_nothing(monkeypatch):
    points = played(monkeypatch, "orchestrated", "cut0").points
    during = [
        number
        for number, point in enumerate(points, start=1)
        if "withdraw" in point.what or point.what == "store step_undone"
    ]
    assert len(during) > 12
    for number in during[::3]:
        cut = played(monkeypatch, "orchestrated", f"cut{number}")
        assert cut.crashes == 1
        taken_back(cut.evidence)


def billed_anew(found: Evidence) -> None:
    assert [(v.law, w.says) for v in judge(found) if v.state == "broken" for w in v.witnesses] == []
    wrong, right, *_ = sorted(found.billing.invoices, key=lambda invoice: invoice.number)
    assert (wrong.status, right.status) == ("Reversed", "Posted")
    (note,) = found.billing.credit_notes
    assert (note.invoice, note.total) == (wrong.number, wrong.total)
    states = {request.invoice: request.status for request in found.payments.intents}
    assert states[wrong.number] == "canceled"
    assert states[right.number] != "canceled"


@pytest.mark.parametrize("model", ["orchestrated", "hybrid"])
def test_a_wrong_invoice_that_is_taken_back_is_billed_anew_and_all_books_agree(monkeypatch, model):
    billed_anew(played(monkeypatch, model, acts=INVOICE_ACTS).evidence)


def test_a_power_cut_while_an_invoice_is_taken_back_changes_nothing(monkeypatch):
    points = played(monkeypatch, "orchestrated", "cut0", INVOICE_ACTS).points
    during = [
        number
        for number, point in enumerate(points, start=1)
        if any(word in point.what for word in ("withdraw", "reverse", "step_undone"))
    ]
    assert len(during) > 12
    for number in during[::7]:
        cut = played(monkeypatch, "orchestrated", f"cut{number}", INVOICE_ACTS)
        assert cut.crashes == 1
        billed_anew(cut.evidence)


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever decides is another process than who works: no worker is woken by it."""

    class Apart(ExceptionDesk):
        def __init__(self, *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            self._wake = lambda: None

    monkeypatch.setattr("core.assemble.ExceptionDesk", Apart)


@pytest.mark.usefixtures("asleep")
@pytest.mark.parametrize("model", ["orchestrated", "hybrid", "batch"])
def test_a_payment_that_comes_before_the_core_has_begun_leaves_the_invoice_paid(monkeypatch, model):
    run = played(monkeypatch, model, acts=PAID_ACTS)
    paid_and_whole(run.evidence)
    assert run.core_counts["operators.undo_turned_back"] == 1


@pytest.mark.usefixtures("asleep")
def test_a_power_cut_while_it_turns_back_changes_nothing(monkeypatch):
    points = played(monkeypatch, "orchestrated", "cut0", PAID_ACTS).points
    turned = [number for number, point in enumerate(points, 1) if point.what == "store turn_back"]
    assert turned
    for number in turned:
        paid_and_whole(played(monkeypatch, "orchestrated", f"cut{number}", PAID_ACTS).evidence)


def paid_and_whole(found: Evidence) -> None:
    assert [(v.law, w.says) for v in judge(found) if v.state == "broken" for w in v.witnesses] == []
    wrong, *_ = sorted(found.billing.invoices, key=lambda invoice: invoice.number)
    assert (wrong.status, wrong.balance, found.billing.credit_notes) == ("Posted", 0, ())
    assert [r.status for r in found.payments.intents if r.invoice == wrong.number] == ["succeeded"]
    # Nothing is left on its way back, and nothing for a person to release.
    assert [saga.state for saga in found.sagas if saga.undoing] == []
    assert not found.parked


@pytest.mark.parametrize("model", ["batch"])
def test_batch_takes_back_at_night_what_operators_decide_by_day(monkeypatch, model):
    acts = (*INVOICE_ACTS[:-1], RunBills("2026-02-13", "2026-02-13"))
    billed_anew(played(monkeypatch, model, acts=acts).evidence)
