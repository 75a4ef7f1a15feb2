"""C03: every account has one customer in each system that needs it, with the same master data."""

from __future__ import annotations

from core.close.control import Control, Entry, Pair, Sides, terms
from core.close.extract import Extract
from core.close.rows.sales import CrmAccount, SystemCustomer


def _sides(extract: Extract) -> Sides:
    lefts = [
        Entry((account.key, system), 1, "customers", _facts(account), account)
        for account in extract.accounts
        if not account.merged_into
        for system in account.systems
    ]
    rights = [
        Entry((customer.account or customer.id, customer.system), 1, "customers", _facts(customer), customer)
        for customer in extract.customers
    ]
    return lefts, rights


def _facts(row: CrmAccount | SystemCustomer) -> tuple[tuple[str, str], ...]:
    # What a system does not keep cannot differ in it.
    said = (
        ("currency", row.currency),
        ("entity", row.entity),
        ("tax id", row.tax_id),
        ("address", row.address),
    )
    return tuple((name, text) for name, text in said if text)


def _cause(extract: Extract, pair: Pair) -> str:
    if not pair.lefts:
        merged = {account.key for account in extract.accounts if account.merged_into}
        return "merged account" if pair.key[0] in merged else "orphan"
    if not pair.rights:
        return "orphan"
    if len(pair.rights) > 1 or len(pair.lefts) > 1:
        return "two customers for one account"
    if pair.apart & {"currency", "entity"}:
        return "entity or currency default differs"
    return "tax id/address drift"


CONTROL = Control("C03", terms("C03"), ("accounts", "customers"), _sides, _cause)
