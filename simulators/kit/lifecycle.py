"""A life is a table: which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping


class IllegalMove(Exception):
    """An object was asked to go where its life does not lead."""

    def __init__(self, kind: str, current: str, wanted: str) -> None:
        super().__init__(f"{kind} is {current} and cannot become {wanted}")
        self.kind, self.current, self.wanted = kind, current, wanted


def move(kind: str, may: Mapping[str, frozenset[str]], current: str, wanted: str) -> str:
    """`wanted`, if the table allows it after `current`; IllegalMove if not."""
    if wanted not in may.get(current, frozenset()):
        raise IllegalMove(kind, current, wanted)
    return wanted
