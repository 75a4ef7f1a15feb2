"""What the paths of plans take."""

from __future__ import annotations

from typing import Any, Literal

from simulators.stripe.wire.billing.catalog_params import Tiers, Transform
from simulators.stripe.wire.billing.fields import Count, Interval, Number
from simulators.stripe.wire.forms import Amount, Flag, Form, Metadata, Text, Word
from simulators.stripe.wire.params import Dated


class PlanUpdate(Form):
    """What a plan costs is not here."""

    active: Flag = True
    metadata: Metadata = None
    nickname: Text = None


class PlanCreate(PlanUpdate):
    """product: an id, or the fields of a new one."""

    currency: Word
    interval: Interval
    amount: Count | None = None
    amount_decimal: Number | None = None
    billing_scheme: Literal["per_unit", "tiered"] = "per_unit"
    id: Word = ""
    interval_count: Amount = 1
    meter: Word = ""
    product: str | dict[str, Any] = ""
    tiers: Tiers = ()
    tiers_mode: Literal["graduated", "volume"] | None = None
    transform_usage: Transform | None = None
    trial_period_days: Count | None = None
    usage_type: Literal["licensed", "metered"] = "licensed"


class PlanList(Dated):
    """Lists of plans."""

    active: Flag | None = None
    product: Word = ""
