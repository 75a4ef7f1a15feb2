"""`tieout close` of played runs: a calm month closes, a planted bug is an exception of the right amount."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from html import escape

import pytest

from core.close.control import terms
from core.close.controls.index import CONTROLS
from core.close.engine import State
from reports.binder import NOT_APPLICABLE, NOT_RUN, OPEN, SIGNED_OFF, to_html, to_json
from scenarios.checkers import i38_controls_true
from scenarios.cli import main
from scenarios.closing.binder import binder_of
from scenarios.closing.extract import close, extract_of
from scenarios.closing.frame import NoSuchMonth
from scenarios.evidence.conventions import CollectionPolicy
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.world.play import play

SPEC = Spec("quick", "hybrid", "mid_market", 6, 2, 1, "calm")


@cache
def books(spec):
    """Of a run that several tests read."""
    return play(spec, repeat=False).evidence


@pytest.fixture(scope="module")
def calm():
    return books(SPEC)


def outcomes(evidence, month="2026-01"):
    return {found.control.id: found for found in close(extract_of(evidence, month))}


def binder(evidence, month="2026-01"):
    extract = extract_of(evidence, month)
    words = {"story": "quick", "model": "hybrid", "token": SPEC.token, "command": "tieout close"}
    return binder_of(extract, close(extract), **words)


def test_a_calm_month_closes(calm):
    for month in ("2026-01", "2026-02"):
        made = binder(calm, month)
        assert [c.id for c in made.controls if c.open] == []
        assert made.closed
        assert made.counts[SIGNED_OFF] >= 20
        without = (NOT_APPLICABLE, NOT_RUN)
        assert made.counts[SIGNED_OFF] + sum(made.counts[s] for s in without) == len(CONTROLS)
        assert all(c.reason for c in made.controls if c.state in without)


@pytest.fixture(scope="module")
def unpaid():
    story = STORIES["card_never_recovers"]
    return play(Spec(story.name, "hybrid", story.profile, 1, story.months, 1, "none"), repeat=False).evidence


def dunned(evidence):
    found = outcomes(evidence, "2026-03")["C39"]
    return found.state, [(item.cause, item.amount) for item in found.items]


def without_charges_of(evidence, invoice):
    asked = {c.id for c in evidence.changes if c.kind == "charge" and invoice in c.refs}
    return replace(evidence, changes=tuple(c for c in evidence.changes if c.id not in asked))


def test_who_is_overdue_is_dunned_and_nobody_else(unpaid):
    """The ledger says who is overdue, the processor whose card was tried."""
    assert dunned(unpaid) == (State.PASSED, [])
    extract = extract_of(unpaid, "2026-03")
    (late,) = (row for row in extract.dunning if row.state == "dunning")
    never = without_charges_of(unpaid, late.invoice)
    assert dunned(never) == (State.EXCEPTIONS, [("not dunned above threshold", 1)])
    erp = unpaid.erp
    settled = tuple(replace(i, due="2026-12-31") if i.external == late.invoice else i for i in erp.invoices)
    paid = replace(unpaid, erp=replace(erp, invoices=settled))
    assert dunned(paid) == (State.EXCEPTIONS, [("dunned though paid", -1)])
    once = replace(unpaid.conventions, collection=CollectionPolicy(1))
    assert dunned(replace(unpaid, conventions=once)) == (State.EXCEPTIONS, [("attempts exceed limit", 0)])


def test_who_pays_by_invoice_is_not_charged_and_so_not_dunned(unpaid):
    billing = unpaid.billing
    waits = replace(billing, accounts=tuple(replace(a, terms="Net 30") for a in billing.accounts))
    assert dunned(replace(unpaid, billing=waits)) == (State.EXCEPTIONS, [("dunned though paid", -1)])


def test_fees_that_a_core_forgets_are_missing_in_clearing_to_the_cent():
    evidence = play(replace(SPEC, mutant="payout_posted_net"), repeat=False).evidence
    arrived = {p.id for p in evidence.payments.payouts if p.paid_at and p.paid_at < 1_769_904_000_000_000}
    fees = sum(e.fee for e in evidence.payments.balance if e.payout in arrived)
    found = outcomes(evidence)
    assert {item.cause for item in found["C14"].items} == {"fee not booked"}
    assert sum(item.amount for item in found["C14"].items) == -fees < 0
    assert {name for name, o in found.items() if o.open} == {"C14", "C17"}
    assert not binder(evidence).closed


def test_the_bank_agrees_with_the_payouts_and_with_cash_line_by_line(calm):
    found = outcomes(calm)
    assert {found[name].state for name in ("C16", "C19")} == {State.PASSED}
    paid = {p.id: p.amount for p in calm.payments.payouts if p.status == "paid"}
    assert {line.trace: line.amount for line in calm.bank.lines} == paid
    assert found["C19"].left.totals == (("EUR", sum(x.amount for x in calm.bank.lines if x.on < "2026-02")),)


def test_a_payout_that_failed_on_its_way_closes_with_its_explanation():
    story = STORIES["payout_fails_and_is_sent_again"]
    spec = Spec(story.name, "hybrid", story.profile, story.customers, story.months, 1, "none")
    evidence = play(spec, repeat=False).evidence
    made = binder(evidence, "2026-02")
    states = {c.id: c.state for c in made.controls}
    assert made.closed
    assert (states["C16"], states["C19"]) == (SIGNED_OFF, SIGNED_OFF)
    (item,) = outcomes(evidence, "2026-02")["C16"].items
    assert (item.cause, item.amount, item.unit) == ("failed/returned", 28129, "USD")
    assert item.explained
    (line,) = evidence.bank.lines
    assert (line.on, line.amount) == ("2026-02-09", 28129)


def test_payouts_that_nobody_booked_are_at_the_bank_and_not_in_cash():
    evidence = play(replace(SPEC, mutant="payout_nobody_booked"), repeat=False).evidence
    (item,) = outcomes(evidence)["C19"].open
    assert item.amount == sum(line.amount for line in evidence.bank.lines if line.on < "2026-02") > 0
    assert outcomes(evidence)["C16"].state is State.PASSED


def test_a_fee_that_the_bank_keeps_is_told_per_payout_and_in_cash():
    evidence = books(replace(SPEC, mutant="bank_keeps_a_fee"))
    found = outcomes(evidence)
    arrived = [line for line in evidence.bank.lines if line.on < "2026-02"]
    assert [(i.cause, i.amount) for i in found["C16"].open] == [("bank fee netted", 25)] * len(arrived)
    assert [i.amount for i in found["C19"].open] == [-25 * len(arrived)]
    assert {name for name, o in found.items() if o.open} == {"C16", "C19"}


def test_a_payout_booked_gross_is_cash_that_the_bank_has_not():
    evidence = play(replace(SPEC, mutant="payout_posted_gross"), repeat=False).evidence
    arrived = {line.trace for line in evidence.bank.lines if line.on < "2026-02"}
    fees = sum(e.fee for e in evidence.payments.balance if e.payout in arrived)
    assert [i.amount for i in outcomes(evidence)["C19"].open] == [-fees]


def test_the_bank_is_part_of_what_a_token_repeats():
    sound = books(SPEC)
    again = play(SPEC, repeat=False).evidence
    short = books(replace(SPEC, mutant="bank_keeps_a_fee"))
    assert sound.bank == again.bank
    assert sound.determinism.log_hash == again.determinism.log_hash
    # The core never sees the bank: nothing but the bank differs, and the hash tells it.
    assert short.controls != sound.controls  # they are what is said of the books
    own = {"bank": sound.bank, "controls": sound.controls}
    assert replace(short, **own, determinism=sound.determinism, token=sound.token) == sound
    assert short.determinism.log_hash != sound.determinism.log_hash


def test_an_invoice_that_the_ledger_lacks_is_missing_with_its_total(calm):
    gone = next(i for i in calm.erp.invoices if i.date < "2026-02-01")
    erp = replace(calm.erp, invoices=tuple(i for i in calm.erp.invoices if i.id != gone.id))
    (item,) = outcomes(replace(calm, erp=erp))["C10"].items
    assert (item.cause, item.key, item.amount, item.unit) == (
        "missing",
        ("invoice", gone.external),
        gone.total,
        gone.currency,
    )


def test_a_charge_that_billing_never_heard_of_is_told_by_both_its_controls(calm):
    lost = next(p for p in calm.billing.payments if p.created_at < 1_769_904_000_000_000)
    billing = replace(calm.billing, payments=tuple(p for p in calm.billing.payments if p.id != lost.id))
    (item,) = outcomes(replace(calm, billing=billing))["C13"].items
    assert item.cause == "paid at PSP, open in billing (webhook lost)"
    assert (item.amount, item.unit) == (-lost.amount, lost.currency)


def test_a_sale_that_billing_never_took_moves_what_recurs_without_an_event(calm):
    gone = next(s for s in calm.billing.subscriptions if "2026-01" <= s.start < "2026-02")
    kept = tuple(s for s in calm.billing.subscriptions if s.id != gone.id)
    found = outcomes(replace(calm, billing=replace(calm.billing, subscriptions=kept)))["C34"]
    assert {item.cause for item in found.items} == {"movement without event"}
    monthly = [line for line in gone.segments if line.start == gone.start]
    assert sum(item.amount for item in found.items) == sum(s.amount // s.period_months for s in monthly)
    assert {item.key[0] for item in found.items} == {f"ACC-{gone.number[6:11]}"}


@pytest.mark.parametrize("month", ["2025-12", "2026-03", "2027-01", "2026-13", "January"])
def test_a_month_that_is_not_over_in_the_run_is_refused(calm, month):
    with pytest.raises(NoSuchMonth, match=month):
        extract_of(calm, month)


def test_the_binder_says_the_same_on_the_page_and_as_json(calm):
    made = binder(calm)
    told = json.loads(to_json(made))
    assert told["schema"] == "tieout-binder/1"
    states = (SIGNED_OFF, OPEN, NOT_APPLICABLE, NOT_RUN)
    assert told["counts"] == {state: made.counts[state] for state in states}
    assert told["counts"][OPEN] == 0
    assert [c["id"] for c in told["controls"]] == list(CONTROLS)
    by_id = {c["id"]: c for c in told["controls"]}
    assert by_id["C10"]["left"] == by_id["C10"]["right"] == by_id["C10"]["matched"]
    assert by_id["C18"]["reason"].startswith("receipts: ")
    page = to_html(made)
    for control in CONTROLS:
        assert f'id="{control}"' in page
        assert escape(terms(control).owner) in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in page


def test_the_command_writes_the_binder_and_says_what_is_open(tmp_path, capsys):
    given = ["close", "quick", "--month", "2026-01", "--customers", "3", "--months", "2"]
    assert main([*given, "--out", str(tmp_path)]) == 0
    assert "no exception open" in capsys.readouterr().out
    assert (tmp_path / "binder.html").exists()
    assert json.loads((tmp_path / "binder.json").read_text())["month"] == "2026-01"
    assert main([*given, "--mutant", "payout_posted_net"]) == 1
    assert "fee not booked" in capsys.readouterr().out


def test_owners_sign_and_a_binder_made_anew_with_a_bug_has_outlived_them(tmp_path, capsys):
    given = ["close", "quick", "--month", "2026-01", "--customers", "10", "--months", "2", "--out"]
    assert main([*given, str(tmp_path)]) == 0
    who = ["--by", "A. Person", "--on", "2026-02-07"]
    assert main(["sign", str(tmp_path)]) == 1
    owners = {part for c in CONTROLS for part in terms(c).owner.split(" / ")}
    for owner in sorted(owners):
        main(["sign", str(tmp_path), "--owner", owner, *who])
    assert main(["sign", str(tmp_path), "--close-month", *who]) == 0
    assert main(["sign", str(tmp_path)]) == 0
    assert main([*given, str(tmp_path), "--mutant", "payout_posted_net"]) == 1
    capsys.readouterr()
    assert main(["sign", str(tmp_path)]) == 1
    assert "sign this binder anew" in capsys.readouterr().out
    (tmp_path / "sign-off.json").unlink()
    assert main(["sign", str(tmp_path), "--owner", "Payments ops", *who]) == 1
    assert "C14 cannot be signed: 3 open" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["quick", "--month", "January"], "month: 'January'"),
        (["quack", "--month", "2026-01"], "story: 'quack'"),
        (["quick", "--month", "2026-01", "--mutant", "none_such"], "mutant: 'none_such'"),
        (["quick", "--month", "2026-09", "--customers", "1", "--months", "1"], "month: 2026-09"),
    ],
)
def test_wrong_use_is_told_in_one_line(given, said, capsys):
    assert main(["close", *given]) == 3
    assert said in capsys.readouterr().err


def test_a_refund_is_out_until_it_comes_back_and_is_then_explained_by_what_is_owed():
    story = STORIES["refund_comes_back"]
    spec = Spec(story.name, "hybrid", story.profile, story.customers, story.months, 1, "none")
    evidence = play(spec, repeat=False).evidence
    # At the end of February the bank has not said anything yet: nothing is amiss.
    assert [o.control.id for o in outcomes(evidence, "2026-02").values() if o.items] == []
    found = {name: o.items for name, o in outcomes(evidence, "2026-03").items() if o.items}
    assert {name: [(i.cause, abs(i.amount)) for i in items] for name, items in found.items()} == {
        "C13": [("paid in billing, none at PSP", 10_000)],
        "C20": [("failed refund", 10_000)] * 3,
    }
    assert all(item.explained for items in found.values() for item in items)
    assert binder(evidence, "2026-03").closed


@pytest.mark.parametrize(
    "profile", ["bundles", "contested", "enterprise", "multi_entity", "self_serve", "usage_heavy"]
)
def test_a_calm_run_of_any_company_closes_and_its_controls_find_what_the_books_differ_by(profile):
    evidence = play(Spec("quick", "hybrid", profile, 8, 2, 2, "calm"), repeat=False).evidence
    for month in ("2026-01", "2026-02"):
        made = binder(evidence, month)
        assert [
            (c.id, found.cause) for c in made.controls for found in c.exceptions if not found.explained
        ] == []
    assert i38_controls_true.check(evidence).witnesses == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_written_off_was_billed_all_the_same(seed):
    evidence = play(Spec("quick", "hybrid", "contested", 12, 3, seed, "calm"), repeat=False).evidence
    assert any(note.source == "write_off" for note in evidence.billing.credit_notes)
    assert [item for o in outcomes(evidence, "2026-03").values() for item in o.open] == []


def test_the_last_use_of_a_contract_that_is_set_off_on_a_credit_note_is_no_asset_any_more():
    evidence = play(Spec("quick", "hybrid", "usage_heavy", 10, 3, 2, "calm"), repeat=False).evidence
    used = {record.line for record in evidence.billing.usage}
    set_off = [line for n in evidence.billing.credit_notes for line in n.lines if line.id in used]
    assert [line.net for line in set_off] == [-5740]
    found = outcomes(evidence, "2026-03")["C29"]
    assert found.state is State.PASSED
    assert {(item.cause, item.explained) for item in found.items} == {("late usage", True)}


@pytest.mark.parametrize("month", ["2026-03", "2026-04", "2026-05"])
def test_what_comes_back_of_a_write_off_closes_and_what_is_over_is_explained(month):
    story = STORIES["bad_debt_recovered"]
    spec = Spec(story.name, "hybrid", story.profile, story.customers, story.months, 1, "none")
    found = outcomes(books(spec), month)
    assert {name for name, each in found.items() if each.open} == set()
    causes = {item.cause for item in found["C18"].items}
    assert causes == ({"overpay"} if month == "2026-05" else set())
