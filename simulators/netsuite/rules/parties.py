"""Customers: created, changed, deleted while nothing names them."""

from __future__ import annotations

from dataclasses import replace as changed

from simulators.netsuite.rules.chart import BASE_CURRENCY
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.extras import kept
from simulators.netsuite.rules.records import Customer
from simulators.netsuite.rules.refusal import exists, missing, user_error
from simulators.netsuite.rules.wishes import Wish


def create(company: Company, _kind: str, wish: Wish) -> Customer:
    """A new customer; a name and a subsidiary are mandatory, the currency defaults to the subsidiary's."""
    now = company.clock.now()
    blank = Customer("", None, "", "", "", "", "", "", "", "", "", False, {}, now, now)
    draft = _filled(company, blank, wish, frozenset())
    lacks = [
        label
        for label, value in (
            ("Last Name" if draft.person else "Company Name", draft.name),
            ("Primary Subsidiary", draft.subsidiary),
        )
        if not value
    ]
    if lacks:
        raise missing(*lacks)
    draft.currency = draft.currency or company.base_of(draft.subsidiary) or BASE_CURRENCY
    draft.entity_id = draft.entity_id or f"CUST{company.numbers['customer'].take():06d}"
    _unique(company, draft)
    draft.id = company.customers.next_id()
    _keep(company, draft, "created")
    return draft


def update(company: Company, row: Customer, wish: Wish, replace: frozenset[str]) -> None:
    """Change what the wish names; a change of currency is refused once a transaction exists."""
    draft = _filled(company, row, wish, replace)
    if draft == row:
        return
    if not draft.name or not draft.entity_id:
        raise missing("Company Name" if not draft.name else "Customer ID")
    moved = (draft.currency, draft.subsidiary) != (row.currency, row.subsidiary)
    if moved and company.uses.get(("customer", row.id)):
        raise user_error("The currency or subsidiary of a customer with transactions cannot be changed.")
    _unique(company, draft)
    draft.modified_at = company.clock.now()
    company.taken.pop(("customer", row.entity_id), None)
    company.labels.pop(("customer", row.entity_id), None)
    _keep(company, draft, "updated")


def delete(company: Company, row: Customer) -> None:
    """Only a customer that no transaction names."""
    if company.uses.get(("customer", row.id)):
        raise user_error("This record cannot be deleted because it has dependent records.")
    company.customers.drop(row)
    company.taken.pop(("customer", row.entity_id), None)
    company.labels.pop(("customer", row.entity_id), None)
    company.touch("customer", row.id)
    company.history.note("customer", row.id, "deleted", "deleted", refs=refs(row), currency=row.currency)


def refs(row: Customer) -> tuple[str, ...]:
    """The names under which other systems know the customer."""
    return tuple(each for each in (row.external, row.entity_id) if each)


def _filled(company: Company, row: Customer, wish: Wish, replace: frozenset[str]) -> Customer:
    custom = kept(company, "customer", row.custom, wish.get("custom", {}), replace)
    draft = changed(row, custom=custom)
    if "externalId" in wish:
        draft.external = wish["externalId"] or None
    draft.entity_id = wish.get("entityId", draft.entity_id) or ""
    draft.person = bool(wish.get("isPerson", draft.person))
    draft.name = wish.get("companyName", draft.name) or ""
    if draft.person and not wish.get("companyName"):
        parts = (str(custom.get(part) or "") for part in ("firstName", "middleName", "lastName"))
        draft.name = " ".join(part for part in parts if part) if custom.get("lastName") else ""
    draft.email = wish.get("email", draft.email) or ""
    draft.phone = wish.get("phone", draft.phone) or ""
    draft.address = wish.get("defaultAddress", draft.address) or ""
    draft.comments = wish.get("comments", draft.comments) or ""
    draft.inactive = bool(wish.get("isInactive", draft.inactive))
    if ref := wish.get("currency"):
        draft.currency = company.symbol(ref)
    if ref := wish.get("subsidiary"):
        draft.subsidiary = company.refer(ref, "subsidiary", "subsidiary")
    if ref := wish.get("receivablesAccount"):
        custom["receivablesAccount"] = {"id": company.refer(ref, "receivablesAccount", "account")}
    if "terms" in wish:
        ref = wish["terms"]
        draft.terms = company.refer(ref, "terms", "term") if ref else ""
    if sublist := wish.get("currencyList"):
        named = [
            company.symbol(line["currency"], f"currencyList.items[{i}].currency")
            for i, line in enumerate(sublist["items"])
            if line.get("currency")
        ]
        before = () if "currencyList" in replace else draft.others
        draft.others = tuple(dict.fromkeys((*before, *named)))
    return draft


def _unique(company: Company, draft: Customer) -> None:
    other = company.customers.named(draft.external) if draft.external else None
    holder = company.taken.get(("customer", draft.entity_id), draft.id)
    if (other is not None and other.id != draft.id) or holder != draft.id:
        raise exists("entity")


def _keep(company: Company, draft: Customer, event: str) -> None:
    company.customers.put(draft)
    company.taken["customer", draft.entity_id] = draft.id
    company.labels["customer", draft.entity_id] = draft.id
    company.touch("customer", draft.id)
    state = "inactive" if draft.inactive else "active"
    says = (("name", draft.name), ("email", draft.email))
    company.history.note(
        "customer", draft.id, event, state, refs=refs(draft), currency=draft.currency, says=says
    )
