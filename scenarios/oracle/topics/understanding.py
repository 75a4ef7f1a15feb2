"""A case whose words an adapter cannot read is not applicable; a product that breaks still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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


def complete(answer: Callable[[Case], Any]) -> Callable[[Case], Any]:
    """An adapter that says NotOffered where it has no figure for some of what is wanted.

    A case of which a part is not understood is not one whose other figures can be trusted.
    """

    @wraps(answer)
    def asked(case: Case) -> Any:
        found = answer(case)
        if missing := list(unanswered(case.wanted, found)):
            raise NotOffered(f"figures: none is given for {', '.join(missing[:5])}")
        return found

    return asked


def unanswered(wanted: Any, found: Any, path: str = "") -> Iterator[str]:
    """Paths of what is wanted and not found, or found in another shape.

    A journal with too many or too few lines is an answer, and wrong: that is for the judge to say.
    """
    if isinstance(wanted, Mapping):
        for key, shape in wanted.items():
            inner = found.get(key, _NONE) if isinstance(found, Mapping) else _NONE
            yield from unanswered(shape, inner, f"{path}.{key}" if path else str(key))
    elif isinstance(wanted, list):
        rows = list(found) if isinstance(found, list | tuple) else None
        if rows is None or (_is_journal(wanted) and not _is_journal(rows)):
            yield path
        elif not _is_journal(wanted):
            if len(rows) != len(wanted):
                yield f"{path} ({len(wanted)} are wanted, {len(rows)} found)"
            for index, (shape, row) in enumerate(zip(wanted, rows, strict=False)):
                yield from unanswered(shape, row, f"{path}[{index}]")
    elif found is _NONE or isinstance(found, Mapping | list | tuple):
        yield path


_NONE = object()


def _is_journal(rows: Any) -> bool:
    return bool(rows) and all(isinstance(row, Mapping) and "account" in row for row in rows)


def _while_reading(trace: TracebackType | None) -> bool:
    """Whether the innermost of our own modules is an adapter's."""
    inner = ""
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        inner = name if name.startswith(("core.", "scenarios.")) else inner
        trace = trace.tb_next
    return inner.startswith("scenarios.oracle.topics.")
