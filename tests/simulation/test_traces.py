"""One transaction, one trace: in virtual time, over all vendors, retries and the bus."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest

from core.assemble import MODELS
from core.observing.tracing import Span, root_of
from scenarios.spec import Spec
from scenarios.waterfall import key_of, lines, of_mock, related, touched
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


def keys_of(spans: Iterable[Span]) -> dict[str, set[str]]:
    """Business keys by trace; before a case is open only the vendor's name for it is known."""
    found: dict[str, set[str]] = {}
    for span in spans:
        if ":" in span.key:
            found.setdefault(span.trace, set()).add(span.key)
    return found


def of_kind(keys: Iterable[str], kind: str) -> set[str]:
    return {key for key in keys if key.startswith(f"{kind}:")}


def test_each_business_key_has_one_trace_and_each_trace_begins_with_one_fact(any_run):
    traces: dict[str, set[str]] = {}
    for trace, keys in keys_of(any_run.spans).items():
        for key in keys:
            traces.setdefault(key, set()).add(trace)
        beginnings = of_kind(keys, "order") or of_kind(keys, "invoice") or keys
        assert len(beginnings) == 1
    assert {key: found for key, found in traces.items() if len(found) > 1} == {}
    assert {"order", "invoice", "payment", "payout"} <= {key.partition(":")[0] for key in traces}


def test_from_quote_to_ledger_is_one_trace_and_nothing_of_it_is_elsewhere(any_run):
    spans = [*any_run.spans, *map(of_mock, any_run.served)]
    keys = keys_of(spans)
    contracts = {trace: found for trace, found in keys.items() if of_kind(found, "order")}
    billing = any_run.evidence.billing
    assert len(contracts) == len(billing.subscriptions) > 1
    # Nothing that was billed, and nothing that was paid for it, stands in a trace without its quote.
    billed = {key.rpartition("#")[2] for found in contracts.values() for key in of_kind(found, "invoice")}
    assert billed == {invoice.number for invoice in billing.invoices}
    paid = [found for found in contracts.values() if of_kind(found, "payment")]
    assert len(paid) > 1
    assert not any(
        of_kind(f, "invoice") | of_kind(f, "payment") for t, f in keys.items() if t not in contracts
    )
    for trace, found in contracts.items():
        own = [span for span in spans if span.trace == trace]
        known = {span.id for span in own}
        assert len(known) == len(own)
        (root,) = [span for span in own if not span.parent]
        assert root.id == root_of(trace)
        assert all(span.parent in known for span in own if span is not root), "a parent is missing"
        calls = {
            (span.name.partition(" ")[0], span.key.partition(":")[0]) for span in own if span.kind == "client"
        }
        assert {("salesforce", "order"), ("zuora", "order"), ("netsuite", "order")} <= calls
        if of_kind(found, "payment"):
            assert {
                ("avatax", "invoice"),
                ("netsuite", "invoice"),
                ("stripe", "invoice"),
                ("netsuite", "payment"),
            } <= calls
        assert {span.name.partition(" ")[0] for span in own if " serves " in span.name} >= {
            "zuora",
            "netsuite",
        }


def test_a_bus_hands_the_trace_on_from_who_publishes_to_who_consumes(run):
    published = {span.id: span for span in run.spans if span.kind == "producer"}
    taken = [span for span in run.spans if span.name.startswith("bus ")]
    assert bool(published) == bool(taken) == (run.spec.model != "orchestrated")
    for span in taken:
        above = published[span.parent]
        assert (above.trace, above.name) == (span.trace, span.name.replace("bus", "publish"))
        assert above.ended_at <= span.at


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


def test_what_is_shown_of_a_transaction_is_one_trace_whoever_asks_by_what(run):
    spans = [*run.spans, *map(of_mock, run.served)]
    orders = {key: trace for trace, keys in keys_of(run.spans).items() for key in of_kind(keys, "order")}
    assert len(orders) > 1
    for key, trace in orders.items():
        assert related(spans, key) == [trace]
        assert key_of(spans, trace) == key
        for other in keys_of(run.spans)[trace]:
            assert related(spans, other) == [trace]
            assert related(spans, other.rpartition("#")[2]) == [trace]
        rows = list(lines(spans, trace))
        assert len(rows) == len([span for span in spans if span.trace == trace])
        assert rows[0].depth == 0 < min(row.depth for row in rows[1:])
    assert related(spans, "no such thing") == []


def of_intent(run: Played) -> dict[str, str]:
    """The trace of each payment, by the processor's id."""
    found = {}
    for trace, keys in keys_of(run.spans).items():
        found |= {key.rpartition("#")[2]: trace for key in of_kind(keys, "payment")}
    return found


def runs_of(run: Played, job: str) -> set[str]:
    subjects = {s.trace: str(s.attributes["subject"]) for s in run.spans if not s.parent}
    return {trace for trace, subject in subjects.items() if subject.startswith(f"job/{job}/")}


def test_a_payout_has_a_trace_that_is_linked_to_those_of_all_payments_in_it_and_they_to_it(any_run):
    books, traces = any_run.evidence.payments, of_intent(any_run)
    charged = {charge.id: charge.intent for charge in books.charges}
    seen = 0
    for trace, keys in keys_of(any_run.spans).items():
        for key in of_kind(keys, "payout"):
            assert keys == {key}, "it is part of nobody's transaction"
            paid = {e.source for e in books.balance if e.payout == key.rpartition("#")[2]} & charged.keys()
            wanted = {traces[charged[charge]] for charge in paid}
            own = {each for span in any_run.spans if span.trace == trace for each in span.touched}
            assert own == wanted != set()
            # A night of batch posts the payout, too.
            assert set(touched(any_run.spans, [trace])) - runs_of(any_run, "nightly") == wanted
            assert all(trace in touched(any_run.spans, [each]) for each in wanted)
            seen += 1
    assert seen > 0


@pytest.mark.parametrize("job", ["dunning", "recognition"])
def test_a_job_has_a_trace_that_is_linked_to_the_contracts_it_does_something_for(any_run, job):
    runs = runs_of(any_run, job)
    contracts = {trace for trace, found in keys_of(any_run.spans).items() if of_kind(found, "order")}
    linked = {each for span in any_run.spans if span.trace in runs for each in span.touched}
    assert linked
    assert linked <= contracts
    if job == "recognition":
        # Each is billed, and revenue of it is earned in these months.
        billed = {t for t, keys in keys_of(any_run.spans).items() if of_kind(keys, "invoice")}
        assert linked == billed
    for trace in linked:
        assert runs.intersection(touched(any_run.spans, [trace]))
    # What a job calls is part of its run.
    calls = [span for span in any_run.spans if span.trace in runs and span.kind == "client"]
    assert calls


def test_what_a_night_works_off_is_linked_to_the_night():
    run = played("batch")
    nights = runs_of(run, "nightly")
    contracts = {trace for trace, found in keys_of(run.spans).items() if of_kind(found, "order")}
    assert contracts
    assert all(nights.intersection(touched(run.spans, [trace])) for trace in contracts)
