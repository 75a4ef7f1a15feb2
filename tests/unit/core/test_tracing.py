"""Spans: their names in other processes, on the wire, in the log and in the file."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re
from collections.abc import Mapping, Sequence

import pytest

from core.canonical.errors import Refused, Unavailable
from core.connectors.session import Exchange, Limits, Session
from core.observing.otlp import line as otlp_line
from core.observing.otlp import trace_file
from core.observing.tracing import Span, SpanTracer, belongs_to, root_of, trace_of
from core.ports.world import Request, Response
from core.realtime import LogWatch
from core.reliability.horizons import days_named
from core.store.sqlite import SqliteStore
from tests.unit.core.test_metrics import Hand

# https://www.w3.org/TR/trace-context/#traceparent-header-field-values
TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01")


class Wire:
    """A transport that keeps what it was given."""

    def __init__(self, *answers: Response | Unavailable) -> None:
        self.requests: list[Request] = []
        self.answers = list(answers)

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Unavailable):
            raise answer
        return answer


def session(wire: Wire, watch: LogWatch, clock: Hand) -> Session:
    return Session("zuora", "http://zuora", wire, watch, lambda *_: None, None, clock, Limits())


ASK = Exchange("get_order", "order:1", "GET", "/", write=False)


def test_a_vendor_is_told_which_call_of_which_trace_it_serves():
    clock, spans = Hand(), list[Span]()
    tracer = SpanTracer(clock, "worker-1", spans.append)
    wire = Wire(Response(200), Response(200))
    zuora = session(wire, LogWatch(clock, tracer=tracer), clock)

    async def main() -> None:
        with tracer.transaction("Q-1", "order_to_subscription"):
            await zuora.send(ASK)
        await zuora.send(ASK)

    asyncio.run(main())
    (call,) = [span for span in spans if span.kind == "client"]
    parent = wire.requests[0].headers["traceparent"]
    assert TRACEPARENT.fullmatch(parent)
    assert parent == f"00-{trace_of('Q-1')}-{call.id}-01"
    # What belongs to no transaction says nothing.
    assert "traceparent" not in wire.requests[1].headers


def test_another_process_days_later_goes_on_with_the_trace_and_repeats_no_span():
    clock, spans = Hand(), list[Span]()
    for process in ("worker-1", "worker-2", "worker-1"):
        tracer = SpanTracer(clock, process, spans.append)
        with tracer.transaction("Q-1", "order_to_subscription"), tracer.span("place_order"):
            pass
        clock.at += 3 * 86_400_000_000
    assert {span.trace for span in spans} == {trace_of("Q-1")}
    roots = [span for span in spans if not span.parent]
    assert {span.id for span in roots} == {root_of(trace_of("Q-1"))}
    others = [span for span in spans if span.parent]
    assert len({span.id for span in others}) == len(others) == 6
    assert {span.parent for span in others if span.kind == "consumer"} == {roots[0].id}


def test_the_end_of_a_part_is_written_into_it_and_the_key_into_all_above():
    spans = list[Span]()
    tracer = SpanTracer(Hand(), "w", spans.append)

    def work() -> None:
        with tracer.transaction("Q-1", "flow"):
            tracer.known_as("order:1")
            with tracer.span("place_order"):
                raise Unavailable("throttled")

    with pytest.raises(Unavailable):
        work()
    _, step, attempt = spans
    assert (step.error, step.key) == ("Unavailable: throttled", "order:1")
    assert (attempt.error, attempt.key) == ("Unavailable: throttled", "order:1")
    with tracer.transaction("Q-1", "flow"):
        tracer.failed("held")
    assert spans[-1].error == "held"
    assert tracer.traceparent() == ""


def test_what_is_thrown_away_with_its_machine_is_not_told_and_hurts_nobody():
    spans = list[Span]()
    tracer = SpanTracer(Hand(), "w", spans.append)

    async def main() -> None:
        async def work() -> None:
            with tracer.transaction("Q-1", "flow"):
                await asyncio.get_running_loop().create_future()

        dead = work()
        dead.send(None)
        with tracer.transaction("Q-2", "flow"):
            dead.close()
            gc.collect()

    asyncio.run(main())
    assert [(span.name, span.trace) for span in spans if span.parent] == [("flow", trace_of("Q-2"))]


def test_a_line_of_the_log_says_which_transaction_and_which_trace(caplog):
    clock = Hand()
    tracer = SpanTracer(clock, "w", lambda _: None)
    watch = LogWatch(clock, tracer=tracer)
    wire = Wire(Unavailable("away"))
    with caplog.at_level(logging.INFO, "tieout"):
        with tracer.transaction("Q-1", "flow"), tracer.span("place_order"):
            tracer.known_as("order:1")
            with pytest.raises(Unavailable):
                asyncio.run(session(wire, watch, clock).send(ASK))
            watch.alert("high", "order:1", "held")
        watch.alert("high", "store", "away")
    attempt, held, outside = [json.loads(record.message) for record in caplog.records]
    for line in (attempt, held):
        assert (line["transaction"], line["trace"]) == ("order:1", trace_of("Q-1"))
    assert "trace" not in outside


def test_the_file_is_otlp_json_a_line_a_span(tmp_path):
    clock = Hand(1_767_225_600_000_000)
    path = tmp_path / "deep" / "w.traces.jsonl"
    with trace_file(path, "w") as keep:
        tracer = SpanTracer(clock, "w", keep)
        with tracer.transaction("Q-1", "accept", channel="crm", sequence=7):
            tracer.known_as("order:1")
            clock.at += 5
            tracer.failed("no")
        # Each at once: nothing is lost with a process that is killed.
        root, span = [json.loads(line) for line in path.read_text().splitlines()]
    assert path.stat().st_mode & 0o077 == 0
    (resource,) = span["resourceSpans"]
    assert {"key": "service.instance.id", "value": {"stringValue": "w"}} in resource["resource"]["attributes"]
    (told,) = resource["scopeSpans"][0]["spans"]
    assert told["startTimeUnixNano"] == "1767225600000000000"
    assert told["endTimeUnixNano"] == "1767225600000005000"
    assert (told["name"], told["kind"], told["status"]) == ("accept", 2, {"code": 2, "message": "no"})
    assert {"key": "tieout.transaction", "value": {"stringValue": "order:1"}} in told["attributes"]
    assert {"key": "sequence", "value": {"intValue": "7"}} in told["attributes"]
    (first,) = root["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert (first["spanId"], first["parentSpanId"]) == (told["parentSpanId"], "")


# --- whose transaction it is ---


def identified(
    tracer: SpanTracer, subject: str, names: tuple[str, ...], causes: tuple[str, ...] = ()
) -> None:
    async def attempt() -> None:
        await tracer.relate(subject)
        with tracer.transaction(subject, "flow", attempts=0), tracer.span("first"):
            pass
        with tracer.transaction(subject, "flow", attempts=0):
            await tracer.identify(f"{subject}:key", names, causes)
            with tracer.span("step"):
                pass

    asyncio.run(attempt())


def test_what_comes_of_a_transaction_goes_on_in_its_trace_also_in_another_process():
    spans, store = list[Span](), SqliteStore()
    identified(SpanTracer(Hand(), "a", spans.append, store), "Q-1", ("S-1",))
    identified(SpanTracer(Hand(), "b", spans.append, store), "inv", ("INV-1",), ("S-1",))
    quote, invoice = trace_of("Q-1"), trace_of("inv")
    # What was done before anybody knew keeps its place, linked there and back.
    (before,) = [span for span in spans if span.trace == invoice and span.links]
    (after,) = [span for span in spans if span.trace == quote and span.links]
    assert (before.links, after.links) == (((quote, after.id),), ((invoice, before.id),))
    assert after.parent == root_of(quote)
    assert before.ended_at == after.ended_at
    steps = [span.trace for span in spans if span.name == "step"]
    assert steps == [quote, quote]
    # The next time it is known beforehand: by the invoice's id, and by what says that it comes of it.
    del spans[:]
    third = SpanTracer(Hand(), "c", spans.append, store)
    asyncio.run(third.relate("pi", ("INV-1",)))
    for subject in ("inv", "pi"):
        identified(third, subject, (), ("INV-1",))
    assert {span.trace for span in spans} == {quote}
    assert not any(span.links for span in spans)


def test_what_comes_of_several_stays_by_itself_and_is_linked_to_each():
    spans = list[Span]()
    tracer = SpanTracer(Hand(), "a", spans.append)
    identified(tracer, "Q-1", ("S-1",))
    identified(tracer, "Q-2", ("S-2",))
    identified(tracer, "inv", ("INV-1",), ("S-1", "S-2"))
    identified(tracer, "pi", (), ("INV-1",))
    (linked,) = [span for span in spans if len(span.links) == 2]
    assert linked.trace == trace_of("inv")
    roots = {(trace_of(quote), root_of(trace_of(quote))) for quote in ("Q-1", "Q-2")}
    assert set(linked.links) == roots <= {(span.trace, span.id) for span in spans}
    assert [s.trace for s in spans if s.name == "step" and s.key == "pi:key"] == [trace_of("inv")]


def test_a_job_is_no_part_of_what_it_does_something_for_and_its_otlp_links_say_so():
    spans = list[Span]()
    tracer = SpanTracer(Hand(), "a", spans.append)
    identified(tracer, "Q-1", ("S-1",))
    identified(tracer, "Q-2", ("S-2",))

    async def job() -> None:
        await tracer.touch("S-1")
        with tracer.transaction("job/dunning/1", "dunning"):
            with tracer.span("dun"):
                await tracer.touch("S-2", "S-2", "", "nobody's")
                await tracer.touch("S-2")
            # What is worked off in a job's run is linked to without being named.
            with tracer.transaction("Q-1", "row"):
                await tracer.touch("Q-1")
            await tracer.touch("S-1")

    asyncio.run(job())
    own = {span.name: span for span in spans if span.trace == trace_of("job/dunning/1")}
    assert (own["dun"].touched, own["dunning"].touched) == ((trace_of("Q-2"),), (trace_of("Q-1"),))
    assert not [span for span in spans if span.touched and span.trace != trace_of("job/dunning/1")]
    told = json.loads(otlp_line(own["dun"], "a"))["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    says = [{"key": "tieout.link", "value": {"stringValue": "touches"}}]
    quote = trace_of("Q-2")
    assert told["links"] == [{"traceId": quote, "spanId": root_of(quote), "attributes": says}]


def test_a_change_of_a_contract_is_a_transaction_of_its_own_linked_to_the_first():
    spans = list[Span]()
    tracer = SpanTracer(Hand(), "a", spans.append)
    identified(tracer, "Q-1", ("S-1",))
    identified(tracer, "Q-9", ("S-1",))
    identified(tracer, "inv", ("INV-1",), ("S-1",))
    (linked,) = [span for span in spans if span.trace == trace_of("Q-9") and span.links]
    assert linked.links == ((trace_of("Q-1"), root_of(trace_of("Q-1"))),)
    assert [s.trace for s in spans if s.name == "step" and s.key == "inv:key"] == [trace_of("Q-1")]


def test_a_document_that_is_still_named_is_not_forgotten():
    clock, store = Hand(), SqliteStore(":memory:")
    day = 86_400_000_000

    def billed(invoice: str) -> str:
        """By a process that has nothing near at hand any more: the trace that the bill is in."""
        spans = list[Span]()
        identified(SpanTracer(clock, "a", spans.append, store), invoice, (invoice,), ("S-1",))
        return next(span.trace for span in spans if span.name == "step")

    identified(SpanTracer(clock, "a", list[Span]().append, store), "Q-1", ("S-1",))
    for year in range(1, 4):
        clock.at = year * 366 * day
        assert billed(f"INV-{year}") == trace_of("Q-1")
        # Within a month it is not written anew.
        clock.at += 29 * day
        assert billed(f"INV-{year}b") == trace_of("Q-1")
        assert asyncio.run(store.roots(["S-1"])) == {"S-1": ("Q-1", year * 366 * day)}
        asyncio.run(store.forget_roots(clock.at - days_named(45, 0) * day))
    assert asyncio.run(store.roots(["INV-1", "INV-2"])) == {"INV-2": ("Q-1", 2 * 366 * day)}
    clock.at += days_named(45, 0) * day
    asyncio.run(store.forget_roots(clock.at - days_named(45, 0) * day))
    assert billed("INV-9") != trace_of("Q-1")


def test_a_store_that_is_away_keeps_nobody_from_work_and_an_error_names_where_it_went_on():
    class Away(SqliteStore):
        async def roots(self, _names: Sequence[str]) -> dict[str, tuple[str, int]]:
            raise Unavailable("away")

        async def keep_roots(self, _roots: Mapping[str, str], _now: int) -> None:
            raise Unavailable("away")

    spans = list[Span]()
    identified(SpanTracer(Hand(), "a", spans.append, Away()), "inv", ("INV-1",), ("S-1",))
    assert {span.trace for span in spans} == {trace_of("inv")}
    tracer = SpanTracer(Hand(), "a", spans.append)
    identified(tracer, "Q-1", ("S-1",))

    async def fails() -> None:
        with tracer.transaction("inv", "flow"):
            await tracer.identify("invoice:1", ("INV-1",), ("S-1",))
            raise Refused("no")

    with pytest.raises(Refused) as told:
        asyncio.run(fails())
    assert belongs_to(told.value) == {"transaction": "invoice:1", "trace": trace_of("Q-1")}
    assert [span.error for span in spans[-2:]] == ["Refused: no"] * 2


def test_a_message_goes_on_with_the_part_that_its_header_names_unless_it_is_malformed():
    spans = list[Span]()
    tracer = SpanTracer(Hand(), "a", spans.append)
    with tracer.transaction("Q-1", "publish paid"):
        header = tracer.traceparent()
    for given in (header, "", f"{header}\n", f"00-{'0' * 32}-{'1' * 16}-01", "x" * 10_000):
        with tracer.transaction("M-1", "bus paid", given):
            pass
    published = next(span for span in spans if span.kind == "producer")
    first, *others = [span for span in spans if span.kind == "consumer"]
    assert (first.trace, first.parent) == (published.trace, published.id)
    assert {span.trace for span in others} == {trace_of("M-1")}
    assert len(others) == 4
