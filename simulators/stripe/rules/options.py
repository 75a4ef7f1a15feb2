"""The numbers of a mock account that a deployment may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Options:
    """Fees are in basis points of the amount and in minor units of its currency.

    search_lag_us: how long a new object stays unfindable by search; write_us: how long a POST is
    at work before it commits; rates are requests per second, 0 switches all of them off (a client
    beside the mock has no network to slow it down, so only who asks for them gets them);
    payout_delay_days: from a balance entry to its being available; automatic_payouts: 0 or 1;
    ach_days, sepa_days: from a debit to the bank's answer; late_return_days: from there to its coming
    back; hold_days: how long an authorisation can be captured; redirect_methods: 1 if the account has
    methods switched on that send the customer elsewhere, so that confirming needs a return_url;
    dunning_ends: when the last retry of an invoice failed, its subscription is canceled (0), unpaid
    (1) or left past_due (2).
    """

    search_lag_us: int = 0
    write_us: int = 0
    idempotency_ttl_hours: int = 24
    rate_per_second: int = 0
    search_rate_per_second: int = 0
    payout_delay_days: int = 2
    automatic_payouts: int = 1
    dunning_ends: int = 0
    fee_basis_points: int = 290
    fee_fixed: int = 30
    fee_foreign_basis_points: int = 150
    fee_ach_basis_points: int = 80
    fee_ach_most: int = 500
    fee_sepa_fixed: int = 35
    fee_transfer_basis_points: int = 50
    fee_transfer_most: int = 500
    dispute_fee: int = 1500
    ach_days: int = 4
    sepa_days: int = 5
    late_return_days: int = 2
    hold_days: int = 7
    redirect_methods: int = 0

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
