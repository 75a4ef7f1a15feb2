"""From the bodies of transactions to what the rules understand."""

from __future__ import annotations

import re

from simulators.avatax.routes.reading import address_of, bounded, date_of, fits, kind_of, member, minor_of
from simulators.avatax.rules.refunds import FULL, PARTIAL, PERCENTAGE, TAX_ONLY, RefundRequest
from simulators.avatax.rules.refusal import engine, malformed, required
from simulators.avatax.rules.sales import (
    EXEMPTION,
    TAX_AMOUNT,
    TAX_DATE,
    Parameter,
    Role,
    Sale,
    SaleLine,
    TaxOverride,
)
from simulators.avatax.wire import requests as wire

_REFUNDS = {
    key: name
    for i, name in enumerate((FULL, PARTIAL, TAX_ONLY, PERCENTAGE))
    for key in (name.lower(), str(i))
}
_OVERRIDES = (
    *("None", TAX_AMOUNT, EXEMPTION, TAX_DATE, "AccruedTaxAmount", "DeriveTaxable", "OutOfHarbor"),
    *("TaxAmountByTaxType", "VendorChargedTax"),
)
_OVERRIDE = {key: name for i, name in enumerate(_OVERRIDES) for key in (name.lower(), str(i))}
_PLAYED = frozenset({TAX_AMOUNT, EXEMPTION, TAX_DATE})
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)


def sale_of(model: wire.CreateTransactionBody) -> Sale:
    """The sale to be taxed."""
    fits("code", model.code)
    fits("customerCode", model.customer_code)
    if not model.customer_code:
        raise required("customerCode")
    currency = _currency(model.currency_code, "currencyCode")
    exchange_date = model.exchange_rate_effective_date
    exchange_currency = model.exchange_rate_currency_code
    return Sale(
        kind=kind_of(model.type),
        company_code=model.company_code,
        code=model.code.strip(),
        date=date_of("date", model.date),
        customer_code=model.customer_code,
        currency=currency,
        commit=model.commit,
        addresses=_roles(model.addresses),
        lines=lines_of(model.lines, currency),
        discount=minor_of("discount", model.discount, currency) if model.discount else 0,
        exemption_no=fits("exemptionNo", model.exemption_no, 25),
        entity_use_code=model.entity_use_code or model.customer_usage_type,
        purchase_order_no=fits("purchaseOrderNo", model.purchase_order_no),
        reference_code=fits("referenceCode", model.reference_code, 1024),
        salesperson_code=model.salesperson_code,
        description=fits("description", model.description, 2048),
        email=fits("email", model.email),
        location_code=model.reporting_location_code,
        batch_code=model.batch_code,
        business_id=fits("businessIdentificationNo", model.business_identification_no, 25),
        supplier_name=model.customer_supplier_name,
        is_seller_importer=model.is_seller_importer_of_record,
        exchange=(
            bounded("exchangeRate", model.exchange_rate) if model.exchange_rate is not None else None,
            date_of("exchangeRateEffectiveDate", exchange_date) if exchange_date else "",
            _currency(exchange_currency, "exchangeRateCurrencyCode") if exchange_currency else "",
        ),
        override=_override(model.tax_override, currency),
        parameters=_parameters(model.parameters),
    )


def lines_of(lines: tuple[wire.LineBody, ...], currency: str, first: int = 1) -> tuple[SaleLine, ...]:
    """Lines; those without a number are counted from `first`."""
    return tuple(_line(i, line, currency) for i, line in enumerate(lines, first))


def refund_of(model: wire.RefundBody) -> RefundRequest:
    """The refund that is asked for."""
    fits("refundTransactionCode", model.refund_transaction_code)
    kind = _REFUNDS.get(model.refund_type.lower(), model.refund_type)
    return RefundRequest(
        model.refund_transaction_code.strip(),
        date_of("refundDate", model.refund_date),
        kind,
        model.refund_percentage,
        model.refund_lines,
        model.reference_code,
    )


def _line(position: int, line: wire.LineBody, currency: str) -> SaleLine:
    return SaleLine(
        number=fits("number", line.number) or str(position),
        amount=minor_of("amount", line.amount, currency),
        quantity=bounded("quantity", line.quantity),
        tax_code=fits("taxCode", line.tax_code, 25),
        item_code=fits("itemCode", line.item_code),
        description=fits("description", line.description, 2096),
        tax_included=line.tax_included,
        discounted=line.discounted,
        exemption_code=line.exemption_code,
        entity_use_code=line.entity_use_code or line.customer_usage_type,
        ref1=fits("ref1", line.ref1, 250),
        ref2=fits("ref2", line.ref2, 250),
        revenue_account=line.revenue_account,
        business_id=line.business_identification_no,
        hs_code=line.hs_code,
        addresses=_roles(line.addresses) if line.addresses is not None else (),
        override=_override(line.tax_override, currency),
        parameters=_parameters(line.parameters),
    )


def _roles(given: wire.AddressesBody) -> tuple[Role, ...]:
    roles = (
        ("singleLocation", given.single_location),
        ("shipFrom", given.ship_from),
        ("shipTo", given.ship_to),
        ("pointOfOrderOrigin", given.point_of_order_origin),
        ("pointOfOrderAcceptance", given.point_of_order_acceptance),
        ("goodsPlaceOrServiceRendered", given.goods_place_or_service_rendered),
        ("import", given.import_),
        ("billTo", given.bill_to),
    )
    return tuple((role, address_of(part)) for role, part in roles if part is not None)


def _override(wish: wire.TaxOverrideBody | None, currency: str) -> TaxOverride | None:
    if wish is None:
        return None
    kind = member("TaxOverrideType", _OVERRIDE, wish.type)
    if kind == "None":
        return None
    if kind not in _PLAYED:
        raise engine("TaxOverrideError", "Tax override cannot be applied.", f"Type {kind}.", "TaxOverride")
    if kind == TAX_AMOUNT and wish.tax_amount is None:
        raise required("taxAmount")
    if kind == TAX_DATE and not wish.tax_date:
        raise required("taxDate")
    amount = None
    if kind == TAX_AMOUNT and wish.tax_amount is not None:
        amount = minor_of("taxAmount", wish.tax_amount, currency)
    return TaxOverride(
        kind, amount, date_of("taxDate", wish.tax_date) if kind == TAX_DATE else "", wish.reason
    )


def _parameters(given: wire.Parameters) -> tuple[Parameter, ...]:
    if isinstance(given, dict):
        return tuple((name, str(value), "") for name, value in given.items())
    return tuple((one.name, one.value, one.unit) for one in given)


def _currency(text: str, field: str) -> str:
    if not _CURRENCY.fullmatch(text):
        raise malformed(text, "Currency", field)
    return text.upper()
