"""What a process writes: each line one JSON object, masked, with the transaction that it belongs to."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from core.governance.masking import SHAPES_ONLY
from core.observing.tracing import belongs_to

if TYPE_CHECKING:
    from typing import TextIO

_log = logging.getLogger("tieout.process")


@dataclass(frozen=True, slots=True)
class Said:
    """A message with fields of its own: `what` is the message; as a text it is JSON, too."""

    what: str
    fields: Mapping[str, object]

    def __str__(self) -> str:
        return json.dumps({"what": self.what, **self.fields}, default=str)


class JsonLines(logging.Formatter):
    """One JSON object a line: time (RFC 3339, UTC), level, logger, process, message; `transaction` and
    `trace` where there are; the fields of a `Said`; `error`, a traceback, as a text.

    mask: of each text before it becomes JSON, so that what it cuts out never breaks a line.
    """

    def __init__(self, process: str, mask: Callable[[str], str] = SHAPES_ONLY) -> None:
        super().__init__()
        self._process, self._mask = process, mask

    def format(self, record: logging.LogRecord) -> str:
        """Never raises: a message that does not fit its arguments is written as it is."""
        said = record.msg if isinstance(record.msg, Said) else None
        error = record.exc_info[1] if record.exc_info else None
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": self._process,
            "message": said.what if said else _message(record),
            **belongs_to(error),
        }
        if said:
            line = {**line, "what": said.what, **said.fields}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(self._masked(line), default=lambda value: self._mask(str(value)))

    def _masked(self, value: object) -> object:
        if isinstance(value, str):
            return self._mask(value)
        if isinstance(value, Mapping):
            return {self._mask(str(name)): self._masked(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._masked(each) for each in value]
        return value


def keep_log(process: str, stream: TextIO) -> None:
    """Everything that this process logs goes there as JSON lines, with Python's warnings and what nobody
    caught, in a thread or in none. Other libraries' loggers must have no handlers of their own."""
    logging.basicConfig(level=logging.INFO, stream=stream, force=True)
    mask_log(process, SHAPES_ONLY)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda told: _log.critical(
        "a thread ended with an error", exc_info=told.exc_value or told.exc_type is not None
    )
    sys.unraisablehook = lambda told: _log.error(
        "%s", told.err_msg or "an error that nobody could be told", exc_info=told.exc_value
    )


def mask_log(process: str, mask: Callable[[str], str]) -> None:
    """From here on without these secrets, as soon as they are known."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines(process, mask))


def last_words(log: Path) -> str:
    """The message of the last line of a process's log, or that line where it is no JSON; "" of no line."""
    last = next(iter(log.read_text(errors="replace").strip().splitlines()[-1:]), "")
    try:
        said = json.loads(last)
    except ValueError:
        return last
    return str(said["message"]) if isinstance(said, dict) and "message" in said else last


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.critical("%s: %s", kind.__name__, error, exc_info=(kind, error, trace))


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"
