"""Money in and out: payments, refunds, customer deposits, their application, bank deposits."""

from __future__ import annotations

from simulators.netsuite.rules.amounts import whole
from simulators.netsuite.rules.chart import CLEARING, UNDEPOSITED
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.records import CashLine, Transaction
from simulators.netsuite.rules.refusal import invalid_content, invalid_value, missing, user_error
from simulators.netsuite.rules.sublists import applications, cash_lines
from simulators.netsuite.rules.transactions import customer, exchange, heading, money_terms
from simulators.netsuite.rules.wishes import Wish


def bank(company: Company, draft: Transaction, wish: Wish) -> None:
    """The bank account; where none is named, undeposited funds, until a bank deposit takes the money."""
    ref, chosen = wish.get("account"), wish.get("undepFunds")
    if draft.kind == "customerRefund":
        chosen = False
    if chosen is None and (ref or not draft.account):
        chosen = not ref
    if chosen is not None and draft.banked and chosen != draft.undeposited:
        raise user_error("A payment that was deposited cannot change its account.")
    if chosen is not None and chosen != draft.undeposited:
        draft.undeposited, draft.account = bool(chosen), ""
    if draft.undeposited:
        draft.account = company.account_ids[UNDEPOSITED]
    elif ref:
        draft.account = company.refer(ref, "account", "account")
    elif not draft.account:
        draft.account = company.account_ids[CLEARING]


def _party(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    who = customer(company, draft, wish.get("customer"), "customer")
    heading(company, draft, wish, replace)
    money_terms(company, draft, wish, who)
    if ref := wish.get("arAcct"):
        draft.receivable = company.refer(ref, "arAcct", "account")
    if draft.kind != "depositApplication":
        bank(company, draft, wish)


def payment(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """A payment, applied to invoices as far as it goes."""
    _party(company, draft, wish, replace)
    paid = wish.get("payment")
    if paid is not None:
        draft.total = whole(paid, draft.currency, "payment")
    known = paid is not None or bool(draft.id)
    wishes = (wish.get("apply") or {}).get("items", [])
    if wish.get("autoApply") and not wishes:
        wishes = _oldest_first(company, draft)
    if wishes or "apply" in wish:
        draft.applied = applications(
            company, draft, "apply", wishes, "apply" in replace, to=("invoice", "journalEntry"),
            available=draft.total if known else None,
        )  # fmt: skip
    if not known:
        draft.total = draft.used
    if draft.total <= 0:
        raise missing("Payment Amount") if not known else invalid_value("payment", paid)


def _oldest_first(company: Company, draft: Transaction) -> list[Wish]:
    shelf = company.transactions["invoice"]
    rows = [row for key in company.of_customer.get(draft.customer, ()) if (row := shelf.get(key))]
    rows = [row for row in rows if row.remaining > 0 and row.state == "2" and row.currency == draft.currency]
    left, found = draft.total, []
    for row in sorted(rows, key=_due):
        if left <= 0:
            break
        left -= row.remaining
        found.append({"doc": {"id": row.id}, "apply": True})
    return found


def _due(row: Transaction) -> tuple[str, int]:
    return row.due or row.date, int(row.id)


def refund(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """Money back: of a credit memo, of what a payment left unapplied, of a customer deposit."""
    _party(company, draft, wish, replace)
    for sublist, kinds in (("apply", ("creditMemo", "customerPayment")), ("deposit", ("customerDeposit",))):
        if sublist in wish:
            given = (wish[sublist] or {}).get("items", [])
            draft.applied = applications(
                company, draft, sublist, given, sublist in replace, to=kinds, available=None
            )
    if not draft.applied:
        raise user_error("A customer refund must be applied to at least one credit memo, payment or deposit.")
    draft.total = draft.used


def customer_deposit(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """Money taken before there is anything to pay."""
    _party(company, draft, wish, replace)
    paid = wish.get("payment")
    if paid is not None:
        draft.total = whole(paid, draft.currency, "payment")
    if ref := wish.get("salesOrder"):
        draft.source = company.refer(ref, "salesOrder", "salesOrder")
    if draft.total <= 0:
        raise missing("Payment Amount") if paid is None else invalid_value("payment", paid)


def application(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """A customer deposit put against invoices."""
    if ref := wish.get("deposit"):
        draft.deposit = company.refer(ref, "deposit", "customerDeposit")
    source = company.transactions["customerDeposit"].get(draft.deposit)
    if source is None:
        raise user_error("A deposit application can only be made by transforming a customer deposit.")
    draft.source = source.id
    rate = {} if draft.id or wish.get("exchangeRate") is not None else {"exchangeRate": source.rate}
    _party(company, draft, {"customer": {"id": source.customer}, **wish, **rate}, replace)
    draft.currency = source.currency
    if sublist := wish.get("apply"):
        draft.applied = applications(
            company, draft, "apply", sublist["items"], "apply" in replace, to=("invoice",),
            available=source.remaining + draft.used,
        )  # fmt: skip
    if not draft.applied:
        raise user_error("A deposit application must be applied to at least one invoice.")
    draft.total = draft.used


def bank_deposit(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """Undeposited money and other receipts brought to a bank account."""
    heading(company, draft, wish, replace)
    if not (ref := wish.get("account")) and not draft.account:
        raise missing("Account")
    if ref:
        draft.account = company.refer(ref, "account", "account")
    if ref := wish.get("subsidiary"):
        draft.subsidiary = company.refer(ref, "subsidiary", "subsidiary")
    draft.subsidiary = draft.subsidiary or "1"
    account = company.accounts.get(draft.account)
    if ref := wish.get("currency"):
        draft.currency = company.symbol(ref)
    draft.currency = (
        draft.currency or (account.currency if account else "") or company.base_of(draft.subsidiary)
    )
    exchange(company, draft, wish)
    if sublist := wish.get("payment"):
        draft.cash = _payments(company, draft, sublist["items"], "payment" in replace)
    for name in ("other", "cashback"):
        if sublist := wish.get(name):
            draft.cash = cash_lines(company, draft, name, sublist["items"], name in replace)
    if not draft.cash:
        raise user_error("You must select at least one payment or enter another deposit line.")
    draft.total = sum(-each.amount if each.sublist == "cashback" else each.amount for each in draft.cash)
    if draft.total < 0:
        raise user_error("The total of a deposit must not be negative.")


def _payments(
    company: Company, draft: Transaction, wishes: list[Wish], replace: bool
) -> tuple[CashLine, ...]:
    others = tuple(each for each in draft.cash if each.sublist != "payment")
    taken = {} if replace else {each.payment: each for each in draft.cash if each.sublist == "payment"}
    for i, wish in enumerate(wishes):
        path = f"payment.items[{i}].id"
        row = company.transaction(str(wish.get("id") or ""))
        if row is None:
            raise (
                invalid_value(path, wish.get("id"))
                if wish.get("id")
                else invalid_content("A line needs an id.", path)
            )
        if wish.get("deposit") is False:
            taken.pop(row.id, None)
            continue
        if not row.undeposited or (row.banked and row.banked != draft.id):
            raise user_error(f"Payment {row.number} is not in undeposited funds.")
        if row.currency != draft.currency:
            raise user_error(f"Payment {row.number} is in another currency than the deposit.")
        taken[row.id] = CashLine(
            "payment", len(taken) + 1, row.id, "", row.total, row.customer, wish.get("memo") or "", {}
        )
    return (*others, *taken.values())


def mark_banked(company: Company, before: Transaction | None, after: Transaction | None) -> None:
    """Tell the payments of a bank deposit that they are in it, or no longer."""
    for row, key in ((before, ""), (after, after.id if after else "")):
        for each in row.cash if row else ():
            paid = company.transaction(each.payment)
            if paid is not None and paid.banked != key:
                paid.banked = key
                company.touch(paid.kind, paid.id)
