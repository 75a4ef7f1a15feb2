"""Lists: pages of what has changed, from its owner, in the order of change and then of the key."""

from __future__ import annotations

from datetime import UTC, datetime, time

from fastapi import APIRouter, Depends

from core.api.v1.asking import TheCore, caller, only_known
from core.api.v1.filters import Cursor, Limit, Since, Word
from core.api.v1.listed import (
    CustomerListed,
    Customers,
    DocumentListed,
    Documents,
    DocumentStatus,
    ItemListed,
    Items,
    JournalListed,
    Journals,
    OrderListed,
    Orders,
    PaymentsListed,
    SubscriptionListed,
    Subscriptions,
    SubscriptionStatus,
)
from core.api.v1.paging import Asked, begin_of, paged
from core.api.v1.problems import told
from core.ports.billing import Row

router = APIRouter(
    prefix="/v1",
    tags=["lists"],
    dependencies=[Depends(caller), Depends(only_known)],
    responses=told(401, 403, 422, 502, 503),
)


@router.get("/orders", operation_id="listOrders", summary="Won quotes")
async def orders(
    core: TheCore,
    customer: Word = None,
    changed_since: Since = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Orders:
    """A page past the end is empty. What changes while the pages are read comes again, further on."""
    page, following = await paged(
        core.desk.crm.won_since,
        lambda each: (each.changed_at, each.key),
        lambda each: customer in (None, each.account),
        Asked("orders", cursor, changed_since, limit),
        ordered=True,
    )
    items = [
        OrderListed(
            number=f"O-{each.key}",
            customer=each.account,
            kind=each.kind,
            subscription=each.subscription,
            status=each.status,
            changed_at=each.changed_at,
        )
        for each in page
    ]
    return Orders(items=items, next=following)


@router.get("/invoices", operation_id="listInvoices", summary="Invoices")
async def invoices(
    core: TheCore,
    customer: Word = None,
    status: DocumentStatus | None = None,
    changed_since: Since = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Documents:
    """As billing has them, without their lines."""
    page, following = await paged(
        core.desk.billing.invoices_since,
        lambda each: (each.changed_at, each.number),
        lambda each: customer in (None, each.account) and status in (None, each.status),
        Asked("invoices", cursor, changed_since, limit),
        ordered=True,
    )
    return Documents(items=[_document(each) for each in page], next=following)


@router.get("/journals", operation_id="listJournals", summary="Journals of the ledger")
async def journals(
    core: TheCore, changed_since: Since = None, cursor: Cursor = None, limit: Limit = 50
) -> Journals:
    """With their lines. The ledger gives them by its own numbers: a page reads all changed since; one that
    was deleted meanwhile is left out."""
    page, following = await paged(
        core.desk.erp.journals_since,
        lambda each: (each.changed_at, each.id),
        lambda _: True,
        Asked("journals", cursor, changed_since, limit),
        ordered=False,
    )
    whole = await core.desk.erp.journals([each.id for each in page])
    items = [
        JournalListed(
            key=each.reference,
            number=each.number,
            total=each.total,
            changed_at=each.changed_at,
            on=entry.on,
            entity=entry.entity,
            memo=entry.memo,
            lines=list(entry.lines),
        )
        for each in page
        if (entry := whole.get(each.id)) is not None
    ]
    return Journals(items=items, next=following)


@router.get("/subscriptions", operation_id="listSubscriptions", summary="Subscriptions")
async def subscriptions(
    core: TheCore,
    customer: Word = None,
    status: SubscriptionStatus | None = None,
    changed_since: Since = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Subscriptions:
    """As billing has them, each in its present version."""
    page, following = await paged(
        core.desk.billing.subscriptions_since,
        lambda each: (each.changed_at, each.number),
        lambda each: customer in (None, each.account) and status in (None, each.status),
        Asked("subscriptions", cursor, changed_since, limit),
        ordered=True,
    )
    items = [
        SubscriptionListed(
            number=each.number, customer=each.account, status=each.status, changed_at=each.changed_at
        )
        for each in page
    ]
    return Subscriptions(items=items, next=following)


@router.get("/customers", operation_id="listCustomers", summary="Customers")
async def customers(
    core: TheCore, changed_since: Since = None, cursor: Cursor = None, limit: Limit = 50
) -> Customers:
    """As the CRM has them, which owns them."""
    page, following = await paged(
        core.desk.crm.accounts_since,
        lambda each: (each[0], each[1].crm_id),
        lambda _: True,
        Asked("customers", cursor, changed_since, limit),
        ordered=True,
    )
    items = [CustomerListed(customer=account, changed_at=at) for at, account in page]
    return Customers(items=items, next=following)


@router.get("/payments", operation_id="listPayments", summary="Payments that were taken in")
async def payments(
    core: TheCore, changed_since: Since = None, cursor: Cursor = None, limit: Limit = 50
) -> PaymentsListed:
    """By the day of the charge. The processor gives the newest first: a page reads all since its day."""
    day = None if changed_since is None else datetime.combine(begin_of(changed_since), time(), UTC)
    page, following = await paged(
        core.desk.payments.paid_since,
        lambda each: (datetime(each.on.year, each.on.month, each.on.day, tzinfo=UTC), each.id),
        lambda _: True,
        Asked("payments", cursor, day, limit),
        ordered=False,
    )
    return PaymentsListed(items=list(page), next=following)


@router.get("/items", operation_id="listItems", summary="What is sold")
async def items(core: TheCore) -> Items:
    """The catalogue, as billing has it; all on one page."""
    found = [ItemListed(key=each.key, name=each.name) async for each in core.desk.billing.items()]
    return Items(items=sorted(found, key=lambda each: each.key), next=None)


def _document(row: Row) -> DocumentListed:
    return DocumentListed(
        number=row.number,
        customer=row.account,
        status=row.status,
        total=row.total,
        open=row.open,
        changed_at=row.changed_at,
    )
