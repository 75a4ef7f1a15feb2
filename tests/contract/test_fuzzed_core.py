"""Schemathesis asks the core's own API, by its own document, for what nobody would: no 500, only problems."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from tests.unit.core.api.client import Client, asked

_TRIES = 6
# Read what only a watch of real time counts.
_OF_REAL_TIME = {"/v1/operations/counters", "/v1/operations/pending"}


def document() -> Any:
    async def story(client: Client) -> Any:
        return (await client("GET", "/openapi.json", token=None)).json

    return asked(story)


def thought_of(operation: Any) -> list[Any]:
    """Cases of an operation, none where there are none."""
    cases: list[Any] = []

    @given(case=operation.as_strategy())
    @settings(
        max_examples=_TRIES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def keep(case: Any) -> None:
        cases.append(case)

    with suppress(Unsatisfiable):
        keep()
    return cases


def put(case: Any) -> tuple[str, str, bytes, dict[str, str]]:
    """Method, path with query, body and headers of a case."""
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://core")).prepare()
    parts = urlsplit(str(sent.url))
    body = sent.body.encode() if isinstance(sent.body, str) else bytes(sent.body or b"")
    headers = {
        name.lower().replace("-", "_"): value if isinstance(value, str) else value.decode("latin-1")
        for name, value in sent.headers.items()
        if name.lower() not in ("authorization", "content-length")
    }
    return str(sent.method), f"{parts.path}?{parts.query}", body, headers


def answered(cases: list[Any]) -> list[Any]:
    """One after the other by one core, in virtual time."""

    async def story(client: Client) -> Any:
        asked_for = [put(case) for case in cases]
        return [await client(how, path, raw=body, **headers) for how, path, body, headers in asked_for]

    return list(asked(story))


def test_nothing_makes_the_core_fall_over() -> None:
    fallen: list[str] = []
    tried = 0
    for result in schemathesis.openapi.from_dict(document()).get_all_operations():
        operation = result.ok()
        if operation.path in _OF_REAL_TIME:
            continue
        cases = thought_of(operation)
        for case, answer in zip(cases, answered(cases), strict=True):
            tried += 1
            told = answer.headers.get("content-type", "")
            problem = answer.status < 400 or told == "application/problem+json"
            if answer.status in (500, 501) or not problem:
                fallen.append(f"{case.method} {case.formatted_path}: {answer.status} {answer.body[:200]!r}")
    assert tried > 60, "hardly anything was tried"
    assert not fallen, f"{len(fallen)} of {tried}:\n" + "\n".join(fallen[:20])
