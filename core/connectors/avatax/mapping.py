"""Our documents as AvaTax's sales and returns, and its answers as ours; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.canonical.errors import Refused
from core.canonical.invoices import CreditNote, Invoice, Line, TaxAnswer, TaxLine
from core.canonical.money import Money
from core.canonical.parties import Account, Address
from core.connectors.avatax import wire
from core.connectors.avatax.judge import SYSTEM
from core.connectors.avatax.wire import Json
from core.connectors.shapes import drifted
from core.mappings.document import Document

_TEXT_MAX, _CODE_MAX = 2048, 50


def estimate(
    account: Account, net: Mapping[str, Money], company: str, codes: Document, on: date
) -> dict[str, Any]:
    """A sales order over what each product comes to: taxed and not recorded. codes: the mapping `tax_codes`;
    Held for a product that has none where the customer is."""
    lines = [
        {
            "number": str(number),
            "quantity": 1,
            "amount": amount.major,
            "taxCode": _code(codes, product, account),
            "itemCode": product[:_CODE_MAX],
        }
        for number, (product, amount) in enumerate(net.items(), 1)
    ]
    currency = next(iter(net.values())).currency
    return _sale(wire.SALES_ORDER, "", account, currency, company, on, lines)


def invoice(document: Invoice, account: Account, company: str, codes: Document) -> dict[str, Any]:
    """A sales document, saved and not yet committed. codes: the mapping `tax_codes`."""
    lines = [_line(each, 1, account, codes) for each in document.lines]
    return {
        **_sale(
            wire.SALES_INVOICE,
            document.number,
            account,
            document.total.currency,
            company,
            document.on,
            lines,
        ),
        "commit": False,
        "purchaseOrderNo": document.number,
        "referenceCode": document.number,
    }


def credit_note(note: CreditNote, account: Account, company: str, codes: Document) -> dict[str, Any]:
    """A return document with negative amounts, saved and not yet committed."""
    return _return(note, account, company, [_line(each, -1, account, codes) for each in note.lines])


def refund_note(note: CreditNote, account: Account, company: str, codes: Document) -> dict[str, Any]:
    """A committed return whose tax is the note's own: what was charged is given back, not what today's
    rates would make of the amount."""
    lines = [
        {
            **_line(each, -1, account, codes),
            "taxOverride": {
                "type": "TaxAmount",
                "taxAmount": (-each.tax).major,
                "reason": f"Refund by {note.number}",
            },
        }
        for each in note.lines
    ]
    return {**_return(note, account, company, lines), "commit": True}


def recorded(body: Json, sale: Json) -> None:
    """Held unless the vendor has recorded what was sent: it drops names that it does not know, and makes a
    document of another type, or number, or a line under a number of its own."""
    for name in ("type", "code"):
        if str(body[name]) != str(sale[name]):
            raise drifted(SYSTEM, f"{name}: {sale[name]!r} was sent and {body[name]!r} recorded")
    sent, stands = ([str(line[name]) for line in rows] for name, rows in (
        ("number", sale["lines"]), ("lineNumber", body["lines"])))  # fmt: skip
    if sorted(sent) != sorted(stands):
        raise drifted(SYSTEM, f"lines.number: {sent} were sent and {stands} recorded")
    taxed_as = {str(line["lineNumber"]): line for line in body["lines"]}
    for line in sale["lines"]:
        for name in ("itemCode", "taxCode"):
            stood = str(taxed_as[str(line["number"])][name] or "")
            if stood != str(line.get(name) or ""):
                raise drifted(SYSTEM, f"lines.{name}: {line.get(name)!r} was sent and {stood!r} recorded")


def answer(body: Json, sign: int) -> TaxAnswer:
    """What was found for a document. sign: -1 turns a return's amounts positive. rate: a fraction."""
    currency = str(body["currencyCode"])
    lines = []
    for line in body["lines"] or ():
        for detail in line["details"] or ():
            lines.append(
                TaxLine(
                    line=str(line["lineNumber"]),
                    name=str(detail["taxName"] or ""),
                    jurisdiction=str(detail["jurisName"] or ""),
                    rate=str(detail["rate"] or 0),
                    tax=_signed(detail["tax"] or 0, currency, sign),
                )
            )
    return TaxAnswer(str(body["code"]), total_tax(body, sign), tuple(lines))


def total_tax(body: Json, sign: int) -> Money:
    """Of a whole document."""
    return _signed(body["totalTax"] or 0, str(body["currencyCode"]), sign)


def total_net(body: Json, sign: int) -> Money:
    """Of a whole document."""
    return _signed(body["totalAmount"] or 0, str(body["currencyCode"]), sign)


def _return(note: CreditNote, account: Account, company: str, lines: Iterable[Json]) -> dict[str, Any]:
    sale = _sale(wire.RETURN_INVOICE, note.number, account, note.total.currency, company, note.on, lines)
    return {**sale, "commit": False, "purchaseOrderNo": note.number, "referenceCode": note.invoice}


def _sale(
    kind: str, code: str, account: Account, currency: str, company: str, on: date, lines: Iterable[Json]
) -> dict[str, Any]:
    sale: dict[str, Any] = {
        "type": kind,
        "companyCode": company,
        "date": on.isoformat(),
        "customerCode": account.key,
        "currencyCode": currency,
        "addresses": {"shipTo": _address(account.address)},
        "lines": list(lines),
    }
    if account.vat_number:
        # A business of another EU country accounts for the tax itself (Article 194 of 2006/112/EC).
        sale["businessIdentificationNo"] = account.vat_number
    if code:
        sale["code"] = code
    return sale


def _code(codes: Document, product: str, account: Account) -> str:
    return codes.look(product=product, country=account.address.country)["tax_code"]


def _line(line: Line, sign: int, account: Account, codes: Document) -> dict[str, Any]:
    # The line's own id is its number, so that the answer needs no other key.
    return {
        "number": line.id,
        "quantity": 1,
        "amount": line.net.major * sign,
        "taxCode": _code(codes, line.product, account),
        "itemCode": line.product[:_CODE_MAX],
        "description": line.description[:_TEXT_MAX],
        "ref1": line.subscription[:_CODE_MAX],
    }


def _address(address: Address) -> dict[str, str]:
    parts = {
        "line1": address.line1,
        "city": address.city,
        "region": address.region,
        "postalCode": address.postal_code,
        "country": address.country,
    }
    return {name: part for name, part in parts.items() if part}


def _signed(amount: object, currency: str, sign: int) -> Money:
    try:
        return Money.of(Decimal(str(amount)) * sign, currency)
    except ValueError as error:
        raise Refused(f"tax cannot be taken over: {error}", system=SYSTEM) from None
