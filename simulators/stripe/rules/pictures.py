"""What an object looked like before: the previous_attributes of events whose cause does not know them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

# Objects whose looks are remembered, by the beginnings of their event types; and the types that tell.
_REMEMBERED = ("charge.", "refund.", "payout.", "payment_method.", "credit_note.")
_TELLING = frozenset(
    {
        "charge.captured",
        "charge.expired",
        "charge.refunded",
        "charge.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.refund.updated",
        "credit_note.updated",
        "payment_method.updated",
        "payout.updated",
        "refund.updated",
    }
)


@cache
def remembered(type: str) -> bool:  # noqa: A002
    """Whether an event of the type shows an object whose looks are remembered."""
    return type.startswith(_REMEMBERED)


class Pictures:
    """The last two different looks of each object, as its events have shown it."""

    def __init__(self) -> None:
        self._looks: dict[str, tuple[Mapping[str, Any] | None, Mapping[str, Any]]] = {}

    def seen(self, type: str, look: Mapping[str, Any]) -> Mapping[str, Any] | None:  # noqa: A002
        """Remember a look; the members that have changed, as they were, where the type tells them.

        Several events of one change show the same look and tell the same.
        """
        older, latest = self._looks.get(look["id"], (None, None))
        if latest is not None and look != latest:
            older = latest
        self._looks[look["id"]] = (older, look)
        if older is None or type not in _TELLING:
            return None
        return differences(older, look)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The members of `before` that are others in `after`; of an object within only what differs there."""
    found: dict[str, Any] = {}
    for name in {**before, **after}:
        was, now = before.get(name), after.get(name)
        if was != now:
            both = isinstance(was, Mapping) and isinstance(now, Mapping)
            found[name] = differences(was, now) if both else was  # type: ignore[arg-type]
    return found
