"""The control surface beside the vendor's paths: books, reset, clock, faults, journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from simulators.kit.chaos import Arm
from simulators.kit.clock import ShiftedClock, at
from simulators.kit.mock import Mock
from simulators.kit.table import Call, Reply, json_reply

CONTROL_PREFIX = "/_tieout/"

CONTROL_TABLE = (
    ("GET", "/_tieout/books", "the books, as the checkers read them"),
    ("GET", "/_tieout/history", "every committed change since the reset"),
    ("GET", "/_tieout/pending", "webhooks and jobs not yet ended"),
    ("GET", "/_tieout/credentials", "how to sign in to the fresh sandbox"),
    ("POST", "/_tieout/reset", "back to a fresh sandbox"),
    ("GET", "/_tieout/clock", "the mock's present"),
    ("POST", "/_tieout/clock", '{"set": microseconds} or {"advance": microseconds}'),
    ("POST", "/_tieout/faults", '{"kind", "operation", "match", "count"}: arm a fault'),
    ("POST", "/_tieout/disturb", '{"kind", …}: make something happen inside'),
    ("GET", "/_tieout/requests", "journal of requests; ?operation= and ?path= narrow it"),
)


class Controls:
    """Answers the control paths of one mock. `clock` is given where time may be moved."""

    def __init__(self, mock: Mock, clock: ShiftedClock | None = None) -> None:
        self._mock, self._clock = mock, clock
        self._acts: dict[tuple[str, str], Callable[[Call], object]] = {
            ("GET", "books"): lambda _: self._mock.rules.books(),
            ("GET", "history"): lambda _: [asdict(c) for c in self._mock.rules.history.changes],
            ("GET", "pending"): lambda _: {"pending": self._mock.rules.pending()},
            ("GET", "credentials"): lambda _: mock.vendor.credentials(mock.rules),
            ("POST", "reset"): self._reset,
            ("GET", "clock"): lambda _: self._present(),
            ("POST", "clock"): self._move_clock,
            ("POST", "faults"): self._arm,
            ("POST", "disturb"): self._disturb,
            ("GET", "requests"): self._requests,
        }

    async def answer(self, call: Call) -> Reply:
        """One control call; 400 names the field that is wrong."""
        act = self._acts.get((call.method, call.path.removeprefix(CONTROL_PREFIX).rstrip("/")))
        if act is None:
            rows = [f"{method} {path}" for method, path, _ in CONTROL_TABLE]
            return json_reply(404, {"error": f"no control {call.method} {call.path}", "known": rows})
        try:
            return json_reply(200, act(call))
        except (ValueError, TypeError, KeyError) as error:
            return json_reply(400, {"error": str(error)})

    def _reset(self, _: Call) -> object:
        self._mock.reset()
        return {"reset": True}

    def _present(self) -> dict[str, object]:
        now = self._mock.surroundings.clock.now()
        return {"now": now, "utc": at(now).isoformat()}

    def _move_clock(self, call: Call) -> object:
        if self._clock is None:
            raise ValueError("clock: this mock's time belongs to the simulation and cannot be moved")
        wish = _object(call)
        if "set" in wish:
            self._clock.set(int(wish["set"]))
        elif "advance" in wish:
            self._clock.advance(int(wish["advance"]))
        else:
            raise ValueError('clock: give {"set": microseconds} or {"advance": microseconds}')
        return self._present()

    def _arm(self, call: Call) -> object:
        arm = Arm(**_object(call))
        self._mock.armed.waiting.append(arm)
        return {"armed": len(self._mock.armed.waiting)}

    def _disturb(self, call: Call) -> object:
        wish = _object(call)
        self._mock.vendor.disturb(self._mock.rules, str(wish.pop("kind", "")), wish)
        return {"done": True}

    def _requests(self, call: Call) -> object:
        args = call.args()
        operation, path = args.get("operation"), args.get("path", "")
        seen = [s for s in self._mock.seen if operation in (None, s.operation) and path in s.path]
        return {"count": len(seen), "requests": [asdict(s) for s in seen]}


def _object(call: Call) -> dict[str, Any]:
    value = call.json()
    if not isinstance(value, dict):
        raise ValueError("the body must be a JSON object")
    return value
