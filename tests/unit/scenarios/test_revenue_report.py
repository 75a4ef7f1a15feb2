"""tieout revenue: own figures agree with a sound ledger, and say where one that was spoilt does not."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

from scenarios import cli
from scenarios.evidence.reading import to_text
from scenarios.evidence.run import Evidence
from scenarios.metrics.facts import currencies
from scenarios.revenue import facts
from scenarios.revenue.figures import waterfall
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.world.play import play


@cache
def books() -> Evidence:
    return play(Spec("quick", "hybrid", "mid_market", 8, 3, 1, "none"), repeat=False).evidence


def found(evidence: Evidence):
    return [waterfall(evidence, currency) for currency in currencies(evidence)]


def spoilt(evidence: Evidence, change) -> Evidence:
    ledger = tuple(line for row in evidence.erp.ledger for line in change(row))
    return replace(evidence, erp=replace(evidence.erp, ledger=ledger))


def released(row) -> bool:
    return row.account == facts.REVENUE and row.memo.startswith("RS-")


def test_a_sound_ledger_agrees_and_columns_are_the_roll_forward():
    for each in found(books()):
        assert each.wrong == ()
        assert each.through is not None
        assert each.compared > 5
        for rows in (each.by_month, each.by_contract):
            columns = [sum(row.months[i] for row in rows) for i in range(len(each.columns))]
            assert columns == [roll.recognised for roll in each.rolls]
            assert sum(row.total for row in rows) == sum(roll.booked for roll in each.rolls)
        (closing,) = [roll.closing for roll in each.rolls if roll.month == each.through]
        assert closing == each.liabilities - each.assets
        assert closing == each.rpo_billed + each.cancellable
        assert each.rolls[-1].closing == 0
        assert each.rpo_unbilled >= 0


def test_revenue_released_twice_lost_or_off_by_a_cent_is_named():
    first = next(row for row in books().erp.ledger if released(row))
    for change, what in (
        (lambda row: (row, row) if row == first else (row,), "revenue of "),
        (lambda row: () if row == first else (row,), "revenue of "),
        (lambda row: (replace(row, credit=row.credit + 1),) if row == first else (row,), "revenue of "),
        (
            lambda row: (replace(row, account="4010") if row.account == facts.DEFERRED else row,),
            "deferred revenue",
        ),
    ):
        wrong = [each for one in found(spoilt(books(), change)) for each in one.wrong]
        assert wrong
        assert any(each.what.startswith(what) and each.own != each.ledger for each in wrong)


def test_what_was_moved_between_the_parts_of_a_bundle_is_still_to_be_earned():
    evidence = play(
        Spec("onboarding_given_away_first", "batch", "bundles", 1, 4, 1, "none"), repeat=False
    ).evidence
    (each,) = found(evidence)
    assert each.wrong == ()
    # 12,000.00 less the onboarding's 3,000.00 and 90 of 365 days of the seats' 9,000.00, by months as billed.
    assert each.rpo_billed + each.rpo_unbilled == 6_739_72
    assert (each.assets, each.liabilities) == (1_260_28, 0)


def test_the_command_reads_kept_books(tmp_path, capsys):
    kept, out = tmp_path / "books.json", tmp_path / "revenue.json"
    kept.write_text(to_text(books()))
    assert cli.main(["revenue", str(kept), "--contracts", "3", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "revenue by contract" in said
    assert "0 do not agree" in said
    (first, *_) = json.loads(out.read_text())
    assert first["disagreements"] == []
    kept.write_text(to_text(spoilt(books(), lambda row: () if released(row) else (row,))))
    assert cli.main(["revenue", str(kept)]) == 1


def test_what_is_billed_by_use_has_no_plan():
    told = STORIES["usage_arrives_late"]
    size = (told.customers, told.months, 1)
    evidence = play(Spec(told.name, "hybrid", told.profile, *size, "none"), repeat=False).evidence
    assert evidence.billing.usage_charges
    assert [each.wrong for each in found(evidence)] == [()]


def test_books_without_bills_are_wrong_use(tmp_path, capsys):
    kept = tmp_path / "empty.json"
    kept.write_text(to_text(Evidence("t", "direct", 1, 0, "2026-01-01")))
    assert cli.main(["revenue", str(kept)]) == 3
    assert "left nothing that is billed" in capsys.readouterr().err
