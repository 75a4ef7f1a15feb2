"""A vendor as a value, and a mock as that vendor with a memory and a place in the world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from simulators.kit.acts import Act, perform
from simulators.kit.agenda import Agenda, Spawn
from simulators.kit.chaos import BREAKDOWNS, Arm, Armed
from simulators.kit.clock import Clock
from simulators.kit.disturbed import disturbed
from simulators.kit.fidelity import Fidelity
from simulators.kit.ids import Ids
from simulators.kit.journal import Journal
from simulators.kit.peer import Peer, Reach
from simulators.kit.post import Post
from simulators.kit.reshaping import about, answered, lacking, reshaped
from simulators.kit.schema import SETTLED, Schema, records_of
from simulators.kit.snapshot import freeze, thaw
from simulators.kit.spans import Serving, Told
from simulators.kit.table import Call, Matcher, Reply, Route
from simulators.kit.webhooks import Outbound


@dataclass(frozen=True)
class Surroundings:
    """Everything a mock needs from outside: time, ids, a way to post, a way to work on its own.

    spawn: starts a coroutine now; vendors use `agenda`, which a snapshot carries. options: numbers a
    deployment may change, by name (see each vendor's rules). peers: other vendors' APIs, by name.
    """

    clock: Clock
    ids: Ids
    outbound: Outbound
    spawn: Spawn
    options: Mapping[str, int] = field(default_factory=dict)
    peers: Mapping[str, Peer] = field(default_factory=dict)

    @cached_property
    def agenda(self) -> Agenda:
        """What the mock has yet to do by itself."""
        return Agenda(self.clock, self.spawn)


@dataclass(frozen=True, slots=True)
class Vendor:
    """What makes one vendor differ from the next.

    open: a fresh sandbox (the rules object; it has .history, .books(), .pending()).
    serve: the vendor's own door around a handler: authentication, limits, idempotency keys, errors.
    trouble: this dialect's answer to a trouble of `chaos.TROUBLES`, or None where it has none.
    answers: whether there is such an answer to calls of a row; asked where it depends on their bodies.
    any_case: whether the words of its paths are the same in upper and lower case.
    retire: lets those go who still wait for something of a memory that is about to be replaced.
    records: names of record types and tables that a schema change may be about, beside those of the paths.
    lacks: this dialect's refusal of a call without a field that has become mandatory.
    acts: what can be made to happen inside ("expire_tokens", "search_lag", …), by name.
    wake: puts the vendor's own periodic doings (payouts) on the agenda, once.
    fidelity: what the mock leaves out, adds, or could not confirm.
    options: the numbers that `open` reads of its surroundings, and what each means.
    break_down: the next call of an operation answers 500 from behind the door, after it has committed or
    not, so that whatever the vendor keeps of an answer (under an idempotency key) is kept of this one too.
    """

    name: str
    title: str
    port: int
    table: tuple[Route, ...]
    open: Callable[[Surroundings], Any]
    serve: Callable[[Any, Route, Call], Awaitable[Reply]]
    trouble: Callable[[Any, str, Call], Reply | None]
    acts: Mapping[str, Act]
    credentials: Callable[[Any], dict[str, str]]
    wake: Callable[[Any], None] | None = None
    fidelity: Fidelity = field(default_factory=Fidelity)
    options: Mapping[str, str] = field(default_factory=dict)
    break_down: Callable[[Any, str, bool], None] | None = None
    answers: Callable[[str, Route], bool] | None = None
    any_case: bool = False
    retire: Callable[[Any], None] | None = None
    records: Collection[str] = ()
    lacks: Callable[[Call, str], Reply] | None = None

    def disturb(self, rules: Any, kind: str, wish: Mapping[str, Any]) -> None:
        """Make something happen inside; ValueError names what is unknown, missing or wrong."""
        perform(self.acts, rules, kind, wish)


class Mock:
    """One running mock: `call` is what the faces call. journal: how many requests it remembers."""

    def __init__(self, vendor: Vendor, surroundings: Surroundings, *, journal: int = 0) -> None:
        self.vendor = vendor
        self.armed = Armed()
        self.schema = Schema()
        self.matcher = Matcher(vendor.table, any_case=vendor.any_case)
        self.journal = Journal(journal)
        self._beneath = surroundings
        self.surroundings = self._around(surroundings.ids)
        self.rules: Any = vendor.open(self.surroundings)
        self._awake = False
        self.spans: Serving | None = None

    def trace(self, told: Told) -> None:
        """Tell the spans of calls that are part of a trace; what such a call causes carries it on."""
        self.spans = Serving(self.vendor.name, self.surroundings.clock.now, told)

    @property
    def agenda(self) -> Agenda:
        """What the mock has yet to do by itself."""
        return self.surroundings.agenda

    def wake(self) -> None:
        """Let the vendor's own periodic doings begin."""
        self._awake = True
        if self.vendor.wake is not None:
            self.vendor.wake(self.rules)

    def reset(self, options: Mapping[str, int] | None = None) -> None:
        """Back to the sandbox of the first day, with its ids and credentials; armed faults, schema changes,
        what was still to be done, and the journal are forgotten too. options: numbers that hold until the
        next reset, before those of the deployment; ValueError names one that the vendor does not know."""
        around = self._around(Ids(self.surroundings.ids.seed))
        if options:
            around = replace(around, options={**around.options, **self._known(options)})
        self._become(around, None)
        self.schema.clear()
        if self._awake:
            self.wake()

    def _known(self, options: Mapping[str, int]) -> Mapping[str, int]:
        for name, value in options.items():
            if name not in self.vendor.options:
                there = ", ".join(self.vendor.options) or "none"
                raise ValueError(f"options: {name!r} is not one of {self.vendor.name}'s: {there}")
            if type(value) is not int or value < 0:
                raise ValueError(f"options: {name}: {value!r} must be a whole number, 0 or more")
        return options

    def snapshot(self) -> bytes:
        """All that the mock remembers: see `snapshot.freeze`."""
        return freeze(self.rules, self.surroundings, self, tuple(self.schema.changes))

    def restore(self, snapshot: bytes) -> None:
        """Become what a mock of the same vendor was; what was under way is begun again."""
        around = self._around(self.surroundings.ids)
        rules, kept = thaw(snapshot, around, self)
        changes = kept.pop("changes")
        around.__dict__.update(kept)
        self._become(around, rules)
        self.schema.clear()
        self.schema.changes.extend(changes)
        around.agenda.wake()

    def _around(self, ids: Ids) -> Surroundings:
        """The place, with ways out of its own: they end with the memory that uses them."""
        post, reach = Post(self._beneath.outbound, self), Reach(self._beneath.peers)
        return replace(self._beneath, ids=ids, outbound=post, peers=reach)

    def _become(self, around: Surroundings, rules: Any) -> None:
        rules = self.vendor.open(around) if rules is None else rules
        if self.vendor.retire is not None:
            self.vendor.retire(self.rules)
        self.agenda.close()
        # What is under way on the old memory reaches nobody any more: the others have a new one too.
        for way in (self.surroundings.outbound, self.surroundings.peers):
            if isinstance(way, Post | Reach):
                way.close()
        self.surroundings = around
        self.rules = rules
        self.armed.waiting.clear()
        self.journal.clear()

    async def call(self, call: Call) -> Reply:
        """Find the row, fill the path parameters, serve."""
        span = self.spans.begin(call.headers) if self.spans is not None else None
        if span is None:
            route, reply = await self._served(call)
        else:
            assert self.spans is not None
            route, status = None, 0
            try:
                route, reply = await self._served(call)
                status = reply.status
            finally:
                self.spans.end(span, route.operation if route else "", status)
        if self.journal.most:
            self.journal.note(self.surroundings.clock.now(), call, route, reply)
        return reply

    async def _served(self, call: Call) -> tuple[Route | None, Reply]:
        changed = self.schema.changes and SETTLED not in call.headers
        return await (self._changed(call) if changed else self._answer(call))

    async def _answer(self, call: Call) -> tuple[Route | None, Reply]:
        method = "GET" if call.method == "HEAD" else call.method
        route, call.params, known_path = self.matcher.find(method, call.path)
        if route is None:
            if known_path:
                call.params = {"allowed": ",".join(self.matcher.methods(call.path))}
            kind = "wrong_method" if known_path else "unknown_path"
            return None, self.vendor.trouble(self.rules, kind, call) or Reply(404)
        if self.armed.waiting and (arm := self._armed_for(route, call)) is not None:
            return route, await disturbed(arm, self, route, call)
        return route, await self.vendor.serve(self.rules, route, call)

    async def _changed(self, call: Call) -> tuple[Route | None, Reply]:
        """The same, of a vendor whose schema has changed; signing in never does."""
        route, _, _ = self.matcher.find("GET" if call.method == "HEAD" else call.method, call.path)
        changes = about(self.schema.changes, route.operation, call) if route and not route.public else []
        if not changes or route is None:
            return await self._answer(call)
        wanted = lacking(changes, call)
        if wanted and self.vendor.lacks is not None:
            self.schema.met.update(each for each in changes if each.field == wanted)
            return route, self.vendor.lacks(call, wanted)
        # The row that was asked for, though a name in the path may be one that the mock does not know.
        _, reply = await self._answer(reshaped(call, changes, route.path))
        reply, bitten = answered(reply, changes)
        self.schema.met.update(set(bitten))
        return route, reply

    @property
    def records(self) -> tuple[str, ...]:
        """What a schema change may be about."""
        return records_of(self.vendor.table, self.vendor.records)

    def _armed_for(self, route: Route, call: Call) -> Arm | None:
        def answered(kind: str) -> bool:
            broken = kind in BREAKDOWNS and self.vendor.break_down is not None
            return broken or self.vendor.trouble(self.rules, kind, call) is not None

        return self.armed.take(route.operation, call, answered)

    def can(self, kind: str, operation: str) -> bool:
        """Whether the vendor has an answer of the kind to any call of an operation ("*": of any)."""
        if kind in BREAKDOWNS and self.vendor.break_down is not None:
            return True
        rows = [route for route in self.vendor.table if operation in ("*", route.operation)]
        if self.vendor.answers is not None:
            return any(self.vendor.answers(kind, route) for route in rows)
        calls = (Call(route.method, route.path) for route in rows)
        return any(self.vendor.trouble(self.rules, kind, call) is not None for call in calls)

    async def serve(self, route: Route, call: Call) -> Reply:
        """The vendor's own answer, whatever faults are armed."""
        return await self.vendor.serve(self.rules, route, call)
