"""Subsidiaries, currencies, accounts, terms, and the plain lists: created, changed, deleted."""

from __future__ import annotations

from dataclasses import replace as changed
from decimal import Decimal
from typing import Any

from simulators.kit.clock import day
from simulators.netsuite.rules import rates
from simulators.netsuite.rules.chart import BASE_CURRENCY
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.extras import kept
from simulators.netsuite.rules.records import Account, Currency, Plain, Subsidiary, Term
from simulators.netsuite.rules.refusal import Refused, exists, invalid_value, missing, user_error
from simulators.netsuite.rules.wishes import Wish

_BLANK: dict[str, Any] = {
    "subsidiary": Subsidiary("", "", ""),
    "currency": Currency("", "", "", Decimal(1)),
    "account": Account("", "", "", ""),
    "term": Term("", "", 0),
}
# What must not be left empty: (attribute, label).
_NEEDED = {
    "subsidiary": (("name", "Name"), ("currency", "Currency")),
    "currency": (("name", "Name"), ("symbol", "ISO Code")),
    "account": (("name", "Name"), ("type", "Account Type")),
    "term": (("name", "Name"),),
}
ACCOUNT_TYPES = frozenset(
    {
        "NonPosting", "Bank", "LongTermLiab", "DeferExpense", "OthExpense", "COGS", "Income", "UnbilledRec",
        "Equity", "FixedAsset", "OthCurrAsset", "AcctRec", "DeferRevenue", "CredCard", "OthCurrLiab",
        "OthIncome", "Stat", "Expense", "AcctPay", "OthAsset",
    }
)  # fmt: skip
# Plain records: fields that must be given.
_PLAIN_NEEDED = {
    "currencyRate": (
        ("baseCurrency", "Base Currency"),
        ("transactionCurrency", "Source Currency"),
        ("exchangeRate", "Exchange Rate"),
        ("effectiveDate", "Effective Date"),
    ),
    "billingRevenueEvent": (("eventType", "Event Type"), ("eventDate", "Date")),
}
_NAMELESS = frozenset({"currencyRate", "billingRevenueEvent"})
Master = Subsidiary | Currency | Account | Term


def create(company: Company, kind: str, wish: Wish) -> Master:
    """A new master record."""
    draft: Master = _filled(company, kind, changed(_BLANK[kind], custom={}), wish, frozenset())
    _check(company, kind, draft, None)
    draft.id = company.shelves[kind].next_id()
    _keep(company, kind, draft, None, "created")
    return draft


def update(company: Company, row: Master, wish: Wish, replace: frozenset[str]) -> None:
    """Change what the wish names."""
    kind = _kind(row)
    draft = _filled(company, kind, row, wish, replace)
    if draft != row:
        _check(company, kind, draft, row)
        _keep(company, kind, draft, row, "updated")


def delete(company: Company, row: Master) -> None:
    """Only what nothing depends on; that is not looked for, so what came with the sandbox stays."""
    kind = _kind(row)
    if _depended_on(company, kind, row):
        raise user_error("This record cannot be deleted because it has dependent records.")
    company.shelves[kind].drop(row)
    for label in (row.name, f"{row.number} {row.name}" if isinstance(row, Account) else row.name):
        company.labels.pop((kind, label), None)
    company.touch(kind, row.id)
    company.history.note(kind, row.id, "deleted", "deleted", refs=_refs(row))


def _kind(row: Master) -> str:
    return {Subsidiary: "subsidiary", Currency: "currency", Account: "account", Term: "term"}[type(row)]


def _filled(company: Company, kind: str, row: Any, wish: Wish, replace: frozenset[str]) -> Any:
    draft = changed(row, custom=kept(company, kind, row.custom, wish.get("custom", {}), replace))
    if "externalId" in wish:
        draft.external = wish["externalId"] or None
    draft.inactive = bool(wish.get("isInactive", draft.inactive))
    draft.name = wish.get("acctName" if kind == "account" else "name", draft.name) or ""
    if kind == "account":
        draft.number = wish.get("acctNumber", draft.number) or ""
        draft.type = (wish.get("acctType") or {}).get("id", draft.type)
        if draft.type and draft.type not in ACCOUNT_TYPES:
            raise invalid_value("acctType", draft.type)
        if ref := wish.get("currency"):
            draft.currency = company.symbol(ref)
    elif kind == "currency":
        draft.symbol = (wish.get("symbol", draft.symbol) or "").upper()
        if wish.get("exchangeRate") is not None:
            if wish["exchangeRate"] <= 0:
                raise invalid_value("exchangeRate", wish["exchangeRate"])
            draft.rate = wish["exchangeRate"]
    elif kind == "subsidiary":
        if ref := wish.get("currency"):
            symbol = company.symbol(ref)
            if row.currency and symbol != row.currency:
                raise user_error("The currency of a subsidiary cannot be changed.")
            draft.currency = symbol
        if ref := wish.get("parent"):
            draft.parent = company.refer(ref, "parent", "subsidiary")
    elif wish.get("daysUntilNetDue") is not None:
        draft.days = wish["daysUntilNetDue"]
    return draft


def _check(company: Company, kind: str, draft: Any, before: Any) -> None:
    lacks = [label for name, label in _NEEDED[kind] if not getattr(draft, name)]
    if lacks:
        raise missing(*lacks)
    other = company.shelves[kind].named(draft.external) if draft.external else None
    holder = company.labels.get((kind, draft.name), draft.id)
    taken = kind != "account" and holder != draft.id
    if kind == "account" and draft.number:
        taken = company.account_ids.get(draft.number, draft.id) != draft.id
    if (other is not None and other.id != draft.id) or taken:
        raise exists()
    if kind == "currency" and company.currency_ids.get(draft.symbol, draft.id) != draft.id:
        raise exists()
    if before is not None and kind == "currency" and before.symbol != draft.symbol:
        raise user_error("The ISO code of a currency in use cannot be changed.")


def _keep(company: Company, kind: str, draft: Any, before: Any, event: str) -> None:
    draft.modified_at = company.clock.now()
    if before is not None:
        company.labels.pop((kind, before.name), None)
        if kind == "account":
            company.labels.pop((kind, f"{before.number} {before.name}"), None)
            company.account_ids.pop(before.number, None)
    company.shelves[kind].put(draft)
    company.labels[kind, draft.name] = draft.id
    if kind == "account":
        company.labels[kind, f"{draft.number} {draft.name}"] = draft.id
        if draft.number:
            company.account_ids[draft.number] = draft.id
    if kind == "currency":
        company.currency_ids[draft.symbol] = draft.id
        if before is None or before.rate != draft.rate:
            rates.enter(company, BASE_CURRENCY, draft.symbol, day(draft.modified_at).isoformat(), draft.rate)
    company.touch(kind, draft.id)
    state = "inactive" if draft.inactive else "active"
    company.history.note(kind, draft.id, event, state, refs=_refs(draft))


def _depended_on(company: Company, kind: str, row: Any) -> bool:
    if kind == "account":
        return any(
            line.account == row.id
            for shelf in company.transactions.values()
            for each in shelf
            for line in each.postings
        ) or any(row.id in (item.income, item.deferral) for shelf in company.items.values() for item in shelf)
    if kind == "currency":
        return any(each.currency == row.symbol for each in company.customers) or any(
            each.currency == row.symbol for each in company.subsidiaries
        )
    field = {"subsidiary": "subsidiary", "term": "terms"}[kind]
    return any(getattr(each, field) == row.id for each in company.customers) or row.id == "1"


def _refs(row: Any) -> tuple[str, ...]:
    return tuple(each for each in (row.external, row.name) if each)


def create_plain(company: Company, kind: str, wish: Wish) -> Plain:
    """A new record of a plain list."""
    now = company.clock.now()
    blank = Plain(kind, "", None, "", False, {}, now, now)
    draft = _plain(company, blank, wish, frozenset())
    draft.id = company.plain[kind].next_id()
    _keep_plain(company, draft, None, "created")
    return draft


def update_plain(company: Company, row: Plain, wish: Wish, replace: frozenset[str]) -> None:
    """Change what the wish names."""
    draft = _plain(company, row, wish, replace)
    if draft != row:
        draft.modified_at = company.clock.now()
        _keep_plain(company, draft, row, "updated")


def delete_plain(company: Company, row: Plain) -> None:
    """Take it away."""
    company.plain[row.kind].drop(row)
    company.labels.pop((row.kind, row.name), None)
    if row.kind == "currencyRate":
        base, currency, on, _ = _rate(company, row)
        rates.forget(company, base, currency, on)
    company.touch(row.kind, row.id)
    company.history.note(row.kind, row.id, "deleted", "deleted", refs=_refs(row))


_NAMES = ("name", "entityId", "companyName")


def _plain(company: Company, row: Plain, wish: Wish, replace: frozenset[str]) -> Plain:
    given = {
        name: value for name, value in wish.items() if name not in ("externalId", "custom", "isInactive")
    }
    given |= wish.get("custom", {})
    draft = changed(row, custom=kept(company, row.kind, row.custom, given, replace))
    if "externalId" in wish:
        draft.external = wish["externalId"] or None
    draft.inactive = bool(wish.get("isInactive", draft.inactive))
    named = [str(draft.custom[each]) for each in _NAMES if draft.custom.get(each)]
    full = " ".join(str(draft.custom[part]) for part in ("firstName", "lastName") if draft.custom.get(part))
    draft.name = next(iter(named), full)
    lacks = [] if draft.name or row.kind in _NAMELESS else ["Name"]
    needed = _PLAIN_NEEDED.get(row.kind, ())
    lacks += [label for name, label in needed if draft.custom.get(name) in (None, "")]
    if lacks:
        raise missing(*lacks)
    other = company.plain[row.kind].named(draft.external) if draft.external else None
    holder = company.labels.get((row.kind, draft.name), draft.id) if draft.name else draft.id
    if (other is not None and other.id != draft.id) or holder != draft.id:
        raise exists("entity" if row.kind in ("contact", "employee", "vendor") else "record")
    return draft


def _keep_plain(company: Company, draft: Plain, before: Plain | None, event: str) -> None:
    if before is not None:
        company.labels.pop((draft.kind, before.name), None)
    if draft.kind == "currencyRate":
        base, currency, on, rate = _rate(company, draft)
        if rate <= 0:
            raise invalid_value("exchangeRate", rate)
        if before is not None:
            rates.forget(company, *_rate(company, before)[:3])
        rates.enter(company, base, currency, on, rate)
    company.plain[draft.kind].put(draft)
    if draft.name:
        company.labels[draft.kind, draft.name] = draft.id
    company.touch(draft.kind, draft.id)
    state = "inactive" if draft.inactive else "active"
    company.history.note(draft.kind, draft.id, event, state, refs=_refs(draft))


def _rate(company: Company, row: Plain) -> tuple[str, str, str, Decimal]:
    base: Any = row.custom["baseCurrency"]
    other: Any = row.custom["transactionCurrency"]
    symbols = [company.symbol({"id": each["id"]}) for each in (base, other)]
    if symbols[0] == symbols[1]:
        raise Refused(
            "INVALID_CONTENT", "The two currencies of a rate must differ.", "Path", "transactionCurrency"
        )
    rate = Decimal(str(row.custom["exchangeRate"]))
    return symbols[0], symbols[1], str(row.custom["effectiveDate"]), rate
