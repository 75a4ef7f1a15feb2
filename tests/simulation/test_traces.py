"""One transaction, one trace: in virtual time, over all vendors, retries and the bus."""

from __future__ import annotations

from functools import cache

import pytest

from core.assemble import MODELS
from core.observing.tracing import Span, root_of, trace_of
from scenarios.spec import Spec
from scenarios.waterfall import key_of, lines, of_mock, related
from scenarios.world.play import Played, play

DURABLE = ("orchestrated", "event_driven", "hybrid")


@cache
def played(model: str) -> Played:
    return play(Spec("quick", model, "self_serve", 6, 2, 4, "calm"), repeat=False, traced=True)


@pytest.fixture(params=DURABLE)
def run(request) -> Played:
    return played(request.param)


@pytest.fixture(params=MODELS)
def any_run(request) -> Played:
    return played(request.param)


def test_a_trace_is_one_tree(any_run):
    by_trace: dict[str, list[Span]] = {}
    for span in any_run.spans:
        by_trace.setdefault(span.trace, []).append(span)
    for trace, spans in by_trace.items():
        known = {span.id: span for span in spans}
        assert len(known) == len(spans), "two spans of one id"
        (root,) = [span for span in spans if not span.parent]
        assert root.id == root_of(trace)
        for span in spans:
            assert span is root or span.parent in known, (span.name, span.key)
            assert root.at <= span.at <= span.ended_at
            if span.kind in ("client", "internal") and span is not root:
                above = known[span.parent]
                assert above.at <= span.at <= span.ended_at <= above.ended_at


def test_each_business_key_has_one_trace_and_each_trace_one_business_key(any_run):
    traces: dict[str, set[str]] = {}
    keys: dict[str, set[str]] = {}
    for span in any_run.spans:
        # Before the case is open only the vendor's name for it is known.
        if span.key and trace_of(span.key) != span.trace:
            traces.setdefault(span.key, set()).add(span.trace)
            keys.setdefault(span.trace, set()).add(span.key)
    assert {key: found for key, found in traces.items() if len(found) > 1} == {}
    assert {trace: found for trace, found in keys.items() if len(found) > 1} == {}
    kinds = {key.partition(":")[0] for key in traces}
    assert {"order", "invoice", "payment", "payout"} <= kinds


def test_an_order_goes_from_the_webhook_to_every_vendor_in_one_trace(run):
    invoices = {s.trace for s in run.spans if s.key.startswith("invoice:")}
    orders = {s.trace for s in run.spans if s.key.startswith("order:")}
    assert len(orders) == len(run.evidence.billing.subscriptions) > 0
    assert len(invoices) == len(run.evidence.billing.invoices) > 0
    for trace in orders:
        spans = [s for s in run.spans if s.trace == trace]
        assert any(s.name == "accept" for s in spans)
        systems = {s.name.partition(" ")[0] for s in spans if s.kind == "client"}
        assert {"salesforce", "zuora", "stripe", "netsuite"} <= systems


def test_what_was_tried_again_went_on_in_its_trace(run):
    attempts: dict[tuple[str, str], set[str]] = {}
    for span in run.spans:
        if span.kind == "consumer" and "claim" in span.attributes:
            attempts.setdefault((span.name, span.trace), set()).add(str(span.attributes["attempts"]))
    assert run.core_counts["retried"] > 0
    assert any(len(found) > 1 for found in attempts.values())
    assert any(span.error for span in run.spans)


def test_every_call_of_a_transaction_is_the_call_that_the_vendor_saw(run):
    calls = {str(s.attributes["attempt"]): s for s in run.spans if s.kind == "client"}
    assert len(calls) == len([s for s in run.spans if s.kind == "client"])
    operations = {operation.id: operation for operation in run.evidence.operations}
    for attempt, span in calls.items():
        assert (span.at, span.ended_at) == (operations[attempt].at, operations[attempt].ended_at)


def test_an_untraced_run_does_the_same_business_and_keeps_nothing():
    spec = Spec("quick", "event_driven", "self_serve", 3, 1, 4, "calm")
    plain, traced = play(spec, repeat=False), play(spec, repeat=False, traced=True)
    assert plain.spans == plain.served == ()
    assert len(traced.spans) > 100
    assert plain.evidence.operations == traced.evidence.operations
    assert plain.evidence.erp == traced.evidence.erp


def test_every_vendor_serves_within_the_call_that_asked_it(any_run):
    calls = {span.id: span for span in any_run.spans if span.kind == "client"}
    by_mock = {span.id: span for span in any_run.served}
    inside = 0
    for span in any_run.served:
        # A vendor that asks another does so on behalf of its own caller.
        above = calls.get(span.parent) or by_mock[span.parent]
        assert span.trace == above.trace
        assert span.at >= above.at
        inside += span.ended_at <= above.ended_at
    assert {span.system for span in any_run.served} == {"salesforce", "zuora", "avatax", "stripe", "netsuite"}
    # The rest was answered when nobody waited any more.
    assert inside > 0.95 * len(any_run.served) > 0
    served = [span.parent for span in any_run.served]
    assert len(calls) * 0.95 < len(set(served) & set(calls)) <= len(calls)


def test_a_webhook_says_which_call_it_comes_of(run):
    served = {(span.trace, span.id): span for span in run.served}
    links = [(span, link) for span in run.spans for link in span.links]
    assert {span.name for span, _ in links} == {"accept"}
    told = {(served[link].system, served[link].operation) for _, link in links}
    assert ("zuora", "post_invoice") in told
    assert all(served[link].at <= span.at for span, link in links)


def test_from_quote_to_cash_is_one_story_and_another_customers_is_another(run):
    spans = [*run.spans, *map(of_mock, run.served)]
    orders = sorted({s.key for s in run.spans if s.key.startswith("order:")})
    of_order = {key: related(spans, key) for key in orders}
    accounts = {}
    for key, traces in of_order.items():
        kinds = [key_of(spans, trace) for trace in traces]
        accounts[key] = {name.split(":")[1] for name in kinds if name.startswith(("invoice:", "payment:"))}
        assert kinds[0] == key
        assert len(accounts[key]) <= 1
    assert any("payment:" in key_of(spans, trace) for traces in of_order.values() for trace in traces)
    billed = [next(iter(found)) for found in accounts.values() if found]
    assert len(billed) == len(set(billed)) > 1
    # The other way round: who asks by an invoice is told of the same.
    key = next(key for key in orders if accounts[key])
    invoice = next(key_of(spans, t) for t in of_order[key] if key_of(spans, t).startswith("invoice:"))
    assert related(spans, invoice) == of_order[key]
    assert related(spans, "no such thing") == []
    for trace in of_order[key]:
        rows = list(lines(spans, trace))
        assert len(rows) == len([span for span in spans if span.trace == trace])
        assert rows[0].depth == 0 < min(row.depth for row in rows[1:])
