"""The record: round trip, and errors that name the field."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from reports.codec import RecordError
from reports.record import Record, WitnessResult, fit_story, from_json, to_json


def test_round_trip(make_record: Callable[..., Record], stopped: Record) -> None:
    for record in (make_record((7, 8)), stopped):
        assert from_json(to_json(record)) == record


def test_the_text_is_stable_and_names_its_schema(sample: Record) -> None:
    text = to_json(sample)
    assert text == to_json(from_json(text))
    assert json.loads(text)["schema"] == "tieout-record/1"


def test_values_are_frozen(sample: Record) -> None:
    with pytest.raises(FrozenInstanceError):
        sample.months = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("months",), "twelve", "record.months: expected int, got str"),
        (("months",), True, "record.months: expected int, got bool"),
        (("schema",), "tieout-record/9", "record.schema: this version reads tieout-record/1"),
        (("models",), {}, "record.models: expected a list, got dict"),
        (("models", 1, "laws", 0, "state"), "fine", "record.models[1].laws[0].state: expected one of holds"),
        (("models", 0, "lags", 0, "p50_s"), None, "record.models[0].lags[0].p50_s: expected float, got null"),
        (
            ("models", 0, "lags", 0, "p50_s"),
            float("inf"),
            "record.models[0].lags[0].p50_s: expected a finite",
        ),
        (
            ("models", 0, "laws", 1, "witnesses", 0, "story"),
            ["x"] * 16,
            "witnesses[0].story: 16 lines, at most 15",
        ),
        (("models", 0, "colour"), "red", "record.models[0].colour: unknown field"),
        (("models", 1, "model"), "direct", "record.models: direct on seed 7 is there twice"),
    ],
)
def test_bad_input_names_the_field(sample: Record, path: tuple[Any, ...], value: object, says: str) -> None:
    raw = json.loads(to_json(sample))
    at = raw
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(RecordError) as caught:
        from_json(json.dumps(raw))
    assert says in str(caught.value)


def test_a_missing_field_is_named(sample: Record) -> None:
    raw = json.loads(to_json(sample))
    del raw["models"][2]["log_hash"]
    with pytest.raises(RecordError, match=r"record\.models\[2\]\.log_hash: missing"):
        from_json(json.dumps(raw))


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"schema": "tieout-record/1"}'])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(RecordError, match="record"):
        from_json(text)


def test_a_story_is_bounded() -> None:
    lines = tuple(f"line {at}" for at in range(40))
    story = fit_story(lines)
    assert len(story) == 15
    assert story[0] == "line 0"
    assert story[-1] == "line 39"
    assert story[7] == "… 26 lines left out …"
    assert fit_story(lines[:15]) == lines[:15]
    WitnessResult(kind="lost", says="", subjects=(), story=story, replay="")
    with pytest.raises(ValueError, match="story"):
        WitnessResult(kind="lost", says="", subjects=(), story=lines, replay="")


def test_a_run_is_there_once(sample: Record) -> None:
    with pytest.raises(ValueError, match="twice"):
        replace(sample, models=sample.models + sample.models[:1])
