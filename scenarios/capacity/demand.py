"""Demand on one vendor against its limits, at any size of the company: exact sums, no play."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
# Spans of which the busiest is told. Windows slide: the busiest hour need not begin at a full one.
SPANS = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY}
AT_ONCE = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One request, in microseconds: when it came to the vendor (0: never, yet it was under way) and from
    when to when the core waited for it (ended 0: never heard). grows: whether there are more of them where
    there are more customers."""

    came: int
    at: int
    ended: int
    grows: bool


@dataclass(frozen=True, slots=True)
class Load:
    """Calls that fall together, or the microseconds that they take: `fixed` whatever the size, `grows` for
    each time the company that was played."""

    fixed: int
    grows: int

    def at(self, size: Fraction) -> Fraction:
        """What falls together, where the company is `size` times as large as the one that was played."""
        return self.fixed + self.grows * size


def in_windows(calls: Sequence[Call], window: int, weight: Callable[[Call], int]) -> list[Load]:
    """What came within `window` microseconds up to each arrival, that arrival included; `weight` is what a
    call counts."""
    came = sorted((c for c in calls if c.came), key=lambda c: c.came)
    found, first, fixed, grows = [], 0, 0, 0
    for call in came:
        fixed, grows = fixed + weight(call) * (not call.grows), grows + weight(call) * call.grows
        while (old := came[first]).came <= call.came - window:
            fixed, grows = fixed - weight(old) * (not old.grows), grows - weight(old) * old.grows
            first += 1
        found.append(Load(fixed, grows))
    return found


def at_once(calls: Sequence[Call]) -> int:
    """The most that was under way together in the play; a call that ends in that moment is over."""
    edges = []
    for call in calls:
        if call.ended:
            edges += [(call.at, 1), (max(call.ended, call.at + 1), -1)]
    most = now = 0
    for _, step in sorted(edges):
        now += step
        most = max(most, now)
    return most


def loads(calls: Sequence[Call], window: int) -> list[Load]:
    """Of a window in microseconds: calls. AT_ONCE: how long those of an hour take together, since calls can
    wait for one another, but an hour has room for so much work only. None of equals twice."""
    if window == AT_ONCE:
        return list(dict.fromkeys(in_windows(calls, HOUR, lambda c: max(c.ended - c.at, 0))))
    return list(dict.fromkeys(in_windows(calls, window, lambda _: 1)))


def busiest(found: Iterable[Load], size: Fraction) -> Fraction:
    """The most that falls together at that size; 0 where there are none. Which window that is may
    change with the size."""
    return max((load.at(size) for load in found), default=Fraction(0))


def breaks_at(found: Iterable[Load], most: int) -> Fraction | None:
    """The size, in times of the company played, up to which no more than `most` fall together; beyond it
    the limit breaks. None: at no size, for nothing that falls together grows. 0: what does not grow is too
    much by itself."""
    bounds = []
    for load in found:
        if load.fixed > most:
            return Fraction(0)
        if load.grows:
            bounds.append(Fraction(most - load.fixed, load.grows))
    return min(bounds, default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """A limit at the size that was asked for. window: microseconds, AT_ONCE for concurrency; demand: calls
    in the busiest window, for AT_ONCE those under way on average through the busiest hour; growth: factor
    from the size asked for to where it breaks, None: never."""

    window: int
    most: int
    demand: Fraction
    growth: Fraction | None

    @property
    def use(self) -> Fraction:
        """Share of the limit that is used; above 1 it is broken."""
        return self.demand / self.most

    @property
    def room(self) -> Fraction:
        """Calls that are left, negative where it is broken."""
        return self.most - self.demand


def standing(calls: Sequence[Call], window: int, most: int, size: Fraction) -> Standing:
    """One limit of a vendor against the calls to it. size above 0."""
    found, unit = loads(calls, window), HOUR if window == AT_ONCE else 1
    bound = breaks_at(found, most * unit)
    return Standing(window, most, busiest(found, size) / unit, None if bound is None else bound / size)


def first_to_break(all_of: Iterable[Standing]) -> Standing | None:
    """The limit that the least growth breaks; None where no growth breaks any."""
    bound = [(each.growth, each) for each in all_of if each.growth is not None]
    return min(bound, key=lambda pair: pair[0])[1] if bound else None


def mean_an_hour(calls: Sequence[Call], lasted: int, size: Fraction) -> Fraction:
    """Calls that came, by the hour, over `lasted` microseconds (above 0)."""
    came = Load(sum(c.came > 0 and not c.grows for c in calls), sum(c.came > 0 and c.grows for c in calls))
    return came.at(size) * Fraction(HOUR, lasted)
