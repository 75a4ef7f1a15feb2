"""The control surface and the mock beneath it, on a toy vendor, over both faces."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from simulators.kit.acts import act
from simulators.kit.app import fastapi_app
from simulators.kit.asked import text, whole
from simulators.kit.chaos import Arm
from simulators.kit.clock import DAY
from simulators.kit.control import CONTROL_TABLE
from simulators.kit.history import CAUSE, History
from simulators.kit.ids import Ids
from simulators.kit.journal import Journal
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings, Vendor
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.kit.tenant import Ground
from simulators.kit.tenants import Tenants


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


def trouble(rules: ToyRules, kind: str, call: Call) -> Reply | None:
    statuses = {"unknown_path": 404, "wrong_method": 405, "unavailable": 503, "throttled": 429}
    if kind == "token_expired" and call.method == "POST" and call.body:
        return json_reply(401, {"things": len(rules.things)})
    return json_reply(statuses[kind], {"toy": kind}) if kind in statuses else None


def rename(rules, wish):
    """{"to"}: all things are one."""
    rules.things = [text(wish, "to")] * whole(wish, "times", 1, least=1)


def open_toy(around) -> ToyRules:
    return ToyRules(History(around.clock))


TOY = Vendor(
    "toy", "Toy", 4299, (Route("POST", "/things/{name}", "add", add, "add one"),),
    open_toy, door, trouble, {"rename": act(rename, "to", may="times")}, lambda rules: {"key": "k"},
)  # fmt: skip


@dataclass
class Toy:
    """One toy mock behind one face."""

    app: Any
    tenants: Tenants

    @property
    def mock(self) -> Mock:
        return self.tenants.main.mocks["toy"]

    def call(
        self, method: str, path: str, body: Any = None, query: str = "", cause: str = "", tenant: str = ""
    ) -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent: list[dict[str, Any]] = []

        async def receive():
            return {"type": "http.request", "body": raw}

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "method": method, "scheme": "http",
            "headers": [(b"x-tieout-tenant", tenant.encode())] if tenant else [],
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "state": {"cause": cause} if cause else {},
        }  # fmt: skip
        asyncio.run(self.app(scope, receive, send))
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return sent[0]["status"], json.loads(content) if content else None


def opened(face) -> Toy:
    ground = Ground({"toy": TOY}, SimpleNamespace(now=lambda: 0), "s", SimpleNamespace(), close, {})
    tenants = Tenants(ground)
    door = tenants.door("toy")
    return Toy(face(door) if face is lean_app else face(TOY, door), tenants)


def close(work) -> None:
    work.close()


@pytest.fixture(params=[lean_app, fastapi_app], ids=["lean", "fastapi"])
def toy(request) -> Toy:
    return opened(request.param)


def test_books_history_pending_credentials(toy):
    assert toy.call("POST", "/things/a", cause="op-1")[0] == 201
    assert toy.call("GET", "/_tieout/books") == (200, {"things": [{"name": "a"}]})
    status, history = toy.call("GET", "/_tieout/history")
    assert status == 200
    assert (history[0]["id"], history[0]["cause"], history[0]["refs"]) == ("a", "op-1", ["op-1"])
    assert toy.call("GET", "/_tieout/pending") == (200, {"pending": 0, "agenda": 0})
    assert toy.call("GET", "/_tieout/credentials") == (200, {"key": "k"})


def test_clock(toy):
    assert toy.call("GET", "/_tieout/clock") == (
        200, {"now": 0, "utc": "1970-01-01T00:00:00+00:00", "pace": 1.0},
    )  # fmt: skip
    assert toy.call("POST", "/_tieout/clock", {"set": 1_000_000})[1]["now"] == 1_000_000
    assert toy.call("POST", "/_tieout/clock", {"advance": 5})[1]["now"] == 1_000_005
    toy.call("POST", "/things/a")
    assert toy.mock.rules.history.changes[0].at == 1_000_005
    assert toy.call("POST", "/_tieout/clock", {"set": "1970-01-02"})[1]["now"] == DAY
    assert toy.call("POST", "/_tieout/clock", {"advance": "1d12h"})[1]["utc"] == "1970-01-03T12:00:00+00:00"
    assert toy.call("POST", "/_tieout/clock", {"run": 0})[1]["pace"] == 0


def test_faults(toy):
    assert toy.call("POST", "/_tieout/faults", {"kind": "unavailable", "operation": "add"}) == (
        200,
        {"armed": 1},
    )
    assert toy.call("POST", "/things/a") == (503, {"toy": "unavailable"})
    assert toy.call("POST", "/things/a")[0] == 201
    # What the vendor has no words for cannot be armed.
    status, answer = toy.call("POST", "/_tieout/faults", {"kind": "error_in_ok"})
    assert (status, "Toy" in answer["error"]) == (400, True)
    assert toy.call("POST", "/things/b")[0] == 201


def test_a_fault_waits_for_a_call_that_the_vendor_has_an_answer_to(toy):
    """What cannot be answered so passes unharmed and spends nothing, not even one to be skipped."""
    toy.mock.armed.waiting.append(Arm("token_expired", skip=1))
    assert [toy.call("POST", f"/things/{n}")[0] for n in "ab"] == [201, 201]
    assert toy.call("POST", "/things/c", {"n": 1})[0] == 201  # the one that is skipped
    assert toy.call("POST", "/things/d")[0] == 201
    assert toy.call("POST", "/things/e", {"n": 1}) == (401, {"things": 4})  # and it knows the memory
    assert toy.call("POST", "/things/f", {"n": 1})[0] == 201


def test_a_fault_stands_aside_for_one_behind_it(toy):
    toy.mock.armed.waiting += [Arm("token_expired"), Arm("unavailable")]
    assert toy.call("POST", "/things/a")[0] == 503
    assert [arm.kind for arm in toy.mock.armed.waiting] == ["token_expired"]


def test_a_vendor_says_which_rows_have_an_answer(toy):
    """Where the answer depends on the body, the row is asked, not a body of nothing."""
    vendor = replace(TOY, answers=lambda kind, route: (kind, route.operation) == ("token_expired", "add"))
    toy.mock.vendor = vendor
    assert toy.call("POST", "/_tieout/faults", {"kind": "F42", "operation": "add"})[0] == 200
    assert toy.call("POST", "/_tieout/faults", {"kind": "unavailable"})[0] == 400


def test_faults_are_listed_skipped_and_disarmed(toy):
    toy.call("POST", "/_tieout/faults", {"kind": "unavailable", "skip": 1, "match": "/things/"})
    assert [toy.call("POST", f"/things/{n}")[0] for n in "abc"] == [201, 503, 201]
    toy.call("POST", "/_tieout/faults", {"kind": "F04", "count": 5})
    listed = toy.call("GET", "/_tieout/faults")[1]
    assert [(arm["kind"], arm["count"]) for arm in listed["armed"]] == [("resent", 5)]
    assert listed["kinds"].keys() >= {"resent", "answer_lost", "webhook_lost"}
    assert toy.call("POST", "/things/d")[0] == 201
    assert toy.call("GET", "/_tieout/books")[1]["things"][-2:] == [{"name": "d"}] * 2
    assert toy.call("DELETE", "/_tieout/faults")[1] == {"armed": 0}
    toy.call("POST", "/things/e")
    assert toy.call("GET", "/_tieout/books")[1]["things"][-2:] == [{"name": "d"}, {"name": "e"}]


def test_an_error_after_the_commit(toy):
    toy.call("POST", "/_tieout/faults", {"kind": "error_after_commit"})
    assert toy.call("POST", "/things/a")[0] == 500
    assert toy.call("GET", "/_tieout/books")[1] == {"things": [{"name": "a"}]}


def test_snapshots_bring_back_state_time_and_ids(toy):
    toy.call("POST", "/things/a")
    toy.call("POST", "/_tieout/clock", {"advance": 7})
    kept = toy.call("POST", "/_tieout/snapshots", {"name": "one"})[1]
    assert (kept["name"], kept["at"]) == ("one", 7)
    toy.call("POST", "/things/b")
    toy.call("POST", "/_tieout/clock", {"advance": 100})
    assert toy.call("POST", "/_tieout/restore", {"name": "one"})[1]["now"] == 7
    assert toy.call("GET", "/_tieout/books")[1] == {"things": [{"name": "a"}]}
    assert len(toy.mock.rules.history.changes) == 1
    # A snapshot may be restored again and again: what came after it never reaches it.
    toy.call("POST", "/things/c")
    toy.call("POST", "/_tieout/restore", {"name": "one"})
    assert toy.call("GET", "/_tieout/books")[1] == {"things": [{"name": "a"}]}
    assert [s["name"] for s in toy.call("GET", "/_tieout/snapshots")[1]["snapshots"]] == ["one"]
    assert toy.call("DELETE", "/_tieout/snapshots", query="name=one")[0] == 200
    status, answer = toy.call("POST", "/_tieout/restore", {"name": "one"})
    assert (status, "'one'" in answer["error"]) == (400, True)


def test_tenants_do_not_meet(toy):
    made = toy.call("POST", "/_tieout/tenants", {"name": "b"})[1]
    assert (made["tenant"], made["prefix"]) == ("b", "/_tenant/b")
    toy.call("POST", "/things/a")
    toy.call("POST", "/things/x", tenant="b")
    toy.call("POST", "/_tenant/b/things/y")
    toy.call("POST", "/_tieout/clock", {"advance": 9}, tenant="b")
    assert toy.call("GET", "/_tieout/books")[1] == {"things": [{"name": "a"}]}
    assert toy.call("GET", "/_tieout/books", tenant="b")[1] == {"things": [{"name": "x"}, {"name": "y"}]}
    assert toy.call("GET", "/_tieout/clock")[1]["now"] == 0
    assert toy.call("GET", "/_tenant/b/_tieout/clock")[1]["now"] == 9
    fork = toy.call("POST", "/_tieout/fork", {"tenant": "c"}, tenant="b")
    assert fork[0] == 200
    toy.call("POST", "/things/z", tenant="c")
    assert len(toy.call("GET", "/_tieout/books", tenant="c")[1]["things"]) == 3
    assert len(toy.call("GET", "/_tieout/books", tenant="b")[1]["things"]) == 2
    assert toy.call("GET", "/_tieout/clock", tenant="c")[1]["now"] == 9
    assert toy.call("GET", "/_tieout/tenants")[1] == {"tenants": ["main", "b", "c"]}
    assert toy.call("DELETE", "/_tieout/tenants", query="name=b")[0] == 200
    status, answer = toy.call("POST", "/things/a", tenant="b")
    assert status == 404
    assert "'b' is unknown" in answer["error"]


@pytest.mark.parametrize("name", ["", "B", "a b", "main", "x" * 41, 7])
def test_names_that_no_tenant_can_have(toy, name):
    status, answer = toy.call("POST", "/_tieout/tenants", {"name": name})
    assert status == 400
    assert "name" in answer["error"]
    assert toy.call("GET", "/_tieout/tenants")[1] == {"tenants": ["main"]}


def test_disturb(toy):
    shown = toy.call("GET", "/_tieout/disturb")[1]["kinds"]
    assert shown == {"rename": {"does": '{"to"}: all things are one.', "needs": ["to"], "may": ["times"]}}
    assert toy.call("POST", "/_tieout/disturb", {"kind": "rename", "to": "z"}) == (200, {"done": True})
    assert toy.mock.rules.things == ["z"]


def test_reset_forgets_everything(toy):
    toy.call("POST", "/things/a")
    toy.call("POST", "/_tieout/faults", {"kind": "unavailable"})
    assert toy.call("POST", "/_tieout/reset") == (200, {"reset": ["toy"]})
    assert toy.call("GET", "/_tieout/books") == (200, {"things": []})
    assert toy.call("GET", "/_tieout/requests")[1]["count"] == 0
    assert toy.call("POST", "/things/a")[0] == 201


class Wire:
    """A receiver, and a neighbour that takes its time; what reaches either is written down."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        self.go_on = asyncio.Event()

    async def post(self, url, headers, body, *, event, attempt):
        self.reached.append(url)
        return 200

    @property
    def credentials(self) -> dict[str, str]:
        return {}

    async def send(self, method, path, headers=None, body=b""):
        self.reached.append(path)
        await self.go_on.wait()
        return Reply(200)


async def far(rules: Far, call: Call) -> Reply:
    await rules.around.peers["bank"].send("GET", "/rates")
    asked = await rules.around.peers["bank"].send("POST", "/charges")
    told = await rules.around.outbound.post("http://hook", {}, b"", event="e", attempt=1)
    return json_reply(200, {"cut": asked.cut, "told": told})


@dataclass
class Far(ToyRules):
    around: Any = None


@pytest.mark.parametrize("again", ["reset", "restore"])
def test_what_was_under_way_does_not_reach_what_came_after_a_reset(again):
    """A charge asked for before a reset is not made in the neighbour's fresh books, nor told of."""
    wire = Wire()

    def open_far(around):
        return Far(History(around.clock), around=around)

    vendor = replace(TOY, table=(Route("POST", "/far", "far", far, "go far"),), open=open_far)
    around = Surroundings(SimpleNamespace(now=lambda: 0), Ids("s"), wire, close, {}, {"bank": wire})

    async def story() -> None:
        mock = Mock(vendor, around)
        wire.go_on.set()
        assert json.loads((await mock.call(Call("POST", "/far"))).body) == {"cut": "", "told": 200}
        wire.go_on.clear()
        under_way = asyncio.create_task(mock.call(Call("POST", "/far")))
        await asyncio.sleep(0)
        mock.reset() if again == "reset" else mock.restore(mock.snapshot())
        wire.go_on.set()
        assert json.loads((await under_way).body) == {"cut": "reset", "told": None}
        assert wire.reached == ["/rates", "/charges", "http://hook", "/rates"]
        assert json.loads((await mock.call(Call("POST", "/far"))).body) == {"cut": "", "told": 200}

    asyncio.run(story())


def test_a_call_that_is_slowed_does_not_come_after_a_reset():
    async def story() -> None:
        mock = opened(lean_app).mock
        mock.armed.waiting.append(Arm("slow", seconds=0.01))
        under_way = asyncio.create_task(mock.call(Call("POST", "/things/a")))
        await asyncio.sleep(0)
        mock.reset()
        assert (await under_way).cut == "reset"
        assert mock.rules.things == []

    asyncio.run(story())


def test_who_waits_is_let_go_before_the_memory_is_replaced(toy):
    gone: list[Any] = []
    toy.mock.vendor = replace(TOY, retire=gone.append)
    before = toy.mock.rules
    toy.mock.reset()
    toy.mock.restore(toy.mock.snapshot())
    assert gone[0] is before
    assert len(gone) == 2


def test_after_a_reset_of_all_it_is_today(toy):
    """A test that let time pass leaves none of it to the next."""
    toy.call("POST", "/_tieout/clock", {"advance": "30d"})
    assert toy.call("POST", "/_tieout/reset")[0] == 200
    assert toy.call("GET", "/_tieout/clock")[1]["now"] == 30 * DAY  # one system's reset moves nobody's time
    assert toy.call("POST", "/_tieout/reset", {"all": True})[1]["now"] == 0


def test_a_new_first_day_is_for_every_system(toy):
    toy.call("POST", "/things/a")
    assert toy.call("POST", "/_tieout/reset", {"at": "2026-01-31"})[0] == 400
    answer = toy.call("POST", "/_tieout/reset", {"all": True, "at": "2026-01-31"})[1]
    assert answer["utc"] == "2026-01-31T00:00:00+00:00"
    assert toy.call("GET", "/_tieout/books") == (200, {"things": []})


def test_was_this_called_exactly_once_with(toy):
    toy.call("POST", "/things/a", {"lines": [{"sku": "X", "n": 1}], "who": "me"})
    toy.call("POST", "/things/a", b"who=me&n=1")
    toy.call("POST", "/things/b", b"of[to]=me&lines[0][sku]=X&lines[1][sku]=Y&of=odd&lines[0]=odd&[]=[]")
    for wish, times in (
        ({"body": {"who": "me"}}, 2),
        ({"body": {"lines": [{"sku": "X"}]}}, 1),
        ({"body": {"n": 1}, "operation": "add"}, 1),
        ({"body": {"of": {"to": "me"}, "lines": [{"sku": "X"}, {"sku": "Y"}]}}, 1),
        ({"body": {"of": {"to": "you"}}}, 0),
        ({"body": {"of[to]": "me"}}, 1),
        ({"body": {"who": "you"}}, 0),
        ({"contains": "sku", "path": "/things/a", "method": "post", "status": 201}, 1),
    ):
        found = toy.call("POST", "/_tieout/requests", {**wish, "times": times})[1]
        assert (found["count"], found["as_wanted"]) == (times, True), wish
    assert toy.call("POST", "/_tieout/requests", {"operation": "add", "times": 1})[1]["as_wanted"] is False
    status, answer = toy.call("POST", "/_tieout/requests", {"colour": 1})
    assert (status, "colour" in answer["error"]) == (400, True)
    assert toy.call("DELETE", "/_tieout/requests")[1] == {"count": 0}


def test_journal_is_bounded_and_can_be_narrowed(toy):
    toy.mock.journal = Journal(3)
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
        ("clock", b"", "advance"),
        ("clock", {"advance": "soon"}, "soon"),
        ("clock", {"advance": -1}, "advance"),
        ("clock", {"run": -1}, "run"),
        ("clock", {"wind": 1}, "wind"),
        ("reset", {"everything": True}, "everything"),
        ("snapshots", {}, "name"),
        ("faults", {"kind": "throttled", "operation": "subtract"}, "subtract"),
        ("faults", {"kind": "boredom"}, "kind"),
        ("faults", {"kind": "throttled", "count": 0}, "count"),
        ("faults", {"kind": "throttled", "colour": 1}, "colour"),
        ("faults", {}, "kind"),
        ("faults", "throttled", "object"),
        ("disturb", {"kind": "sulk"}, "sulk"),
        ("disturb", {"kind": "rename"}, "to: is missing"),
        ("disturb", {"kind": "rename", "to": 7}, "to"),
        ("disturb", {"kind": "rename", "to": "z", "times": "twice"}, "times"),
        ("disturb", {"kind": "rename", "to": "z", "colour": 1}, "colour"),
        ("disturb", {"kind": ["rename"]}, "kind"),
        ("faults", {"kind": ["throttled"]}, "kind"),
        ("faults", {"kind": "throttled", "count": "many"}, "count: 'many'"),
        ("faults", {"kind": "throttled", "count": True}, "count: True"),
        ("faults", {"kind": "throttled", "count": 1.5}, "count"),
        ("faults", {"kind": "throttled", "skip": "few"}, "skip: 'few'"),
        ("faults", {"kind": "throttled", "match": 5}, "match: 5"),
        ("faults", {"kind": "throttled", "match": None}, "match: None"),
        ("faults", {"kind": "slow", "seconds": "long"}, "seconds: 'long'"),
        ("faults", {"kind": "slow", "seconds": -1}, "seconds"),
        ("faults", {"kind": "throttled", "operation": "ad"}, "add"),
        ("clock", {"run": True}, "run: True"),
        ("clock", {"run": "fast"}, "run: 'fast'"),
        ("clock", {"set": "9999-12-31"}, "set"),
        ("clock", {"set": -5}, "set"),
        ("clock", {"set": "2100-01-01"}, "50 years"),
        ("clock", {"advance": "36500d"}, "50 years"),
        ("reset", {"all": "yes"}, "all: 'yes'"),
        ("reset", {"all": True, "at": 10**30}, "at"),
        ("tenants", {"name": "b", "ports": "yes"}, "ports: 'yes'"),
        ("fork", {"tenant": "A B"}, "tenant: 'A B'"),
        ("requests", {"operation": "subtract", "times": 0}, "operation: 'subtract'"),
        ("requests", {"times": "once"}, "times: 'once'"),
        ("requests", {"status": "fine"}, "status: 'fine'"),
        ("requests", {"since": "noon"}, "since: 'noon'"),
        ("requests", {"headers": "none"}, "headers: 'none'"),
        ("requests", {"body": "x=1"}, "body: 'x=1'"),
        ("disturb", {}, "kind"),
    ],
)
def test_bad_input_is_refused_by_name(toy, path, body, named):
    status, answer = toy.call("POST", f"/_tieout/{path}", body)
    assert status == 400
    assert named in answer["error"]
    assert toy.mock.rules.things == []
    assert toy.mock.armed.waiting == []
    assert toy.call("GET", "/_tieout/clock")[1]["now"] == 0


def test_unknown_controls_list_the_known_ones(toy):
    for method, path in (("GET", "nothing"), ("GET", "reset"), ("DELETE", "books")):
        status, answer = toy.call(method, f"/_tieout/{path}")
        assert status == 404
        assert len(answer["known"]) == len(CONTROL_TABLE)


def test_paths_the_table_does_not_know(toy):
    assert toy.call("GET", "/nowhere") == (404, {"toy": "unknown_path"})
    assert toy.call("GET", "/things/a") == (405, {"toy": "wrong_method"})


def test_the_papers_name_every_path(toy):
    document = toy.call("GET", "/openapi.json")[1]
    assert document["paths"]["/things/{name}"]["post"]["operationId"] == "post_add"
    assert "/_tieout/restore" in document["paths"]
    with pytest.raises(json.JSONDecodeError):
        toy.call("GET", "/docs")
