"""Dimensions as NetSuite's lines and headings carry them: classifications by reference, the contract in a
column of the company's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.canonical.erp import Dimensions, JournalLine, Schedule
from core.finance.ledger.dimensions import UNCLASSIFIED, Carried, Classification

# Custom fields that the company has added to transaction lines and to revenue schedules.
CONTRACT = "custcol_contract"
PLAN_PRODUCT, PLAN_CONTRACT, PLAN_CUSTOMER, PLAN_ENTITY = (
    "custrecord_product",
    "custrecord_contract",
    "custrecord_customer",
    "custrecord_entity",
)


@dataclass(frozen=True, slots=True)
class Tags:
    """departments: internal ids by name; subsidiaries: internal ids by the keys of our entities."""

    policy: Classification = UNCLASSIFIED
    departments: Mapping[str, str] = field(default_factory=dict)
    subsidiaries: Mapping[str, str] = field(default_factory=dict)

    def sold(self, product: str, contract: str) -> dict[str, Any]:
        """Of an item line; its customer is the document's."""
        return self.line(self.policy.at(product, contract=contract))

    def heading(self) -> dict[str, Any]:
        """Of a document: receivable, tax, exchange differences."""
        return self.line(self.policy.at())

    def line(self, at: Dimensions) -> dict[str, Any]:
        """What there is of it. KeyError for a department that NetSuite does not have."""
        found: dict[str, Any] = {}
        if at.department:
            found["department"] = {"id": self.departments[at.department]}
        if at.product:
            found["class"] = {"externalId": at.product}
        if at.contract:
            found[CONTRACT] = at.contract
        return found

    def journal(self, line: JournalLine) -> dict[str, Any]:
        """Of a journal line, which names its customer itself, or the entity that it is due to or from."""
        found = self.line(line.at)
        if line.at.customer:
            found["entity"] = {"externalId": line.at.customer}
        if line.partner:
            found |= {"dueToFromSubsidiary": {"id": self.subsidiaries[line.partner]}, "eliminate": True}
        return found

    def plan(self, plan: Schedule) -> dict[str, Any]:
        """Of a revenue schedule."""
        if not self.policy.carries:
            return {}
        whose = {PLAN_PRODUCT: plan.product, PLAN_CONTRACT: plan.contract, PLAN_CUSTOMER: plan.customer}
        whose[PLAN_ENTITY] = plan.entity
        return {name: value for name, value in whose.items() if value}

    @property
    def names(self) -> tuple[str, ...]:
        """Departments that the policy puts anything on."""
        policy = self.policy
        if Carried.DEPARTMENT not in policy.carries:
            return ()
        return tuple(sorted({*policy.departments.values(), policy.otherwise, policy.overhead} - {""}))
