"""A case whose words an adapter cannot read is not applicable; a product that breaks still fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any

from scenarios.oracle.case import Case, NotOffered

_UNREAD = (KeyError, IndexError, AttributeError, TypeError, ValueError, StopIteration)


def understood(answer: Callable[[Case], Any]) -> Callable[[Case], Any]:
    """An adapter that says NotOffered where its own reading of the inputs breaks off."""

    @wraps(answer)
    def asked(case: Case) -> Any:
        try:
            return answer(case)
        except _UNREAD as error:
            if not _while_reading(error.__traceback__):
                raise
            text = f"inputs {sorted(case.inputs)}: not read ({type(error).__name__}: {error})"
            raise NotOffered(text) from error

    return asked


def _while_reading(trace: TracebackType | None) -> bool:
    """Whether the innermost of our own modules is an adapter's."""
    inner = ""
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        inner = name if name.startswith(("core.", "scenarios.")) else inner
        trace = trace.tb_next
    return inner.startswith("scenarios.oracle.topics.")
