"""A vendor's schema changes in mid-story: what needs the field is held, and goes on when it is undone."""

from __future__ import annotations

import pytest

from scenarios.contracts.asked import read_change
from scenarios.contracts.deeds import PLAIN, company
from scenarios.judging import verdicts_of
from scenarios.spec import Spec
from scenarios.world.plant import Drift, Plant
from scenarios.world.play import Played, play


def played(model: str, text: str, *, stays: bool = False) -> Played:
    """The change comes on the third day, when customers have signed and before their first bill."""
    wanted = read_change(text)
    plant = Plant(drifts=(Drift(2, wanted.system, wanted.change),), stays=stays)
    spec = Spec("contracts", model, "usage_heavy", len(PLAIN.parties), PLAIN.months, 1, "none")
    return play(spec, repeat=False, script=PLAIN, profile=company(), plant=plant)


@pytest.mark.parametrize("model", ["orchestrated", "hybrid"])
def test_what_is_held_for_a_changed_field_goes_on_when_it_is_undone(model: str) -> None:
    found = played(model, "netsuite.invoice.tranDate:renamed=postingDate")
    told = [(subject, text) for _, _, subject, text in found.alerts if "held for integration" in text]
    numbers = {subject.rpartition("#")[2] for subject, _ in told}
    assert numbers == {"INV00000001", "INV00000002", "INV00000003"}
    assert all("tranDate" in text and "invoice_to_ledger" in text for _, text in told)
    assert found.evidence.parked == ()
    assert len(found.evidence.erp.invoices) == 3
    assert [verdict for verdict in verdicts_of(found.evidence) if verdict.state == "broken"] == []


def test_while_it_lasts_nothing_is_posted_and_the_queue_says_why() -> None:
    found = played("orchestrated", "avatax.transactions.totalTax:renamed=taxTotal", stays=True)
    assert found.evidence.erp.invoices == ()
    assert {(item.flow, item.owner) for item in found.evidence.parked} == {
        ("finalise_invoice", "integration")
    }
    assert all("totalTax: is not in avatax's answer" in item.cause for item in found.evidence.parked)
