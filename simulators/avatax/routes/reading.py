"""From a request to what the rules understand; every refusal about form is made here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pydantic import ValidationError

from simulators.avatax.rules.documents import ADJUSTMENT_REASONS, KINDS, Sale
from simulators.avatax.rules.places import Address
from simulators.avatax.rules.refunds import FULL, PARTIAL, PERCENTAGE, TAX_ONLY, RefundRequest
from simulators.avatax.rules.refusal import TaxRefusal
from simulators.avatax.rules.taxation import SaleLine, round_half_up
from simulators.avatax.wire import requests as wire
from simulators.avatax.wire.casing import names_of, normalised
from simulators.kit.money import exponent
from simulators.kit.table import Call

BodyShape = TypeVar("BodyShape", bound=wire.Shape)

_NAMES = names_of(
    (
        wire.AddressBody,
        wire.AdjustBody,
        wire.ChangeCodeBody,
        wire.CreateOrAdjustBody,
        wire.LockBody,
        wire.NexusBody,
        wire.RefundBody,
        wire.SettleBody,
        wire.VoidBody,
    )
)
# Members of the vendor's enumerations may be sent as numbers, too (public SDKs do).
_KINDS = {
    **{kind.lower(): kind for kind in KINDS},
    "0": "SalesOrder",
    "1": "SalesInvoice",
    "4": "ReturnOrder",
    "5": "ReturnInvoice",
}
_REASONS = {key: name for i, name in enumerate(ADJUSTMENT_REASONS) for key in (name.lower(), str(i))}
_REFUNDS = {
    key: name
    for i, name in enumerate((FULL, PARTIAL, TAX_ONLY, PERCENTAGE))
    for key in (name.lower(), str(i))
}
# Characters that the vendor wants replaced in codes inside a path (its SDK documentation).
_ESCAPES = {"2f": "/", "2b": "+", "3f": "?", "25": "%", "23": "#"}
_ESCAPED = re.compile(r"_-ava(2f|2b|3f|25|23)-_", re.IGNORECASE)
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_OVERRIDES = {"none": False, "0": False, "taxamount": True, "1": True}
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
_AMOUNT_LIMIT = Decimal(10) ** 15
_CODE_LENGTH = 50


def body(call: Call, shape: type[BodyShape]) -> BodyShape:
    """The body as one object of that shape."""
    return checked(parsed(call), shape)


def parsed(call: Call) -> object:
    """The body as JSON with the vendor's spelling of names."""
    if not call.body.strip():
        raise TaxRefusal("ModelRequiredException", "The request needs a body.", param="model")
    try:
        value = call.json()
    except ValueError:
        raise TaxRefusal("JsonFormatError", "The request body is not valid JSON.", param="model") from None
    return normalised(value, _NAMES)


def checked(value: object, shape: type[BodyShape]) -> BodyShape:
    """ValueRequiredError for what is missing, ModelStateInvalid for what is of the wrong kind."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "model"
        if first["type"] == "missing":
            message = f"Field {where} is required."
            raise TaxRefusal("ValueRequiredError", message, param=where) from None
        raise TaxRefusal("ModelStateInvalid", f"{where}: {first['msg']}", param=where) from None


def sale_of(model: wire.CreateTransactionBody) -> Sale:
    """The sale to be taxed."""
    for name, text in (("code", model.code), ("customerCode", model.customer_code)):
        _fits(name, text)
    if not _CURRENCY.fullmatch(model.currency_code):
        raise TaxRefusal(
            "ModelStateInvalid", "The currency code must be three letters.", param="currencyCode"
        )
    currency = model.currency_code.upper()
    given = model.addresses
    roles = (
        ("singleLocation", given.single_location),
        ("shipFrom", given.ship_from),
        ("shipTo", given.ship_to),
        ("pointOfOrderOrigin", given.point_of_order_origin),
        ("pointOfOrderAcceptance", given.point_of_order_acceptance),
    )
    return Sale(
        kind_of(model.type),
        model.company_code,
        model.code.strip(),
        date_of("date", model.date),
        model.customer_code,
        currency,
        model.commit,
        tuple((role, address_of(part)) for role, part in roles if part is not None),
        tuple(_line(i, line, currency) for i, line in enumerate(model.lines, 1)),
        model.exemption_no,
        model.entity_use_code or model.customer_usage_type,
        model.purchase_order_no,
        model.reference_code,
        model.salesperson_code,
        model.description,
    )


def _line(position: int, line: wire.LineBody, currency: str) -> SaleLine:
    destination = None
    if line.addresses is not None:
        destination = line.addresses.ship_to or line.addresses.single_location
    if abs(line.quantity) >= _AMOUNT_LIMIT:
        raise TaxRefusal("InvalidDecimalValue", "The quantity is too large.", param="quantity")
    return SaleLine(
        line.number or str(position),
        minor_of("amount", line.amount, currency),
        line.quantity,
        line.tax_code,
        line.item_code,
        line.description,
        line.tax_included,
        line.exemption_code,
        line.entity_use_code or line.customer_usage_type,
        line.ref1,
        line.ref2,
        address_of(destination) if destination is not None else None,
        *_override(line, currency),
    )


def _override(line: wire.LineBody, currency: str) -> tuple[int | None, str]:
    """(tax in minor units, reason), or nothing. The vendor's other kinds of override are not played."""
    wish = line.tax_override
    kind = wish.type.strip().lower() if wish is not None else "none"
    if kind not in _OVERRIDES:
        raise TaxRefusal("ModelStateInvalid", f"'{kind}' is not a value of TaxOverrideType.", param="type")
    if wish is None or not _OVERRIDES[kind]:
        return None, ""
    if wish.tax_amount is None:
        raise TaxRefusal("ValueRequiredError", "Field taxAmount is required.", param="taxAmount")
    return minor_of("taxAmount", wish.tax_amount, currency), wish.reason


def address_of(given: wire.AddressBody) -> Address:
    """Blanks around the parts do not count."""
    return Address(
        given.line1.strip(),
        given.line2.strip(),
        given.line3.strip(),
        given.city.strip(),
        given.region.strip(),
        given.postal_code.strip(),
        given.country.strip(),
    )


def refund_of(model: wire.RefundBody) -> RefundRequest:
    """The refund that is asked for."""
    _fits("refundTransactionCode", model.refund_transaction_code)
    kind = _REFUNDS.get(model.refund_type.lower(), model.refund_type)
    return RefundRequest(
        model.refund_transaction_code.strip(),
        date_of("refundDate", model.refund_date),
        kind,
        model.refund_percentage,
        model.refund_lines,
        model.reference_code,
    )


def kind_of(text: str, otherwise: str = "SalesOrder") -> str:
    """A document type by name, in any case, or number. Purchases and transfers are not played here."""
    return _member("DocumentType", _KINDS, text or otherwise)


def reason_of(text: str) -> str:
    """A reason of adjustment by name or number."""
    return _member("AdjustmentReason", _REASONS, text)


def _member(enumeration: str, members: Mapping[str, str], text: str) -> str:
    member = members.get(text.strip().lower())
    if member is None:
        raise TaxRefusal("ModelStateInvalid", f"'{text}' is not a value of {enumeration}.", param=enumeration)
    return member


def minor_of(name: str, amount: Decimal, currency: str) -> int:
    """Minor units; finer amounts are rounded half up (unconfirmed: the vendor keeps more digits inside)."""
    if abs(amount) >= _AMOUNT_LIMIT:
        raise TaxRefusal("InvalidDecimalValue", f"{name} is too large.", param=name)
    return round_half_up(amount.scaleb(exponent(currency)))


def date_of(name: str, text: str) -> str:
    """YYYY-MM-DD of an ISO date or moment, with or without zone, "T" or blank, or of M/D/YYYY."""
    day = text.strip()
    american = _US_DATE.match(day)
    if american:
        day = f"{american[3]}-{int(american[1]):02d}-{int(american[2]):02d}"
    try:
        if day[10:11] not in ("", "T", "t", " "):
            raise ValueError
        return date.fromisoformat(day[:10]).isoformat()
    except ValueError:
        raise TaxRefusal("ModelStateInvalid", f"'{text}' is not a date.", param=name) from None


def path_code(call: Call, name: str) -> str:
    """A code out of the path, the vendor's own escapes undone."""
    return _ESCAPED.sub(lambda match: _ESCAPES[match[1].lower()], call.params[name])


def path_number(call: Call, name: str) -> int:
    """A number out of the path."""
    text = call.params[name]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise TaxRefusal("ModelStateInvalid", f"'{text}' is not a number.", param=name)
    return int(text)


def query(call: Call) -> dict[str, str]:
    """The query, names in lower case: the vendor does not mind their case."""
    return {name.lower(): value for name, value in call.args().items()} if call.query else {}


def _fits(name: str, text: str) -> None:
    if len(text) > _CODE_LENGTH:
        raise TaxRefusal(
            "StringLengthError", f"{name} may have at most {_CODE_LENGTH} characters.", param=name
        )
