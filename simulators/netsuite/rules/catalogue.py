"""Items for sale, with the accounts that their lines post to."""

from __future__ import annotations

from dataclasses import replace as changed
from decimal import Decimal, InvalidOperation

from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.extras import kept
from simulators.netsuite.rules.records import Item
from simulators.netsuite.rules.refusal import exists, missing, user_error
from simulators.netsuite.rules.wishes import Wish


def create(company: Company, kind: str, wish: Wish) -> Item:
    """A new item; itemId and incomeAccount are mandatory."""
    now = company.clock.now()
    blank = Item(kind, "", None, "", "", "", "", "", False, {}, now, now)
    draft = _filled(company, blank, wish, frozenset())
    income = draft.income or kind == "discountItem"
    lacks = [
        label for label, value in (("Item Name/Number", draft.name), ("Income Account", income)) if not value
    ]
    if lacks:
        raise missing(*lacks)
    _unique(company, draft)
    draft.id = company.items[kind].next_id()
    _keep(company, draft, "created")
    return draft


def update(company: Company, row: Item, wish: Wish, replace: frozenset[str]) -> None:
    """Change what the wish names; posted lines keep the accounts they were posted to."""
    draft = _filled(company, row, wish, replace)
    if draft == row:
        return
    if not draft.name:
        raise missing("Item Name/Number")
    _unique(company, draft)
    draft.modified_at = company.clock.now()
    company.taken.pop(("item", row.name), None)
    company.labels.pop(("item", row.name), None)
    _keep(company, draft, "updated")


def delete(company: Company, row: Item) -> None:
    """Only an item that no transaction line names."""
    if company.uses.get(("item", row.id)):
        raise user_error("This record cannot be deleted because it has dependent records.")
    company.items[row.kind].drop(row)
    company.taken.pop(("item", row.name), None)
    company.labels.pop(("item", row.name), None)
    company.touch(row.kind, row.id)
    company.history.note("item", row.id, "deleted", "deleted", refs=_refs(row))


def _filled(company: Company, row: Item, wish: Wish, replace: frozenset[str]) -> Item:
    draft = changed(row, custom=kept(company, row.kind, row.custom, wish.get("custom", {}), replace))
    if "externalId" in wish:
        draft.external = wish["externalId"] or None
    draft.name = wish.get("itemId", draft.name) or ""
    draft.display = wish.get("displayName", draft.display) or ""
    draft.description = wish.get("salesDescription", draft.description) or ""
    draft.inactive = bool(wish.get("isInactive", draft.inactive))
    if ref := wish.get("incomeAccount"):
        draft.income = company.refer(ref, "incomeAccount", "account")
    if "deferredRevenueAccount" in wish:
        ref = wish["deferredRevenueAccount"]
        draft.deferral = company.refer(ref, "deferredRevenueAccount", "account") if ref else ""
    return draft


def _unique(company: Company, draft: Item) -> None:
    other = company.items[draft.kind].named(draft.external) if draft.external else None
    holder = company.taken.get(("item", draft.name), draft.id)
    if (other is not None and other.id != draft.id) or holder != draft.id:
        raise exists("item")


def _refs(row: Item) -> tuple[str, ...]:
    return tuple(each for each in (row.external, row.name) if each)


def _keep(company: Company, draft: Item, event: str) -> None:
    company.items[draft.kind].put(draft)
    company.taken["item", draft.name] = draft.id
    company.labels["item", draft.name] = draft.id
    company.touch(draft.kind, draft.id)
    company.history.note(
        "item", draft.id, event, "inactive" if draft.inactive else "active", refs=_refs(draft)
    )


def price_of(row: Item) -> Decimal | None:
    """What one costs where a line gives no rate: the item's rate, else its first price."""
    rate = row.custom.get("rate")
    prices = row.custom.get("price")
    if rate is None and isinstance(prices, dict):
        found = (each.get("price") for each in prices.get("items", ()) if isinstance(each, dict))
        rate = next((each for each in found if each is not None), None)
    try:
        return None if rate is None else Decimal(str(rate))
    except InvalidOperation:
        return None
