"""Decides which fault meets which call: explicit sites first, then keyed draws against the rates."""

from __future__ import annotations

from collections import defaultdict

from scenarios.faults import CATALOGUE, Fault, Plan
from scenarios.world.draws import KeyedDraws

_DAY_US = 86_400_000_000


class Chance:
    """One a run. `healed` ends all faults of calls and webhooks."""

    def __init__(self, plan: Plan, draws: KeyedDraws) -> None:
        self._draws = draws
        self.healed = False
        self._sites: defaultdict[tuple[str, ...], list[Fault]] = defaultdict(list)
        self._rules: defaultdict[tuple[str, str], list[tuple[int, Fault, int, int]]] = defaultdict(list)
        for index, fault in enumerate(plan.faults):
            kind = CATALOGUE[fault.id]
            if fault.site:
                self._sites[_place(kind.where, *fault.site)].append(fault)
            elif kind.where != "moment":
                window = (int(fault.from_day * _DAY_US), int(min(fault.until_day, 1e6) * _DAY_US))
                for system in kind.systems if fault.system == "*" else (fault.system,):
                    self._rules[kind.where, system].append((index, fault, *window))

    def meet(self, where: str, system: str, operation: str, key: str, number: int, now: int) -> Fault | None:
        """The fault for this call or delivery; `now` in microseconds since the start of the run.

        Of a key only the part before "#" counts: what follows is a vendor's number, which differs
        between models although the business step is the same.
        """
        if self.healed:
            return None
        if self._sites:
            waiting = self._sites.get(_place(where, system, operation, key, str(number)))
            if waiting:
                return waiting.pop(0)  # a site is one call: spent with it
        key = key.partition("#")[0]
        for _, fault, begins, ends in self._rules.get((where, system), ()):
            # Keyed by kind, not by place in the plan: taking one fault out moves no other.
            if (
                begins <= now < ends
                and fault.operation in ("*", operation)
                and self._draws.uniform(fault.id, begins, system, operation, key, number) < fault.rate
            ):
                return fault
        return None


def _place(where: str, system: str, operation: str, key: str, number: str) -> tuple[str, ...]:
    return where, system, operation, key.partition("#")[0], number
