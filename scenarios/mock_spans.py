"""The served mocks' spans, told where those of the core's processes are: in a folder, or to a collector."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from core.observing.otlp import trace_file
from core.observing.shipping import Shipper
from core.observing.tracing import Keep
from core.realtime import AioHttpTransport, Crew
from scenarios.waterfall import of_mock
from simulators.kit.spans import ServerSpan
from simulators.serve import Served


async def trace_mocks(
    mocks: Mapping[str, Served], traces: Path | None, otlp: str, stack: AsyncExitStack, crew: Crew
) -> None:
    """Each mock tells its spans where the core's processes tell theirs, as a service of its own. traces: a
    folder, None for none; otlp: the address of a collector, "" for none."""
    if not (traces or otlp):
        return
    transport = await stack.enter_async_context(AioHttpTransport()) if otlp else None
    for name, mock in mocks.items():
        keepers: list[Keep] = []
        if traces:
            keepers.append(stack.enter_context(trace_file(traces / f"{name}.traces.jsonl", name, name)))
        if transport is not None:
            shipper = Shipper(otlp, name, name, transport)
            stack.push_async_callback(shipper.end)
            crew.spawn(shipper.run())
            keepers.append(shipper.keep)

        def told(span: ServerSpan, keepers: list[Keep] = keepers) -> None:
            for keep in keepers:
                keep(of_mock(span))

        mock.mock.trace(told)
