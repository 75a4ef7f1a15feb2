"""Spans: their names in other processes, on the wire, in the log and in the file."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re

import pytest

from core.canonical.errors import Unavailable
from core.connectors.session import Exchange, Limits, Session
from core.observing.otlp import trace_file
from core.observing.tracing import Span, SpanTracer, root_of, trace_of
from core.ports.world import Request, Response
from core.realtime import LogWatch
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
