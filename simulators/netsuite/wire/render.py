"""Records as the vendor shows them: numbers as JSON numbers, references with links, sublists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.fields.catalogue import sublists
from simulators.netsuite.rules.fields.lists import PLAIN
from simulators.netsuite.rules.kinds import ITEMS
from simulators.netsuite.rules.records import Plain
from simulators.netsuite.wire import lists, sales
from simulators.netsuite.wire.extras import extras
from simulators.netsuite.wire.lines import sublist
from simulators.netsuite.wire.references import References, label
from simulators.netsuite.wire.shapes import Shown, links

# Sublists that are always there; others show where they hold something.
_ALWAYS = {
    "invoice": ("item",),
    "creditMemo": ("item", "apply"),
    "salesOrder": ("item",),
    "cashSale": ("item",),
    "customerPayment": ("apply", "credit", "deposit"),
    "customerRefund": ("apply", "deposit"),
    "depositApplication": ("apply",),
    "deposit": ("payment", "other", "cashback"),
    "journalEntry": ("line",),
    "customer": ("addressBook", "contactRoles", "currencyList", "salesTeam"),
}
# Choices by record type, shown as bare ids on request.
_CHOICES = ("status", "approvalStatus", "orderStatus", "acctType", "itemType", "source", "type")


class Page:
    """Renders for one base URL; full: sublists with their lines; simple: choices as bare ids."""

    def __init__(self, company: Company, base_url: str, full: bool, simple: bool = False) -> None:
        self.refs, self.full, self.simple = References(company, base_url), full, simple

    def record(self, kind: str, row: Any) -> Shown:
        """The whole record. Properties without value are left out."""
        path = f"{self.refs.base}{kind}/{row.id}"
        found: Shown = {"links": links(path), "id": row.id, "refName": label(kind, row)}
        custom = {name: value for name, value in row.custom.items() if name not in sublists(kind)}
        found |= extras(self.refs, kind, f"{path}/", custom, full=self.full, simple=self.simple)
        found |= _SHOWS[kind](self.refs, row)
        for name in sublists(kind):
            if name in _ALWAYS.get(kind, ()) or name in row.custom:
                found[name] = (
                    sublist(self.refs, kind, row, name) if self.full else {"links": links(f"{path}/{name}")}
                )
        if row.external:
            found["externalId"] = row.external
        if self.simple:
            for name in _CHOICES:
                if isinstance(found.get(name), dict) and "links" not in found[name]:
                    found[name] = found[name]["id"]
        return {name: value for name, value in found.items() if value is not None and value != ""}


def _show_plain(_: References, row: Plain) -> Shown:
    return {"isInactive": row.inactive, **lists.stamps(row, row.kind)}


_SHOWS: dict[str, Callable[[References, Any], Shown]] = {
    "customer": lists.show_customer,
    **dict.fromkeys(ITEMS, lists.show_item),
    "revRecSchedule": lists.show_schedule,
    "accountingPeriod": lists.show_period,
    "subsidiary": lists.show_subsidiary,
    "currency": lists.show_currency,
    "account": lists.show_account,
    "term": lists.show_term,
    **dict.fromkeys(PLAIN, _show_plain),
    "invoice": sales.show_invoice,
    "creditMemo": sales.show_credit_memo,
    "salesOrder": sales.show_order,
    "cashSale": sales.show_cash_sale,
    "customerPayment": sales.show_payment,
    "customerRefund": sales.show_refund,
    "customerDeposit": sales.show_deposit,
    "depositApplication": sales.show_application,
    "deposit": sales.show_bank_deposit,
    "journalEntry": sales.show_journal,
}
