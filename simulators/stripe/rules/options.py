"""The numbers of a mock account that a deployment may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

# What a deployment may choose of an account, by name, with the usual number in parentheses.
OPTIONS = {
    "search_lag_us": "microseconds for which a new object cannot be found by search (0)",
    "write_us": "microseconds for which a POST is at work before it commits (0)",
    "idempotency_ttl_hours": "how long an answer is kept under its idempotency key (24)",
    "rate_per_second": "requests a second; 0: no limit (0)",
    "search_rate_per_second": "searches a second; 0: no limit (0)",
    "payout_delay_days": "from an entry of the balance to its being available (2)",
    "automatic_payouts": "1: what is available is paid out each day (1)",
    "dunning_ends": "a subscription whose invoice's last retry failed: 0 canceled, 1 unpaid, 2 past_due (0)",
    "fee_basis_points": "of a card's payment (290)",
    "fee_fixed": "of a card's payment, in minor units (30)",
    "fee_foreign_basis_points": "more where it is not in USD (150)",
    "fee_ach_basis_points": "of an ACH debit (80)",
    "fee_ach_most": "of an ACH debit, in minor units (500)",
    "fee_sepa_fixed": "of a SEPA debit, in minor units (35)",
    "fee_transfer_basis_points": "of a bank transfer (50)",
    "fee_transfer_most": "of a bank transfer, in minor units (500)",
    "dispute_fee": "in minor units (1500)",
    "ach_days": "from an ACH debit to the bank's answer (4)",
    "sepa_days": "from a SEPA debit to the bank's answer (5)",
    "late_return_days": "from there to a debit's coming back (2)",
    "hold_days": "how long an authorisation can be captured (7)",
    "webhook_pause_seconds": "between two attempts at an event, at most; 0: as long as the vendor waits (0)",
    "redirect_methods": "1: some methods send the customer elsewhere; confirming needs a return_url (0)",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What each means is in OPTIONS.

    Limits are off until they are asked for: a client beside the mock has no network to slow it down.
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
    webhook_pause_seconds: int = 0
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
        chosen = {name: given.get(name) for name in sorted(known)}
        return cls(**{name: value for name, value in chosen.items() if value is not None})
