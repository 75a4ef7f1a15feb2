"""Every mock by name."""

from __future__ import annotations

from simulators.avatax.routes.table import VENDOR as AVATAX
from simulators.kit.mock import Vendor
from simulators.netsuite.routes.table import VENDOR as NETSUITE
from simulators.salesforce.routes.table import VENDOR as SALESFORCE
from simulators.stripe.routes.table import VENDOR as STRIPE
from simulators.zuora.routes.table import VENDOR as ZUORA

VENDORS: dict[str, Vendor] = {
    "stripe": STRIPE,
    "zuora": ZUORA,
    "salesforce": SALESFORCE,
    "netsuite": NETSUITE,
    "avatax": AVATAX,
}
