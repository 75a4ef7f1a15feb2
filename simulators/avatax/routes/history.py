"""Handlers that look back: lists of documents, and how one of them was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from simulators.avatax.routes.amounts import moment, money, number
from simulators.avatax.routes.answers import included, transaction
from simulators.avatax.routes.listing import envelope, filter_of, listed, order_of, page_of
from simulators.avatax.routes.reading import date_of, kind_of, path_code, query
from simulators.avatax.rules.documents import Document
from simulators.avatax.rules.filtering import Criterion, Fields, Filter, Group, mentioned, necessary
from simulators.avatax.rules.places import Address
from simulators.avatax.rules.sales import SaleLine
from simulators.avatax.rules.sandbox import Sandbox
from simulators.kit.clock import day
from simulators.kit.money import exponent, major
from simulators.kit.table import Call, Reply, json_reply

_DAYS_LISTED = 30
_FIELDS: Fields = {
    "id": lambda d: d.id,
    "code": lambda d: d.code,
    "companyid": lambda d: d.company_id,
    "date": lambda d: d.sale.date,
    "taxdate": lambda d: d.sale.tax_date,
    "paymentdate": lambda d: d.sale.date,
    "status": lambda d: d.status,
    "type": lambda d: d.kind,
    "batchcode": lambda d: d.sale.batch_code,
    "currencycode": lambda d: d.sale.currency,
    "customercode": lambda d: d.sale.customer_code,
    "customervendorcode": lambda d: d.sale.customer_code,
    "entityusecode": lambda d: d.sale.entity_use_code,
    "exemptno": lambda d: d.sale.exemption_no,
    "purchaseorderno": lambda d: d.sale.purchase_order_no,
    "referencecode": lambda d: d.sale.reference_code,
    "salespersoncode": lambda d: d.sale.salesperson_code,
    "description": lambda d: d.sale.description,
    "totalamount": lambda d: major(d.total, d.sale.currency),
    "totaltax": lambda d: major(d.tax, d.sale.currency),
    "totaltaxable": lambda d: major(d.taxable, d.sale.currency),
    "totalexempt": lambda d: major(d.exempt, d.sale.currency),
    "totaldiscount": lambda d: major(d.discount, d.sale.currency),
    "adjustmentreason": lambda d: d.adjustment_reason,
    "locked": lambda d: d.locked,
    "version": lambda d: d.version,
    "reconciled": lambda _: False,
    "modifieddate": lambda d: moment(d.modified_at),
}
_DATES = frozenset({"date", "taxdate", "paymentdate"})
_SPANS = frozenset({"eq", "between", "ge", "gte", "le", "lte"})


async def list_all(sandbox: Sandbox, call: Call) -> Reply:
    """Every revision of the company's documents; without a filter by date, of the last 30 days."""
    wish = _plain_dates(filter_of(call))
    first, last = _span(wish)
    if "date" not in mentioned(wish):
        first = (day(sandbox.clock.now()) - timedelta(days=_DAYS_LISTED)).isoformat()
    parts = included(query(call).get("$include", ""))
    company = path_code(call, "companyCode")

    def render(document: Document) -> dict[str, Any]:
        return transaction(document, parts)

    code = next((c.values[0] for c in necessary(wish) if (c.field, c.op) == ("code", "eq")), "")
    if code:
        named = [d for d in sandbox.coded(company, code) if first <= d.sale.date <= (last or "9")]
        return listed(call, named, wish, _FIELDS, render)
    dated = sandbox.dated(company, first, last)
    if _is_span(wish) and not order_of(call):
        wanted = page_of(call)
        return envelope(call, wanted, dated.part(wanted.skip, wanted.top), len(dated), render)
    return listed(call, dated, wish, _FIELDS, render)


async def audit(sandbox: Sandbox, call: Call) -> Reply:
    """AuditTransactionModel: the request rebuilt from what was recorded; no original is kept."""
    company, code = path_code(call, "companyCode"), path_code(call, "code")
    kind = call.params.get("documentType", "")
    document = sandbox.find(company, code, kind_of(kind)) if kind else sandbox.find_any(company, code)
    return json_reply(
        200,
        {
            "companyId": document.company_id,
            "serverTimestamp": moment(document.modified_at),
            "serverDuration": "00:00:00.0100000",
            "apiCallStatus": "ReconstructedApiCallAvailable",
            "original": {"request": "", "response": ""},
            "reconstructed": {"request": _request(document)},
        },
    )


def _request(document: Document) -> dict[str, Any]:
    sale = document.sale
    digits = exponent(sale.currency)
    given: dict[str, Any] = {
        "code": document.code,
        "type": sale.kind,
        "date": sale.date,
        "customerCode": sale.customer_code,
        "currencyCode": sale.currency,
        "commit": sale.commit,
        "discount": money(sale.discount, digits),
        "exemptionNo": sale.exemption_no,
        "entityUseCode": sale.entity_use_code,
        "purchaseOrderNo": sale.purchase_order_no,
        "referenceCode": sale.reference_code,
        "businessIdentificationNo": sale.business_id,
        "addresses": {role: _place(address) for role, address in sale.addresses},
        "lines": [_line(line, digits) for line in sale.lines],
    }
    return {name: value for name, value in given.items() if value != ""}


def _line(line: SaleLine, digits: int) -> dict[str, Any]:
    return {
        "number": line.number,
        "quantity": number(line.quantity),
        "amount": money(line.amount, digits),
        "taxCode": line.tax_code,
        "itemCode": line.item_code,
        "description": line.description,
        "taxIncluded": line.tax_included,
        "discounted": line.discounted,
    }


def _place(address: Address) -> dict[str, str]:
    parts = {
        "line1": address.line1,
        "city": address.city,
        "region": address.region,
        "postalCode": address.postal_code,
        "country": address.country,
    }
    return {name: part for name, part in parts.items() if part}


def _span(wish: Filter | None) -> tuple[str, str]:
    """The span in which every match must lie, as far as equality and bounds say so."""
    first = last = ""
    for criterion in necessary(wish):
        if criterion.field != "date":
            continue
        low, high = criterion.values[0], criterion.values[-1]
        if criterion.op in ("eq", "between", "gt", "ge", "gte"):
            first = max(first, low)
        if criterion.op in ("eq", "between", "lt", "le", "lte"):
            last = min(last, high) if last else high
    return first, last


def _is_span(wish: Filter | None) -> bool:
    """Whether the span says all that the filter says."""
    if wish is None:
        return True
    parts = necessary(wish)
    whole = isinstance(wish, Criterion) or len(parts) == len(wish.parts)
    return whole and bool(parts) and all(c.field == "date" and c.op in _SPANS for c in parts)


def _plain_dates(wish: Filter | None) -> Filter | None:
    """The filter with dates as documents have them."""
    if isinstance(wish, Group):
        return replace(wish, parts=tuple(part for each in wish.parts if (part := _plain_dates(each))))
    if wish is None or wish.field not in _DATES:
        return wish
    return replace(wish, values=tuple(date_of("$filter", value) for value in wish.values))
