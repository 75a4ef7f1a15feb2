"""References to other records, as every record shows them."""

from __future__ import annotations

from typing import Any

from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.kinds import TRANSACTIONS
from simulators.netsuite.wire.shapes import Shown, links

RECORD_PATH = "/services/rest/record/v1/"


class References:
    """Renders references for one base URL; None for an empty one."""

    def __init__(self, company: Company, base_url: str) -> None:
        self.company, self.base = company, base_url + RECORD_PATH

    def ref(self, kind: str, id: str, name: str) -> Shown | None:  # noqa: A002
        return {"links": links(f"{self.base}{kind}/{id}"), "id": id, "refName": name} if id else None

    def account(self, id: str) -> Shown | None:  # noqa: A002
        return self.named("account", id)

    def customer(self, id: str) -> Shown | None:  # noqa: A002
        return self.named("customer", id)

    def currency(self, symbol: str) -> Shown | None:
        return self.ref("currency", self.company.currency_ids.get(symbol, ""), symbol)

    def entity(self, id: str) -> Shown | None:  # noqa: A002
        """A customer, a vendor or an employee."""
        kinds = ("customer", "vendor", "employee")
        return next((found for kind in kinds if (found := self.named(kind, id))), None)

    def named(self, kind: str, id: str) -> Shown | None:  # noqa: A002
        if kind in self.company.items or kind == "item":
            return self.item(id)
        row = self.company.shelves[kind].get(id)
        return self.ref(kind, id, label(kind, row)) if row else None

    def item(self, id: str) -> Shown | None:  # noqa: A002
        row = self.company.item(id)
        return self.ref(row.kind, id, row.name) if row else None

    def transaction(self, id: str) -> Shown | None:  # noqa: A002
        row = self.company.transaction(id)
        return self.ref(row.kind, id, label(row.kind, row)) if row else None

    def of_field(self, kind: str, value: Any) -> Shown | None:
        """A reference that was kept as given, to a record type that may not be modelled."""
        if kind in self.company.shelves and isinstance(value, dict):
            return self.named(kind, str(value.get("id", "")))
        return dict(value) if isinstance(value, dict) else None


def label(kind: str, row: Any) -> str:
    """What a record is called where others refer to it."""
    if kind == "account":
        return f"{row.number} {row.name}".strip()
    if kind == "customer":
        return f"{row.entity_id} {row.name}"
    if kind == "currency":
        return str(row.symbol)
    if kind in TRANSACTIONS:
        return f"{TRANSACTIONS[kind].title} #{row.number}"
    return str(row.name)
