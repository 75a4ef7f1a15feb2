"""Without faults the five models do the same business: same documents, same money."""

from __future__ import annotations

import pytest

from core.assemble import MODELS
from scenarios.checkers.laws import judge
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import BROKEN
from scenarios.spec import Spec
from scenarios.world.play import play


def evidence_of(model: str) -> Evidence:
    return play(Spec("quick", model, "self_serve", 12, 2, 4, "none"), repeat=False).evidence


@pytest.fixture(scope="module")
def direct() -> Evidence:
    return evidence_of("direct")


@pytest.mark.parametrize("model", [name for name in MODELS if name != "direct"])
def test_every_model_does_the_same_business_without_faults(model: str, direct: Evidence) -> None:
    found = evidence_of(model)
    assert not [v for v in judge(found) if v.state == BROKEN]
    for books in ("accounts", "subscriptions", "invoices", "credit_notes"):
        assert len(getattr(found.billing, books)) == len(getattr(direct.billing, books))
    for evidence in (found, direct):
        # Whatever is owed is asked for, once: no law says so, since nobody loses by it at once.
        owed = {i.number for i in evidence.billing.invoices if i.status == "Posted" and i.total}
        assert owed == {i.invoice for i in evidence.payments.intents}
        assert len(evidence.payments.intents) == len(owed)
