"""Verdicts as a record has them, and the stories behind the breaches."""

from dataclasses import replace
from time import perf_counter

import pytest

from reports.record import STORY_LINES_MAX
from scenarios.evidence.run import Change, Determinism, Parked
from scenarios.evidence.verdicts import BROKEN, HOLDS, UNDECIDED, Verdict
from scenarios.judging import WITNESSES_KEPT, exit_code, law_results, state_of, story, verdicts_of
from scenarios.narration import Narrator
from tests.checkers.world import again, at, many, without, world


def results(evidence):
    return {law.id: law for law in law_results(evidence, verdicts_of(evidence), "tieout replay x")}


def test_consistent_world_holds():
    found = results(world())
    assert {law.state for law in found.values()} == {"holds"}
    assert exit_code(list(found.values())) == 0


def test_lost_invoice_is_broken_with_its_story():
    law = results(without(world(), "erp", "invoices", 0))["I-02"]
    assert law.state == "broken"
    witness = law.witnesses[0]
    assert witness.kind == "lost"
    assert witness.replay == "tieout replay x"
    assert witness.amount.minor == 12000


def linked():
    """The little world with references, as real histories have them."""
    t = at("2026-01-02")

    def change(offset, system, kind, id_, event, *refs, amount=0, cause=""):
        return Change(t + offset * 1_000_000, system, kind, id_, event, "", 1, refs, amount, "EUR", cause)

    told = (
        change(0, "salesforce", "account", "ACC-0001", "created", "001ACC-0001"),
        change(0, "salesforce", "opportunity", "OPP-1", "closed_won", "006OPP-1", "ACC-0001"),
        change(1, "zuora", "subscription", "s1", "created", "S-OPP-1", "s1", "ACC-0001"),
        change(2, "zuora", "invoice", "i1", "posted", "INV-1", "S-OPP-1", "ACC-0001", amount=12000),
        change(4, "netsuite", "invoice", "21", "created", "INV-1", "ACC-0001", amount=12000, cause="op1"),
        change(6, "stripe", "charge", "ch_1", "succeeded", "pi_1", "INV-1", "txn_1", amount=12000),
        change(8, "stripe", "payout", "po_1", "paid", "txn_1", amount=11622),
        change(9, "zuora", "invoice", "i9", "posted", "INV-9", "S-OPP-1", "ACC-0001", amount=7),
    )
    operation = replace(world().operations[0], key="invoice:ACC-0001:2026-01-01#INV-1/post", at=t + 3_000_000)
    faulted = replace(operation, fault="F01", claim="info", name="post_invoice")
    parked = Parked("payment:ACC-0001:2026-01-03#pi_1", "payment", "closed", "finance", 3, t, t, True)
    return replace(world(), changes=told, operations=(faulted,), parked=(parked,))


def test_story_goes_through_all_systems_in_time_order():
    lines = story(linked(), ("ACC-0001", "INV-1"))
    text = "\n".join(lines)
    times = [line[:19] for line in lines if line.startswith("2026")]
    assert times == sorted(times)
    assert "zuora      invoice INV-1 posted EUR 120.00" in text
    assert "invoice 21 [INV-1] created EUR 120.00, by core post_invoice" in text
    assert "core → netsuite post_invoice attempt 1: no answer (F01: response lost after commit)" in text
    assert "payout po_1 paid" in text
    assert "parked" in text
    assert "OPP-1 closed won" in text


def test_story_leaves_other_documents_of_the_customer_out():
    assert "INV-9" not in "\n".join(story(linked(), ("ACC-0001", "INV-1", "i1")))


def test_story_of_a_customer_tells_how_it_began():
    lines = story(linked(), ("ACC-0001",))
    assert "account ACC-0001 created" in lines[0]
    assert "INV-1" not in "\n".join(lines)


def test_story_says_when_the_core_never_acted():
    idle = replace(linked(), operations=())
    assert story(idle, ("OPP-1",))[-1] == "… no operation of the core ever named it …"


def test_a_number_is_a_document_of_the_ledger_or_nothing():
    assert "invoice 21 [INV-1]" in "\n".join(story(linked(), ("21",)))
    t = at("2026-01-02")
    customer = Change(t, "netsuite", "customer", "1010", "created", "", 1, ("ACC-0001",), 0, "", "")
    assert story(replace(linked(), changes=(*linked().changes, customer)), ("1010", "EUR")) == ()


def test_nobody_has_no_story():
    assert story(linked(), ("nobody",)) == ()


@pytest.mark.parametrize("most", [3, 7, 15])
def test_story_keeps_its_bound_and_says_so(most):
    t = at("2026-01-02")
    busy = tuple(
        Change(t + n, "zuora", "invoice", f"p{n}", "posted", "", 1, ("INV-1",), n, "EUR", "")
        for n in range(20)
    )
    lines = story(replace(linked(), changes=busy), ("INV-1",), most)
    assert len(lines) == most
    assert "left out" in lines[-1]


def test_large_evidence_is_indexed_in_good_time():
    large = many(300)
    t = at("2026-01-02")
    changes = tuple(
        Change(t + n, "zuora", "invoice", f"i{n}", "posted", "", 1, (f"INV-{n}", "ACC"), n, "EUR", "")
        for n in range(100_000)
    )
    began = perf_counter()
    narrator = Narrator(replace(large, changes=changes))
    for n in range(1000):
        assert narrator.story((f"INV-{n}", "ACC"))
    assert perf_counter() - began < 10


def test_many_breaches_are_counted_and_some_told():
    broken = many(40)
    broken = replace(broken, erp=replace(broken.erp, invoices=()))
    law = results(broken)["I-02"]
    assert len(law.witnesses) == WITNESSES_KEPT
    assert "120 breaches" in law.note
    assert all(len(witness.story) <= STORY_LINES_MAX for witness in law.witnesses)


def test_states_and_exit_codes():
    assert state_of(Verdict("I-07", UNDECIDED, 0)) == "holds"
    assert state_of(Verdict("I-07", UNDECIDED, 0, (), "checker crashed: x")) == "undecided"
    assert state_of(Verdict("I-37", UNDECIDED, 1)) == "undecided"
    assert state_of(Verdict("I-02", HOLDS, 3)) == "holds"
    assert state_of(Verdict("I-02", BROKEN, 3)) == "broken"
    open_ = results(replace(world(), determinism=Determinism("ff", "")))
    assert exit_code(list(open_.values())) == 2
    twice = results(again(world(), "erp", "invoices", 0))
    assert exit_code(list(twice.values())) == 1
