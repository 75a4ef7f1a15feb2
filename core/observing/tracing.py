"""Spans with names that anybody can work out: one trace a transaction, over processes, crashes and days."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import blake2b
from types import TracebackType

from core.observing.roots import Roots
from core.ports.belonging import Belonging
from core.ports.world import Clock

# https://www.w3.org/TR/trace-context/#traceparent-header: ids of zeros and version ff are invalid.
_HEADER = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:\Z|-)")
Keep = Callable[["Span"], None]
# By the first word of a part's name, where it is neither an event that came in nor an attempt at a task.
_KINDS = {"publish": "producer"}
# How many traces a process remembers to have begun.
_BEGUN_MAX = 10_000


@dataclass(slots=True)
class Span:
    """A part of a transaction. trace, id, parent: lower-case hex of 16, 8 and 8 bytes, parent "" of the root;
    kind: "server" (an event came in), "consumer" (a task or message), "producer" (a message goes out),
    "client" (a call) or "internal"; at, ended_at: microseconds; error: "" if it came to a good end; key: the
    business key, once known; links: (trace, id) of what caused it elsewhere; touched: traces of transactions
    that it does something for; subject: of the event, task or message, not told."""

    trace: str
    id: str
    parent: str
    name: str
    kind: str
    at: int
    key: str
    ended_at: int = 0
    error: str = ""
    attributes: dict[str, str | int] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    touched: tuple[str, ...] = ()
    subject: str = ""


def trace_of(subject: str) -> str:
    """The trace of the transaction about this subject, anywhere and always."""
    return blake2b(subject.encode(), digest_size=16, person=b"tieout trace").hexdigest()


def root_of(trace: str) -> str:
    """The span that all parts of a trace come under."""
    return blake2b(trace.encode(), digest_size=8, person=b"tieout root").hexdigest()


# The attribute of an error that says which part it ended: who logs it may stand outside of all parts.
_ENDED = "_tieout_span"
_AT_HAND: ContextVar[tuple[Span, ...]] = ContextVar("spans at hand", default=())


def at_hand() -> tuple[Span, ...]:
    """The spans that are open where this is asked, the outermost first."""
    return _AT_HAND.get()


def belongs_to(error: BaseException | None = None) -> dict[str, str]:
    """ "transaction" and "trace" of the part at hand, or else of the part that this error has ended."""
    spans = _AT_HAND.get()
    span = spans[-1] if spans else getattr(error, _ENDED, None)
    return {"transaction": span.key, "trace": span.trace} if span is not None else {}


class SpanTracer:
    """Implements core.ports.tracing.Tracer. process: unique in the deployment; keep: takes each ended span;
    kept: where it is known whose transaction a document belongs to.

    The root is kept by each process that has a part in the trace, always the same but for its moment.
    """

    def __init__(self, clock: Clock, process: str, keep: Keep, kept: Belonging | None = None) -> None:
        self._clock, self._process, self._keep = clock, process, keep
        self._roots = Roots(clock, kept)
        self._count = 0
        # By trace: the subject of its root.
        self._begun: OrderedDict[str, str] = OrderedDict()

    async def relate(self, subject: str, causes: Sequence[str] = ()) -> None:
        """See core.ports.tracing.Tracer."""
        known = await self._roots.look((subject, *causes))
        if subject not in known and len(of_causes := {known[c] for c in causes if c in known}) == 1:
            await self._roots.keep([subject], *of_causes)

    def transaction(self, subject: str, name: str, parent: str = "", /, **attributes: str | int) -> _Open:
        """See core.ports.tracing.Tracer."""
        if found := _HEADER.match(parent):
            trace, above = found[1], found[2]
        else:
            trace, above = self._root(self._roots.of(subject))
        if at_hand := _AT_HAND.get():
            self._touch(at_hand[-1], trace)
        kind = "server" if name == "accept" else _KINDS.get(name.partition(" ")[0], "consumer")
        return _Open(self, self._span(trace, above, name, kind, subject, attributes, subject))

    async def identify(self, key: str, names: Sequence[str] = (), causes: Sequence[str] = ()) -> None:
        """See core.ports.tracing.Tracer. Nothing is sent back to what was told to another trace before: it
        keeps its place there, and links lead both ways."""
        self.known_as(key, (*names, *causes))
        if not (at_hand := _AT_HAND.get()):
            return
        here = next(span for span in at_hand if span.trace == at_hand[-1].trace)
        own = self._begun.get(here.trace, self._roots.of(here.subject))
        known = await self._roots.look((*names, *causes))
        others = {known[name] for name in (causes or names) if name in known} - {own}
        joined = causes and len({known[cause] for cause in causes if cause in known}) == 1
        target = others.pop() if joined and others else own
        await self._roots.keep([name for name in (here.subject, *names) if name not in known], target)
        here.links += tuple(self._root(other) for other in sorted(others) if self._new(here, other))
        if target != own:
            self._go_on(here, target)

    async def touch(self, *names: str) -> None:
        """See core.ports.tracing.Tracer."""
        if not (at_hand := _AT_HAND.get()):
            return
        known = await self._roots.look(name for name in names if name)
        for root in sorted(set(known.values())):
            self._touch(at_hand[-1], self._root(root)[0])

    def _touch(self, here: Span, trace: str) -> None:
        if trace not in (here.trace, *here.touched):
            here.touched += (trace,)

    def span(self, name: str, /, **attributes: str | int) -> _Open:
        """See core.ports.tracing.Tracer."""
        return self._part(name, "internal", attributes)

    def call(self, system: str, operation: str, /, **attributes: str | int) -> _Open:
        """See core.ports.tracing.Tracer."""
        return self._part(f"{system} {operation}", "client", attributes)

    def known_as(self, key: str, about: tuple[str, ...] = ()) -> None:
        """Of the part at hand and all of its trace that it is a part of."""
        at_hand = _AT_HAND.get()
        for span in at_hand:
            if span.trace == at_hand[-1].trace:
                span.key = key
                if about:
                    span.attributes["about"] = " ".join(about)

    def caused_by(self, traceparent: str) -> None:
        """See core.ports.tracing.Tracer; a malformed header says nothing."""
        found, at_hand = _HEADER.match(traceparent), _AT_HAND.get()
        if found and at_hand:
            at_hand[-1].links += ((found[1], found[2]),)

    def failed(self, why: str) -> None:
        """See core.ports.tracing.Tracer."""
        if at_hand := _AT_HAND.get():
            at_hand[-1].error = why

    def traceparent(self) -> str:
        """Version 00, sampled."""
        at_hand = _AT_HAND.get()
        return f"00-{at_hand[-1].trace}-{at_hand[-1].id}-01" if at_hand else ""

    def about(self) -> dict[str, str]:
        """See core.ports.tracing.Tracer."""
        return belongs_to()

    def end(self, span: Span) -> None:
        """It goes where spans are kept."""
        span.ended_at = self._clock.now()
        self._keep(span)

    def _root(self, subject: str) -> tuple[str, str]:
        """Trace and id of the root of a transaction; it is kept when it is met first."""
        trace = trace_of(subject)
        root = root_of(trace)
        if trace in self._begun:
            self._begun.move_to_end(trace)
            return trace, root
        self._begun[trace] = subject
        if len(self._begun) > _BEGUN_MAX:
            self._begun.popitem(last=False)
        now = self._clock.now()
        self._keep(Span(trace, root, "", "transaction", "internal", now, "", now, "", {"subject": subject}))
        return trace, root

    def _new(self, here: Span, other: str) -> bool:
        return (trace_of(other), root_of(trace_of(other))) not in here.links

    def _go_on(self, here: Span, subject: str) -> None:
        """What is still to be done of a part belongs to another trace."""
        trace, root = self._root(subject)
        attributes = {name: value for name, value in here.attributes.items() if name != "about"}
        rest = self._span(trace, root, here.name, here.kind, here.key, attributes, here.subject)
        rest.links = ((here.trace, here.id),)
        here.links += ((trace, rest.id),)
        _AT_HAND.set((*_AT_HAND.get(), rest))

    def _part(self, name: str, kind: str, attributes: dict[str, str | int]) -> _Open:
        at_hand = _AT_HAND.get()
        if not at_hand:
            return _Open(self, None)
        above = at_hand[-1]
        return _Open(self, self._span(above.trace, above.id, name, kind, above.key, attributes))

    def _span(
        self,
        trace: str,
        parent: str,
        name: str,
        kind: str,
        key: str,
        attributes: dict[str, str | int],
        subject: str = "",
    ) -> Span:
        self._count += 1
        now = self._clock.now()
        # A process that comes back under its name counts from one again, but at another moment.
        what = f"{trace} {self._process} {now} {self._count}"
        id_ = blake2b(what.encode(), digest_size=8, person=b"tieout span").hexdigest()
        return Span(trace, id_, parent, name, kind, now, key, attributes=attributes, subject=subject)


class _Open:
    """A span under way, or none."""

    __slots__ = ("_span", "_tracer")

    def __init__(self, tracer: SpanTracer, span: Span | None) -> None:
        self._tracer, self._span = tracer, span

    def __enter__(self) -> None:
        if self._span is not None:
            _AT_HAND.set((*_AT_HAND.get(), self._span))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What is thrown away with its machine ends nowhere: nobody is left to tell.
        if self._span is None or kind is GeneratorExit:
            return
        at_hand = _AT_HAND.get()
        here = at_hand.index(self._span)
        _AT_HAND.set(at_hand[:here])
        # The innermost part; anew in another transaction, for many may wait for what fails once.
        if error is not None and getattr(getattr(error, _ENDED, None), "trace", "") != at_hand[-1].trace:
            setattr(error, _ENDED, at_hand[-1])
        # A part that went on in another trace ends there and here.
        for span in reversed(at_hand[here:]):
            if error is not None and not span.error:
                span.error = f"{kind.__name__ if kind else ''}: {error}"
            self._tracer.end(span)
