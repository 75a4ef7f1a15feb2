"""The log of a process: whatever writes it, a line is one JSON object that says what it belongs to."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys

import pytest

from core.governance.masking import SECRET, Mask
from core.observing.logs import JsonLines, Said, last_words
from core.observing.tracing import SpanTracer, trace_of
from core.realtime import Crew
from tests.unit.core.test_tracing import Hand

KEY = "-----BEGIN PRIVATE KEY-----\nabc"


def line(message: object, *args: object, mask: Mask | None = None) -> dict[str, object]:
    record = logging.LogRecord("some.library", logging.WARNING, "p", 1, message, args, None)
    text = JsonLines("worker-1", mask or Mask()).format(record)
    assert "\n" not in text
    said = json.loads(text)
    assert (said["level"], said["logger"], said["process"]) == ("warning", "some.library", "worker-1")
    assert said["time"].endswith("+00:00")
    return said


def test_a_message_of_any_shape_is_one_line():
    assert line('two\nlines "%s"', "x")["message"] == 'two\nlines "x"'
    assert line("does not fit %s %s", 1)["message"] == "does not fit %s %s (1,)"
    assert line(Said("audit", {"sequence": 3, "hash": "ab"}))["sequence"] == 3


def test_what_is_cut_out_does_not_break_the_line():
    said = line(Said("x", {"deep": {"list": [KEY, 'my "secret" value']}}), mask=Mask(['my "secret" value']))
    assert said["deep"] == {"list": [SECRET, SECRET]}
    assert line(KEY)["message"] == SECRET


@pytest.mark.parametrize("inside", [True, False])
def test_background_work_that_fails_is_logged_with_its_transaction(inside, caplog):
    tracer = SpanTracer(Hand(), "w", lambda _: None)

    async def work() -> None:
        if not inside:
            raise ValueError("why")
        with tracer.transaction("Q-1", "flow"), tracer.span("step"):
            tracer.known_as("order:1")
            raise ValueError("why")

    async def main() -> None:
        crew = Crew("tieout.w")
        crew.spawn(work())
        await asyncio.sleep(0.01)
        await crew.dismiss()

    asyncio.run(main())
    (record,) = caplog.records
    said = json.loads(JsonLines("w").format(record))
    assert "ValueError: why" in said["error"]
    found = (said.get("transaction"), said.get("trace"))
    assert found == (("order:1", trace_of("Q-1")) if inside else (None, None))


def test_warnings_and_what_nobody_caught_are_lines_too():
    code = (
        "import sys, warnings, logging, threading; from core.observing.logs import keep_log\n"
        "keep_log('api', sys.stderr); warnings.warn('old'); logging.getLogger('asyncio').error('a\\nb')\n"
        "t = threading.Thread(target=lambda: 1 // 0); t.start(); t.join()\n"
        "raise RuntimeError('end')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    said = [json.loads(each) for each in ended.stderr.splitlines()]
    assert [each["logger"] for each in said] == ["py.warnings", "asyncio", "tieout.process", "tieout.process"]
    assert "ZeroDivisionError" in said[2]["error"]
    assert said[3]["message"] == "RuntimeError: end"


@pytest.mark.parametrize(
    ("text", "words"),
    [("", ""), ("first\nusage: x\n", "usage: x"), ('{"message": "away"}\n', "away"), ("[1]", "[1]")],
)
def test_the_last_words_of_a_log(text, words, tmp_path):
    (tmp_path / "api.log").write_text(text)
    assert last_words(tmp_path / "api.log") == words
