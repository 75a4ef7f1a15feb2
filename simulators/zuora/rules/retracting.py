"""What undoes a billing document: unpost, cancel, delete; and what forgives an invoice: a write-off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from simulators.zuora.rules.documents import (
    CANCELED,
    DRAFT,
    POSTED,
    WRITE_OFF,
    AnyDocument,
    CreditMemo,
    DebitMemo,
    Invoice,
    Item,
    Owed,
)
from simulators.zuora.rules.invoices import TaxWish, changed, latest, tax_item, unbill
from simulators.zuora.rules.memos import apply, post
from simulators.zuora.rules.payments import check_applied, less
from simulators.zuora.rules.refusal import INVALID, RULE, Refused, wrong_state
from simulators.zuora.rules.state import State


def unpost_owed(state: State, document: Owed) -> None:
    """Posted to Draft: nothing may be applied to it, and no memo may stem from it."""
    if document.status != POSTED or document.reversed:
        raise wrong_state(document.named, document.number, document.shown, "unpost")
    total = document.net + document.tax
    if document.balance != total or document.reserved:
        message = f"Payments or credit memos are applied to {document.named} {document.number}."
        raise Refused(RULE, message, document.key)
    if any(memo.status != CANCELED for memo in _stemming(state, document)):
        message = f"Memos have been created from {document.named} {document.number}."
        raise Refused(RULE, message, document.key)
    document.owe(-total)
    document.status, document.posted_at = DRAFT, 0
    changed(state, document, document.kind, "unposted")


def _stemming(state: State, document: Owed) -> list[CreditMemo | DebitMemo]:
    of = document.id
    return [*state.memos.where("invoiceId", of).values(), *state.debits.where("invoiceId", of).values()]


def cancel_invoice(state: State, invoice: Invoice) -> None:
    """Draft to Canceled: what it billed is billable again."""
    if invoice.status != DRAFT:
        raise wrong_state("invoice", invoice.number, invoice.shown, "cancel")
    call_off(state, invoice)


def call_off(state: State, document: AnyDocument) -> None:
    """Draft to Canceled, checked by the caller: what it billed is billable again."""
    latest(document)
    unbill(state, document)
    document.status = CANCELED
    account = document.account
    if account.last_document == document.id:
        account.last_document = _before(state, account.id)
    changed(state, document, document.kind, "canceled")


def _before(state: State, account: str) -> str:
    found: list[Invoice | CreditMemo] = [*state.invoices.where("accountId", account).values()]
    found += state.memos.where("accountId", account).values()
    live = [d for d in found if d.status != CANCELED and any(i.entry for i in d.items.values())]
    return max(live, key=lambda d: d.seq).id if live else ""


def delete_invoice(state: State, invoice: Invoice) -> None:
    """Forget an invoice that is a draft or canceled; a posted one stays."""
    if invoice.status == POSTED:
        raise wrong_state("invoice", invoice.number, invoice.shown, "delete")
    if invoice.status == DRAFT:
        cancel_invoice(state, invoice)
    state.invoices.drop(invoice)
    state.history.note("invoice", invoice.id, "deleted", invoice.status, refs=invoice.refs)


def write_off(
    state: State, document: Owed, on: date, amount: int | None, reason: str | None, comment: str | None
) -> CreditMemo:
    """Credit what is still owed (or an amount of it) by a memo that is posted and applied at once."""
    what = f"{document.named} {document.number}"
    if document.status != POSTED or document.reversed:
        raise wrong_state(document.named, document.number, document.shown, "write off")
    owed = document.balance - document.reserved
    wanted = owed if amount is None else amount
    if wanted <= 0:
        raise Refused(RULE, f"{what[:1].upper()}{what[1:]} has no balance to write off.", "amount")
    if wanted > owed:
        raise Refused(RULE, f"The amount exceeds the balance of {what}.", "amount")
    items = _forgiven(state, document, wanted)
    memo = CreditMemo(
        id=state.new_id(),
        seq=state.next_seq(),
        number=state.new_number("credit_memo"),
        account=document.account,
        on=on,
        items={item.id: item for item in items},
        created_at=state.now(),
        source=WRITE_OFF,
        invoice=document if isinstance(document, Invoice) else None,
        forgives=document if isinstance(document, DebitMemo) else None,
        reason=reason or "Write-off",
        comment=comment,
    )
    changed(state, memo, "credit_memo", "created")
    post(state, memo)
    apply(state, memo, [(document, wanted)])
    return memo


def _forgiven(state: State, document: Owed, wanted: int) -> list[Item]:
    """Lines that come to the wanted amount, first from what is not credited yet, tax beside its line."""
    left, made = wanted, []
    for source in document.items.values():
        net = min(left, max(0, source.net - source.credited))
        left -= net
        taxes = []
        for tax in source.taxes:
            part = min(left, max(0, tax.amount - tax.credited))
            left -= part
            tax.credited += part
            if part:
                wish = TaxWish(
                    source.id, tax.name, tax.jurisdiction, part, tax.rate, tax.rate_type, source=tax.id
                )
                taxes.append(tax_item(state, wish))
        if net or taxes:
            source.credited += net
            made.append(
                Item(
                    id=state.new_id(),
                    subscription=source.subscription,
                    charge=source.charge,
                    start=source.start,
                    end=source.end,
                    net=net,
                    quantity=source.quantity,
                    price=source.price,
                    created_at=state.now(),
                    taxes=taxes,
                    source=source,
                )
            )
    if left:
        message = f"The amount exceeds what is available to credit of {document.named} {document.number}."
        raise Refused(RULE, message, "amount")
    return made


def unpost_memo(state: State, memo: CreditMemo) -> None:
    """Posted to Draft, unless it is applied or refunded."""
    if memo.status != POSTED:
        raise wrong_state("credit memo", memo.number, memo.status, "unpost")
    if memo.applied or memo.refunded:
        raise Refused(RULE, f"Credit memo {memo.number} is applied or refunded.", "creditMemoKey")
    memo.account.unapplied_credit -= memo.unapplied
    memo.status, memo.unapplied, memo.posted_at = DRAFT, 0, 0
    changed(state, memo, "credit_memo", "unposted")


def cancel_memo(state: State, memo: CreditMemo) -> None:
    """Draft to Canceled: what it credited can be credited again."""
    if memo.status != DRAFT:
        raise wrong_state("credit memo", memo.number, memo.status, "cancel")
    for item in memo.items.values():
        uncredit(item)
    memo.cancelled_at = state.now()
    call_off(state, memo)


def uncredit(item: Item) -> None:
    """Let what a memo's line credited be credited again."""
    if item.source is not None:
        item.source.credited -= item.net
    left = item.tax
    for tax in item.source.taxes if item.source else ():
        back = min(left, tax.credited)
        tax.credited -= back
        left -= back


def delete_memo(state: State, memo: CreditMemo) -> None:
    """Forget a canceled memo."""
    if memo.status != CANCELED:
        raise wrong_state("credit memo", memo.number, memo.status, "delete")
    state.memos.drop(memo)
    state.history.note("credit_memo", memo.id, "deleted", memo.status, refs=memo.refs)


def unapply_memo(state: State, memo: CreditMemo, parts: Sequence[tuple[Owed, int]]) -> None:
    """Take credit off invoices and debit memos again: all of the request or nothing."""
    if memo.status != POSTED:
        raise wrong_state("credit memo", memo.number, memo.status, "unapply")
    if memo.reversed or any(document.reversed for document, _ in parts):
        raise Refused(RULE, "What reversed a document cannot be unapplied.", "invoiceId")
    if not parts:
        raise Refused(INVALID, "At least one invoice or debit memo is required.", "invoices")
    check_applied(memo.number, memo.applied, parts)
    account = memo.account
    for document, amount in parts:
        memo.applied = less(memo.applied, document, amount)
        memo.unapplied += amount
        document.owe(amount)
        document.credited -= amount
        account.unapplied_credit += amount
        changed(state, document, document.kind, "settled")
    changed(state, memo, "credit_memo", "unapplied")
