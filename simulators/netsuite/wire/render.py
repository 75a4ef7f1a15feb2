"""Records as the vendor shows them: numbers as JSON numbers, references with links, sublists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.kit.money import major
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.kinds import ITEMS, status
from simulators.netsuite.rules.records import (
    Account,
    Currency,
    Customer,
    Item,
    Period,
    Schedule,
    Subsidiary,
    Term,
    Transaction,
)
from simulators.netsuite.wire.lines import sublist
from simulators.netsuite.wire.masters import (
    Shown,
    links,
    moment,
    show_account,
    show_currency,
    show_period,
    show_term,
)
from simulators.netsuite.wire.references import References


class Page:
    """Renders for one base URL; `full` shows sublists with their lines."""

    def __init__(self, company: Company, base_url: str, full: bool) -> None:
        self._refs, self._full = References(company, base_url), full

    def record(self, kind: str, row: Any) -> Shown:
        """The whole record. Properties without value are left out."""
        found: Shown = {"links": links(f"{self._refs.base}{kind}/{row.id}"), "id": row.id}
        found.update(_SHOWS[kind](self, row))
        if row.external:
            found["externalId"] = row.external
        return {name: value for name, value in found.items() if value is not None and value != ""}

    def _list(self, row: Transaction, name: str) -> Shown:
        if self._full:
            return sublist(self._refs, row, name)
        return {"links": links(f"{self._refs.base}{row.kind}/{row.id}/{name}")}

    def _show_customer(self, row: Customer) -> Shown:
        return {
            "entityId": row.entity_id,
            "companyName": row.name,
            "isPerson": False,
            "email": row.email,
            "phone": row.phone,
            "currency": self._refs.currency(row.currency),
            "subsidiary": self._refs.named("subsidiary", row.subsidiary),
            "terms": self._refs.named("term", row.terms),
            "defaultAddress": row.address,
            "comments": row.comments,
            "isInactive": row.inactive,
            "dateCreated": moment(row.created_at),
            "lastModifiedDate": moment(row.modified_at),
            **row.custom,
        }

    def _show_item(self, row: Item) -> Shown:
        return {
            "itemId": row.name,
            "itemType": {"id": ITEMS[row.kind], "refName": ITEMS[row.kind]},
            "displayName": row.display,
            "salesDescription": row.description,
            "incomeAccount": self._refs.account(row.income),
            "deferredRevenueAccount": self._refs.account(row.deferral),
            "isInactive": row.inactive,
            "createdDate": moment(row.created_at),
            "lastModifiedDate": moment(row.modified_at),
            **row.custom,
        }

    def _show_transaction(self, row: Transaction) -> Shown:
        name = status(row)[1]
        return {
            "tranId": row.number,
            "tranDate": row.date,
            "postingPeriod": self._refs.named("accountingPeriod", row.period),
            "currency": self._refs.currency(row.currency),
            "subsidiary": self._refs.named("subsidiary", row.subsidiary),
            "exchangeRate": row.rate,
            "memo": row.memo,
            "total": major(row.total, row.currency),
            "status": {"id": name, "refName": name},
            "createdDate": moment(row.created_at),
            "lastModifiedDate": moment(row.modified_at),
            **row.custom,
        }

    def _show_sale(self, row: Transaction) -> Shown:
        return {
            **self._show_transaction(row),
            "entity": self._refs.customer(row.customer),
            "otherRefNum": row.reference,
            "subtotal": major(row.total - row.tax, row.currency),
            "taxTotal": major(row.tax, row.currency),
            "amountRemaining": major(row.remaining, row.currency),
            "item": self._list(row, "item"),
        }

    def _show_invoice(self, row: Transaction) -> Shown:
        return {
            **self._show_sale(row),
            "terms": self._refs.named("term", row.terms),
            "dueDate": row.due,
            "amountPaid": major(row.settled, row.currency),
        }

    def _show_credit_memo(self, row: Transaction) -> Shown:
        return {
            **self._show_sale(row),
            "applied": major(row.total - row.remaining, row.currency),
            "unapplied": major(row.remaining, row.currency),
            "apply": self._list(row, "apply"),
        }

    def _show_payment(self, row: Transaction) -> Shown:
        return {
            **self._show_transaction(row),
            "customer": self._refs.customer(row.customer),
            "account": self._refs.account(row.account),
            "payment": major(row.total, row.currency),
            "applied": major(row.used, row.currency),
            "unapplied": major(row.remaining, row.currency),
            "apply": self._list(row, "apply"),
        }

    def _show_refund(self, row: Transaction) -> Shown:
        return {
            **self._show_transaction(row),
            "customer": self._refs.customer(row.customer),
            "account": self._refs.account(row.account),
            "apply": self._list(row, "apply"),
        }

    def _show_journal(self, row: Transaction) -> Shown:
        found = self._show_transaction(row)
        del found["total"]
        return {**found, "approved": True, "line": self._list(row, "line")}

    def _show_schedule(self, row: Schedule) -> Shown:
        return {
            "name": row.name,
            "sourceDoc": row.source,
            "startDate": row.start,
            "endDate": row.end,
            "amount": major(row.amount, row.currency),
            "currency": self._refs.currency(row.currency),
            "deferredRevenueAccount": self._refs.account(row.deferral),
            "recognitionAccount": self._refs.account(row.recognition),
            "createdDate": moment(row.created_at),
            "lastModifiedDate": moment(row.modified_at),
        }

    def _show_subsidiary(self, row: Subsidiary) -> Shown:
        return {"name": row.name, "currency": self._refs.currency(row.currency), "isInactive": False}

    def _show_period(self, row: Period) -> Shown:
        return show_period(row)

    def _show_currency(self, row: Currency) -> Shown:
        return show_currency(row)

    def _show_account(self, row: Account) -> Shown:
        return show_account(row)

    def _show_term(self, row: Term) -> Shown:
        return show_term(row)


_SHOWS: dict[str, Callable[[Page, Any], Shown]] = {
    "customer": Page._show_customer,
    "serviceSaleItem": Page._show_item,
    "nonInventorySaleItem": Page._show_item,
    "invoice": Page._show_invoice,
    "creditMemo": Page._show_credit_memo,
    "customerPayment": Page._show_payment,
    "customerRefund": Page._show_refund,
    "journalEntry": Page._show_journal,
    "revRecSchedule": Page._show_schedule,
    "accountingPeriod": Page._show_period,
    "subsidiary": Page._show_subsidiary,
    "currency": Page._show_currency,
    "account": Page._show_account,
    "term": Page._show_term,
}
