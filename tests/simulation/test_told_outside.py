"""Those outside are told by webhook: nothing lost, nothing twice, in order, under every model."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest

from core.assemble import MODELS
from core.canonical.facts import FACTS
from scenarios.checkers.laws import judge
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import BROKEN
from scenarios.spec import Spec
from scenarios.world.consumer import Consumer
from scenarios.world.play import play


@cache
def told(model: str, faults: str = "none") -> tuple[Evidence, Consumer]:
    """A consumer that refuses one call in ten, and loses one answer in seven."""
    consumer = Consumer()
    spec = Spec("quick", model, "self_serve", 8, 2, 4, faults)
    return play(spec, repeat=False, outside=consumer).evidence, consumer


def named(consumer: Consumer, topic: str, field: str) -> list[str]:
    return sorted(event["data"][field] for event in consumer.told(topic))


# What direct loses of the facts themselves it cannot tell; without faults it loses nothing.
@pytest.mark.parametrize(
    ("model", "faults"),
    [*((model, "none") for model in MODELS), ("orchestrated", "storm"), ("hybrid", "storm")],
)
def test_what_the_books_say_happened_was_told_once_each(model: str, faults: str) -> None:
    evidence, consumer = told(model, faults)
    assert consumer.unsigned == 0
    assert sum(consumer.repeated.values()) > 0  # answers were lost: it is at least once, by id once
    posted = [i.number for i in evidence.billing.invoices if i.status == "Posted"]
    assert named(consumer, "invoice_finalized", "invoice") == sorted(posted)
    paid = [i.id for i in evidence.payments.intents if i.status == "succeeded" and i.invoice]
    assert named(consumer, "payment_settled", "payment") == sorted(paid)
    refunds = [r.id for r in evidence.payments.refunds if r.status == "succeeded"]
    assert named(consumer, "payment_refunded", "refund") == sorted(refunds)
    orders = sorted(f"O-{o.key}" for o in evidence.crm.opportunities if o.status == "Activated")
    subscriptions = [e for name in FACTS if name.startswith("subscription_") for e in consumer.told(name)]
    assert sorted(e["data"]["order"] for e in subscriptions) == orders
    assert named(consumer, "entitlement_changed", "order") == orders
    assert {len(posted) > 5, len(paid) > 5, len(orders) > 5} == {True}


def test_the_laws_hold_and_telling_changes_no_books() -> None:
    evidence, _ = told(model := "orchestrated")
    assert [(v.law, w.says) for v in judge(evidence) if v.state == BROKEN for w in v.witnesses] == []
    quiet = play(Spec("quick", model, "self_serve", 8, 2, 4, "none"), repeat=False).evidence
    assert quiet.billing == evidence.billing
    assert quiet.erp == evidence.erp


@pytest.mark.parametrize("model", ["event_driven", "hybrid"])
def test_each_customer_is_told_of_in_the_order_of_time(model: str) -> None:
    _, consumer = told(model)
    times: defaultdict[str, list[str]] = defaultdict(list)
    for event in consumer.told():
        times[event["data"]["customer"]].append(event["time"])
    assert len(times) > 3
    assert all(each == sorted(each) for each in times.values())
