"""What a caller asks to be set, as plain values under the vendor's names; an absent key stays as it is."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict


class Ref(TypedDict, total=False):
    """A reference: by internal id, by external id, or (named lists) by name."""

    id: str | None
    externalId: str | None
    refName: str | None


class CustomerWish(TypedDict, total=False):
    externalId: str | None
    entityId: str | None
    companyName: str | None
    email: str | None
    phone: str | None
    currency: Ref | None
    subsidiary: Ref | None
    terms: Ref | None
    defaultAddress: str | None
    comments: str | None
    isInactive: bool | None
    custom: dict[str, object]


class ItemWish(TypedDict, total=False):
    externalId: str | None
    itemId: str | None
    displayName: str | None
    salesDescription: str | None
    incomeAccount: Ref | None
    deferredRevenueAccount: Ref | None
    isInactive: bool | None
    custom: dict[str, object]


class ItemLineWish(TypedDict, total=False):
    line: int | None
    item: Ref | None
    quantity: Decimal | None
    rate: Decimal | None
    amount: Decimal | None
    description: str | None
    custom: dict[str, object]


class JournalLineWish(TypedDict, total=False):
    line: int | None
    account: Ref | None
    debit: Decimal | None
    credit: Decimal | None
    entity: Ref | None
    memo: str | None
    custom: dict[str, object]


class ApplyWish(TypedDict, total=False):
    doc: Ref | None
    apply: bool | None
    amount: Decimal | None


class ItemLines(TypedDict):
    items: list[ItemLineWish]


class JournalLines(TypedDict):
    items: list[JournalLineWish]


class Applications(TypedDict):
    items: list[ApplyWish]


class TransactionWish(TypedDict, total=False):
    """Any transaction; each record type takes its own part of it."""

    externalId: str | None
    tranId: str | None
    tranDate: str | None
    postingPeriod: Ref | None
    memo: str | None
    currency: Ref | None
    subsidiary: Ref | None
    exchangeRate: Decimal | None
    entity: Ref | None
    customer: Ref | None
    account: Ref | None
    terms: Ref | None
    dueDate: str | None
    otherRefNum: str | None
    payment: Decimal | None
    taxTotal: Decimal | None
    item: ItemLines | None
    line: JournalLines | None
    apply: Applications | None
    custom: dict[str, object]


class PeriodWish(TypedDict, total=False):
    closed: bool | None
    arLocked: bool | None
    allLocked: bool | None


class ScheduleWish(TypedDict, total=False):
    externalId: str | None
    name: str | None
    sourceDoc: str | None
    startDate: str | None
    endDate: str | None
    amount: Decimal | None
    currency: Ref | None
    deferredRevenueAccount: Ref | None
    recognitionAccount: Ref | None
