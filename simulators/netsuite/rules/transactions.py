"""What all transactions share: heading, period, applications, commit, deletion, history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from simulators.kit.clock import day
from simulators.netsuite.rules import dimensions
from simulators.netsuite.rules.applying import check, puts, relieve, settle
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.extras import kept
from simulators.netsuite.rules.indexes import book, count_uses, enlist, named
from simulators.netsuite.rules.kinds import TRANSACTIONS, status
from simulators.netsuite.rules.periods import lenient, period_of, require_open
from simulators.netsuite.rules.posting import postings
from simulators.netsuite.rules.rates import in_base, rate_on, share
from simulators.netsuite.rules.records import Customer, Transaction
from simulators.netsuite.rules.refusal import exists, invalid_value, missing, user_error
from simulators.netsuite.rules.wishes import Ref, Wish

# Fills a draft from a wish: fill(company, draft, wish, sublists to replace).
Fill = Callable[[Company, Transaction, Wish, frozenset[str]], None]
APPROVAL = {"1": "Pending Approval", "2": "Approved", "3": "Rejected"}


def blank(company: Company, kind: str) -> Transaction:
    """A transaction of today that nothing has been said about yet."""
    now = company.clock.now()
    today = day(now).isoformat()
    row = Transaction(kind, "", None, "", "", today, "", "", "", Decimal(1), "", now, now)
    if company.approvals and TRANSACTIONS[kind].approved:
        row.state = "1"
    return row


def heading(company: Company, draft: Transaction, wish: Wish, replace: frozenset[str]) -> None:
    """Numbers, date, period, memo, fields without rules."""
    if "externalId" in wish:
        draft.external = wish["externalId"] or None
    draft.number = wish.get("tranId") or draft.number
    draft.memo = wish.get("memo", draft.memo) or ""
    draft.custom = kept(company, draft.kind, draft.custom, wish.get("custom", {}), replace)
    if "approvalStatus" in wish:
        draft.state = chosen(wish["approvalStatus"], "approvalStatus", APPROVAL)
    when, period = wish.get("tranDate"), wish.get("postingPeriod")
    moved = when is not None and when != draft.date
    if when:
        draft.date = when
    if not TRANSACTIONS[draft.kind].posts:
        return
    if period:
        draft.period = company.refer(period, "postingPeriod", "accountingPeriod")
    elif moved or not draft.period:
        draft.period = period_of(company, draft.date).id


def chosen(given: Ref | None, field: str, choices: Mapping[str, str]) -> str:
    """The id of a choice, given by id or by name."""
    value = (given or {}).get("id") or (given or {}).get("refName")
    found = next((key for key, name in choices.items() if value in (key, name)), None)
    if found is None:
        raise invalid_value(field, value)
    return found


def customer(company: Company, draft: Transaction, ref: Ref | None, field: str) -> Customer:
    """The customer of the document, mandatory at creation; it brings subsidiary and currency."""
    if ref:
        found = company.refer(ref, field, "customer")
        if draft.customer and found != draft.customer and (draft.settled or draft.applied):
            raise user_error("The customer of a transaction with applications cannot be changed.")
        draft.customer = found
    row = company.customers.get(draft.customer)
    if row is None:
        raise missing("Customer")
    if row.inactive and not draft.id:
        raise invalid_value(field, row.id)
    return row


def money_terms(company: Company, draft: Transaction, wish: Wish, of: Customer) -> None:
    """Currency, subsidiary and rate; the first two must be the customer's."""
    if ref := wish.get("currency"):
        symbol = company.symbol(ref)
        if symbol != of.currency and symbol not in of.others:
            key = company.currency_ids[symbol]
            raise user_error(f"Invalid currency reference key {key} for entity {of.id}.")
        if draft.id and symbol != draft.currency and (draft.settled or draft.applied):
            raise user_error("The currency of a transaction with applications cannot be changed.")
        draft.currency = symbol
    if (ref := wish.get("subsidiary")) and company.refer(ref, "subsidiary", "subsidiary") != of.subsidiary:
        raise invalid_value("subsidiary", ref.get("id"))
    draft.currency = draft.currency or of.currency
    draft.subsidiary = of.subsidiary
    exchange(company, draft, wish)


def exchange(company: Company, draft: Transaction, wish: Wish) -> None:
    """The rate given, else at creation that of the day."""
    draft.base = company.base_of(draft.subsidiary)
    rate = wish.get("exchangeRate")
    if rate is not None:
        if rate <= 0:
            raise invalid_value("exchangeRate", rate)
        draft.rate = rate
    elif not draft.id:
        draft.rate = rate_on(company, draft.currency, draft.base, draft.date)
    if draft.currency == draft.base:
        draft.rate = Decimal(1)


def commit(company: Company, before: Transaction | None, draft: Transaction) -> None:
    """Post a new document or a changed one; one that changes nothing is accepted and leaves no trace."""
    if before is not None and draft == before:
        return
    kind = TRANSACTIONS[draft.kind]
    _unique(company, draft)
    if company.mandatory:
        dimensions.require(draft, company.mandatory)
    check(company, before, draft)
    if draft.remaining < 0:
        raise user_error("The amount is less than what has already been applied to or from this transaction.")
    draft.base_total = in_base(draft.total, draft.currency, draft.base, draft.rate)
    draft.relieved = relieve(company, before, draft)
    draft.postings = postings(company, draft) if kind.posts and draft.state == "2" else ()
    _require_open(company, before, draft)
    if before is None:
        draft.id = company.transactions[draft.kind].next_id()
        draft.number = draft.number or f"{kind.prefix}{company.numbers[draft.kind].take():06d}"
    draft.modified_at = company.clock.now()
    count_uses(company, before, -1)
    count_uses(company, draft, 1)
    book(company, before.postings if before else (), draft.postings)
    _number(company, before, draft)
    company.transactions[draft.kind].put(draft)
    company.touch(draft.kind, draft.id)
    enlist(company, before, draft)
    _note(company, draft, "created" if before is None else "updated", status(draft)[1])
    settle(company, before, draft)
    if before is not None and draft.settled and before.base_total != draft.base_total:
        _follow_rate(company, draft)


def _follow_rate(company: Company, row: Transaction) -> None:
    """What was put against a document whose base amount changed relieves it at its new rate."""
    keys = list(company.settlers.get(row.id, ()))
    left, open_ = row.base_total, row.settled == row.total
    for i, key in enumerate(keys):
        each = company.transaction(key)
        if each is None or row.id not in each.relieved:
            continue
        part = puts(each)[row.id]
        each.relieved[row.id] = (
            left if open_ and i == len(keys) - 1 else share(part, row.total, row.base_total)
        )
        left -= each.relieved[row.id]
        was = each.postings
        each.postings = postings(company, each)
        book(company, was, each.postings)
        company.touch(each.kind, each.id)
    row.settled_base = row.base_total - left


def delete(company: Company, row: Transaction) -> None:
    """Take a document and its postings away; what it paid is open again."""
    if row.period:
        require_open(company, row.period, locked_by_ar=TRANSACTIONS[row.kind].locked_by_ar)
    if row.settled:
        raise user_error("This transaction cannot be deleted because other transactions are applied to it.")
    if row.banked or (row.kind == "salesOrder" and company.made_from.get(row.id)):
        raise user_error("This transaction cannot be deleted because it is linked to other transactions.")
    company.transactions[row.kind].drop(row)
    company.taken.pop((f"{row.kind} number", row.number), None)
    count_uses(company, row, -1)
    book(company, row.postings, ())
    company.touch(row.kind, row.id)
    enlist(company, row, None)
    _note(company, row, "deleted", "deleted")
    settle(company, row, None)


def _require_open(company: Company, before: Transaction | None, draft: Transaction) -> None:
    same = before is not None and _weight(before) == _weight(draft)
    for period in dict.fromkeys((before.period if before else draft.period, draft.period)):
        if period and not (same and lenient(company, period)):
            require_open(company, period, locked_by_ar=TRANSACTIONS[draft.kind].locked_by_ar)


def _weight(row: Transaction) -> tuple[object, ...]:
    """What of a transaction the ledger knows. What it is put against is no part of that: a payment that
    moves from one open item to another leaves its lines as they were (unconfirmed for closed periods)."""
    lines = [
        (each.account, each.debit, each.credit, each.base_debit, each.base_credit) for each in row.postings
    ]
    return lines, row.date, row.period


def _unique(company: Company, draft: Transaction) -> None:
    other = company.transactions[draft.kind].named(draft.external) if draft.external else None
    holder = company.taken.get((f"{draft.kind} number", draft.number), draft.id)
    if (other is not None and other.id != draft.id) or (
        TRANSACTIONS[draft.kind].numbered and draft.number and holder != draft.id
    ):
        raise exists()


def _number(company: Company, before: Transaction | None, draft: Transaction) -> None:
    if before is not None:
        company.taken.pop((f"{before.kind} number", before.number), None)
    company.taken[f"{draft.kind} number", draft.number] = draft.id


def _note(company: Company, row: Transaction, event: str, state: str) -> None:
    who = company.customers.get(row.customer)
    applied: list[str | None] = []
    for doc in row.applied:
        target = company.transaction(doc)
        if target is not None:
            applied += [target.external, target.number, target.id]
    # A memo of one word is taken for a business key, such as the id of a payment or a payout.
    token = row.memo if row.memo and " " not in row.memo else None
    company.history.note(
        TRANSACTIONS[row.kind].history,
        row.id,
        event,
        state,
        refs=named(row.external, row.number, who.external if who else None, *applied, token),
        amount=row.total,
        currency=row.currency,
    )
