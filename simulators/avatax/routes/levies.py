"""What each jurisdiction takes: details of a line, summary of a document, totals by type of tax."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from simulators.avatax.routes.amounts import money, number
from simulators.avatax.rules.documents import TEMPORARY, Document
from simulators.avatax.rules.taxation import Levied, TaxedLine

SHORT_LEVELS = {"Country": "CNT", "State": "STA", "County": "CTY", "City": "CIT", "Special": "STJ"}
_SUBTYPES = {"Sales": "S", "ConsumerUse": "U", "Output": "O", "Input": "I"}
_TAX_AUTHORITY_TYPE = 45  # Sales and use tax, in every recorded answer of the vendor.
_SUMS = ("taxable", "tax", "taxCalculated", "nonTaxable", "exemption")


@lru_cache(maxsize=1 << 12)
def _facts(
    country: str, region: str, level: str, tax_name: str, tax_type: str, zero: bool
) -> Mapping[str, str]:
    """What is the same in every row about one jurisdiction."""
    standard = country != "US"
    return {
        "region": region or country,
        "taxName": tax_name or (f"{region} {level.upper()} TAX" if country == "US" else "Standard Rate"),
        "rateType": "Zero" if standard and zero else "Standard" if standard else "General",
        "rateTypeCode": "Z" if standard and zero else "S" if standard else "G",
        "subtype": _SUBTYPES[tax_type],
    }


def _facts_of(detail: Levied) -> Mapping[str, str]:
    who = detail.jurisdiction
    # Unconfirmed: "Zero" where the buyer accounts for the tax, and rate types abroad but the standard one.
    zero = not detail.rate and bool(detail.taxable)
    return _facts(detail.country, detail.region, who.level, who.tax_name, detail.tax_type, zero)


def details(document: Document, line: TaxedLine, line_id: int, digits: int) -> list[dict[str, Any]]:
    """TransactionLineDetailModel of each jurisdiction."""
    at_origin = line.terms is not None and line.terms.origin
    rows = []
    for i, detail in enumerate(line.details, 1):
        who, facts = detail.jurisdiction, _facts_of(detail)
        row = {
            "id": 0 if document.status == TEMPORARY else line_id * 100 + i,
            "transactionLineId": line_id,
            "transactionId": document.id,
            "country": detail.country,
            "region": facts["region"],
            "exemptAmount": money(detail.exempt, digits),
            "inState": True,
            "jurisCode": who.code,
            "jurisName": who.name,
            "signatureCode": "",
            "stateAssignedNo": detail.assigned,
            "jurisType": SHORT_LEVELS[who.level],
            "jurisdictionType": who.level,
            "nonTaxableAmount": money(detail.non_taxable, digits),
            "nonTaxableType": detail.why or "RateRule",
            "rate": number(detail.rate),
            "sourcing": "Origin" if at_origin else "Destination",
            "tax": money(detail.tax, digits),
            "taxableAmount": money(detail.taxable, digits),
            "taxType": detail.tax_type,
            "taxSubTypeId": facts["subtype"],
            "taxTypeGroupId": "SalesAndUse" if detail.country == "US" else "InputAndOutput",
            "taxName": facts["taxName"],
            "taxAuthorityTypeId": _TAX_AUTHORITY_TYPE,
            "taxCalculated": money(detail.computed, digits),
            "rateType": facts["rateType"],
            "rateTypeCode": facts["rateTypeCode"],
            "unitOfBasis": "PerCurrencyUnit",
            "isNonPassThru": False,
            "isFee": False,
            "reportingTaxableUnits": money(detail.taxable, digits),
            "reportingNonTaxableUnits": money(detail.non_taxable, digits),
            "reportingExemptUnits": money(detail.exempt, digits),
            "reportingTax": money(detail.tax, digits),
            "reportingTaxCalculated": money(detail.computed, digits),
            "liabilityType": "Seller",
            "chargedTo": "Buyer",
        }
        rows.append(row)
    return rows


def summary(document: Document, digits: int) -> list[dict[str, Any]]:
    """One TransactionSummary a jurisdiction and rate."""
    rows: dict[tuple[object, ...], dict[str, Any]] = {}
    for line in document.lines:
        for detail in line.details:
            who, facts = detail.jurisdiction, _facts_of(detail)
            key = detail.country, detail.region, who.level, who.code, facts["taxName"], detail.rate
            row = rows.get(key)
            if row is None:
                row = rows[key] = {
                    "country": detail.country,
                    "region": facts["region"],
                    "jurisType": who.level,
                    "jurisCode": who.code,
                    "jurisName": who.name,
                    "taxAuthorityType": _TAX_AUTHORITY_TYPE,
                    "stateAssignedNo": detail.assigned,
                    "taxType": detail.tax_type,
                    "taxSubType": facts["subtype"],
                    "taxName": facts["taxName"],
                    "rateType": facts["rateType"],
                    "rateTypeCode": facts["rateTypeCode"],
                    "rate": number(detail.rate),
                    **dict.fromkeys(_SUMS, 0),
                }
            _add(row, detail)
    for row in rows.values():
        for name in _SUMS:
            row[name] = money(row[name], digits)
    return list(rows.values())


def _add(row: dict[str, Any], detail: Levied) -> None:
    row["taxable"] += detail.taxable
    row["tax"] += detail.tax
    row["taxCalculated"] += detail.computed
    row["nonTaxable"] += detail.non_taxable
    row["exemption"] += detail.exempt


def tax_types(document: Document, digits: int) -> list[dict[str, Any]]:
    """TaxDetailsByTaxType: the sums over all jurisdictions."""
    sums: dict[tuple[str, str], list[int]] = {}
    for line in document.lines:
        for detail in line.details:
            of = sums.setdefault((detail.tax_type, _SUBTYPES[detail.tax_type]), [0, 0, 0, 0])
            for i, part in enumerate((detail.taxable, detail.exempt, detail.non_taxable, detail.tax)):
                of[i] += part
    names = ("totalTaxable", "totalExempt", "totalNonTaxable", "totalTax")
    rows = []
    for (tax_type, subtype), of in sums.items():
        totals = {name: money(part, digits) for name, part in zip(names, of, strict=True)}
        rows.append({"taxType": tax_type, **totals, "taxSubTypeDetails": [{"taxSubType": subtype, **totals}]})
    return rows
