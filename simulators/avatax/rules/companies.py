"""The companies of the account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulators.avatax.rules.refusal import TaxRefusal, not_found

COMPANY_ID, COMPANY_CODE = 1, "DEFAULT"
LINE, DOCUMENT = "Line", "Document"
ROUNDING_LEVELS = (LINE, DOCUMENT)


@dataclass(frozen=True, slots=True)
class Company:
    """One legal entity of the account. rounding: tax is rounded by line or by document."""

    id: int
    code: str
    name: str
    country: str
    currency: str
    created_at: int
    modified_at: int = 0
    is_default: bool = False
    is_active: bool = True
    is_test: bool = True
    has_profile: bool = True
    is_reporting_entity: bool = False
    is_fein: bool = False
    taxpayer_id: str = ""
    business_id: str = ""
    parent_id: int | None = None
    rounding: str = LINE


class Companies:
    """By number, and by code in any case."""

    def __init__(self) -> None:
        self._by_id: dict[int, Company] = {}
        self._id_of: dict[str, int] = {}

    def add(self, company: Company) -> Company:
        """One more; its code must be new."""
        self._require_free(company.code, 0)
        if company.is_default:
            self._undefault()
        self._by_id[company.id] = company
        self._id_of[company.code.upper()] = company.id
        return company

    def change(self, company_id: int, wishes: Mapping[str, Any], now: int) -> Company:
        """The company with other values, named as in Company."""
        old = self.get(company_id)
        new = replace(old, **wishes, modified_at=now)
        self._require_free(new.code, company_id)
        if new.is_default and not old.is_default:
            self._undefault()
        del self._id_of[old.code.upper()]
        self._by_id[company_id] = new
        self._id_of[new.code.upper()] = company_id
        return new

    def remove(self, company_id: int) -> Company:
        """Gone; the default company stays (unconfirmed)."""
        company = self.get(company_id)
        if company.is_default:
            raise TaxRefusal(
                "CannotDeleteCompany",
                "This company cannot be deleted.",
                f"The company {company.code} is the default company of its account.",
                "Company",
            )
        del self._by_id[company_id]
        del self._id_of[company.code.upper()]
        return company

    def get(self, company_id: int) -> Company:
        """By number."""
        company = self._by_id.get(company_id)
        if company is None:
            raise not_found("Company", str(company_id))
        return company

    def by_code(self, code: str) -> Company:
        """By code; none given means the account's default company."""
        if not code:
            return next(company for company in self._by_id.values() if company.is_default)
        number = self._id_of.get(code.upper())
        if number is None:
            raise not_found("Company", code)
        return self._by_id[number]

    def all(self) -> list[Company]:
        """In order of creation."""
        return list(self._by_id.values())

    def _require_free(self, code: str, own: int) -> None:
        if self._id_of.get(code.upper(), own) != own:
            raise TaxRefusal(
                "DuplicateCompanyCode",
                f"The company code '{code}' has already been defined.",
                "Please select a different company code.",
                "CompanyCode",
            )

    def _undefault(self) -> None:
        for number, company in self._by_id.items():
            if company.is_default:
                self._by_id[number] = replace(company, is_default=False)
