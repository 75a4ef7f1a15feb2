"""What callers may send, one model a record type; property names are the vendor's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict


def _calendar_date(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("a date is written YYYY-MM-DD")
    return text


DateText = Annotated[str, AfterValidator(_calendar_date)]


class Shape(BaseModel):
    """custom: prefixes of custom fields taken here; read_only: known names that are not taken."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)
    custom: ClassVar[tuple[str, ...]] = ()
    read_only: ClassVar[frozenset[str]] = frozenset({"id", "links", "refName"})


class Reference(Shape):
    read_only: ClassVar[frozenset[str]] = frozenset({"links"})
    id: str | None = None
    externalId: str | None = None
    refName: str | None = None


class CustomerBody(Shape):
    custom: ClassVar[tuple[str, ...]] = ("custentity",)
    read_only: ClassVar[frozenset[str]] = frozenset(
        {"id", "links", "refName", "dateCreated", "lastModifiedDate", "balance", "isPerson"}
    )
    externalId: str | None = None
    entityId: str | None = None
    companyName: str | None = None
    email: str | None = None
    phone: str | None = None
    currency: Reference | None = None
    subsidiary: Reference | None = None
    terms: Reference | None = None
    defaultAddress: str | None = None
    comments: str | None = None
    isInactive: bool | None = None


class ItemBody(Shape):
    custom: ClassVar[tuple[str, ...]] = ("custitem",)
    read_only: ClassVar[frozenset[str]] = frozenset(
        {"id", "links", "refName", "createdDate", "lastModifiedDate", "itemType"}
    )
    externalId: str | None = None
    itemId: str | None = None
    displayName: str | None = None
    salesDescription: str | None = None
    incomeAccount: Reference | None = None
    deferredRevenueAccount: Reference | None = None
    isInactive: bool | None = None


class ItemLineBody(Shape):
    custom: ClassVar[tuple[str, ...]] = ("custcol",)
    line: int | None = None
    item: Reference | None = None
    quantity: Decimal | None = None
    rate: Decimal | None = None
    amount: Decimal | None = None
    description: str | None = None


class JournalLineBody(Shape):
    custom: ClassVar[tuple[str, ...]] = ("custcol",)
    line: int | None = None
    account: Reference | None = None
    debit: Decimal | None = None
    credit: Decimal | None = None
    entity: Reference | None = None
    memo: str | None = None


class ApplyBody(Shape):
    read_only: ClassVar[frozenset[str]] = frozenset(
        {"id", "links", "refName", "line", "due", "total", "currency", "type", "refNum", "applyDate"}
    )
    doc: Reference | None = None
    apply: bool | None = None
    amount: Decimal | None = None


class ItemLines(Shape):
    read_only: ClassVar[frozenset[str]] = frozenset({"links", "totalResults", "count", "hasMore", "offset"})
    items: list[ItemLineBody]


class JournalLines(Shape):
    read_only: ClassVar[frozenset[str]] = ItemLines.read_only
    items: list[JournalLineBody]


class Applications(Shape):
    read_only: ClassVar[frozenset[str]] = ItemLines.read_only
    items: list[ApplyBody]


class TransactionBody(Shape):
    custom: ClassVar[tuple[str, ...]] = ("custbody",)
    read_only: ClassVar[frozenset[str]] = frozenset(
        {
            "id", "links", "refName", "createdDate", "lastModifiedDate", "status", "total", "subtotal",
            "amountPaid", "amountRemaining", "applied", "unapplied", "transactionNumber", "approved",
        }
    )  # fmt: skip
    externalId: str | None = None
    tranId: str | None = None
    tranDate: DateText | None = None
    postingPeriod: Reference | None = None
    memo: str | None = None
    currency: Reference | None = None
    subsidiary: Reference | None = None
    exchangeRate: Decimal | None = None


class SaleBody(TransactionBody):
    entity: Reference | None = None
    otherRefNum: str | None = None
    # Settable for accounts whose tax comes from an external engine (unconfirmed under this name).
    taxTotal: Decimal | None = None
    item: ItemLines | None = None


class InvoiceBody(SaleBody):
    terms: Reference | None = None
    dueDate: DateText | None = None


class CreditMemoBody(SaleBody):
    apply: Applications | None = None


class PaymentBody(TransactionBody):
    customer: Reference | None = None
    payment: Decimal | None = None
    account: Reference | None = None
    apply: Applications | None = None


class RefundBody(TransactionBody):
    customer: Reference | None = None
    account: Reference | None = None
    apply: Applications | None = None


class JournalBody(TransactionBody):
    line: JournalLines | None = None


class PeriodBody(Shape):
    read_only: ClassVar[frozenset[str]] = frozenset(
        {
            "id", "links", "refName", "periodName", "startDate", "endDate", "apLocked", "allowNonGLChanges",
            "isPosting", "isYear", "isQuarter", "isAdjust", "closedOnDate", "lastModifiedDate",
        }
    )  # fmt: skip
    closed: bool | None = None
    arLocked: bool | None = None
    allLocked: bool | None = None


class ScheduleBody(Shape):
    read_only: ClassVar[frozenset[str]] = frozenset(
        {"id", "links", "refName", "createdDate", "lastModifiedDate"}
    )
    externalId: str | None = None
    name: str | None = None
    sourceDoc: str | None = None
    startDate: DateText | None = None
    endDate: DateText | None = None
    amount: Decimal | None = None
    currency: Reference | None = None
    deferredRevenueAccount: Reference | None = None
    recognitionAccount: Reference | None = None


class QueryBody(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    q: str


BODIES: dict[str, type[Shape]] = {
    "customer": CustomerBody,
    "serviceSaleItem": ItemBody,
    "nonInventorySaleItem": ItemBody,
    "invoice": InvoiceBody,
    "creditMemo": CreditMemoBody,
    "customerPayment": PaymentBody,
    "customerRefund": RefundBody,
    "journalEntry": JournalBody,
    "accountingPeriod": PeriodBody,
    "revRecSchedule": ScheduleBody,
}
