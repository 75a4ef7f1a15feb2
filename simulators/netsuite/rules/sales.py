"""Sales orders, invoices, credit memos and cash sales: what each takes from a wish and insists on."""

from __future__ import annotations

from decimal import Decimal

from simulators.netsuite.rules.amounts import whole
from simulators.netsuite.rules.banking import bank
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.extras import kept
from simulators.netsuite.rules.kinds import ORDER_STATUS
from simulators.netsuite.rules.orders import check_billing
from simulators.netsuite.rules.periods import later
from simulators.netsuite.rules.records import Transaction
from simulators.netsuite.rules.refusal import user_error
from simulators.netsuite.rules.sublists import applications, item_lines, need_lines
from simulators.netsuite.rules.transactions import chosen, customer, heading, money_terms
from simulators.netsuite.rules.wishes import Wish


def sale(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """What all sales share: customer, money, lines, tax, total."""
    buyer = customer(company, draft, wish.get("entity"), "entity")
    heading(company, draft, wish, replace)
    money_terms(company, draft, wish, buyer)
    if "item" in wish:
        wishes = (wish["item"] or {}).get("items", [])
        draft.lines = item_lines(company, draft, wishes, "item" in replace)
    need_lines(draft.lines)
    _tax(company, draft, wish, replace)
    draft.reference = wish.get("otherRefNum", draft.reference) or ""
    draft.total = sum(line.amount for line in draft.lines) + draft.tax
    if draft.total < 0:
        raise user_error("The total of this transaction must not be negative.")
    if ref := wish.get("account"):
        draft.receivable = company.refer(ref, "account", "account")
    elif not draft.receivable and isinstance(own := buyer.custom.get("receivablesAccount"), dict):
        draft.receivable = str(own["id"])


def _tax(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    # Tax from outside comes as a total, or line by line in the tax details that override the engine's.
    if "taxDetails" in wish:
        details: Wish = {"taxDetails": _flat(wish["taxDetails"])}
        draft.custom = kept(company, draft.kind, draft.custom, details, replace)
        lines = draft.custom.get("taxDetails")
        items = lines["items"] if isinstance(lines, dict) else []
        amounts = [
            whole(Decimal(str(each.get("taxAmount") or 0)), draft.currency, "taxAmount") for each in items
        ]
        draft.tax = sum(amounts)
    tax = wish.get("taxTotal")
    if tax is not None:
        draft.tax = whole(tax, draft.currency, "taxTotal")


def _flat(sublist: Wish | None) -> Wish | None:
    if sublist is None:
        return None
    lines = [{**each, **each.get("custom", {})} for each in sublist["items"]]
    return {"items": [{name: value for name, value in each.items() if name != "custom"} for each in lines]}


def due_date(company: Company, draft: Transaction, wish: Wish) -> None:
    """Terms, from the customer where none are given, and the day on which they fall due."""
    if "terms" in wish:
        ref = wish["terms"]
        draft.terms = company.refer(ref, "terms", "term") if ref else ""
    elif not draft.id:
        buyer = company.customers.get(draft.customer)
        draft.terms = buyer.terms if buyer else ""
    due = wish.get("dueDate")
    if due:
        draft.due = due
    elif draft.terms and (not draft.id or "terms" in wish or "tranDate" in wish):
        term = company.terms.get(draft.terms)
        draft.due = later(draft.date, term.days if term else 0)


def invoice(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """An invoice; one that bills a sales order takes no more than is left of it."""
    sale(company, draft, wish, replace)
    due_date(company, draft, wish)
    check_billing(company, draft)


def credit_memo(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """A credit memo, applied to invoices or not."""
    sale(company, draft, wish, replace)
    if "apply" in wish:
        given = (wish["apply"] or {}).get("items", [])
        draft.applied = applications(
            company, draft, "apply", given, "apply" in replace, to=("invoice",),
            available=draft.total - draft.settled,
        )  # fmt: skip


def cash_sale(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """Goods and money at once."""
    sale(company, draft, {name: value for name, value in wish.items() if name != "account"}, replace)
    bank(company, draft, wish)
    check_billing(company, draft)


def sales_order(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """An order posts nothing; its status follows from approval and billing."""
    sale(company, draft, wish, replace)
    due_date(company, draft, {**wish, "dueDate": wish.get("dueDate")})
    if "orderStatus" in wish:
        draft.order = chosen(wish["orderStatus"], "orderStatus", ORDER_STATUS)
