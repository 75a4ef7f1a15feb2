"""An outage of all vendors, then "too many", then lost answers: no model makes a storm of it."""

from __future__ import annotations

from collections import Counter

import pytest

from core.assemble import MODELS
from scenarios.checkers.laws import judge
from scenarios.evidence.verdicts import BROKEN, HOLDS
from scenarios.spec import Spec
from scenarios.world.play import play


@pytest.mark.parametrize("model", MODELS)
def test_nobody_is_stormed_and_nobody_asks_before_a_pause_is_over(model: str) -> None:
    played = play(Spec("quick", model, "self_serve", 10, 1, 1, "outage"), repeat=False)
    met = Counter(fault for fault, _ in played.fired)
    assert met["F02"]
    assert met["F39"]
    found = {v.law: v for v in judge(played.evidence)}
    assert found["I-33"].examined > 100
    for law in ("I-33", "I-34"):
        assert found[law].state == HOLDS, [w.says for w in found[law].witnesses]
    # The pauses and quotas that are judged are there.
    assert any(operation.retry_after for operation in played.evidence.operations)
    assert {quota.system for quota in played.evidence.limits.quotas} >= {"zuora", "salesforce", "netsuite"}
    if model != "direct":
        assert [v.law for v in found.values() if v.state == BROKEN] == []
