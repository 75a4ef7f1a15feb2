"""A tax document as the vendor's TransactionModel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.avatax.routes.amounts import USER_ID, moment, money, number
from simulators.avatax.routes.levies import details, summary, tax_types
from simulators.avatax.rules.documents import TEMPORARY, Document
from simulators.avatax.rules.places import Address
from simulators.avatax.rules.sales import Parameter, SaleLine, end_of
from simulators.avatax.rules.taxability import DEFAULT_TAX_CODE
from simulators.avatax.rules.taxation import TaxedLine
from simulators.avatax.rules.vat import REVERSE_CHARGE
from simulators.kit.money import exponent

# What each word of $include brings with it (vendor's SDK documentation).
_LINES, _DETAILS, _SUMMARY, _ADDRESSES, _TYPES = "lines", "details", "summary", "addresses", "types"
_BRINGS = {
    "lines": (_LINES,),
    "linesonly": (_LINES,),
    "details": (_LINES, _DETAILS),
    "summary": (_LINES, _DETAILS, _SUMMARY),
    "summaryonly": (_SUMMARY,),
    "addresses": (_ADDRESSES,),
    "taxdetailsbytaxtype": (_TYPES,),
}
_ONLY_EXTRAS = frozenset({"", "taxdetailsbytaxtype", "forcetimeout"})
# A document has at most 15,000 lines; what else it has is numbered after them.
_AFTER_LINES = 50_000
EVERYTHING = frozenset((_LINES, _DETAILS, _SUMMARY, _ADDRESSES))


def included(words: str) -> frozenset[str]:
    """The parts that an $include asks for; none given means Summary,Addresses, which is all of them."""
    asked = [word.strip().lower() for word in words.split(",")]
    parts = {part for word in asked for part in _BRINGS.get(word, ())}
    if _ONLY_EXTRAS.issuperset(asked):
        return EVERYTHING | parts
    if "summaryonly" in asked:
        parts -= {_LINES, _DETAILS}
    if "linesonly" in asked:
        parts -= {_DETAILS}
    return frozenset(parts)


def transaction(document: Document, parts: frozenset[str] = EVERYTHING) -> dict[str, Any]:
    """TransactionModel."""
    digits = exponent(document.sale.currency)
    places = _places(document)
    answer = _head(document, digits) | _ends(document, dict(document.sale.addresses), places)
    if _LINES in parts:
        answer["lines"] = [
            _line(document, i, line, digits, places, with_details=_DETAILS in parts)
            for i, line in enumerate(document.lines, 1)
        ]
    if _ADDRESSES in parts:
        answer["addresses"] = [_address(document, place, i) for place, i in places.items()]
        answer["locationTypes"] = _location_types(document, places)
    if _SUMMARY in parts:
        answer["summary"] = summary(document, digits)
    if _TYPES in parts:
        answer["taxDetailsByTaxType"] = tax_types(document, digits)
    if document.sale.parameters:
        answer["parameters"] = _parameters(document.sale.parameters)
    reversed_lines = [
        line.source.number
        for line in document.lines
        if line.terms is not None and line.terms.reverse and line.terms.nexus and line.taxable
    ]
    if reversed_lines:
        answer["invoiceMessages"] = [{"content": REVERSE_CHARGE, "lineNumbers": reversed_lines}]
    return answer


def _head(document: Document, digits: int) -> dict[str, Any]:
    sale = document.sale
    rate, rate_date, rate_currency = sale.exchange
    destination = end_of(dict(sale.addresses), "shipTo")
    answer: dict[str, Any] = {
        "id": document.id,
        "code": document.code,
        "companyId": document.company_id,
        "date": sale.date,
        "paymentDate": sale.date,
        "status": document.status,
        "type": sale.kind,
        "batchCode": sale.batch_code,
        "currencyCode": sale.currency,
        "exchangeRateCurrencyCode": rate_currency or sale.currency,
        "customerUsageType": sale.entity_use_code,
        "entityUseCode": sale.entity_use_code,
        "customerVendorCode": sale.customer_code,
        "customerCode": sale.customer_code,
        "exemptNo": sale.exemption_no,
        "reconciled": False,
        "locationCode": sale.location_code,
        "reportingLocationCode": sale.location_code,
        "purchaseOrderNo": sale.purchase_order_no,
        "referenceCode": sale.reference_code,
        "salespersonCode": sale.salesperson_code,
        "totalAmount": money(document.total, digits),
        "totalExempt": money(document.exempt, digits),
        "totalDiscount": money(document.discount, digits),
        "totalTax": money(document.tax, digits),
        "totalTaxable": money(document.taxable, digits),
        "totalTaxCalculated": money(sum(_computed(line) for line in document.lines), digits),
        "adjustmentReason": document.adjustment_reason,
        "adjustmentDescription": document.adjustment_description,
        "locked": document.locked,
        "region": destination.region if destination else "",
        "country": (destination.country or "US") if destination else "",
        "version": document.version,
        "softwareVersion": "26.10.0",
        "exchangeRateEffectiveDate": rate_date or sale.date,
        "exchangeRate": number(rate) if rate is not None else 1,
        "isSellerImporterOfRecord": sale.is_seller_importer,
        "description": sale.description,
        "email": sale.email,
        "businessIdentificationNo": sale.business_id,
        "customerSupplierName": sale.supplier_name,
        "modifiedDate": moment(document.modified_at),
        "modifiedUserId": USER_ID,
        "taxDate": sale.tax_date,
    }
    wish = sale.override
    if wish is not None:
        answer["taxOverrideType"] = wish.kind
        answer["taxOverrideAmount"] = money(wish.amount or 0, digits)
        answer["taxOverrideReason"] = wish.reason
    return answer


def _line(
    document: Document,
    position: int,
    line: TaxedLine,
    digits: int,
    places: dict[Address, int],
    *,
    with_details: bool,
) -> dict[str, Any]:
    source, sale = line.source, document.sale
    line_id = part_id(document, position)
    at_origin = line.terms is not None and line.terms.origin
    tax_date = line.terms.date if line.terms is not None else sale.tax_date
    certificate = line.terms.certificate if line.terms is not None else 0
    answer: dict[str, Any] = {
        "id": line_id,
        "transactionId": document.id,
        "lineNumber": source.number,
        **_ends(document, sale.roles(source), places),
        "customerUsageType": source.entity_use_code or sale.entity_use_code,
        "entityUseCode": source.entity_use_code or sale.entity_use_code,
        "description": source.description,
        "discountAmount": money(line.discount, digits),
        "exemptAmount": money(line.exempt, digits),
        "exemptCertId": certificate,
        "exemptNo": source.exemption_code or sale.exemption_no,
        "isItemTaxable": bool(line.taxable),
        "itemCode": source.item_code,
        "lineAmount": money(line.amount, digits),
        "quantity": number(source.quantity),
        "ref1": source.ref1,
        "ref2": source.ref2,
        "reportingDate": sale.date,
        "revAccount": source.revenue_account,
        "sourcing": "Origin" if at_origin else "Destination",
        "tax": money(line.tax, digits),
        "taxableAmount": money(line.taxable, digits),
        "taxCalculated": money(_computed(line), digits),
        "taxCode": source.tax_code or DEFAULT_TAX_CODE,
        "taxDate": tax_date,
        "taxIncluded": source.tax_included,
        "businessIdentificationNo": source.business_id or sale.business_id,
        "hsCode": source.hs_code,
        "costInsuranceFreight": 0,
        "vatCode": "",
        "vatNumberTypeId": 0,
    }
    wish = source.override
    if wish is not None:
        answer["taxOverrideType"] = wish.kind
        answer["taxOverrideAmount"] = money(wish.amount or 0, digits)
        answer["taxOverrideReason"] = wish.reason
    if source.parameters:
        answer["parameters"] = _parameters(source.parameters)
    if with_details:
        answer["details"] = details(document, line, line_id, digits)
        answer["nonPassthroughDetails"] = []
        answer["lineLocationTypes"] = _line_locations(document, source, line_id, places)
    return answer


def _ends(
    document: Document, roles: Mapping[str, Address], places: dict[Address, int]
) -> dict[str, int | None]:
    """The numbers of the addresses that a sale, or a line of it, goes from and to."""
    found: dict[str, int | None] = {}
    for name, role in (("originAddressId", "shipFrom"), ("destinationAddressId", "shipTo")):
        address = end_of(dict(roles), role)
        found[name] = None if address is None else part_id(document, _AFTER_LINES + places[address])
    return found


def _computed(line: TaxedLine) -> int:
    return sum(detail.computed for detail in line.details)


def _places(document: Document) -> dict[Address, int]:
    """Each address of the document once, counted from 1."""
    found: dict[Address, int] = {}
    for _, address in document.sale.addresses:
        found.setdefault(address, len(found) + 1)
    for line in document.sale.lines:
        for _, address in line.addresses:
            found.setdefault(address, len(found) + 1)
    return found


def _address(document: Document, address: Address, position: int) -> dict[str, Any]:
    return {
        "id": part_id(document, _AFTER_LINES + position),
        "transactionId": document.id,
        "boundaryLevel": "Zip5" if address.postal_code else "Address",
        "line1": address.line1,
        "line2": address.line2,
        "line3": address.line3,
        "city": address.city,
        "region": address.region,
        "postalCode": address.postal_code,
        "country": address.country or "US",
        "taxRegionId": 0,
        "latitude": str(address.at[0]) if address.at else "",
        "longitude": str(address.at[1]) if address.at else "",
    }


def _both_ends(role: str) -> tuple[str, ...]:
    return ("ShipFrom", "ShipTo") if role == "singleLocation" else (role[:1].upper() + role[1:],)


def _location_types(document: Document, places: dict[Address, int]) -> list[dict[str, Any]]:
    return [
        {
            "documentLocationTypeId": part_id(document, _AFTER_LINES + places[address]),
            "documentId": document.id,
            "documentAddressId": part_id(document, _AFTER_LINES + places[address]),
            "locationTypeCode": code,
        }
        for role, address in document.sale.addresses
        for code in _both_ends(role)
    ]


def _line_locations(
    document: Document, source: SaleLine, line_id: int, places: dict[Address, int]
) -> list[dict[str, Any]]:
    return [
        {
            "documentLineLocationTypeId": part_id(document, _AFTER_LINES + places[address]),
            "documentLineId": line_id,
            "documentAddressId": part_id(document, _AFTER_LINES + places[address]),
            "locationTypeCode": code,
        }
        for role, address in document.sale.roles(source).items()
        for code in _both_ends(role)
    ]


def _parameters(parameters: tuple[Parameter, ...]) -> list[dict[str, str]]:
    return [{"name": name, "value": value, "unit": unit} for name, value, unit in parameters]


def part_id(document: Document, position: int) -> int:
    """Numbers of parts follow from the document's; an estimate is not recorded and has none."""
    return 0 if document.status == TEMPORARY else document.id * 100_000 + position
