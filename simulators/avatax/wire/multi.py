"""Bodies of transactions of several companies."""

from __future__ import annotations

from simulators.avatax.wire.requests import CreateTransactionBody, LineBody, Shape, VerifyBody


class MultiLineBody(LineBody):
    """MultiDocumentLineItemModel: a line says whose it is."""

    company_code: str = ""
    reporting_location_code: str = ""


class CreateMultiBody(CreateTransactionBody):
    """CreateMultiDocumentModel."""

    lines: tuple[MultiLineBody, ...] = ()
    allow_adjust: bool = False


class AdjustMultiBody(Shape):
    """AdjustMultiDocumentModel."""

    new_transaction: CreateMultiBody
    adjustment_reason: str
    adjust_description: str = ""


class CommitMultiBody(Shape):
    """CommitMultiDocumentModel."""

    code: str
    commit: bool
    type: str = ""


class VerifyMultiBody(VerifyBody):
    """VerifyMultiDocumentModel."""

    code: str
    type: str = ""
