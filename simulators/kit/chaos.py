"""Faults that can be armed on one mock: what they do, which calls they meet, how often."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
# What a vendor's own limits and rules say, at a moment that a test chooses; words as for TROUBLES.
RULED = {
    "too_many_at_once": "F40: the limit of calls at once is used up by others, not executed",
    "quota_spent": "F41: the day's quota is used up, not executed",
    "period_closed": "F50: the accounting period has just been closed, not executed",
    "record_locked": "F51: somebody else holds the record, not executed",
}
WORDED = frozenset({*TROUBLES, *RULED})
# What happens to a call on its way, whatever the vendor.
ON_THE_WAY = {
    "answer_lost": "F01: executed, then the connection is reset without an answer",
    "answer_hangs": "F01: executed, and no answer ever comes",
    "error_after_commit": "F01: executed, and the answer is the vendor's unexpected server error (500)",
    "reset": "F02: not executed, the connection is reset",
    "hang": "F02: not executed, and no answer ever comes",
    "late": "F03: no answer; executed `seconds` later on the mock's clock",
    "resent": "F04: executed twice, as by a proxy that sends again",
    "half": "F05: executed, half of the answer arrives",
    "slow": "F60: answered `seconds` later",
}
# Those that come from behind the door, where a vendor can be broken there.
BREAKDOWNS = ("server_error", "error_after_commit")
# What happens to an event on its way to a subscriber.
TO_SUBSCRIBERS = {
    "webhook_twice": "F13: delivered twice, one after the other",
    "webhook_thrice": "F14: delivered three times at once",
    "webhook_late": "F15: delivered `seconds` later, after events that followed it",
    "webhook_lost": "F16: never delivered, and the sender does not know",
    "webhook_refused": "F22: not delivered; the sender will try again",
}
KINDS = {**{k: t for k, t in TROUBLES.items() if k not in ("unknown_path", "wrong_method")},
         **RULED, **ON_THE_WAY, **TO_SUBSCRIBERS}  # fmt: skip
# Names of the catalogue of faults for the kind that is meant most often.
CATALOGUE = {
    "F01": "answer_lost", "F02": "reset", "F03": "late", "F04": "resent", "F05": "half",
    "F06": "error_in_ok", "F11": "error_after_commit", "F13": "webhook_twice", "F14": "webhook_thrice",
    "F15": "webhook_late", "F16": "webhook_lost", "F22": "webhook_refused", "F39": "throttled",
    "F40": "too_many_at_once", "F41": "quota_spent", "F42": "token_expired", "F50": "period_closed",
    "F51": "record_locked", "F60": "slow",
}  # fmt: skip
MOST_SECONDS, MOST_COUNT, MOST_MATCH = 366 * 86_400, 1_000_000, 1000


@dataclass(slots=True)
class Arm:
    """`kind` for the next `count` calls of `operation` ("*": any) whose body or path holds `match`.

    skip: how many such calls pass unharmed first; seconds: of the kinds that delay. For events,
    `operation` is "*" and `match` is looked for in the body and the address of the subscriber.
    """

    kind: str
    operation: str = "*"
    match: str = ""
    count: int = 1
    skip: int = 0
    seconds: float = 60.0

    def __post_init__(self) -> None:
        self.kind = CATALOGUE.get(self.kind, self.kind)
        if self.kind not in KINDS:
            raise ValueError(f"kind: {self.kind!r} is not a fault; one of: {', '.join((*KINDS, *CATALOGUE))}")
        if not 1 <= self.count <= MOST_COUNT:
            raise ValueError(f"count: {self.count} must be from 1 to {MOST_COUNT}")
        if self.skip < 0:
            raise ValueError(f"skip: {self.skip} must be at least 0")
        if not 0 <= self.seconds <= MOST_SECONDS:
            raise ValueError(f"seconds: {self.seconds} must be from 0 to {MOST_SECONDS}")


@dataclass(slots=True)
class Armed:
    """The faults that wait for their call or event."""

    waiting: list[Arm] = field(default_factory=list)

    def take(self, operation: str, call: Call, answered: Callable[[str], bool]) -> Arm | None:
        """The first fault that fits this call, spent once. answered: whether the vendor has an answer to it
        of such a kind of trouble; a fault that it has no words for goes on waiting."""
        calls = (arm for arm in self.waiting if arm.kind not in TO_SUBSCRIBERS)
        fitting = (arm for arm in calls if arm.operation in ("*", operation))
        held = (arm for arm in fitting if _held(arm.match, call.path, call.query, body=call.body))
        return self._spend(arm for arm in held if arm.kind not in WORDED or answered(arm.kind))

    def take_event(self, url: str, body: bytes) -> Arm | None:
        """The first fault that fits this event on its way, spent once."""
        events = (arm for arm in self.waiting if arm.kind in TO_SUBSCRIBERS)
        return self._spend(arm for arm in events if _held(arm.match, url, body=body))

    def _spend(self, fitting: Iterable[Arm]) -> Arm | None:
        for arm in fitting:
            if arm.skip:
                arm.skip -= 1
                return None
            arm.count -= 1
            if not arm.count:
                self.waiting.remove(arm)
            return arm
        return None


def _held(match: str, *texts: str, body: bytes) -> bool:
    return not match or any(match in text for text in texts) or match.encode() in body
