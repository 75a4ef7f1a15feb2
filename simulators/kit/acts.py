"""What can be made to happen inside a mock: acts by name, each with the members that it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulators.kit.asked import Wish, only


@dataclass(frozen=True, slots=True)
class Act:
    """do: (rules, wish), whose docstring says what it does; needs, may: the members of the wish."""

    do: Callable[[Any, Wish], None]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return {"does": (self.do.__doc__ or "").strip(), "needs": self.needs, "may": self.may}


def act(do: Callable[[Any, Wish], None], needs: str = "", may: str = "") -> Act:
    """An act with its members as words."""
    return Act(do, tuple(needs.split()), tuple(may.split()))


def perform(acts: Mapping[str, Act], rules: Any, kind: str, wish: Wish) -> None:
    """Do one; ValueError names an unknown kind, a member that is unknown or missing, or a wrong value."""
    found = acts.get(kind)
    if found is None:
        raise ValueError(f"kind: {kind!r} is unknown here; one of: {', '.join(sorted(acts)) or 'none'}")
    try:
        only(wish, (*found.needs, *found.may))
        for name in found.needs:
            if name not in wish:
                raise ValueError(f"{name}: is missing; needed are: {', '.join(found.needs)}")
        found.do(rules, wish)
    except ValueError as wrong:
        raise ValueError(f"{kind}: {wrong}") from None
