"""The account as a JSON object (field names: stripe/openapi fixtures3.json)."""

from __future__ import annotations

from simulators.kit.clock import SECOND
from simulators.stripe.wire.parties import Shaped

_ABLE = (
    "card_payments",
    "link_payments",
    "sepa_debit_payments",
    "transfers",
    "us_bank_account_ach_payments",
)


def account(id: str, opened_at: int) -> Shaped:  # noqa: A002 - the vendor's own word
    """The one account that there is."""
    return {
        "id": id,
        "object": "account",
        "business_profile": {
            "mcc": "5734",
            "name": "Tieout",
            "product_description": None,
            "support_address": None,
            "support_email": None,
            "support_phone": None,
            "support_url": None,
            "url": "https://example.com",
        },
        "business_type": "company",
        "capabilities": dict.fromkeys(_ABLE, "active"),
        "charges_enabled": True,
        "country": "US",
        "created": opened_at // SECOND,
        "default_currency": "usd",
        "details_submitted": True,
        "email": "owner@example.com",
        "payouts_enabled": True,
        "settings": {
            "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
            "card_payments": {
                "decline_on": {"avs_failure": False, "cvc_failure": False},
                "statement_descriptor_prefix": "TIEOUT",
            },
            "dashboard": {"display_name": "Tieout", "timezone": "Etc/UTC"},
            "payments": {"statement_descriptor": "TIEOUT"},
            "payouts": {
                "debit_negative_balances": True,
                "schedule": {"delay_days": 2, "interval": "daily"},
                "statement_descriptor": None,
            },
        },
        "type": "standard",
    }
