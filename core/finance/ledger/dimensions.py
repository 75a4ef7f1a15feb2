"""Which dimensions the lines of our documents carry: the company's policy, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from core.canonical.erp import Dimensions, JournalLine
from core.finance.ledger.chart import ACCOUNTS, DEFERRED, Kind


class Carried(StrEnum):
    """Dimensions that a company may report by."""

    DEPARTMENT = "department"
    PRODUCT = "product"
    CUSTOMER = "customer"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Classification:
    """carries: what lines are given; departments: that earn, by product; otherwise: for other products;
    overhead: for what no product earns or costs (fees, exchange, bad debt)."""

    carries: frozenset[Carried] = frozenset()
    departments: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    overhead: str = ""

    def at(self, product: str = "", customer: str = "", contract: str = "") -> Dimensions:
        """Of a line about a product, or about none."""
        department = self.departments.get(product, self.otherwise) if product else self.overhead
        found = {
            Carried.DEPARTMENT: department,
            Carried.PRODUCT: product,
            Carried.CUSTOMER: customer,
            Carried.CONTRACT: contract,
        }
        return Dimensions(**{name.value: value for name, value in found.items() if name in self.carries})

    def journal(
        self, lines: Iterable[JournalLine], customer: str = "", contract: str = ""
    ) -> tuple[JournalLine, ...]:
        """Lines of a journal: what a product earns stands with it; the rest of income and expense with the
        overhead; the balances with their customer alone."""
        found = []
        for line in lines:
            at = self.at(line.at.product, customer, line.at.contract or contract)
            if ACCOUNTS[line.account].kind not in _RESULT and line.account != DEFERRED:
                at = replace(at, department="")
            found.append(replace(line, at=at))
        return tuple(found)


_RESULT = (Kind.INCOME, Kind.EXPENSE)
UNCLASSIFIED = Classification()
