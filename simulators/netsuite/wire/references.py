"""References to other records, as every record shows them."""

from __future__ import annotations

from simulators.netsuite.rules.company import Company
from simulators.netsuite.wire.masters import Shown, links

RECORD_PATH = "/services/rest/record/v1/"


class References:
    """Renders references for one base URL; None for an empty one."""

    def __init__(self, company: Company, base_url: str) -> None:
        self.company, self.base = company, base_url + RECORD_PATH

    def ref(self, kind: str, id: str, name: str) -> Shown | None:  # noqa: A002
        return {"links": links(f"{self.base}{kind}/{id}"), "id": id, "refName": name} if id else None

    def account(self, id: str) -> Shown | None:  # noqa: A002
        row = self.company.accounts.get(id)
        return self.ref("account", id, f"{row.number} {row.name}") if row else None

    def customer(self, id: str) -> Shown | None:  # noqa: A002
        row = self.company.customers.get(id)
        return self.ref("customer", id, f"{row.entity_id} {row.name}") if row else None

    def currency(self, symbol: str) -> Shown | None:
        return self.ref("currency", self.company.currency_ids.get(symbol, ""), symbol)

    def named(self, kind: str, id: str) -> Shown | None:  # noqa: A002
        row = self.company.shelves[kind].get(id)
        return self.ref(kind, id, row.name) if row else None

    def item(self, id: str) -> Shown | None:  # noqa: A002
        row = self.company.item(id)
        return self.ref(row.kind, id, row.name) if row else None
