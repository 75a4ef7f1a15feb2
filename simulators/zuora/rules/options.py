"""What a deployment may choose of this tenant, by name, with the usual number in parentheses."""

from __future__ import annotations

OPTIONS = {
    "token_seconds": "life of an access token (3600)",
    "token_rate_per_minute": "tokens asked for a minute (2000)",
    "rate_per_minute": "requests a minute; 0: no limit (50000)",
    "rate_per_hour": "requests an hour; 0: no limit (2250000)",
    "rate_per_day": "requests a day; 0: no limit (27000000)",
    "concurrency": "requests at once; sets the two kinds below as well, where they are not given (40)",
    "concurrency_high_volume": "requests at once of the high-volume kind (200)",
    "concurrency_object_query": "object queries at once (80)",
    "service_us": "how long a call takes, in microseconds (0)",
    "bill_run_seconds": "how long a bill run takes (20)",
    "order_job_seconds": "how long an asynchronous order takes (1)",
    "callout_attempts": "how often a callout is tried (3)",
    "callout_minutes": "between two tries (30)",
    "thirty_day_months": 'days in a month: 0 actual, 1 "Strict 30 / 360", 2 "Actual / 360" (0)',
    "prorate_by_month": "1: a broken period is prorated by months, then days (0)",
    "bill_partial_months": "0: partial months of recurring monthly charges are billed whole (1)",
    "prorate_partial_periods": "0: a broken period is billed whole (1)",
    "rounding_mode": "0 half up, 1 up, 2 down (0)",
    "automatic_price_change": "1: renewals change prices as their charges say (0)",
    "default_price_change": "0 none, 1 by default_price_increase, 2 to the catalogue's (0)",
    "default_price_increase": "per cent (0)",
}
