"""What all transactions share: heading, period, applications, commit, deletion, history."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from simulators.kit.clock import day
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.kinds import TRANSACTIONS, status
from simulators.netsuite.rules.periods import period_of, require_open
from simulators.netsuite.rules.posting import postings
from simulators.netsuite.rules.records import Customer, Transaction
from simulators.netsuite.rules.refusal import invalid_value, missing, user_error
from simulators.netsuite.rules.wishes import Ref, TransactionWish

# Fills a draft from a wish: fill(company, draft, wish, sublists to replace).
Fill = Callable[[Company, Transaction, TransactionWish, frozenset[str]], None]


def blank(company: Company, kind: str) -> Transaction:
    """A transaction of today that nothing has been said about yet."""
    now = company.clock.now()
    today = day(now).isoformat()
    return Transaction(kind, "", None, "", "", today, "", "", "", Decimal(1), "", now, now)


def heading(company: Company, draft: Transaction, wish: TransactionWish) -> None:
    """Numbers, date, period, memo, custom fields."""
    if "externalId" in wish:
        draft.external = wish["externalId"] or None
    draft.number = wish.get("tranId") or draft.number
    draft.memo = wish.get("memo", draft.memo) or ""
    draft.custom = {**draft.custom, **wish.get("custom", {})}
    when, period = wish.get("tranDate"), wish.get("postingPeriod")
    moved = when is not None and when != draft.date
    if when:
        draft.date = when
    if period:
        draft.period = company.refer(period, "postingPeriod", "accountingPeriod")
    elif moved or not draft.period:
        draft.period = period_of(company, draft.date).id


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


def money_terms(company: Company, draft: Transaction, wish: TransactionWish, of: Customer) -> None:
    """Currency, subsidiary and rate; the first two must be the customer's."""
    if ref := wish.get("currency"):
        symbol = company.symbol(ref)
        if symbol != of.currency:
            raise user_error(
                f"The currency {symbol} does not match the currency {of.currency} of customer {of.entity_id}."
            )
    if (ref := wish.get("subsidiary")) and company.refer(ref, "subsidiary", "subsidiary") != of.subsidiary:
        raise invalid_value("subsidiary", ref.get("id"))
    draft.currency, draft.subsidiary = of.currency, of.subsidiary
    exchange(company, draft, wish)


def exchange(company: Company, draft: Transaction, wish: TransactionWish) -> None:
    """The rate given, else at creation the company's."""
    rate = wish.get("exchangeRate")
    if rate is not None:
        if rate <= 0:
            raise invalid_value("exchangeRate", rate)
        draft.rate = rate
    elif not draft.id:
        row = company.currencies.get(company.currency_ids[draft.currency])
        assert row is not None
        draft.rate = row.rate


def commit(company: Company, before: Transaction | None, draft: Transaction) -> None:
    """Post a new document or a changed one; one that changes nothing is accepted and leaves no trace."""
    if before is not None and draft == before:
        return
    kind = TRANSACTIONS[draft.kind]
    for period in dict.fromkeys((before.period if before else draft.period, draft.period)):
        require_open(company, period, locked_by_ar=kind.locked_by_ar)
    _unique(company, draft)
    _check_applications(company, before, draft)
    if draft.remaining < 0:
        raise user_error("The amount is less than what has already been applied to or from this transaction.")
    draft.postings = postings(company, draft)
    if before is None:
        draft.id = company.transactions[draft.kind].next_id()
        draft.number = draft.number or f"{kind.prefix}{next(company.numbers[draft.kind]):06d}"
    draft.modified_at = company.clock.now()
    _count_uses(company, before, -1)
    _count_uses(company, draft, 1)
    company.transactions[draft.kind].put(draft)
    company.touch(draft.kind, draft.id)
    _note(company, draft, "created" if before is None else "updated", status(draft)[1])
    _settle(company, before.applied if before else {}, draft.applied, draft)


def delete(company: Company, row: Transaction) -> None:
    """Take a document and its postings away; what it paid is open again."""
    require_open(company, row.period, locked_by_ar=TRANSACTIONS[row.kind].locked_by_ar)
    if row.settled:
        raise user_error("This transaction cannot be deleted because other transactions are applied to it.")
    company.transactions[row.kind].drop(row)
    _count_uses(company, row, -1)
    company.touch(row.kind, row.id)
    _note(company, row, "deleted", "deleted")
    _settle(company, row.applied, {}, row)


def _unique(company: Company, draft: Transaction) -> None:
    other = company.transactions[draft.kind].named(draft.external) if draft.external else None
    if other is not None and other.id != draft.id:
        raise user_error("This record already exists.")


def _check_applications(company: Company, before: Transaction | None, draft: Transaction) -> None:
    was = before.applied if before else {}
    for doc, amount in draft.applied.items():
        target = company.transaction(doc)
        if target is None:
            raise invalid_value("apply.doc", doc)
        if target.customer != draft.customer:
            raise user_error(
                f"Document {target.number} belongs to another customer and cannot be applied to."
            )
        if target.currency != draft.currency:
            raise user_error(f"Document {target.number} is in another currency and cannot be applied to.")
        if amount - was.get(doc, 0) > target.remaining:
            raise user_error(f"You cannot apply more than the remaining amount of document {target.number}.")


def _settle(company: Company, was: dict[str, int], now: dict[str, int], source: Transaction) -> None:
    for doc in dict.fromkeys((*was, *now)):
        delta = now.get(doc, 0) - was.get(doc, 0)
        target = company.transaction(doc)
        if not delta or target is None:
            continue
        target.settled += delta
        target.modified_at = company.clock.now()
        company.touch(target.kind, target.id)
        company.history.note(
            TRANSACTIONS[target.kind].history,
            target.id,
            "applied" if delta > 0 else "unapplied",
            status(target)[1],
            refs=_named(target.external, target.number, source.id, source.external, source.number),
            amount=abs(delta),
            currency=target.currency,
        )


def _count_uses(company: Company, row: Transaction | None, by: int) -> None:
    if row is None:
        return
    parties = dict.fromkeys((row.customer, *(each.entity for each in row.entries)))
    named = [("customer", each) for each in parties if each]
    named += [("item", each) for each in dict.fromkeys(line.item for line in row.lines)]
    for key in named:
        company.uses[key] = company.uses.get(key, 0) + by


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
        refs=_named(row.external, row.number, who.external if who else None, *applied, token),
        amount=row.total,
        currency=row.currency,
    )


def _named(*names: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in names if each))
