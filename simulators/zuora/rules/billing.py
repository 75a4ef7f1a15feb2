"""Billing what is due: one draft invoice an account, or one draft credit memo where the sum is negative."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta

from simulators.zuora.rules.accounts import TERM_DAYS
from simulators.zuora.rules.charging import Due, lines, settle_usage
from simulators.zuora.rules.contracts import Subscription
from simulators.zuora.rules.documents import BILL_RUN, CreditMemo, Invoice, Item
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.receipts import BillRun
from simulators.zuora.rules.state import State


@dataclass(slots=True)
class Made:
    """The documents that one act of billing made."""

    invoices: list[Invoice] = field(default_factory=list)
    memos: list[CreditMemo] = field(default_factory=list)


def bill(
    state: State,
    target: date,
    on: date,
    *,
    accounts: Sequence[str] = (),
    only: AbstractSet[str] = frozenset(),
    batches: Sequence[str] = (),
    skipped: AbstractSet[str] = frozenset(),
    run: BillRun | None = None,
) -> Made:
    """Bill every charge that has something due on or before `target`.

    accounts: limit to these ids, empty: all; only: limit to these subscriptions; batches: limit to these
    batches of accounts; skipped: kinds of charges to leave. Looks only at what is due, never at the whole
    history.
    """
    made = Made()
    wanted = accounts or state.due.accounts(target)
    found = [account for key in wanted if (account := state.accounts.get(key)) is not None]
    for account in sorted(found, key=lambda a: a.seq):
        if batches and account.batch not in batches:
            state.due.put_back(account.id)
            continue
        dues = _dues(state, account, target, only, skipped)
        items = lines(state, dues, _known(state, account), target, account.currency) if dues else []
        for due in dues:
            state.due.add(due.ledger)
        if items:
            settle_usage(items)
            for part in _parts(items):
                _document(state, account, part, target, on, run, made)
    return made


def _dues(
    state: State, account: Account, target: date, only: AbstractSet[str], skipped: AbstractSet[str]
) -> list[Due]:
    dues = []
    for number in state.due.charges(account.id, target):
        ledger = state.ledgers.get(number)
        if ledger is None or ledger.due is None or ledger.due > target or ledger.account != account.id:
            continue  # entered before it changed; its present date has an entry of its own
        subscription, charge = state.charges[number]
        if (only and subscription.number not in only) or charge.source.kind in skipped:
            state.due.add(ledger)
            continue
        dues.append(Due(subscription, charge, ledger))
    return dues


def _known(state: State, account: Account) -> list[Subscription]:
    """The account's subscriptions that have a percentage discount, in order."""
    found = state.discounted.get(account.id, {})
    sold = (state.subscriptions.get(number) for number in found)
    return sorted((s for s in sold if s is not None and s.owner is account), key=lambda s: s.seq)


def _parts(items: list[Item]) -> list[list[Item]]:
    """The lines of one document each: a subscription may ask for documents of its own."""
    parts: dict[str, list[Item]] = {}
    for item in items:
        own = bool(item.subscription.extra.get("invoiceSeparately"))
        parts.setdefault(item.subscription.number if own else "", []).append(item)
    return list(parts.values())


def _document(
    state: State,
    account: Account,
    items: list[Item],
    target: date,
    on: date,
    run: BillRun | None,
    made: Made,
) -> None:
    if sum(item.net for item in items) < 0:
        made.memos.append(_memo(state, account, items, target, on, run))
    else:
        made.invoices.append(_invoice(state, account, items, target, on, run))


def _invoice(
    state: State, account: Account, items: list[Item], target: date, on: date, run: BillRun | None
) -> Invoice:
    invoice = Invoice(
        id=state.new_id(),
        seq=state.next_seq(),
        number=state.new_number("invoice"),
        account=account,
        on=on,
        target=target,
        due=on + timedelta(days=TERM_DAYS[account.payment_term]),
        items={item.id: item for item in items},
        created_at=state.now(),
        run=run.number if run else "",
        run_id=run.id if run else "",
    )
    account.last_document = invoice.id
    state.invoices.put(invoice, state.now())
    amount = invoice.net
    refs = (*invoice.refs, invoice.run) if run else invoice.refs
    note = state.history.note
    note("invoice", invoice.id, "created", "Draft", refs=refs, amount=amount, currency=account.currency)
    return invoice


def _memo(
    state: State, account: Account, items: list[Item], target: date, on: date, run: BillRun | None
) -> CreditMemo:
    for item in items:
        item.net = -item.net  # a memo states credits as positive amounts
    memo = CreditMemo(
        id=state.new_id(),
        seq=state.next_seq(),
        number=state.new_number("credit_memo"),
        account=account,
        on=on,
        items={item.id: item for item in items},
        created_at=state.now(),
        source=BILL_RUN,
        target=target,
        run=run.number if run else "",
    )
    account.last_document = memo.id
    state.memos.put(memo, state.now())
    refs = (*memo.refs, memo.run) if run else memo.refs
    note = state.history.note
    note("credit_memo", memo.id, "created", "Draft", refs=refs, amount=memo.net, currency=account.currency)
    return memo
