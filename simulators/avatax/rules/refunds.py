"""Refunds: a committed sale mirrored, in whole or in part, with the tax it was charged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from simulators.avatax.rules.documents import COMMITTED, Document
from simulators.avatax.rules.refusal import TaxRefusal
from simulators.avatax.rules.sales import TAX_AMOUNT, TaxOverride
from simulators.avatax.rules.taxation import Levied, TaxedLine, round_half_up

FULL, PARTIAL, TAX_ONLY, PERCENTAGE = "Full", "Partial", "TaxOnly", "Percentage"
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """percentage: None where none was given; code: "" lets the vendor choose; lines: line numbers."""

    code: str
    date: str
    kind: str
    percentage: Decimal | None = None
    lines: tuple[str, ...] = ()
    reference_code: str = ""


def mirrored_lines(document: Document, refund: RefundRequest) -> tuple[TaxedLine, ...]:
    """The lines of the return; every amount is the negative of its share of the sale's."""
    _check(document, refund)
    lines = document.lines
    if refund.lines:
        wanted = set(refund.lines)
        lines = tuple(line for line in lines if line.source.number in wanted)
    if refund.kind == TAX_ONLY:
        return tuple(_tax_only(line) for line in lines)
    if refund.percentage is None:
        return tuple(_scaled(line, lambda amount: -amount) for line in lines)
    share = refund.percentage / _HUNDRED
    return tuple(_scaled(line, lambda amount: -round_half_up(amount * share)) for line in lines)


def _check(document: Document, refund: RefundRequest) -> None:
    if document.kind != "SalesInvoice":
        raise TaxRefusal(
            "InvalidDocumentTypeForRefund", f"A {document.kind} cannot be refunded.", param="documentType"
        )
    if document.status != COMMITTED:
        raise TaxRefusal(
            "InvalidDocumentStatusForRefund",
            "Document is not in a status to process refund",
            f"The document status is {document.status}, we can only process refund on committed document.",
            "DocStatus",
        )
    if refund.kind not in (FULL, PARTIAL, TAX_ONLY, PERCENTAGE):
        raise TaxRefusal("InvalidRefundType", f"'{refund.kind}' is no refund type.", param="refundType")
    _check_percentage(refund)
    _check_lines(document, refund)


def _check_percentage(refund: RefundRequest) -> None:
    param = "refundPercentage"
    if refund.percentage is None:
        if refund.kind == PERCENTAGE:
            raise TaxRefusal("RefundPercentageMissing", "The refund percentage is missing.", param=param)
        return
    if refund.kind == TAX_ONLY:
        raise TaxRefusal(
            "RefundPercentageForTaxOnly",
            "If refund type is TaxOnly, refund percentage should be null",
            param=param,
        )
    if refund.kind == FULL:
        raise TaxRefusal("RefundTypeAndPercentageMismatch", "A full refund takes no percentage.", param=param)
    if not 0 < refund.percentage <= _HUNDRED:
        raise TaxRefusal("RefundPercentageOutOfRange", "Give a percentage from 0 to 100.", param=param)


def _check_lines(document: Document, refund: RefundRequest) -> None:
    param = "refundLines"
    if refund.kind == PARTIAL and not refund.lines:
        raise TaxRefusal("RefundLinesRequired", "A partial refund needs its lines.", param=param)
    if refund.kind == FULL and refund.lines:
        raise TaxRefusal("RefundTypeAndLineMismatch", "A full refund takes no lines.", param=param)
    known = {line.source.number for line in document.lines}
    for number in refund.lines:
        if number not in known:
            raise TaxRefusal("LineNoOutOfRange", f"There is no line '{number}'.", param=param)


def _scaled(line: TaxedLine, of: Callable[[int], int]) -> TaxedLine:
    amount = of(line.amount)
    taxable = of(line.taxable)
    details = tuple(_scaled_detail(detail, amount - of(line.discount), of) for detail in line.details)
    source = replace(line.source, amount=of(line.source.amount))
    tax = sum(detail.tax for detail in details)
    discount = of(line.discount)
    # What was charged is given back, whatever today's rules say (the vendor's words on TaxAmount).
    source = replace(source, override=TaxOverride(TAX_AMOUNT, tax, reason="Refund"))
    return TaxedLine(source, amount, taxable, amount - discount - taxable, tax, details, discount, line.terms)


def _scaled_detail(detail: Levied, net: int, of: Callable[[int], int]) -> Levied:
    taxable, exempt = of(detail.taxable), of(detail.exempt)
    # What rounding leaves over stays with the untaxed part, so that the parts add up to the line.
    return replace(
        detail,
        taxable=taxable,
        exempt=exempt,
        non_taxable=net - taxable - exempt,
        tax=of(detail.tax),
        calculated=None,
    )


def _tax_only(line: TaxedLine) -> TaxedLine:
    details = tuple(
        replace(detail, taxable=0, non_taxable=0, exempt=0, tax=-detail.tax, calculated=None)
        for detail in line.details
    )
    source = replace(line.source, amount=0, override=TaxOverride(TAX_AMOUNT, -line.tax, reason="Refund"))
    return TaxedLine(source, 0, 0, 0, -line.tax, details, 0, line.terms)
