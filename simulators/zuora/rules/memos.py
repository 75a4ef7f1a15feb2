"""Acts on credit memos: make one from an invoice, post it, apply it, refund what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from simulators.kit.lifecycle import IllegalMove, move
from simulators.zuora.rules.callouts import MEMO_POSTED
from simulators.zuora.rules.documents import FROM_INVOICE, MAY, POSTED, CreditMemo, Invoice, Item, Owed
from simulators.zuora.rules.invoices import TaxWish, tax_item
from simulators.zuora.rules.receipts import Refund, check_method_type
from simulators.zuora.rules.refusal import (
    INVALID,
    MISSING,
    RULE,
    Refused,
    not_found,
    wrong_state,
)
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class CreditLine:
    """What to credit of one invoice item: amount without tax, and taxes, in minor units."""

    item: str
    amount: int
    taxes: tuple[TaxWish, ...] = ()
    comment: str | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class MemoWish:
    """A credit or debit memo from an invoice. number "": let the vendor number it."""

    lines: tuple[CreditLine, ...]
    on: date
    number: str = ""
    reason: str | None = None
    comment: str | None = None
    auto_post: bool = False
    auto_apply: bool = False
    auto_pay: bool | None = None
    custom: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefundWish:
    """Money that went back outside of the vendor's own gateways. amount in minor units."""

    amount: int
    type: str
    method_type: str | None
    on: date
    reference: str | None = None
    reason: str | None = None
    comment: str | None = None


def find(state: State, key: str) -> CreditMemo:
    """By id or number; Refused if there is none."""
    memo = state.memos.get(key)
    if memo is None:
        raise not_found("credit memo", key)
    return memo


def from_invoice(state: State, invoice: Invoice, wish: MemoWish) -> CreditMemo:
    """A memo that credits lines of a posted invoice, never more than is left of each."""
    if invoice.status != POSTED or invoice.reversed:
        raise wrong_state("invoice", invoice.number, invoice.shown, "credit")
    if wish.number and state.memos.get(wish.number):
        raise Refused(RULE, f"The credit memo number {wish.number} already exists.", "memoNumber")
    if not wish.lines:
        raise Refused(MISSING, "A credit memo needs at least one item.", "items")
    _check(invoice, wish.lines)
    items = [_credited(state, invoice.items[line.item], line) for line in wish.lines]
    memo = CreditMemo(
        id=state.new_id(),
        seq=state.next_seq(),
        number=wish.number or state.new_number("credit_memo"),
        account=invoice.account,
        on=wish.on,
        items={item.id: item for item in items},
        created_at=state.now(),
        source=FROM_INVOICE,
        invoice=invoice,
        reason=wish.reason,
        comment=wish.comment,
        auto_apply=wish.auto_apply,
        custom=dict(wish.custom),
    )
    invoice.account.last_document = memo.id
    changed(state, memo, "created")
    if wish.auto_post:
        post(state, memo)
    return memo


def _check(invoice: Invoice, lines: Sequence[CreditLine]) -> None:
    nets: dict[str, int] = {}
    taxes: dict[str, int] = {}
    for line in lines:
        if line.item not in invoice.items:
            raise Refused(INVALID, f"Invoice {invoice.number} has no item {line.item}.", "invoiceItemId")
        if line.amount < 0 or any(tax.amount < 0 for tax in line.taxes):
            raise Refused(INVALID, "The amounts of a credit memo must not be negative.", "amount")
        nets[line.item] = nets.get(line.item, 0) + line.amount
        taxes[line.item] = taxes.get(line.item, 0) + sum(tax.amount for tax in line.taxes)
    for key, net in nets.items():
        item = invoice.items[key]
        if net > item.net - item.credited:
            message = f"The amount exceeds what is available to credit of item {key}."
            raise Refused(RULE, message, "amount")
        if taxes[key] > sum(tax.amount - tax.credited for tax in item.taxes):
            message = f"The tax amount exceeds what is available to credit of item {key}."
            raise Refused(RULE, message, "taxItems")


def _credited(state: State, source: Item, line: CreditLine) -> Item:
    source.credited += line.amount
    item = drawn(state, source, line)
    for wish in line.taxes:
        credit_taxes(source, wish.amount, wish.source)
    return item


def credit_taxes(source: Item, amount: int, first: str | None) -> None:
    """Take an amount of tax back from a line's taxes, from the one that is named before the others."""
    left = amount
    for tax in sorted(source.taxes, key=lambda each: each.id != first):
        taken = min(left, max(0, tax.amount - tax.credited))
        tax.credited += taken
        left -= taken


def drawn(state: State, source: Item, line: CreditLine) -> Item:
    """A memo's line that is made from a line of another document."""
    item = Item(
        id=state.new_id(),
        subscription=source.subscription,
        charge=source.charge,
        start=line.start or source.start,
        end=line.end or source.end,
        net=line.amount,
        quantity=source.quantity,
        price=source.price,
        created_at=state.now(),
        source=source,
        comment=line.comment,
    )
    item.taxes = [tax_item(state, wish) for wish in line.taxes]
    return item


def post(state: State, memo: CreditMemo) -> None:
    """Draft to Posted: from now on it can be applied and refunded."""
    try:
        memo.status = move("credit memo", MAY, memo.status, POSTED)
    except IllegalMove as illegal:
        raise wrong_state("credit memo", memo.number, illegal.current, "post") from None
    memo.unapplied = memo.net + memo.tax
    memo.posted_at = state.now()
    memo.account.unapplied_credit += memo.unapplied
    changed(state, memo, "posted")
    if memo.auto_apply and memo.invoice is not None and memo.invoice.balance > 0:
        apply(state, memo, [(memo.invoice, min(memo.unapplied, memo.invoice.balance))])
    state.callouts.announce(MEMO_POSTED, {"CreditMemo": memo, "Account": memo.account})


def apply(state: State, memo: CreditMemo, parts: Sequence[tuple[Owed, int]]) -> None:
    """Put credit against invoices and debit memos: all of the request or nothing."""
    if memo.status != POSTED:
        raise wrong_state("credit memo", memo.number, memo.status, "apply")
    if sum(amount for _, amount in parts) > memo.unapplied:
        message = f"The amount exceeds the unapplied amount of credit memo {memo.number}."
        raise Refused(RULE, message, "amount")
    check_parts(memo.account.id, parts)
    for document, amount in parts:
        memo.applied.append((document, amount))
        memo.unapplied -= amount
        document.owe(-amount)
        document.credited += amount
        memo.account.unapplied_credit -= amount
        settled(state, document, amount, (memo.number,))
    changed(state, memo, "applied")


def check_parts(account: str, parts: Sequence[tuple[Owed, int]]) -> None:
    """Refused unless each document is posted, of this account, and owes at least its part."""
    owed: dict[str, int] = {}
    for document, amount in parts:
        what = f"{document.named} {document.number}"
        if document.status != POSTED or document.reversed:
            raise wrong_state(document.named, document.number, document.shown, "apply an amount to")
        if document.account.id != account:
            raise Refused(RULE, f"{what[:1].upper()}{what[1:]} belongs to another account.", document.key)
        if amount <= 0:
            raise Refused(INVALID, "The amount to apply must be more than 0.", "amount")
        owed[document.id] = owed.get(document.id, 0) + amount
        if owed[document.id] > document.balance - document.reserved:
            raise Refused(RULE, f"The amount exceeds the balance of {what}.", "amount")


def settled(state: State, document: Owed, amount: int, by: tuple[str, ...]) -> None:
    """Write down that part of a document was paid or credited."""
    state.keep(document)
    state.history.note(
        document.kind,
        document.id,
        "settled",
        document.status,
        refs=(*document.refs, *by),
        amount=amount,
        currency=document.currency,
        says=document.says if isinstance(document, Invoice) else (),
    )


def open_memo_refund(state: State, memo: CreditMemo, wish: RefundWish) -> Refund:
    """Set aside a refund out of what is unapplied; it is Processing until it is closed."""
    if memo.status != POSTED:
        raise wrong_state("credit memo", memo.number, memo.status, "refund")
    if wish.type not in ("External", "Electronic"):
        raise Refused(INVALID, f"'{wish.type}' is not a type of refund.", "type")
    if wish.type == "External":
        check_method_type(wish.method_type, "methodType")
    if wish.amount <= 0:
        raise Refused(INVALID, "The refund amount must be more than 0.", "totalAmount")
    if wish.amount > memo.unapplied:
        message = f"The refund exceeds the unapplied amount of credit memo {memo.number}."
        raise Refused(RULE, message, "totalAmount")
    made = Refund(
        id=state.new_id(),
        seq=state.next_seq(),
        number=state.new_number("refund"),
        account=memo.account,
        memo=memo,
        amount=wish.amount,
        on=wish.on,
        reference=wish.reference,
        method_type=wish.method_type,
        reason=wish.reason,
        comment=wish.comment,
        created_at=state.now(),
        status="Processing",
        type=wish.type,
    )
    memo.unapplied -= wish.amount
    memo.refunded += wish.amount
    memo.account.unapplied_credit -= wish.amount
    changed(state, memo, "refunded")
    return made


def changed(state: State, memo: CreditMemo, event: str) -> None:
    """Keep a memo and its account, and write the change down."""
    state.memos.put(memo, state.now())
    state.accounts.put(memo.account, state.now())
    state.history.note(
        "credit_memo",
        memo.id,
        event,
        memo.status,
        refs=memo.refs,
        amount=memo.net + memo.tax,
        currency=memo.currency,
    )
