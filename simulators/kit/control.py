"""The control surface beside the vendor's paths: state, time, faults, journal, books, tenants."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from difflib import get_close_matches
from typing import Any, Protocol

from simulators.kit.asked import Wish, flag, mapping, number, only, text, whole
from simulators.kit.chaos import CATALOGUE, KINDS, MOST_COUNT, MOST_MATCH, MOST_SECONDS, WORDED, Arm
from simulators.kit.clock import MOST_PACE, at
from simulators.kit.mock import Mock
from simulators.kit.moments import moment, span
from simulators.kit.schema import KINDS as KINDS_OF_CHANGE
from simulators.kit.schema import change_of
from simulators.kit.table import Call, Reply, json_reply
from simulators.kit.tenant import Snapshot, Tenant

CONTROL_PREFIX = "/_tieout/"

CONTROL_TABLE = (
    ("GET", "/_tieout/books", "the books, as the checkers read them"),
    ("GET", "/_tieout/history", "every committed change since the reset"),
    ("GET", "/_tieout/pending", "webhooks and jobs not yet ended"),
    ("GET", "/_tieout/credentials", "how to sign in to the sandbox"),
    ("POST", "/_tieout/reset", 'its first day again; "options": {name: number}; {"all": true, "at"}: of all'),
    ("GET", "/_tieout/options", "what a deployment may choose of this system, and what it has chosen"),
    ("GET", "/_tieout/clock", "the tenant's present and its pace"),
    (
        "POST",
        "/_tieout/clock",
        '{"advance": "30d"}, {"set": moment} or {"run": times real time}; all systems',
    ),
    ("GET", "/_tieout/faults", "what can be armed, and what is"),
    ("POST", "/_tieout/faults", '{"kind", "operation", "match", "count", "skip", "seconds"}: arm a fault'),
    ("DELETE", "/_tieout/faults", "disarm all faults"),
    ("GET", "/_tieout/schema", "schema changes: what can be armed, and what is"),
    ("POST", "/_tieout/schema", '{"kind", "record", "field", "to"}: change the schema of a record'),
    ("DELETE", "/_tieout/schema", "?kind= ?record= ?field= ?to= undo that change; without, all of them"),
    ("GET", "/_tieout/disturb", "what can be made to happen inside, and what each needs"),
    ("POST", "/_tieout/disturb", '{"kind", …}: make something happen inside'),
    ("GET", "/_tieout/requests", "journal of requests; ?operation= ?method= ?path= ?status= … narrow it"),
    (
        "POST",
        "/_tieout/requests",
        '{"operation", "body": {…}, …, "times": 1}: search it, and say if so often',
    ),
    ("DELETE", "/_tieout/requests", "forget the journal"),
    ("GET", "/_tieout/snapshots", "the snapshots that are kept"),
    ("POST", "/_tieout/snapshots", '{"name"}: keep all systems and the clock as they are'),
    ("DELETE", "/_tieout/snapshots", "?name= forget a snapshot"),
    ("POST", "/_tieout/restore", '{"name"}: all systems and the clock as they were'),
    ("POST", "/_tieout/fork", '{"tenant", "ports"}: a new tenant in the present state of this one'),
    ("GET", "/_tieout/tenants", "the tenants"),
    (
        "POST",
        "/_tieout/tenants",
        '{"name", "ports"}: a fresh tenant; "ports": true gives it ports of its own',
    ),
    ("DELETE", "/_tieout/tenants", "?name= forget a tenant"),
)
Act = Callable[[Call], "object | Awaitable[object]"]


class House(Protocol):
    """Where the tenants live. listen: opens ports for one and says their base URLs; None if it cannot."""

    @property
    def listen(self) -> Callable[[Tenant], Awaitable[dict[str, str]]] | None: ...
    def names(self) -> Iterable[str]: ...
    def make(self, name: str, like: Tenant | None = None) -> Tenant: ...
    def drop(self, name: str) -> None: ...


class Controls:
    """Answers the control paths of one mock of one tenant."""

    def __init__(self, tenants: House, tenant: Tenant, mock: Mock) -> None:
        self._tenants, self._tenant, self._mock = tenants, tenant, mock

    async def answer(self, call: Call) -> Reply:
        """One control call; 400 names the field that is wrong."""
        name = call.path.removeprefix(CONTROL_PREFIX).rstrip("/")
        act: Act | None = getattr(self, f"_{call.method.lower()}_{name}", None) if name.isalpha() else None
        if act is None:
            rows = [f"{method} {path}" for method, path, _ in CONTROL_TABLE]
            return json_reply(404, {"error": f"no control {call.method} {call.path}", "known": rows})
        try:
            found = act(call)
            return json_reply(200, await found if isinstance(found, Awaitable) else found)
        except (ValueError, TypeError, LookupError) as error:
            return json_reply(400, {"error": str(error)})

    # --- what it is like

    def _get_books(self, _: Call) -> object:
        return self._mock.rules.books()

    def _get_history(self, _: Call) -> object:
        return [asdict(change) for change in self._mock.rules.history.changes]

    def _get_pending(self, _: Call) -> object:
        return {"pending": self._mock.rules.pending(), "agenda": self._mock.agenda.waiting}

    def _get_credentials(self, _: Call) -> object:
        return self._mock.vendor.credentials(self._mock.rules)

    def _get_options(self, _: Call) -> object:
        chosen = self._mock.surroundings.options
        means = self._mock.vendor.options
        return {"options": means, "chosen": {name: chosen[name] for name in means if name in chosen}}

    # --- state

    def _post_reset(self, call: Call) -> object:
        wish = _object(call, ("all", "at", "options"))
        options = mapping(wish, "options", {})
        if not flag(wish, "all"):
            if "at" in wish:
                raise ValueError('at: a new first day is for every system; give {"all": true} too')
            self._mock.reset(options)
            return {"reset": [self._mock.vendor.name]}
        if options:
            raise ValueError("options: they are one system's; reset that one by itself")
        self._tenant.reset(moment(wish["at"], "at") if "at" in wish else None)
        return {"reset": list(self._tenant.mocks), **self._present()}

    def _get_snapshots(self, _: Call) -> object:
        return {"snapshots": [_shown(name, kept) for name, kept in self._tenant.snapshots.items()]}

    def _post_snapshots(self, call: Call) -> object:
        name = text(_object(call, ("name",)), "name")
        return _shown(name, self._tenant.keep(name))

    def _delete_snapshots(self, call: Call) -> object:
        name = call.args().get("name", "")
        if self._tenant.snapshots.pop(name, None) is None:
            raise ValueError(f"name: there is no snapshot {name!r}")
        return {"deleted": name}

    def _post_restore(self, call: Call) -> object:
        name = text(_object(call, ("name",)), "name")
        return {**_shown(name, self._tenant.restore(name)), **self._present()}

    # --- time

    def _get_clock(self, _: Call) -> object:
        return self._present()

    def _present(self) -> dict[str, object]:
        now = self._tenant.clock.now()
        return {"now": now, "utc": at(now).isoformat(), "pace": self._tenant.clock.pace}

    async def _post_clock(self, call: Call) -> object:
        wish = _object(call, ("set", "advance", "run"))
        if not wish:
            raise ValueError('clock: give {"advance": "30d"}, {"set": "2026-03-31T00:00:00Z"} or {"run": 60}')
        acts = 0
        if "run" in wish:
            self._tenant.timeline.run(number(wish, "run", most=MOST_PACE))
        if "set" in wish:
            acts += await self._tenant.timeline.go_to(moment(wish["set"], "set"))
        if "advance" in wish:
            acts += await self._tenant.timeline.advance(span(wish["advance"], "advance"))
        return {**self._present(), "acts": acts}

    # --- faults

    def _get_faults(self, _: Call) -> object:
        waiting = [asdict(arm) for arm in self._mock.armed.waiting]
        return {"armed": waiting, "kinds": KINDS, "catalogue": CATALOGUE}

    def _post_faults(self, call: Call) -> object:
        wish = _object(call, ("kind", "operation", "match", "count", "skip", "seconds"))
        if "kind" not in wish:
            raise ValueError(f"kind: give one of: {', '.join((*KINDS, *CATALOGUE))}")
        arm = Arm(
            text(wish, "kind"),
            self._operation(wish, "*"),
            text(wish, "match", "", most=MOST_MATCH),
            whole(wish, "count", 1, least=1, most=MOST_COUNT),
            whole(wish, "skip", 0, most=MOST_COUNT),
            number(wish, "seconds", 60, most=MOST_SECONDS),
        )
        vendor = self._mock.vendor
        if arm.kind in WORDED and not self._mock.can(arm.kind, arm.operation):
            to = "any call" if arm.operation == "*" else arm.operation
            raise ValueError(f"kind: {vendor.title} has no answer of the kind {arm.kind!r} to {to}")
        self._mock.armed.waiting.append(arm)
        return {"armed": len(self._mock.armed.waiting)}

    def _operation(self, wish: Wish, also: str) -> str:
        """An operation of the vendor's, or `also`."""
        found, vendor = text(wish, "operation", also), self._mock.vendor
        there = sorted({route.operation for route in vendor.table})
        if found not in (also, *there):
            near = ", ".join(get_close_matches(found, there, 3)) or ", ".join(there)
            raise ValueError(f"operation: {found!r} is not one of {vendor.name}'s, such as: {near}")
        return found

    def _delete_faults(self, _: Call) -> object:
        self._mock.armed.waiting.clear()
        return {"armed": 0}

    def _get_schema(self, _: Call) -> object:
        return {"changes": self._mock.schema.shown(), "kinds": KINDS_OF_CHANGE, "records": self._mock.records}

    def _post_schema(self, call: Call) -> object:
        wish = _object(call, ("kind", "record", "field", "to"))
        self._mock.schema.arm(change_of(wish, self._mock.vendor.name, self._mock.records))
        return {"changes": self._mock.schema.shown()}

    def _delete_schema(self, call: Call) -> object:
        if wish := call.args():
            self._mock.schema.undo(change_of(wish, self._mock.vendor.name, self._mock.records))
        else:
            self._mock.schema.clear()
        return {"changes": self._mock.schema.shown()}

    def _get_disturb(self, _: Call) -> object:
        return {"kinds": {name: act.shown() for name, act in self._mock.vendor.acts.items()}}

    def _post_disturb(self, call: Call) -> object:
        wish = _object(call)
        self._mock.vendor.disturb(self._mock.rules, text({"kind": wish.pop("kind", "")}, "kind", ""), wish)
        return {"done": True}

    # --- journal

    def _get_requests(self, call: Call) -> object:
        wish = call.args()
        self._operation(wish, "")
        seen = self._mock.journal.find(wish)
        return {"count": len(seen), "requests": [each.shown() for each in seen]}

    def _post_requests(self, call: Call) -> object:
        wish = _object(call)
        times = whole(wish, "times") if "times" in wish else None
        wish.pop("times", None)
        self._operation(wish, "")
        seen = self._mock.journal.find(wish)
        found = {"count": len(seen), "requests": [each.shown() for each in seen]}
        return found if times is None else {**found, "as_wanted": len(seen) == times}

    def _delete_requests(self, _: Call) -> object:
        self._mock.journal.clear()
        return {"count": 0}

    # --- tenants

    def _get_tenants(self, _: Call) -> object:
        return {"tenants": list(self._tenants.names())}

    async def _post_tenants(self, call: Call) -> object:
        wish = _object(call, ("name", "ports"))
        return await self._made("name", None, wish)

    async def _post_fork(self, call: Call) -> object:
        wish = _object(call, ("tenant", "ports"))
        return await self._made("tenant", self._tenant, wish)

    async def _made(self, field: str, like: Tenant | None, wish: Wish) -> object:
        name, ports, listen = text(wish, field), flag(wish, "ports"), self._tenants.listen
        if ports and listen is None:
            raise ValueError("ports: no further ports can be opened here; use the header or the prefix")
        try:
            made = self._tenants.make(name, like)
        except ValueError as wrong:
            raise ValueError(str(wrong).replace("name:", f"{field}:", 1)) from None
        urls = await listen(made) if ports and listen is not None else {}
        return {
            "tenant": name,
            "header": {"X-Tieout-Tenant": name},
            "prefix": f"/_tenant/{name}",
            "urls": urls,
        }

    def _delete_tenants(self, call: Call) -> object:
        name = call.args().get("name", "")
        self._tenants.drop(name)
        return {"deleted": name}


def _shown(name: str, snapshot: Snapshot) -> dict[str, object]:
    return {"name": name, "at": snapshot.at, "utc": at(snapshot.at).isoformat(), "bytes": snapshot.size}


def _object(call: Call, known: tuple[str, ...] = ()) -> dict[str, Any]:
    """The body; none at all is an empty object. known: the members that there are, () for any."""
    if not call.body.strip():
        return {}
    value = call.json()
    if not isinstance(value, dict):
        raise ValueError("the body must be a JSON object")
    if known:
        only(value, known)
    return value
