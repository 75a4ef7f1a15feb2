"""What a mock leaves out, adds, or could not confirm; what it models is read off its table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fidelity:
    """The honest part of a mock's paper.

    not_modelled: (what, what that hides from whoever tests against the mock); unconfirmed: wire facts
    that no public source confirmed; ours: what the vendor itself does not have.
    """

    not_modelled: tuple[tuple[str, str], ...] = ()
    unconfirmed: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
