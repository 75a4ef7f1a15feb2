"""What the business is about, read from its owner: customers, items, orders, invoices, money, ledger."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from core.api.v1.asking import TheCore, caller, only_known
from core.api.v1.listed import ItemListed
from core.api.v1.problems import told
from core.api.v1.reading import KEY, resource
from core.canonical.erp import JournalLine, Posted
from core.canonical.errors import Missing
from core.canonical.invoices import CreditNote, Invoice
from core.canonical.money import Money
from core.canonical.orders import Order
from core.canonical.parties import Account
from core.canonical.payments import Dispute, PaymentRequest, Payout, Refund

router = APIRouter(
    prefix="/v1",
    tags=["resources"],
    dependencies=[Depends(caller), Depends(only_known)],
    responses=told(401, 403, 404, 409, 422, 502, 503) | {304: {"description": "The asker has it already"}},
)

Key = Annotated[str, Path(pattern=KEY)]
OrderNumber = Annotated[str, Path(pattern=r"^O-[A-Za-z0-9][A-Za-z0-9._-]{0,97}$", examples=["O-q1"])]


class OrderShown(BaseModel):
    """An order and where it stands. subscription: it makes or changes; placed: whether billing has it."""

    number: str
    subscription: str
    placed: bool
    order: Order


class MeterShown(BaseModel):
    """What a subscription is billed for by use."""

    meter: str
    unit: str
    product: str


class SubscriptionShown(BaseModel):
    """A subscription as billing has it; end: the first day without service, None for none."""

    number: str
    customer: str
    currency: str
    start: date
    end: date | None
    meters: list[MeterShown]


class JournalShown(BaseModel):
    """A journal as the ledger keeps it. remaining: nothing, a journal is not settled; entity: whose books, ""
    for the only ones; reverse_on: when the ledger turns it back by itself."""

    id: str
    key: str
    remaining: Money
    total: Money
    on: date
    entity: str
    memo: str
    reverse_on: date | None
    lines: list[JournalLine]


@router.get("/customers/{key}", operation_id="getCustomer", response_model=Account, summary="A customer")
async def customer(request: Request, core: TheCore, key: Key) -> Response:
    """By the company's own key, as the CRM has it, which owns it."""
    return resource(request, await core.desk.crm.account(key))


@router.get("/orders/{number}", operation_id="getOrder", response_model=OrderShown, summary="An order")
async def order(request: Request, core: TheCore, number: OrderNumber) -> Response:
    """As the CRM sold it. The number is that of every attempt in billing."""
    found = await core.desk.crm.order(number.removeprefix("O-"))
    if found.number != number:
        # The CRM also finds by an id of its own, which is no number of ours.
        raise Missing(f"order {number}: there is none")
    placed = await core.desk.billing.placed(number)
    shown = OrderShown(number=number, subscription=found.subscription, placed=placed, order=found)
    return resource(request, shown)


@router.get("/invoices/{number}", operation_id="getInvoice", response_model=Invoice, summary="An invoice")
async def invoice(request: Request, core: TheCore, number: Key) -> Response:
    """With its lines, as billing has it."""
    return resource(request, await core.desk.billing.invoice(number))


@router.get(
    "/credit-notes/{number}", operation_id="getCreditNote", response_model=CreditNote, summary="A credit note"
)
async def credit_note(request: Request, core: TheCore, number: Key) -> Response:
    """With its lines, as billing has it; amounts are positive."""
    return resource(request, await core.desk.billing.credit_note(number))


@router.get(
    "/subscriptions/{number}",
    operation_id="getSubscription",
    response_model=SubscriptionShown,
    summary="A subscription",
)
async def subscription(request: Request, core: TheCore, number: Key) -> Response:
    """Its term and what it is billed for by use; held (422) where billing prices it in a way unknown here."""
    found = await core.desk.billing.metered_contract(number)
    meters = [
        MeterShown(meter=name, unit=meter.unit, product=meter.product)
        for name, meter in sorted(found.meters.items())
    ]
    shown = SubscriptionShown(
        number=found.number,
        customer=found.customer,
        currency=found.currency,
        start=found.start,
        end=found.end,
        meters=meters,
    )
    return resource(request, shown)


@router.get(
    "/items/{key}", operation_id="getItem", response_model=ItemListed, summary="Something that is sold"
)
async def item(request: Request, core: TheCore, key: Key) -> Response:
    """By its SKU, out of billing's catalogue: it is read whole, for billing finds products by its own ids."""
    async for each in core.desk.billing.items():
        if each.key == key:
            return resource(request, ItemListed(key=each.key, name=each.name))
    raise Missing(f"item {key}: there is none")


@router.get(
    "/payments/{key}", operation_id="getPayment", response_model=PaymentRequest, summary="A payment asked for"
)
async def payment(request: Request, core: TheCore, key: Key) -> Response:
    """By the processor's id."""
    return resource(request, await core.desk.payments.request(key))


@router.get("/refunds/{key}", operation_id="getRefund", response_model=Refund, summary="A refund")
async def refund(request: Request, core: TheCore, key: Key) -> Response:
    """By the processor's id."""
    return resource(request, await core.desk.payments.refund(key))


@router.get("/payouts/{key}", operation_id="getPayout", response_model=Payout, summary="A payout")
async def payout(request: Request, core: TheCore, key: Key) -> Response:
    """With its parts, by the processor's id."""
    return resource(request, await core.desk.payments.payout(key))


@router.get("/disputes/{key}", operation_id="getDispute", response_model=Dispute, summary="A dispute")
async def dispute(request: Request, core: TheCore, key: Key) -> Response:
    """With what it has moved so far, by the processor's id."""
    return resource(request, await core.desk.payments.dispute(key))


@router.get(
    "/journals/{key}",
    operation_id="getJournal",
    response_model=JournalShown,
    summary="A journal of the ledger",
)
async def journal(request: Request, core: TheCore, key: Key) -> Response:
    """By the key that the core posted it under, with its lines."""
    found = await core.desk.erp.journal(key)
    whole = await core.desk.erp.journals([found.id]) if found else {}
    if found is None or found.id not in whole:
        raise Missing(f"journal {key}: there is none")
    entry = whole[found.id]
    shown = JournalShown(
        id=found.id,
        key=found.key,
        remaining=found.remaining,
        total=found.total,
        on=found.on,
        entity=entry.entity,
        memo=entry.memo,
        reverse_on=entry.reverse_on,
        lines=list(entry.lines),
    )
    return resource(request, shown)


@router.get(
    "/receivables/{number}",
    operation_id="getReceivable",
    response_model=Posted,
    summary="An invoice in the ledger",
)
async def receivable(request: Request, core: TheCore, number: Key) -> Response:
    """By the number of the invoice; what is open of it there."""
    found = await core.desk.erp.invoice(number)
    if found is None:
        raise Missing(f"receivable {number}: there is none")
    return resource(request, found)
