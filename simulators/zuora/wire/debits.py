"""Requests and answers about debit memos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from simulators.kit.money import major
from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.crediting import KINDS
from simulators.zuora.rules.documents import CreditMemo, DebitMemo, Item
from simulators.zuora.rules.gateway import IDS
from simulators.zuora.rules.receipts import Payment
from simulators.zuora.rules.refusal import MISSING, Refused
from simulators.zuora.rules.standalone import StandaloneWish
from simulators.zuora.wire.billing import line, tax_item
from simulators.zuora.wire.invoicing import NewMemo
from simulators.zuora.wire.shape import Day, Shape, words


class NewDebitMemo(NewMemo):
    """POST /v1/debit-memos: from charges of the catalogue."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("customRates")

    autoPay: bool | None = None
    dueDate: Day | None = None

    def wish(self, currency: str, today: date) -> StandaloneWish:
        """What the rules make of it."""
        return replace(super().wish(currency, today), due=self.dueDate, auto_pay=self.autoPay)


class DueDate(Shape):
    """An entry of debitMemos of PUT /v1/debit-memos."""

    id: str = ""
    memoKey: str = ""
    dueDate: Day

    @property
    def key(self) -> str:
        """The id or number that is given, by either name."""
        if not (self.id or self.memoKey):
            raise Refused(MISSING, "'id' is required.", "id")
        return self.id or self.memoKey


class DueDates(Shape):
    """PUT /v1/debit-memos."""

    debitMemos: Annotated[list[DueDate], Field(min_length=1)]


class CollectPayment(Shape):
    """payment of POST /v1/debit-memos/{key}/collect."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("cryptogram balanceRefresh")

    gatewayId: str | None = None
    paymentMethodId: str | None = None


class Collect(Shape):
    """POST /v1/debit-memos/{key}/collect."""

    applicationOrder: list[Literal["CreditMemo", "UnappliedPayment"]] | None = None
    applyCredit: bool = False
    collect: bool = False
    payment: CollectPayment | None = None

    def kinds(self) -> tuple[str, ...]:
        """What of the account's own is used, in order."""
        return tuple(self.applicationOrder or KINDS) if self.applyCredit else ()


def memo(m: DebitMemo) -> dict[str, Any]:
    """A debit memo of GET /v1/debit-memos/{key}; without `success`."""
    currency, net, tax = m.currency, m.net, m.tax
    return {
        "id": m.id,
        "number": m.number,
        "accountId": m.account.id,
        "accountNumber": m.account.number,
        "amount": major(net + tax, currency),
        "taxAmount": major(tax, currency),
        "totalTaxExemptAmount": major(_exempt(m), currency),
        "balance": major(m.balance, currency),
        "beAppliedAmount": major(m.paid + m.credited, currency),
        "currency": currency,
        "status": m.status,
        "debitMemoDate": m.on.isoformat(),
        "dueDate": m.due.isoformat(),
        "targetDate": None,
        "paymentTerm": m.account.payment_term,
        "autoPay": m.account.auto_pay if m.auto_pay is None else m.auto_pay,
        "referredInvoiceId": m.invoice.id if m.invoice else None,
        "referredCreditMemoId": m.memo.id if m.memo else None,
        "sourceType": m.source_type,
        "reasonCode": m.reason,
        "comment": m.comment,
        "billToContactId": m.account.bill_to.get("id"),
        "soldToContactId": m.account.sold_to.get("id"),
        "transferredToAccounting": "No",
        "postedOn": stamp(m.posted_at) if m.posted_at else None,
        "cancelledOn": stamp(m.cancelled_at) if m.cancelled_at else None,
        "createdDate": stamp(m.created_at),
        "updatedDate": stamp(m.updated_at),
        **m.custom,
    }


def _exempt(m: DebitMemo) -> int:
    return sum(tax.exempt for item in m.items.values() for tax in item.taxes)


def item(m: DebitMemo, i: Item) -> dict[str, Any]:
    """An item of GET /v1/debit-memos/{key}/items; service dates are inclusive."""
    currency = m.currency
    settled = m.settled(i)
    return {
        **line(i),
        "skuName": i.charge.source.plan.product.name,
        "amount": major(i.net, currency),  # exclusive tax stands beside it
        "amountWithoutTax": major(i.net, currency),
        "taxAmount": major(i.tax, currency),
        "balance": major(i.net + i.tax - settled if m.posted_at else 0, currency),
        "beAppliedAmount": major(settled, currency),
        "comment": i.comment,
        "processingType": "Charge",
        "taxMode": "TaxExclusive" if i.taxes else None,
        "sourceItemId": i.source.id if i.source else i.charge.source.id or None,
        "sourceItemType": m.source_of(i),
        "createdDate": stamp(i.created_at),
        "updatedDate": stamp(m.updated_at),
        "taxationItems": {"data": [tax_item(tax, currency) for tax in i.taxes]},
    }


def collected(
    m: DebitMemo,
    memos: Sequence[tuple[CreditMemo, int]],
    payments: Sequence[tuple[Payment, int]],
    paid: Payment | None,
) -> Mapping[str, Any]:
    """Answer of POST /v1/debit-memos/{key}/collect; without `success`."""
    shown: dict[str, Any] = {
        "debitMemo": {"id": m.id, "number": m.number},
        "appliedCreditMemos": [_used(each, amount) for each, amount in memos],
        "appliedPayments": [_used(each, amount) for each, amount in payments],
    }
    if paid is not None:
        shown["processedPayment"] = {
            "id": paid.id,
            "number": paid.number,
            "amount": major(paid.amount, paid.currency),
            "status": paid.status,
            "gatewayId": IDS.get(paid.gateway or ""),
            "gatewayResponse": paid.response,
            "gatewayResponseCode": paid.response_code,
            "paymentMethodId": paid.method,
        }
    return shown


def _used(source: CreditMemo | Payment, amount: int) -> dict[str, Any]:
    return {
        "id": source.id,
        "number": source.number,
        "appliedAmount": major(amount, source.currency),
        "unappliedAmount": major(source.unapplied, source.currency),
    }
