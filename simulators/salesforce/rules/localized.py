"""FORMAT(): a value as the org's one user (American English, GMT) sees it on the screen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from simulators.kit.money import exponent
from simulators.salesforce.rules.schema import NUMBER_TYPES, Field

FORMATTED_TYPES = (*NUMBER_TYPES, "date", "datetime")


def localized(field: Field, value: Any, currency: str) -> str | None:
    """4/10/2025, 3:31 PM or USD 44,000.00 (the SOQL reference, FORMAT). currency: of the record; with
    several currencies in an org the code stands before the amount."""
    if value is None:
        return None
    if field.type == "date":
        day = date.fromisoformat(value)
        return f"{day.month}/{day.day}/{day.year}"
    if field.type == "datetime":
        at = datetime.fromisoformat(value)
        half = "AM" if at.hour < 12 else "PM"
        return f"{at.month}/{at.day}/{at.year}, {at.hour % 12 or 12}:{at.minute:02d} {half}"
    number = Decimal(value)
    if field.type == "currency":
        return f"{currency} {number:,.{exponent(currency)}f}"
    if field.type == "percent":
        return f"{number:,.{field.scale}f}%"
    return f"{number:,.{field.scale}f}"
