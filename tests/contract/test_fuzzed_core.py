"""Schemathesis asks the core's own API, by its own document, for what nobody would: no 500, only problems."""

from __future__ import annotations

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


def answered(case: Any) -> Any:
    """By a core of its own, in virtual time."""
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://core")).prepare()
    parts = urlsplit(str(sent.url))
    body = sent.body.encode() if isinstance(sent.body, str) else bytes(sent.body or b"")
    headers = {
        name.lower().replace("-", "_"): value if isinstance(value, str) else value.decode("latin-1")
        for name, value in sent.headers.items()
        if name.lower() not in ("authorization", "content-length")
    }

    async def story(client: Client) -> Any:
        return await client(str(sent.method), f"{parts.path}?{parts.query}", raw=body, **headers)

    return asked(story)


def test_nothing_makes_the_core_fall_over() -> None:
    fallen: list[str] = []
    tried = 0
    for result in schemathesis.openapi.from_dict(document()).get_all_operations():
        operation = result.ok()
        if operation.path in _OF_REAL_TIME:
            continue

        @given(case=operation.as_strategy())
        @settings(
            max_examples=_TRIES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def ask(case: Any) -> None:
            nonlocal tried
            answer = answered(case)
            tried += 1
            told = answer.headers.get("content-type", "")
            problem = answer.status < 400 or told == "application/problem+json"
            if answer.status in (500, 501) or not problem:
                fallen.append(f"{case.method} {case.formatted_path}: {answer.status} {answer.body[:200]!r}")

        try:
            ask()
        except Unsatisfiable:
            continue
    assert tried > 60, "hardly anything was tried"
    assert not fallen, f"{len(fallen)} of {tried}:\n" + "\n".join(fallen[:20])
