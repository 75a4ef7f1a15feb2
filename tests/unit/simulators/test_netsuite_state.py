"""What a snapshot keeps, what a job does to it, and that the base ledger always balances."""

import asyncio

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from simulators.kit.clock import SECOND

from .netsuite_client import RECORD, Client, credit_memo, invoice, payment


@pytest.fixture
def erp() -> Client:
    return Client().sign_in().stock()


def test_a_snapshot_keeps_books_tokens_and_jobs(erp):
    erp.put("invoice", "INV-1", invoice())
    taken = erp.call(
        "POST", f"{RECORD}/customerPayment", payment(119, ("INV-1", 119)), prefer="respond-async"
    )
    assert (taken.status, erp.mock.rules.pending()) == (202, 1)
    kept = erp.mock.snapshot()
    erp.put("invoice", "INV-2", invoice())
    erp.put("customer", "ACC-2", {"companyName": "Two", "subsidiary": {"id": "1"}})
    before = erp.rows("SELECT COUNT(*) n FROM transaction")
    erp.mock.restore(kept)
    assert before == [{"n": "2"}]
    assert erp.rows("SELECT COUNT(*) n FROM transaction") == [{"n": "1"}]
    assert erp.call("GET", f"{RECORD}/customer/eid:ACC-2").status == 404
    assert erp.put("invoice", "INV-3", invoice()).status == 204
    erp.clock.present += SECOND
    done = erp.call("GET", taken.headers["location"]).json
    assert (done["completed"], erp.mock.rules.pending()) == (True, 0)
    assert erp.get("invoice", "eid:INV-1")["status"]["refName"] == "Paid In Full"


def test_a_reset_gives_the_same_ids_again(erp):
    first = erp.put("invoice", "INV-1", invoice()).new_id
    erp.mock.reset()
    again = erp.sign_in().stock().put("invoice", "INV-1", invoice()).new_id
    assert first == again


def test_the_agenda_runs_jobs_by_itself(erp):
    erp.call(
        "POST", f"{RECORD}/customer", {"companyName": "X", "subsidiary": {"id": "1"}}, prefer="respond-async"
    )
    erp.clock.present += SECOND
    assert erp.mock.agenda.next_due() is not None
    erp.mock.agenda.held = True
    asyncio.run(_run_all(erp))
    assert erp.rows("SELECT COUNT(*) n FROM customer WHERE companyname = 'X'") == [{"n": "1"}]


async def _run_all(erp):
    while erp.mock.agenda.next_due() is not None:
        await erp.mock.agenda.run_next()


class Books(RuleBasedStateMachine):
    """Documents come, are applied, changed and go, at changing rates."""

    @initialize()
    def open_books(self):
        self.erp = Client().sign_in().stock()
        self.keys = {"invoice": [], "creditMemo": [], "customerPayment": [], "customerDeposit": []}

    def _add(self, kind, body, rate):
        answer = self.erp.post(kind, {**body, "exchangeRate": rate})
        assert answer.status in (204, 400), answer.body
        if answer.status == 204:
            self.keys[kind].append(answer.new_id)

    def _some(self, kind, n):
        keys = self.keys[kind]
        return keys[n % len(keys)] if keys else "0"

    AMOUNT = st.integers(1, 20_000).map(lambda cents: cents / 100)
    RATE = st.integers(50, 200).map(lambda hundredth: hundredth / 100)
    N = st.integers(0, 9)

    @rule(amount=AMOUNT, rate=RATE)
    def sell(self, amount, rate):
        self._add("invoice", invoice(amount, 1), rate)

    @rule(amount=AMOUNT, rate=RATE, n=N, part=AMOUNT)
    def pay(self, amount, rate, n, part):
        line = {"doc": {"id": self._some("invoice", n)}, "apply": True, "amount": part}
        self._add("customerPayment", {**payment(amount), "apply": {"items": [line]}}, rate)

    @rule(amount=AMOUNT, rate=RATE, n=N, part=AMOUNT)
    def credit(self, amount, rate, n, part):
        line = {"doc": {"id": self._some("invoice", n)}, "apply": True, "amount": part}
        self._add("creditMemo", {**credit_memo(amount, 0), "apply": {"items": [line]}}, rate)

    @rule(amount=AMOUNT, rate=RATE)
    def deposit(self, amount, rate):
        self._add("customerDeposit", {"customer": {"externalId": "ACC-1"}, "payment": amount}, rate)

    @rule(n=N, m=N, part=AMOUNT)
    def apply_deposit(self, n, m, part):
        line = {"doc": {"id": self._some("invoice", m)}, "apply": True, "amount": part}
        path = f"{RECORD}/customerDeposit/{self._some('customerDeposit', n)}/!transform/depositApplication"
        assert self.erp.call("POST", path, {"apply": {"items": [line]}}).status in (204, 400, 404)

    @rule(kind=st.sampled_from(["creditMemo", "customerPayment", "customerDeposit"]), n=N, rate=RATE)
    def refund(self, kind, n, rate):
        path = f"{RECORD}/{kind}/{self._some(kind, n)}/!transform/customerRefund"
        assert self.erp.call("POST", path, {"exchangeRate": rate}).status in (204, 400, 404)

    @rule(kind=st.sampled_from(["invoice", "creditMemo", "customerPayment", "customerDeposit"]), n=N)
    def delete(self, kind, n):
        key = self._some(kind, n)
        answer = self.erp.delete(kind, key)
        assert answer.status in (204, 400, 404)
        if answer.status == 204:
            self.keys[kind].remove(key)

    @invariant()
    def both_ledgers_balance_and_receivables_are_the_open_documents(self):
        books = self.erp.mock.rules.books()
        for name in ("ledger", "base_ledger"):
            assert sum(row["debit"] - row["credit"] for row in books[name]) == 0
        foreign = _by_account(books["ledger"])
        owed = sum(row["remaining"] for row in books["invoices"])
        owed -= sum(row["remaining"] for row in books["credit_memos"])
        assert foreign.get("1100", 0) == owed
        if not any(row["remaining"] for row in (*books["invoices"], *books["credit_memos"])):
            # Nothing open in transaction currency leaves nothing but cents of rounding in base.
            assert abs(_by_account(books["base_ledger"]).get("1100", 0)) <= len(books["credit_memos"]) * 2
        customer = self.erp.get("customer", "eid:ACC-1")
        unapplied = sum(row["unapplied"] for row in books["receipts"])
        assert round(customer["balance"] * 100) == owed - unapplied


def _by_account(rows):
    found: dict[str, int] = {}
    for row in rows:
        found[row["account"]] = found.get(row["account"], 0) + row["debit"] - row["credit"]
    return found


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
