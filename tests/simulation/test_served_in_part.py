"""Judging a part of the systems: what is not served is not found wanting."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scenarios.checkers.laws import LAWS
from scenarios.collecting import LEFT_OUT, NEEDS, judge_books
from scenarios.evidence.billing import BillingBooks
from scenarios.evidence.crm import CrmBooks
from scenarios.evidence.erp import ErpBooks
from scenarios.evidence.payments import PaymentBooks
from scenarios.evidence.run import Evidence
from scenarios.evidence.tax import TaxBooks
from scenarios.spec import Spec
from scenarios.world.play import play

EMPTY: dict[str, tuple[str, Any]] = {
    "salesforce": ("crm", CrmBooks()),
    "zuora": ("billing", BillingBooks()),
    "stripe": ("payments", PaymentBooks()),
    "avatax": ("tax", TaxBooks()),
    "netsuite": ("erp", ErpBooks()),
}


@pytest.fixture(scope="module", params=[("quick", 12), ("dispute_lost_after_close", 1)], ids=lambda p: p[0])
def whole(request: pytest.FixtureRequest) -> Evidence:
    story, customers = request.param
    return play(Spec(story, "hybrid", "self_serve", customers, 2, 4, "none"), repeat=False).evidence


@pytest.mark.parametrize("system", EMPTY)
def test_a_clean_run_without_a_system_breaks_no_law(whole: Evidence, system: str) -> None:
    name, empty = EMPTY[system]
    changes = tuple(change for change in whole.changes if change.system != system)
    part = replace(whole, **{name: empty}, changes=changes, controls=())
    judged = judge_books(part, [other for other in EMPTY if other != system])
    assert not judged.broken
    assert {law for law, systems in NEEDS.items() if system in systems} <= judged.left_out.keys()


def test_a_broken_law_is_still_found_in_a_part(whole: Evidence) -> None:
    """What is served is judged: a charge that is there twice breaks I-04 with the processor alone."""
    charge = next(each for each in whole.payments.charges if each.status == "succeeded")
    twice = replace(whole.payments, charges=(*whole.payments.charges, replace(charge, id="ch_again")))
    part = Evidence("", "", 0, 0, "", payments=twice)
    assert "I-04" in {verdict.law for verdict in judge_books(part, ["stripe"]).broken}


def test_the_laws_are_laws() -> None:
    known = {law.id for law in LAWS}
    assert known >= NEEDS.keys() | LEFT_OUT.keys()
    assert all(set(systems) <= EMPTY.keys() for systems in NEEDS.values())
