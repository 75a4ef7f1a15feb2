"""Spans as lines of OTLP JSON in a file, as the collector's `otlpjsonfile` receiver reads them.

Format: OpenTelemetry Protocol File Exporter; numbers of 64 bits are strings, ids are hex (OTLP 1.x, JSON).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.observing.tracing import Keep, Span

_KINDS = {"internal": 1, "server": 2, "client": 3, "consumer": 5}
_ERROR = 2


@contextmanager
def trace_file(path: Path, process: str) -> Iterator[Keep]:
    """Appends a line a span, each at once: what a process did before it was killed is there. For this user
    only, since keys name customers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:

        def keep(span: Span) -> None:
            file.write(line(span, process) + "\n")
            file.flush()

        yield keep


def line(span: Span, process: str) -> str:
    """One export of one span."""
    resource = {"service.name": "tieout", "service.instance.id": process}
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
    if span.error:
        told["status"] = {"code": _ERROR, "message": span.error}
    scope = {"scope": {"name": "tieout.core"}, "spans": [told]}
    return json.dumps(
        {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scope]}]}
    )


def _attributes(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
        for key, value in values.items()
    ]
