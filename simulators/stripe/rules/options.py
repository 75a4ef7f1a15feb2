"""The numbers of a mock account that a deployment may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Options:
    """Fees are in basis points of the amount and in minor units of its currency.

    search_lag_us: how long a new object stays unfindable by search; write_us: how long a POST is
    at work before it commits; rates are requests per second, 0 switches all of them off;
    payout_delay_days: from a balance entry to its being available; automatic_payouts: 0 or 1;
    dunning_ends: when the last retry of an invoice failed, its subscription is canceled (0), unpaid
    (1) or left past_due (2).
    """

    search_lag_us: int = 0
    write_us: int = 0
    idempotency_ttl_hours: int = 24
    rate_per_second: int = 100
    search_rate_per_second: int = 20
    payout_delay_days: int = 2
    automatic_payouts: int = 1
    dunning_ends: int = 0
    fee_basis_points: int = 290
    fee_fixed: int = 30
    fee_foreign_basis_points: int = 150

    @classmethod
    def of(cls, given: Mapping[str, int]) -> Options:
        """The defaults with `given` over them; ValueError names what is unknown or negative."""
        known = {f.name for f in fields(cls)}
        for name, value in given.items():
            if name not in known:
                raise ValueError(f"option {name!r} is unknown; one of: {', '.join(sorted(known))}")
            if value < 0:
                raise ValueError(f"option {name}: {value} must not be negative")
        return cls(**given)
