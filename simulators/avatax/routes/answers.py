"""From what the rules know to the vendor's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from simulators.avatax.rules.companies import Company, Nexus
from simulators.avatax.rules.documents import TEMPORARY, Document
from simulators.avatax.rules.rates import Jurisdiction
from simulators.avatax.rules.sandbox import ACCOUNT
from simulators.avatax.rules.taxation import TaxedLine
from simulators.kit.clock import at
from simulators.kit.money import exponent

_SHORT_LEVELS = {"Country": "CNT", "State": "STA", "County": "CTY", "City": "CIT", "Special": "STJ"}

# What each word of $include brings with it (vendor's SDK documentation).
_LINES, _DETAILS, _SUMMARY, _ADDRESSES = "lines", "details", "summary", "addresses"
_BRINGS = {
    "lines": (_LINES,),
    "linesonly": (_LINES,),
    "details": (_LINES, _DETAILS),
    "summary": (_LINES, _DETAILS, _SUMMARY),
    "summaryonly": (_SUMMARY,),
    "addresses": (_ADDRESSES,),
}
EVERYTHING = frozenset((_LINES, _DETAILS, _SUMMARY, _ADDRESSES))


def included(words: str) -> frozenset[str]:
    """The parts that an $include asks for; none given means Summary,Addresses, which is all of them."""
    if not words:
        return EVERYTHING
    asked = [word.strip().lower() for word in words.split(",")]
    parts = {part for word in asked for part in _BRINGS.get(word, ())}
    if "summaryonly" in asked:
        parts -= {_LINES, _DETAILS}
    if "linesonly" in asked:
        parts -= {_DETAILS}
    return frozenset(parts)


def transaction(document: Document, parts: frozenset[str] = EVERYTHING) -> dict[str, Any]:
    """TransactionModel."""
    sale = document.sale
    digits = exponent(sale.currency)
    destination = next((a for role, a in sale.addresses if role in ("shipTo", "singleLocation")), None)
    answer: dict[str, Any] = {
        "id": document.id,
        "code": document.code,
        "companyId": document.company_id,
        "date": sale.date,
        "paymentDate": sale.date,
        "status": document.status,
        "type": sale.kind,
        "currencyCode": sale.currency,
        "exchangeRateCurrencyCode": sale.currency,
        "customerUsageType": sale.entity_use_code,
        "entityUseCode": sale.entity_use_code,
        "customerVendorCode": sale.customer_code,
        "customerCode": sale.customer_code,
        "exemptNo": sale.exemption_no,
        "reconciled": False,
        "purchaseOrderNo": sale.purchase_order_no,
        "referenceCode": sale.reference_code,
        "salespersonCode": sale.salesperson_code,
        "description": sale.description,
        "totalAmount": _money(document.total, digits),
        "totalExempt": _money(document.exempt, digits),
        "totalDiscount": _money(0, digits),
        "totalTax": _money(document.tax, digits),
        "totalTaxable": _money(document.taxable, digits),
        "totalTaxCalculated": _money(sum(_computed(line) for line in document.lines), digits),
        "adjustmentReason": document.adjustment_reason,
        "adjustmentDescription": document.adjustment_description,
        "locked": document.locked,
        "region": destination.region if destination else "",
        "country": (destination.country or "US") if destination else "",
        "version": document.version,
        "exchangeRateEffectiveDate": sale.date,
        "exchangeRate": 1,
        "modifiedDate": moment(document.modified_at),
        "taxDate": sale.date,
    }
    if _LINES in parts:
        with_details = _DETAILS in parts
        answer["lines"] = [_line(document, i, line, digits, with_details)
                           for i, line in enumerate(document.lines, 1)]  # fmt: skip
    if _ADDRESSES in parts:
        answer["addresses"] = _addresses(document)
    if _SUMMARY in parts:
        answer["summary"] = _summary(document, digits)
    return answer


def _line(
    document: Document, position: int, line: TaxedLine, digits: int, with_details: bool
) -> dict[str, Any]:
    source = line.source
    number = _part_id(document, position)
    answer: dict[str, Any] = {
        "id": number,
        "transactionId": document.id,
        "lineNumber": source.number,
        "description": source.description,
        "itemCode": source.item_code,
        "taxCode": source.tax_code or "P0000000",
        "quantity": _number(source.quantity),
        "lineAmount": _money(line.amount, digits),
        "discountAmount": _money(0, digits),
        "exemptAmount": _money(line.exempt, digits),
        "taxableAmount": _money(line.taxable, digits),
        "tax": _money(line.tax, digits),
        "taxCalculated": _money(_computed(line), digits),
        "taxIncluded": source.tax_included,
        "isItemTaxable": bool(line.taxable),
        "exemptNo": source.exemption_code,
        "entityUseCode": source.entity_use_code,
        "ref1": source.ref1,
        "ref2": source.ref2,
        "reportingDate": document.sale.date,
        "taxDate": document.sale.date,
    }
    if source.tax_override is not None:
        answer["taxOverrideType"] = "TaxAmount"
        answer["taxOverrideAmount"] = _money(source.tax_override, digits)
        answer["taxOverrideReason"] = source.override_reason
    if with_details:
        answer["details"] = [
            {
                "id": _part_id(document, position, i),
                "transactionLineId": number,
                "transactionId": document.id,
                **_levied(detail.country, detail.region, detail.jurisdiction, True),
                "rate": _number(detail.rate),
                "tax": _money(detail.tax, digits),
                "taxCalculated": _money(detail.computed, digits),
                "taxableAmount": _money(detail.taxable, digits),
                "nonTaxableAmount": _money(detail.non_taxable, digits),
                "exemptAmount": _money(detail.exempt, digits),
            }
            for i, detail in enumerate(line.details, 1)
        ]
    return answer


def _computed(line: TaxedLine) -> int:
    return sum(detail.computed for detail in line.details)


@lru_cache(maxsize=1 << 12)
def _levied(country: str, region: str, jurisdiction: Jurisdiction, short: bool) -> Mapping[str, str]:
    """What is the same in every row about one jurisdiction."""
    abroad = jurisdiction.level == "Country"
    # Tax names abroad and their rate type: unconfirmed.
    name = "Standard Rate" if abroad else f"{region} {jurisdiction.level.upper()} TAX"
    return {
        "country": country,
        "region": region or country,
        "jurisType": _SHORT_LEVELS[jurisdiction.level] if short else jurisdiction.level,
        "jurisCode": jurisdiction.code,
        "jurisName": jurisdiction.name,
        "stateAssignedNo": "",
        "taxType": "Output" if abroad else "Sales",
        "taxName": name,
        "rateType": "Standard" if abroad else "General",
    }


def _summary(document: Document, digits: int) -> list[dict[str, Any]]:
    rows: dict[tuple[str, str, Jurisdiction, bool], dict[str, Any]] = {}
    for line in document.lines:
        for detail in line.details:
            who = detail.jurisdiction
            key = detail.country, detail.region, who, bool(detail.rate)
            row = rows.get(key)
            if row is None:
                sums = {"taxable": 0, "tax": 0, "taxCalculated": 0, "nonTaxable": 0, "exemption": 0}
                row = rows[key] = {
                    **_levied(detail.country, detail.region, who, False),
                    "rate": _number(detail.rate),
                    **sums,
                }
            row["taxable"] += detail.taxable
            row["tax"] += detail.tax
            row["taxCalculated"] += detail.computed
            row["nonTaxable"] += detail.non_taxable
            row["exemption"] += detail.exempt
    for row in rows.values():
        for name in ("taxable", "tax", "taxCalculated", "nonTaxable", "exemption"):
            row[name] = _money(row[name], digits)
    return list(rows.values())


def _addresses(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "id": _part_id(document, i),
            "transactionId": document.id,
            "boundaryLevel": "Zip5" if address.postal_code else "Address",
            "line1": address.line1,
            "line2": address.line2,
            "line3": address.line3,
            "city": address.city,
            "region": address.region,
            "postalCode": address.postal_code,
            "country": address.country or "US",
        }
        for i, (_, address) in enumerate(document.sale.addresses, 1)
    ]


def _part_id(document: Document, position: int, detail: int = 0) -> int:
    """Numbers of parts follow from the document's; an estimate is not recorded and has none."""
    if document.status == TEMPORARY:
        return 0
    number = document.id * 100_000 + position
    return number * 100 + detail if detail else number


@lru_cache(maxsize=1 << 16)
def _money(minor_units: int, digits: int) -> orjson.Fragment:
    """The number as it stands in the JSON: 1999, 2 -> 19.99. Most documents repeat their amounts."""
    return _number(Decimal(minor_units).scaleb(-digits))


@lru_cache(maxsize=1 << 12)
def _number(exact: Decimal) -> orjson.Fragment:
    return orjson.Fragment(format(exact, "f").encode())


def moment(at_us: int) -> str:
    """2026-01-31T09:30:00.123Z."""
    return at(at_us).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def company(record: Company) -> dict[str, Any]:
    """CompanyModel."""
    return {
        "id": record.id,
        "accountId": int(ACCOUNT),
        "companyCode": record.code,
        "name": record.name,
        "isDefault": True,
        "isActive": True,
        "hasProfile": True,
        "isReportingEntity": True,
        "defaultCountry": record.country,
        "baseCurrencyCode": record.currency,
        "roundingLevelId": "Line",
        "isTest": True,
        "createdDate": moment(record.created_at),
        "modifiedDate": moment(record.created_at),
    }


def nexus(record: Nexus) -> dict[str, Any]:
    """NexusModel."""
    return {
        "id": record.id,
        "companyId": record.company_id,
        "country": record.country,
        "region": record.region or record.country,
        "jurisTypeId": "State" if record.region else "Country",
        "jurisName": record.name,
        "effectiveDate": record.effective,
        "endDate": record.ends,
        "nexusTypeId": "SalesOrSellersUseTax",
        "localNexusTypeId": "All",
        "createdDate": moment(record.created_at),
    }
