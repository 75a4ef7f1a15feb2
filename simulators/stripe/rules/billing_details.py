"""Whose a payment method is: its billing details, and how they change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOBODY: Mapping[str, Any] = {
    "address": {
        "city": None,
        "country": None,
        "line1": None,
        "line2": None,
        "postal_code": None,
        "state": None,
    },
    "email": None,
    "name": None,
    "phone": None,
    "tax_id": None,
}


def filled(old: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Billing details after a change: what is given wins, in the address part by part."""
    both = {**old, **given}
    if given.get("address") is not None:
        both["address"] = {**old["address"], **given["address"]}
    elif "address" in given:
        both["address"] = NOBODY["address"]
    return both
