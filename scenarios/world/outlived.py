"""What a run has come to after a cut, as one hash: two runs that share it are one run from there on.

It is taken in the dark, the moment before the machine comes back: it has no memory then, so that all that it
will do follows from its disk, the broker, the vendors, and whoever waits outside. And once more when it has
been up for a while, with its memory. Nothing hangs on how many questions had been asked before
(`forget_questions`). Equal hashes are equal states; equal states may have unequal hashes, and then both are
played.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

import simpy

from scenarios.world.loop import SimLoop, SimTask
from scenarios.world.memory import Opaque, remembered
from simulators.kit.mock import Mock
from simulators.kit.peer import Neighbours
from simulators.kit.ratelimit import Window
from simulators.zuora.rules.limits import Quota

if TYPE_CHECKING:
    from scenarios.world.build import World

# Calls that no run which is swept makes (the sweep looks): a meter with room for so many refuses nobody,
# and nobody can tell what it shows. Smaller ones count as they stand.
ROOM = 50_000
_HALF_HOUR, _HOUR = 1_800_000_000, 3_600_000_000
# The kind of id that a vendor gives to each request.
_REQUESTS = {"stripe": "req", "zuora": "request"}


def come_to(world: World) -> bytes | None:
    """The hash, 32 bytes; None while anything is on its way between the machine and a vendor, or where
    something of it cannot be looked into."""
    if world.network.in_flight:
        return None
    whole = sha256()
    for mock in world.mocks.values():
        whole.update(_memory(mock))
    whole.update(world.seen.memory())
    told = world.recorder
    writes = [
        (a.at, a.ended_at, a.system, a.name, a.key, a.number, a.status, a.claim)
        for a in told.attempts
        if a.write
    ]
    said = (world.loop.now_us, writes, told.deliveries, told.receipts, told.alerts, world.booted)
    outside = (world.product.books(), world.product.pending, world.transfers.lines(), world.transfers.pending)
    whole.update(repr((said, outside, list(_waiting(world.loop)))).encode())
    if world.host.up:
        try:
            whole.update(remembered((world.core, list(world.host.tasks))))
        except Opaque:
            return None
    return whole.digest()


def settles_in(now: int) -> float:
    """Seconds until a machine that comes back `now` has been up for a while: the full hour after the next
    half. Those that came back at any minute before it can be compared then. now: microseconds."""
    return (-(-(now + _HALF_HOUR) // _HOUR) * _HOUR - now) / 1_000_000


def forget_questions(world: World) -> None:
    """Count anew, from round numbers, what merely counts: for chance the calls of a kind, the loop's tasks,
    and the vendors' names for single requests, which they hand out in no order that means anything."""
    world.recorder.rebooted()
    world.loop.renumber()
    for system, kind in _REQUESTS.items():
        world.mocks[system].surroundings.ids.round_up(kind)


class _Memory(pickle.Pickler):
    """Pickles what a mock remembers, without what its meters have counted and where it stands."""

    def reducer_override(self, found: Any) -> Any:
        if type(found) in (Window, Quota) and (found.limit >= ROOM or not found.used):
            return type(found), (None, found.limit, found.per)
        # A method stands for whom it belongs to.
        owner = type(getattr(found, "__self__", found))
        if owner in (Mock, Neighbours) or owner.__module__.startswith("scenarios."):
            return str, (owner.__qualname__,)
        return NotImplemented


def _memory(mock: Mock) -> bytes:
    buffer = io.BytesIO()
    _Memory(buffer, pickle.HIGHEST_PROTOCOL).dump((mock.rules, mock.surroundings.ids, mock.agenda))
    return buffer.getvalue()


def _waiting(loop: SimLoop) -> Iterator[object]:
    """Who goes on where and when, in order; the dead do not."""
    for handle in cast("Any", loop)._ready:
        yield _who(loop, handle._callback, handle._args)
    for moment, priority, _, event in sorted(loop.env._queue, key=lambda entry: entry[:3]):
        handle = getattr(event, "handle", None)
        if handle is None:
            places = [_who(loop, callback, ()) for callback in event.callbacks or ()]
        elif handle._cancelled:
            continue
        else:
            places = [_who(loop, handle._callback, handle._args)]
        alive = [place for place in places if place is not None]
        if alive or not places:
            yield moment, priority, alive


def _who(loop: SimLoop, callback: Any, args: Any) -> object:
    """Where in its code goes on whoever is called; None for the dead."""
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, SimTask):
        return None if owner in loop._dead else tuple(_frames(owner.get_coro()))
    if isinstance(owner, simpy.Process):
        return tuple(_frames(owner._generator))
    woken = [_who(loop, each, ()) for arg in args for each, _ in getattr(arg, "_callbacks", None) or ()]
    if woken and not any(woken):
        return None
    return getattr(callback, "__qualname__", repr(type(callback))), tuple(filter(None, woken))


def _frames(coro: Any) -> Iterator[tuple[str, int]]:
    while coro is not None:
        code = getattr(coro, "cr_code", None) or getattr(coro, "gi_code", None)
        frame = getattr(coro, "cr_frame", None) or getattr(coro, "gi_frame", None)
        if code is None or frame is None:
            return
        yield code.co_qualname, frame.f_lasti
        coro = getattr(coro, "cr_await", None) or getattr(coro, "gi_yieldfrom", None)
