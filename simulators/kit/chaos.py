"""Faults that a vendor's own answer can carry; the lab or a test arms them by operation and count."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulators.kit.table import Call

# What every vendor renders in its own words (None where the vendor has no such answer).
TROUBLES = {
    "unknown_path": "no such resource path",
    "wrong_method": "the path exists, the method does not",
    "throttled": "F39: too many requests, not executed",
    "token_expired": "F42: the access token is no longer valid",
    "error_in_ok": "F06: status 200, an error in the body, not executed",
    "unavailable": "the service is down (503), not executed",
    "server_error": "an unexpected server error (500), not executed",
}


@dataclass(slots=True)
class Arm:
    """`kind` for the next `count` calls of `operation` ("*": any) whose body or path holds `match`."""

    kind: str
    operation: str = "*"
    match: str = ""
    count: int = 1

    def __post_init__(self) -> None:
        if self.kind not in TROUBLES:
            near = ", ".join(sorted(TROUBLES))
            raise ValueError(f"kind: {self.kind!r} is not a trouble; one of: {near}")
        if self.count < 1:
            raise ValueError(f"count: {self.count} must be at least 1")


@dataclass(slots=True)
class Armed:
    """The faults that wait for their call."""

    waiting: list[Arm] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.waiting)

    def take(self, operation: str, call: Call) -> str:
        """The kind of the first fault that fits this call, spent once; "" if none does."""
        for arm in self.waiting:
            fits = arm.operation in ("*", operation)
            if fits and (not arm.match or arm.match in call.path or arm.match.encode() in call.body):
                arm.count -= 1
                if not arm.count:
                    self.waiting.remove(arm)
                return arm.kind
        return ""
