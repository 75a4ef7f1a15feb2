"""Customers as the ledger shows them; pure."""

from __future__ import annotations

from collections.abc import Mapping

from core.canonical.parties import Shown
from core.connectors.netsuite.judge import SYSTEM
from core.connectors.netsuite.wire import Json
from core.connectors.shapes import moment


def shown(row: Json, currencies: Mapping[str, str]) -> Shown:
    """A row of the customers. currencies: ISO codes by internal id."""
    return Shown(
        key=str(row.get("externalid") or ""),
        name=str(row.get("companyname") or ""),
        currency=currencies.get(str(row.get("currency") or ""), ""),
        email=str(row.get("email") or ""),
        changed_at=moment(row["changed"], "changed", SYSTEM),
    )
