"""What can go wrong between us and a vendor, told by whether the act happened.

CoreError
├── Refused            no: the vendor looked at it and said no; repeating the same changes nothing
│   ├── PeriodClosed   no: the accounting period does not take it; another date may
│   ├── AlreadyThere   no: an object with this identity exists; look it up instead
│   ├── TooLittle      no: the processor takes no amount as small as that
│   ├── Missing        no: what it refers to does not exist (yet)
│   └── Held           no: it cannot be worked out from what is known; a person has to say
├── Fenced             no: another worker has the task in hand by now; whatever this one says comes too late
├── Unavailable        no: it never began (refused connection, throttled, signed out); repeat later
│   └── NewerVersion   no: it was begun by newer code than this; a worker with that code has it next
└── Unclear            perhaps: no answer or one without meaning; ask, or repeat with the same key
"""

from __future__ import annotations


class CoreError(Exception):
    """Everything the core raises on purpose. `detail` is for people, `code` is the vendor's."""

    def __init__(self, detail: str, *, system: str = "", code: str = "") -> None:
        super().__init__(detail)
        self.detail, self.system, self.code = detail, system, code


class Refused(CoreError):
    """The vendor refused; the act did not happen and will not by repeating."""


class PeriodClosed(Refused):
    """The posting date lies in a closed accounting period."""


class AlreadyThere(Refused):
    """The identity is taken; the act may have happened before."""


class TooLittle(Refused):
    """The processor takes no amount as small as that; another way of paying it may."""


class Missing(Refused):
    """Something the act refers to is not there; it may still come."""


class Held(Refused):
    """What was given cannot be priced, converted or placed: held for `owner`, never posted at zero.

    `detail` names the field, the value and the remedy.
    """

    def __init__(self, detail: str, *, owner: str = "controller") -> None:
        super().__init__(detail, code="held")
        self.owner = owner


class Fenced(CoreError):
    """Another worker has the task in hand; nothing was written, and nothing is left to do here."""


def owner_of(error: CoreError) -> str:
    """Who is asked, where the error itself knows; else ""."""
    return error.owner if isinstance(error, Held) else ""


class Unavailable(CoreError):
    """The act did not happen; `retry_after` in seconds where the vendor named one."""

    def __init__(
        self, detail: str, *, system: str = "", code: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(detail, system=system, code=code)
        self.retry_after = retry_after


class NewerVersion(Unavailable):
    """Begun under a version that this worker does not know yet. It is no attempt: however often an older
    worker takes it during a deployment, it is left for a newer one."""


class Unclear(CoreError):
    """Nobody can say whether the act happened."""
