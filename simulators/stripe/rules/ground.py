"""What every part of one mode (test or live) stands on."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.kit.clock import Clock
from simulators.kit.history import History
from simulators.stripe.rules.errands import Errands
from simulators.stripe.rules.events import Events
from simulators.stripe.rules.numbers import Numbers
from simulators.stripe.rules.options import Options


@dataclass(frozen=True, slots=True)
class Ground:
    """Time, ids, the commit log, the events, what is due later; the same for all parts of a mode."""

    clock: Clock
    numbers: Numbers
    history: History
    events: Events
    options: Options
    errands: Errands
    live: bool
