"""The balance and its payouts: what is available when, and that every cent is paid out once."""

from __future__ import annotations

from itertools import pairwise

import pytest

from scenarios.evidence.payments import PaymentBooks
from scenarios.evidence.reading import from_json
from simulators.kit.clock import DAY, HOUR, SECOND

from .stripe_client import START, Sandbox

MIDNIGHT = START - START % DAY + DAY


def to(box: Sandbox, moment: int) -> None:
    """Turn the clock to a moment and let the mock catch up."""
    box.turn(moment - box.clock.now())
    box.get("/v1/balance")


def test_money_is_pending_then_available_then_paid_out() -> None:
    box = Sandbox()
    box.pay(10_000)
    box.pay(5_000, "eur")
    assert box.get("/v1/balance").json == {
        "object": "balance",
        "available": [
            {"amount": 0, "currency": "usd", "source_types": {"card": 0}},
            {"amount": 0, "currency": "eur", "source_types": {"card": 0}},
        ],
        "livemode": False,
        "pending": [
            {"amount": 9_680, "currency": "usd", "source_types": {"card": 9_680}},
            {"amount": 4_750, "currency": "eur", "source_types": {"card": 4_750}},
        ],
    }
    to(box, START + 2 * DAY - 1)
    assert box.get("/v1/balance").json["available"][0]["amount"] == 0
    assert box.get("/v1/payouts").json["data"] == []
    to(box, START + 2 * DAY)
    assert box.get("/v1/balance").json["available"][0]["amount"] == 9_680
    to(box, MIDNIGHT + 2 * DAY)
    euros, dollars = box.get("/v1/payouts").json["data"]
    assert (dollars["amount"], dollars["status"], dollars["automatic"]) == (9_680, "pending", True)
    assert (euros["amount"], euros["currency"]) == (4_750, "eur")
    assert dollars["arrival_date"] == (MIDNIGHT + 3 * DAY) // SECOND
    assert box.get("/v1/balance").json["available"][0]["amount"] == 0
    to(box, MIDNIGHT + 2 * DAY + 12 * HOUR)
    assert box.get(f"/v1/payouts/{dollars['id']}").json["status"] == "in_transit"
    to(box, MIDNIGHT + 3 * DAY)
    assert box.get("/v1/payouts", {"status": "paid"}).json["data"][1]["id"] == dollars["id"]
    assert box.events().count("payout.reconciliation_completed") == 2
    types = [t for t in box.events() if t.startswith("payout") and not t.endswith("_completed")]
    assert types == ["payout.created"] * 2 + ["payout.updated"] * 2 + ["payout.paid"] * 2
    books = from_json(PaymentBooks, box.rules.books())
    for payout in books.payouts:
        rows = [e for e in books.balance if e.payout == payout.id]
        assert sum(e.net for e in rows if e.kind != "payout") == payout.amount
        assert [(e.gross, e.fee, e.source) for e in rows if e.kind == "payout"] == [
            (-payout.amount, 0, payout.id)
        ]
        assert payout.paid_at == MIDNIGHT + 3 * DAY


def test_refunds_wait_until_the_balance_is_positive() -> None:
    box = Sandbox()
    paid = box.pay(10_000)
    to(box, MIDNIGHT + 2 * DAY)
    box.post("/v1/refunds", {"payment_intent": paid["id"]})
    to(box, MIDNIGHT + 6 * DAY)
    assert len(box.get("/v1/payouts").json["data"]) == 1
    assert box.get("/v1/balance").json["available"][0]["amount"] == -10_000
    box.pay(20_000)
    to(box, MIDNIGHT + 9 * DAY)
    second = box.get("/v1/payouts").json["data"][0]
    assert second["amount"] == 19_390 - 10_000
    entries = box.get("/v1/balance_transactions", {"payout": second["id"]}).json["data"]
    assert sorted(e["type"] for e in entries) == ["charge", "payout", "refund"]
    only = box.get("/v1/balance_transactions", {"payout": second["id"], "type": "refund"}).json["data"]
    assert [e["amount"] for e in only] == [-10_000]
    by_source = box.get("/v1/balance_transactions", {"source": paid["latest_charge"]}).json["data"]
    assert [e["amount"] for e in by_source] == [10_000]


def test_entries_page_by_cursor() -> None:
    box = Sandbox(rate_per_second=0)
    for _ in range(5):
        box.pay()
    seen: list[str] = []
    more: dict[str, str] = {}
    while True:
        page = box.get("/v1/balance_transactions", {"limit": 2, "type": "charge", **more}).json
        seen += [e["id"] for e in page["data"]]
        if not page["has_more"]:
            break
        more = {"starting_after": seen[-1]}
    assert seen == [e["id"] for e in box.rules.books()["balance"]][::-1]
    expanded = box.get("/v1/balance_transactions", {"limit": 1, "expand": ["data.source"]}).json
    assert expanded["data"][0]["source"]["object"] == "charge"
    deep = {"limit": 1, "expand": ["data.source.payment_intent.customer"]}
    source = box.get("/v1/balance_transactions", deep).json["data"][0]["source"]
    assert source["payment_intent"]["customer"]["object"] == "customer"


def test_payouts_by_hand_are_not_paid_twice() -> None:
    box = Sandbox()
    box.pay(10_000)
    early = box.post("/v1/payouts", {"amount": 1_000, "currency": "usd"})
    assert (early.status, early.error["code"]) == (400, "balance_insufficient")
    to(box, START + 2 * DAY)
    made = box.post("/v1/payouts", {"amount": 1_000, "currency": "usd", "metadata": {"why": "rent"}}).json
    assert (made["status"], made["automatic"], made["metadata"]) == ("pending", False, {"why": "rent"})
    to(box, MIDNIGHT + 2 * DAY)
    rest = box.get("/v1/payouts").json["data"][0]
    assert (rest["automatic"], rest["amount"]) == (True, 8_680)
    to(box, MIDNIGHT + 4 * DAY)
    assert {p["status"] for p in box.get("/v1/payouts").json["data"]} == {"paid"}
    assert box.get("/v1/balance").json["available"][0]["amount"] == 0


def test_a_payout_taken_back_or_refused_by_the_bank_returns_to_the_balance() -> None:
    box = Sandbox()
    box.pay(10_000)
    to(box, START + 2 * DAY)
    made = box.post("/v1/payouts", {"amount": 1_000, "currency": "usd"}).json
    assert box.post(f"/v1/payouts/{made['id']}/cancel").json["status"] == "canceled"
    assert box.post(f"/v1/payouts/{made['id']}/cancel").status == 400
    assert box.get("/v1/balance").json["available"][0]["amount"] == 9_680
    to(box, MIDNIGHT + 2 * DAY)
    payout = box.get("/v1/payouts").json["data"][0]
    assert payout["amount"] == 9_680
    box.mock.vendor.disturb(box.rules, "fail_payout", {"payout": payout["id"], "code": "account_closed"})
    failed = box.get(f"/v1/payouts/{payout['id']}", {"expand": ["failure_balance_transaction"]}).json
    assert (failed["status"], failed["failure_code"]) == ("failed", "account_closed")
    assert failed["failure_balance_transaction"]["amount"] == 9_680
    assert box.events()[-1] == "payout.failed"
    assert box.get("/v1/balance").json["available"][0]["amount"] == 9_680
    with pytest.raises(ValueError, match="cannot fail"):
        box.mock.vendor.disturb(box.rules, "fail_payout", {"payout": payout["id"]})
    to(box, MIDNIGHT + 3 * DAY)
    assert box.get("/v1/payouts").json["data"][0]["amount"] == 9_680


def test_options_of_money() -> None:
    box = Sandbox(fee_basis_points=100, fee_fixed=0, payout_delay_days=0)
    box.pay(10_000)
    assert box.get("/v1/balance").json["available"][0]["amount"] == 9_900
    quiet = Sandbox(automatic_payouts=0)
    quiet.pay(10_000)
    to(quiet, MIDNIGHT + 9 * DAY)
    assert quiet.get("/v1/payouts").json["data"] == []
    settled = Sandbox()
    settled.pay(10_000, card="pm_card_bypassPending")
    assert settled.get("/v1/balance").json["available"][0]["amount"] == 9_680
    with pytest.raises(ValueError, match="unknown"):
        Sandbox(colour=1)
    with pytest.raises(ValueError, match="negative"):
        Sandbox(fee_fixed=-1)


def test_it_wakes_at_noon_and_midnight_and_acts_for_nobody() -> None:
    box = Sandbox()
    box.pay()
    began = box.clock.moment
    box.loop.run_until_complete(_woken(box))
    naps = [(late - early) // SECOND for early, late in pairwise([began, *box.run_out(8)])]
    assert naps == [6 * 3600, *[12 * 3600] * 7]
    changes = [c for c in box.rules.history.changes if c.kind == "payout"]
    assert [c.event for c in changes] == ["created", "in_transit", "paid"]
    assert {c.cause for c in changes} == {""}
    assert box.mock.agenda.waiting == 0


async def _woken(box: Sandbox) -> None:
    box.mock.wake()


@pytest.mark.parametrize(
    "path", ["payouts/po_no", "balance_transactions/txn_no", "refunds/re_no", "charges/ch_no"]
)
def test_unknown_ids_are_404(path: str) -> None:
    answer = Sandbox().get(f"/v1/{path}")
    assert (answer.status, answer.error["code"], answer.error["type"]) == (
        404,
        "resource_missing",
        "invalid_request_error",
    )
