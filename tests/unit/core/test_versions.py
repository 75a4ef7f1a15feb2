"""Versions of sources, their vectors, and a mirror that nothing stale overwrites."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held, Unavailable
from core.canonical.versions import (
    FINAL,
    NONE,
    OPEN,
    UNKNOWN,
    Version,
    Versions,
    of_second,
    read_versions,
    versions,
)
from core.connectors.stripe import mapping as stripe
from core.ports.crm import Mirrored
from core.steps import mirror_invoice, open_accounts, place_order
from core.steps.cases import DisputeCase, InvoiceCase, OrderCase, PaymentCase
from scenarios.world.loop import SimLoop

from .fakes import Books, Office, make_account, make_dispute, make_invoice, make_order, make_request, usd

SECOND = 1_767_225_600
A_VERSION = st.builds(Version, st.integers(1, 5), st.integers(0, 3))
VECTORS = st.dictionaries(st.sampled_from(["invoice", "pi_1", "order", "pi-2"]), A_VERSION).map(versions)


@settings(max_examples=60)
@given(VECTORS, VECTORS, VECTORS)
def test_vectors_join_in_any_order_to_the_same(one, other, third):
    assert one.joined(other) == other.joined(one)
    assert one.joined(one) == one
    assert one.joined(other).joined(third) == one.joined(other.joined(third))
    assert one.newer_than(one.joined(other)) == ()
    assert set(one.joined(other).newer_than(one)) == set(other.newer_than(one))


@settings(max_examples=60)
@given(VECTORS)
def test_a_vector_is_read_as_it_was_written(vector):
    assert read_versions(str(vector)) == vector


@pytest.mark.parametrize("text", ["invoice", "invoice=1", "invoice=1.0 invoice=2.0", "a b=1.0", "x=-1.0"])
def test_what_no_vector_says_is_refused(text):
    with pytest.raises(ValueError, match="wants words like"):
        read_versions(text)


def test_what_is_read_while_its_second_runs_is_not_final():
    moment = datetime.fromtimestamp(SECOND, UTC)
    assert of_second(moment, SECOND * 1_000_000 + 999_999) == Version(SECOND, OPEN)
    assert of_second(moment, SECOND * 1_000_000 + 1_000_000) == Version(SECOND, FINAL)
    assert Version(SECOND, OPEN).ties(Version(SECOND, OPEN))
    assert not Version(SECOND, FINAL).ties(Version(SECOND, FINAL))
    assert not UNKNOWN.ties(UNKNOWN)


def intent(status="succeeded", **charges):
    return {
        "id": "pi_1", "customer": "cus_1", "created": SECOND, "status": status, "amount": 100,
        "currency": "usd",
        "metadata": {"invoice": "INV1"}, "last_payment_error": {"code": "x", "decline_code": ""}, **charges,
    }  # fmt: skip


def charge(status, at=SECOND):
    return {"status": status, "created": at, "disputed": False, "payment_method_details": {"type": "card"}}


def test_of_one_second_the_life_of_a_payment_decides_which_is_later():
    failed = stripe.request(intent("requires_payment_method"), [charge("failed")])
    again = stripe.request(intent("requires_payment_method"), [charge("failed")] * 2)
    paid = stripe.request(intent(), [charge("succeeded"), charge("failed")])
    later = stripe.request(intent("requires_payment_method"), [charge("failed", SECOND + 1)])
    assert failed.version < again.version < paid.version < later.version


# --- the mirror ---


def known(at, number=FINAL, **others):
    return versions({"invoice": Version(at, number), **others})


def mirrored(status, balance, made_of):
    return Mirrored("INV1", status, usd(balance), made_of=made_of)


class Shop:
    """Billing's INV1 and its mirror, and whatever is done to them."""

    def __init__(self, balance, version, shown=None):
        self.books, self.loop = Books(), SimLoop()
        self.bill(balance, version)
        if shown is not None:
            self.books.mirrors["INV1"] = shown
        self.office = Office(self.loop, self.books)

    def run(self, act):
        self.loop.run_until_complete(act)

    def bill(self, balance, version):
        posted = make_invoice(status="posted")
        self.books.invoices["INV1"] = replace(posted, balance=usd(balance), version=version)

    @property
    def shown(self):
        mirror = self.books.mirrors["INV1"]
        return mirror.status, mirror.balance.minor, mirror.made_of

    @property
    def refused(self):
        return self.office.watch.counts["stale.crm"]

    def now(self):
        self.run(mirror_invoice.mirror_now(self.office.desk, "INV1", make_account(), "k"))

    def news(self, status, version):
        request = replace(make_request(status=status), version=version)
        case = PaymentCase(request, self.books.invoices["INV1"], make_account())
        act = mirror_invoice.mirror_failed if status == "failed" else mirror_invoice.mirror_paid
        self.run(act(self.office.desk, case))

    def returned(self, version):
        dispute = replace(make_dispute(status="returned"), version=version)
        case = DisputeCase(dispute, self.books.invoices["INV1"], make_account())
        self.run(mirror_invoice.mirror_owed_again(self.office.desk, case))


def test_the_mirror_carries_what_it_was_made_of():
    shop = Shop(10_800, Version(5, FINAL))
    shop.news("failed", Version(4, 7))
    assert shop.shown == ("Payment Failed", 10_800, known(5, pi_1=Version(4, 7)))
    shop.bill(0, Version(6, FINAL))
    shop.now()
    assert shop.shown == ("Paid", 0, known(6, pi_1=Version(4, 7)))
    assert shop.refused == 0


def test_an_older_reading_of_billing_is_refused_and_read_again():
    shop = Shop(10_800, Version(5, FINAL), mirrored("Paid", 0, known(6)))
    with pytest.raises(Unavailable, match="older than what the CRM shows"):
        shop.now()
    assert shop.shown == ("Paid", 0, known(6))
    assert shop.refused == 1
    assert shop.office.alerts()[0][1].startswith("stale, not written: billing's reading")


@pytest.mark.parametrize("first", [0, 10_800])
def test_two_states_of_one_second_wait_until_it_is_over_whichever_came_first(first):
    other = 10_800 - first
    shop = Shop(other, Version(5, OPEN), mirrored("Paid" if first == 0 else "Posted", first, known(5, OPEN)))
    with pytest.raises(Unavailable, match="twice in one second"):
        shop.now()
    assert shop.refused == 1
    shop.bill(other, Version(5, FINAL))
    shop.now()
    assert shop.shown == ("Posted" if other else "Paid", other, known(5))


def test_of_one_second_the_final_reading_wins_over_one_that_comes_later():
    shop = Shop(10_800, Version(5, OPEN), mirrored("Paid", 0, known(5)))
    with pytest.raises(Unavailable):
        shop.now()
    assert shop.shown == ("Paid", 0, known(5))


def test_news_of_a_payment_that_is_over_is_no_news():
    # Sent back by the bank, asked for anew, in part paid since; then its return is told once more.
    shop = Shop(400, Version(9, FINAL), mirrored("Posted", 400, known(9, pi_1=Version(8, 5_000))))
    shop.returned(Version(7, 5_000))
    assert shop.shown[0] == "Posted"
    assert shop.refused == 1
    shop.returned(Version(8, 5_001))
    assert shop.shown[0] == "Payment Failed"


def test_a_charge_that_has_succeeded_since_is_not_shown_as_failed():
    shop = Shop(10_800, Version(5, FINAL))
    case = PaymentCase(make_request(status="paid"), shop.books.invoices["INV1"], make_account())
    shop.run(mirror_invoice.mirror_failed(shop.office.desk, case))
    assert shop.shown[0] == "Posted"


def test_a_status_of_nobody_is_held_with_what_to_do():
    shop = Shop(0, Version(5, FINAL), mirrored("On Hold", 0, NONE))
    with pytest.raises(Held, match=r"'On Hold'.*set it to one of these.*crm_statuses") as held:
        shop.now()
    assert held.value.owner == "sales operations"
    assert shop.shown[0] == "On Hold"


MOVES = st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(MOVES)
def test_whatever_order_readings_come_in_the_newest_stays(moves):
    # Version n of the invoice has n hundred left; each is final or was read while its second ran.
    shop = Shop(0, Version(0), None)
    newest = -1
    for at, final in moves:
        shop.bill(100 * at + 100, Version(at + 1, FINAL if final else OPEN))
        try:
            shop.now()
        except Unavailable:
            assert at < newest or not final
        newest = max(newest, at)
        assert shop.shown[1] == 100 * newest + 100


def test_a_case_of_an_invoice_shows_it():
    shop = Shop(10_800, Version(5, FINAL))
    case = InvoiceCase(shop.books.invoices["INV1"], make_account())
    shop.run(mirror_invoice.mirror_posted(shop.office.desk, case))
    assert shop.shown == ("Posted", 10_800, known(5))
    assert Versions() == NONE


# --- two workers, and a worker that slept ---


class Sleepy:
    """Of Crm: so long as it sleeps, somebody else may do the same."""

    def __init__(self, real, seconds):
        self.real, self.seconds = real, seconds

    def __getattr__(self, name):
        return getattr(self.real, name)

    async def mirrored(self, number, key=""):
        await asyncio.sleep(self.seconds)
        return await self.real.mirrored(number, key)


def test_a_worker_that_slept_puts_nothing_over_what_another_has_shown():
    shop = Shop(10_800, Version(5, FINAL))
    shop.now()
    # Another process, with its own desk; the two share what the vendors keep, and nothing else.
    other = Office(shop.loop, shop.books)
    slept = replace(shop.office.desk, crm=Sleepy(shop.office.desk.crm, 600))

    async def both():
        late = asyncio.create_task(mirror_invoice.mirror_now(slept, "INV1", make_account(), "k"))
        await asyncio.sleep(1)
        shop.bill(400, Version(6, FINAL))
        await mirror_invoice.mirror_now(other.desk, "INV1", make_account(), "k")
        shop.bill(0, Version(7, FINAL))
        await mirror_invoice.mirror_now(other.desk, "INV1", make_account(), "k")
        with pytest.raises(Unavailable):
            await late

    shop.run(both())
    assert shop.shown == ("Paid", 0, known(7))
    assert (shop.refused, other.watch.counts["stale.crm"]) == (1, 0)


def test_after_a_restart_the_core_knows_what_is_shown_by_what_stands_there():
    shop = Shop(0, Version(7, FINAL))
    shop.now()
    shop.office = Office(shop.loop, shop.books)
    shop.bill(400, Version(6, FINAL))
    with pytest.raises(Unavailable):
        shop.now()
    assert shop.shown == ("Paid", 0, known(7))


# --- the ledger's customer ---


def order_case(name, version):
    return OrderCase(make_order(), replace(make_account(), name=name, version=version))


def test_the_ledger_keeps_the_name_that_is_newer_and_the_crm_is_asked_again():
    shop = Shop(0, Version(1))
    books, desk = shop.books, shop.office.desk
    books.accounts["acme"] = replace(make_account(), name="New", version=Version(7, FINAL))
    shop.run(open_accounts.open_ledger_customer(desk, order_case("New", Version(7, FINAL))))
    # An order that was read before the customer was renamed; the CRM knows better by now, and then does not.
    shop.run(open_accounts.open_ledger_customer(desk, order_case("Old", Version(5, FINAL))))
    assert books.ledger_customers["acme"] == "New"
    assert shop.office.watch.counts["stale.erp"] == 0
    books.accounts["acme"] = replace(make_account(), name="Old", version=Version(5, FINAL))
    shop.run(open_accounts.open_ledger_customer(desk, order_case("Old", Version(5, FINAL))))
    assert books.ledger_customers["acme"] == "New"
    assert shop.office.watch.counts["stale.erp"] == 1


def test_two_names_of_one_second_wait_until_it_is_over():
    shop = Shop(0, Version(1))
    books, desk = shop.books, shop.office.desk
    shop.run(open_accounts.open_ledger_customer(desk, order_case("One", Version(7, OPEN))))
    books.accounts["acme"] = replace(make_account(), name="Two", version=Version(7, OPEN))
    with pytest.raises(Unavailable, match="read again when its second is over"):
        shop.run(open_accounts.open_ledger_customer(desk, order_case("Two", Version(7, OPEN))))
    assert books.ledger_customers["acme"] == "One"
    books.accounts["acme"] = replace(make_account(), name="Two", version=Version(7, FINAL))
    shop.run(open_accounts.open_ledger_customer(desk, order_case("Two", Version(7, OPEN))))
    assert books.ledger_customers["acme"] == "Two"


def test_what_was_withdrawn_is_not_shown_as_active_and_that_is_counted():
    shop = Shop(0, Version(1))
    shop.books.withdrawn_in_crm.append("q1")
    shop.run(place_order.activate_in_crm(shop.office.desk, order_case("Acme", Version(7, FINAL))))
    assert shop.books.activated == set()
    assert shop.refused == 1
