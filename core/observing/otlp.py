"""Spans as OTLP JSON: lines of a file, as the collector's `otlpjsonfile` receiver reads them, or a request.

Format: OpenTelemetry Protocol File Exporter and OTLP/HTTP; numbers of 64 bits are strings, ids are hex.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.observing.tracing import Keep, Span, root_of

SERVICE = "tieout"
_KINDS = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}
_ERROR = 2


@contextmanager
def trace_file(path: Path, process: str, service: str = SERVICE) -> Iterator[Keep]:
    """Appends a line a span, each at once: what a process did before it was killed is there. For this user
    only, since keys name customers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:

        def keep(span: Span) -> None:
            file.write(line(span, process, service) + "\n")
            file.flush()

        yield keep


def line(span: Span, process: str, service: str = SERVICE) -> str:
    """One export of one span."""
    return json.dumps(export([span], service, process))


def export(spans: Iterable[Span], service: str, process: str) -> dict[str, Any]:
    """An ExportTraceServiceRequest. service: what is told to be one, such as "tieout"; process: one of its
    instances."""
    resource = {"service.name": service, "service.instance.id": process}
    scope = {"scope": {"name": "tieout.core"}, "spans": [_told(span) for span in spans]}
    return {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scope]}]}


def _told(span: Span) -> dict[str, Any]:
    told: dict[str, Any] = {
        "traceId": span.trace,
        "spanId": span.id,
        "parentSpanId": span.parent,
        "name": span.name,
        "kind": _KINDS[span.kind],
        "startTimeUnixNano": str(span.at * 1000),
        "endTimeUnixNano": str(span.ended_at * 1000),
        "attributes": _attributes({"tieout.transaction": span.key, **span.attributes}),
    }
    touches = _attributes({"tieout.link": "touches"})
    links = [
        *({"traceId": trace, "spanId": id_} for trace, id_ in span.links),
        *({"traceId": each, "spanId": root_of(each), "attributes": touches} for each in span.touched),
    ]
    if links:
        told["links"] = links
    if span.error:
        told["status"] = {"code": _ERROR, "message": span.error}
    return told


def _attributes(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
        for key, value in values.items()
    ]
