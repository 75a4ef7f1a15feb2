"""The control surface and the mock beneath it, on a toy vendor, over both faces."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from simulators.kit.app import fastapi_app
from simulators.kit.clock import ShiftedClock
from simulators.kit.control import CONTROL_TABLE, Controls
from simulators.kit.history import CAUSE, History
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings, Vendor
from simulators.kit.table import Call, Reply, Route, json_reply


@dataclass
class ToyRules:
    history: History
    things: list[str] = field(default_factory=list)

    def books(self) -> dict[str, Any]:
        return {"things": [{"name": name} for name in self.things]}

    def pending(self) -> int:
        return 0


async def add(rules: ToyRules, call: Call) -> Reply:
    name = call.params["name"]
    rules.things.append(name)
    rules.history.note("thing", name, "created", "New", refs=(CAUSE.get(),))
    return json_reply(201, {"name": name})


async def door(rules, route, call):
    return await route.handler(rules, call)


def trouble(kind: str, call: Call) -> Reply | None:
    statuses = {"unknown_path": 404, "wrong_method": 405, "unavailable": 503}
    return json_reply(statuses[kind], {"toy": kind}) if kind in statuses else None


def disturb(rules, kind, wish):
    if kind != "rename":
        raise ValueError(f"kind: {kind!r} is unknown")
    rules.things = [wish["to"]]


TOY = Vendor(
    "toy", "Toy", 4299, (Route("POST", "/things/{name}", "add", add, "add one"),),
    lambda around: ToyRules(History(around.clock)), door, trouble, disturb, lambda rules: {"key": "k"},
)  # fmt: skip


@dataclass
class Toy:
    """One toy mock behind one face."""

    app: Any
    mock: Mock

    def call(
        self, method: str, path: str, body: Any = None, query: str = "", cause: str = ""
    ) -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent: list[dict[str, Any]] = []

        async def receive():
            return {"type": "http.request", "body": raw}

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "method": method, "scheme": "http", "headers": [],
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "state": {"cause": cause} if cause else {},
        }  # fmt: skip
        asyncio.run(self.app(scope, receive, send))
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], json.loads(content) if content else None


def opened(face, *, movable: bool = True) -> Toy:
    clock = ShiftedClock(SimpleNamespace(now=lambda: 0))
    mock = Mock(TOY, Surroundings(clock, Ids("s"), SimpleNamespace(), lambda coro: None), journal=3)
    return Toy(face(mock, Controls(mock, clock if movable else None)), mock)


@pytest.fixture(params=[lean_app, fastapi_app], ids=["lean", "fastapi"])
def toy(request) -> Toy:
    return opened(request.param)


def test_books_history_pending_credentials(toy):
    assert toy.call("POST", "/things/a", cause="op-1")[0] == 201
    assert toy.call("GET", "/_tieout/books") == (200, {"things": [{"name": "a"}]})
    status, history = toy.call("GET", "/_tieout/history")
    assert status == 200
    assert (history[0]["id"], history[0]["cause"], history[0]["refs"]) == ("a", "op-1", ["op-1"])
    assert toy.call("GET", "/_tieout/pending") == (200, {"pending": 0})
    assert toy.call("GET", "/_tieout/credentials") == (200, {"key": "k"})


def test_clock(toy):
    assert toy.call("GET", "/_tieout/clock") == (200, {"now": 0, "utc": "1970-01-01T00:00:00+00:00"})
    assert toy.call("POST", "/_tieout/clock", {"set": 1_000_000})[1]["now"] == 1_000_000
    assert toy.call("POST", "/_tieout/clock", {"advance": 5})[1]["now"] == 1_000_005
    toy.call("POST", "/things/a")
    assert toy.mock.rules.history.changes[0].at == 1_000_005


def test_time_of_a_simulation_is_not_moved():
    toy = opened(lean_app, movable=False)
    status, answer = toy.call("POST", "/_tieout/clock", {"set": 1})
    assert status == 400
    assert "clock" in answer["error"]


def test_faults(toy):
    assert toy.call("POST", "/_tieout/faults", {"kind": "unavailable", "operation": "add"}) == (
        200,
        {"armed": 1},
    )
    assert toy.call("POST", "/things/a") == (503, {"toy": "unavailable"})
    assert toy.call("POST", "/things/a")[0] == 201
    # A trouble the vendor has no words for does nothing.
    toy.call("POST", "/_tieout/faults", {"kind": "error_in_ok"})
    assert toy.call("POST", "/things/b")[0] == 201


def test_disturb(toy):
    assert toy.call("POST", "/_tieout/disturb", {"kind": "rename", "to": "z"}) == (200, {"done": True})
    assert toy.mock.rules.things == ["z"]


def test_reset_forgets_everything(toy):
    toy.call("POST", "/things/a")
    toy.call("POST", "/_tieout/faults", {"kind": "unavailable"})
    assert toy.call("POST", "/_tieout/reset") == (200, {"reset": True})
    assert toy.call("GET", "/_tieout/books") == (200, {"things": []})
    assert toy.call("GET", "/_tieout/requests")[1]["count"] == 0
    assert toy.call("POST", "/things/a")[0] == 201


def test_journal_is_bounded_and_can_be_narrowed(toy):
    for name in "abcd":
        toy.call("POST", f"/things/{name}")
    toy.call("GET", "/nowhere")
    everything = toy.call("GET", "/_tieout/requests")[1]
    assert [(seen["path"], seen["status"]) for seen in everything["requests"]] == [
        ("/things/c", 201), ("/things/d", 201), ("/nowhere", 404),
    ]  # fmt: skip
    assert toy.call("GET", "/_tieout/requests", query="operation=add")[1]["count"] == 2
    assert toy.call("GET", "/_tieout/requests", query="path=/things/d&operation=add")[1]["count"] == 1


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("clock", {}, "clock"),
        ("clock", {"set": "noon"}, "noon"),
        ("clock", [1], "object"),
        ("clock", b"{", "Expecting"),
        ("clock", b"", "Expecting"),
        ("faults", {"kind": "boredom"}, "kind"),
        ("faults", {"kind": "throttled", "count": 0}, "count"),
        ("faults", {"kind": "throttled", "colour": 1}, "colour"),
        ("faults", {}, "kind"),
        ("faults", "throttled", "object"),
        ("disturb", {"kind": "sulk"}, "sulk"),
        ("disturb", {"kind": "rename"}, "to"),
        ("disturb", {}, "kind"),
    ],
)
def test_bad_input_is_refused_by_name(toy, path, body, named):
    status, answer = toy.call("POST", f"/_tieout/{path}", body)
    assert status == 400
    assert named in answer["error"]
    assert toy.mock.rules.things == []


def test_unknown_controls_list_the_known_ones(toy):
    for method, path in (("GET", "nothing"), ("GET", "reset"), ("DELETE", "books")):
        status, answer = toy.call(method, f"/_tieout/{path}")
        assert status == 404
        assert len(answer["known"]) == len(CONTROL_TABLE)


def test_paths_the_table_does_not_know(toy):
    assert toy.call("GET", "/nowhere") == (404, {"toy": "unknown_path"})
    assert toy.call("GET", "/things/a") == (405, {"toy": "wrong_method"})


def test_the_page_names_every_path():
    app = fastapi_app(opened(lean_app).mock)
    assert "/things/{name}" in app.openapi()["paths"]
    toy = Toy(app, opened(lean_app).mock)
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "method": "GET", "scheme": "http", "headers": [],
        "path": "/docs", "raw_path": b"/docs", "query_string": b"", "root_path": "",
    }  # fmt: skip
    asyncio.run(toy.app(scope, receive, send))
    assert b"/things/{name}" in sent[1]["body"]
