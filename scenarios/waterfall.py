"""One transaction from quote to cash as a tree of spans: the traces of a run that belong together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.observing.tracing import Span, trace_of
from simulators.kit.spans import ServerSpan


@dataclass(frozen=True, slots=True)
class Line:
    """One span in its place. depth: 0 for the root of a trace; cause: the name of the span elsewhere that
    this one comes of, "" for none."""

    depth: int
    span: Span
    cause: str = ""


def of_mock(span: ServerSpan) -> Span:
    """A mock's span, as the core's are."""
    error = "" if span.status and span.status < 400 else f"{span.status or 'no answer'}"
    name = f"{span.system} serves {span.operation or 'an unknown address'}"
    told: dict[str, str | int] = {"system": span.system, "status": span.status}
    return Span(span.trace, span.id, span.parent, name, "server", span.at, "", span.ended_at, error, told)


def related(spans: Sequence[Span], wanted: str) -> list[str]:
    """The traces of one transaction, the first first: those that `wanted` names (a subject, a business key or
    a part of one, or the number of a document), and all that a document or a cause joins to them.
    Empty if it names none."""
    names = _names(spans)
    found = {trace for trace, known in names.items() if trace_of(wanted) == trace or wanted in known}
    if not found:
        found = {trace for trace, known in names.items() if any(wanted in name for name in known)}
    joined = _joined(spans)
    fresh = set(found)
    while fresh:
        fresh = {other for trace in fresh for other in joined.get(trace, ())} - found
        found |= fresh
    began = {span.trace: span.at for span in spans if not span.parent}
    return sorted(found & began.keys(), key=lambda trace: (began[trace], trace))


def touched(spans: Iterable[Span], traces: Iterable[str]) -> list[str]:
    """What these do something for, and what does something for them, in order of time: a job and the
    transactions that it is for, a payout and its payments. None of what they are for is theirs, so it is not
    followed further."""
    own, told = set(traces), list(spans)
    found = {each for span in told if span.trace in own for each in span.touched}
    found |= {span.trace for span in told if own.intersection(span.touched)}
    began = {span.trace: span.at for span in told if not span.parent}
    return sorted((found - own) & began.keys(), key=lambda trace: (began[trace], trace))


def lines(spans: Sequence[Span], trace: str) -> Iterator[Line]:
    """One trace, depth first, in order of time; what lost the span above it (a machine that died) stands
    under the root."""
    own = [span for span in spans if span.trace == trace]
    known = {span.id for span in own}
    names = {(span.trace, span.id): span.name for span in spans}
    (root,) = [span for span in own if not span.parent][:1]
    below: dict[str, list[Span]] = {}
    for span in own:
        if span.parent:
            below.setdefault(span.parent if span.parent in known else root.id, []).append(span)

    def walk(span: Span, depth: int) -> Iterator[Line]:
        cause = next((names[link] for link in span.links if link in names), "")
        yield Line(depth, span, cause)
        # What came in goes before what it began in the same moment.
        order = sorted(below.get(span.id, ()), key=lambda each: (each.at, each.kind != "server", each.id))
        for part in order:
            yield from walk(part, depth + 1)

    yield from walk(root, 0)


def key_of(spans: Iterable[Span], trace: str) -> str:
    """The first business key of a trace, or its subject where none became known."""
    own = sorted((span for span in spans if span.trace == trace), key=lambda span: span.at)
    keys = [span.key for span in own if span.key and trace_of(span.key) != trace]
    subjects = [str(span.attributes["subject"]) for span in own if "subject" in span.attributes]
    return (keys or subjects or [trace])[0]


def _names(spans: Iterable[Span]) -> dict[str, set[str]]:
    """By trace: everything that it is known by."""
    found: dict[str, set[str]] = {}
    for span in spans:
        told = {span.key, str(span.attributes.get("subject", "")), *_documents(span)}
        found.setdefault(span.trace, set()).update(told - {""})
    return found


def _documents(span: Span) -> list[str]:
    return str(span.attributes.get("about", "")).split()


def _joined(spans: Sequence[Span]) -> dict[str, set[str]]:
    """Neighbours by trace: those about the same document, and those that one caused in the other."""
    about: dict[str, set[str]] = {}
    for span in spans:
        for document in _documents(span):
            about.setdefault(document, set()).add(span.trace)
    found: dict[str, set[str]] = {}
    for traces in about.values():
        for trace in traces:
            found.setdefault(trace, set()).update(traces)
    # What a job caused is not part of its run: all that it does would be one.
    jobs = {span.trace for span in spans if str(span.attributes.get("subject", "")).startswith("job/")}
    for span in spans:
        for trace, _ in span.links:
            if jobs & {trace, span.trace}:
                continue
            found.setdefault(trace, set()).add(span.trace)
            found.setdefault(span.trace, set()).add(trace)
    return found
