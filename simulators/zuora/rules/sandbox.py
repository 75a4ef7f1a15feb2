"""One sandbox: its business state, and what its door needs: tokens, limits, remembered answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulators.kit.auth import Tokens
from simulators.kit.clock import HOUR, MINUTE
from simulators.kit.history import History
from simulators.kit.idempotency import Keys
from simulators.kit.mock import Surroundings
from simulators.zuora.rules.books import books
from simulators.zuora.rules.callouts import Callouts
from simulators.zuora.rules.cashier import Cashier
from simulators.zuora.rules.gateway import Gateway
from simulators.zuora.rules.limits import Lanes, Quota, Rates
from simulators.zuora.rules.proration import DAYS_IN_MONTH, PRICE_CHANGES, ROUNDING_MODES, BillingRules
from simulators.zuora.rules.query import Condition
from simulators.zuora.rules.state import State

CLIENT_ID = "7a1e0b52-0000-4000-8000-74696f757431"
CLIENT_SECRET = "tieout-zuora-sandbox-secret"
CURSORS_KEPT = 1000


@dataclass(slots=True)
class Cursor:
    """The rest of a long answer: what was found when the query was made. conditions: what an object must
    still fulfil when its turn comes; columns: of a ZOQL query; born: when, in microseconds."""

    name: str
    items: Sequence[Any]
    conditions: Sequence[Condition] = ()
    columns: Sequence[str] = ()
    place: int = 0
    born: int = 0


@dataclass(slots=True)
class Cursors:
    """Open cursors; the oldest are forgotten."""

    kept: dict[str, Cursor] = field(default_factory=dict)

    def keep(self, key: str, cursor: Cursor) -> str:
        """Remember a cursor under its key."""
        self.kept[key] = cursor
        if len(self.kept) > CURSORS_KEPT:
            del self.kept[next(iter(self.kept))]
        return key


class Sandbox:
    """A fresh tenant with one OAuth client."""

    def __init__(self, surroundings: Surroundings) -> None:
        clock, ids, options = surroundings.clock, surroundings.ids, surroundings.options
        self.ids = ids
        self.agenda = surroundings.agenda
        callouts = Callouts(
            clock,
            ids,
            surroundings.outbound,
            surroundings.agenda,
            attempts=options.get("callout_attempts", 3),
            minutes=options.get("callout_minutes", 30),
        )
        self.state = State(clock, ids, callouts, surroundings.agenda)
        self.state.rules = _rules(options)
        self.cashier = Cashier(self.state, Gateway(surroundings.peers))
        self.state.till = self.cashier
        self.tokens = Tokens(clock, ids, options.get("token_seconds", 3600))
        self.rates = Rates(clock, options)
        self.token_rate = Quota(clock, options.get("token_rate_per_minute", 2000), MINUTE)
        self.keys = Keys(clock, 24 * HOUR)
        self.cursors = Cursors()
        self.lanes = Lanes(options)
        self.service_us = options.get("service_us", 0)
        self.bill_run_seconds = options.get("bill_run_seconds", 20)
        self.order_job_seconds = options.get("order_job_seconds", 1)

    @property
    def history(self) -> History:
        """Every committed change."""
        return self.state.history

    def books(self) -> dict[str, Any]:
        """The books at this moment; terms that ended by now have expired."""
        self.state.expire()
        return books(self.state)

    def pending(self) -> int:
        """Callouts under way and bill runs not finished."""
        return self.state.callouts.pending + self.state.jobs


def _rules(options: Mapping[str, int]) -> BillingRules:
    changes = bool(options.get("automatic_price_change", 0))
    return BillingRules(
        days_in_month=DAYS_IN_MONTH[options.get("thirty_day_months", 0)],
        by_month=bool(options.get("prorate_by_month", 0)),
        partial_months=bool(options.get("bill_partial_months", 1)),
        partial_periods=bool(options.get("prorate_partial_periods", 1)),
        rounding=ROUNDING_MODES[options.get("rounding_mode", 0)],
        price_change=PRICE_CHANGES[options.get("default_price_change", 0)] if changes else None,
        increase=options.get("default_price_increase", 0),
    )
