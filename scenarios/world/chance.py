"""Decides which fault meets which call: explicit sites first, then keyed draws against the rates."""

from __future__ import annotations

from collections import defaultdict
from hashlib import blake2b

from scenarios.faults import CATALOGUE, Fault, Plan
from scenarios.world.draws import KeyedDraws

_DAY_US = 86_400_000_000


# Where each kind finds its draw in the 64 bytes of a site's lot; moments draw elsewhere.
_SLOTS = {id_: 4 * i for i, id_ in enumerate(k for k, kind in CATALOGUE.items() if kind.where != "moment")}


class _Rule:
    """A fault by rate, ready to be looked at often. below: its rate of 2**32."""

    __slots__ = ("begins", "below", "ends", "fault", "slot")

    def __init__(self, fault: Fault, begins: int, ends: int, slot: int) -> None:
        self.fault, self.begins, self.ends, self.slot = fault, begins, ends, slot
        self.below = int(fault.rate * 2**32)


class Chance:
    """One a run. `healed` ends all faults of calls and webhooks."""

    def __init__(self, plan: Plan, draws: KeyedDraws) -> None:
        self._keyed = blake2b(f"chance {draws.seed}".encode(), digest_size=64)
        self.healed = False
        self._sites: defaultdict[tuple[str, ...], list[Fault]] = defaultdict(list)
        self._rules: defaultdict[tuple[str, str], list[_Rule]] = defaultdict(list)
        for fault in plan.faults:
            kind = CATALOGUE[fault.id]
            if fault.site:
                self._sites[_place(kind.where, *fault.site)].append(fault)
            elif kind.where != "moment":
                window = (int(fault.from_day * _DAY_US), int(min(fault.until_day, 1e6) * _DAY_US))
                for system in kind.systems if fault.system == "*" else (fault.system,):
                    self._rules[kind.where, system].append(_Rule(fault, *window, _SLOTS[fault.id]))

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
        rules = self._rules.get((where, system))
        if not rules:
            return None
        lot = b""
        for rule in rules:
            if rule.begins <= now < rule.ends and rule.fault.operation in ("*", operation):
                lot = lot or self._lot(where, system, operation, key.partition("#")[0], number)
                # Each kind has its own four bytes of the lot: taking one fault out moves no other.
                if int.from_bytes(lot[rule.slot : rule.slot + 4], "little") < rule.below:
                    return rule.fault
        return None

    def _lot(self, where: str, system: str, operation: str, key: str, number: int) -> bytes:
        mixed = self._keyed.copy()
        mixed.update(f"{where}\0{system}\0{operation}\0{key}\0{number}".encode())
        return mixed.digest()


def _place(where: str, system: str, operation: str, key: str, number: str) -> tuple[str, ...]:
    return where, system, operation, key.partition("#")[0], number
