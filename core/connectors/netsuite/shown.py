"""Customers as the ledger shows them; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from core.canonical.parties import Shown
from core.connectors.netsuite.wire import Json


def shown(row: Json, currencies: Mapping[str, str]) -> Shown:
    """A row of the customers. currencies: ISO codes by internal id."""
    return Shown(
        key=str(row.get("externalid") or ""),
        name=str(row.get("companyname") or ""),
        currency=currencies.get(str(row.get("currency") or ""), ""),
        email=str(row.get("email") or ""),
        changed_at=datetime.strptime(str(row["changed"]), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC),
    )
