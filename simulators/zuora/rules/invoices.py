"""Acts on invoices: tax them, post them, reverse them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from simulators.kit.clock import midnight
from simulators.kit.lifecycle import IllegalMove, move
from simulators.zuora.rules.callouts import INVOICE_DUE, INVOICE_POSTED, MEMO_POSTED
from simulators.zuora.rules.documents import (
    DRAFT,
    MAY,
    POSTED,
    REVERSAL,
    AnyDocument,
    CreditMemo,
    Invoice,
    Item,
    Owed,
    TaxItem,
)
from simulators.zuora.rules.refusal import INVALID, RULE, Refused, not_found, wrong_state
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class TaxWish:
    """One taxation item to add. amount and exempt in minor units; item: id of the taxed line."""

    item: str
    name: str
    jurisdiction: str
    amount: int
    rate: Decimal
    rate_type: str
    location: str | None = None
    code: str | None = None
    on: date | None = None
    mode: str | None = None
    exempt: int = 0
    source: str | None = None


def find(state: State, key: str) -> Invoice:
    """By id or number; Refused if there is none."""
    invoice = state.invoices.get(key)
    if invoice is None:
        raise not_found("invoice", key)
    return invoice


def add_taxes(
    state: State, document: AnyDocument, what: str, wishes: Sequence[TaxWish]
) -> list[tuple[Item, TaxItem]]:
    """Put taxes on lines of a draft: once for each line, all of the request or nothing."""
    if document.status != DRAFT:
        raise wrong_state(what.replace("_", " "), document.number, document.status, "add taxes to")
    for wish in wishes:
        item = document.items.get(wish.item)
        if item is None:
            raise Refused(INVALID, f"{document.number} has no item {wish.item}.", "taxationItems")
        if item.taxes:
            raise Refused(RULE, f"Item {wish.item} already has taxation items.", "taxationItems")
    added = [(document.items[wish.item], tax_item(state, wish)) for wish in wishes]
    for item, tax in added:
        item.taxes.append(tax)
    changed(state, document, what, "taxed")
    return added


def tax_item(state: State, wish: TaxWish) -> TaxItem:
    """The taxation item of a wish."""
    return TaxItem(
        id=state.new_id(),
        name=wish.name,
        jurisdiction=wish.jurisdiction,
        location=wish.location,
        amount=wish.amount,
        rate=wish.rate,
        rate_type=wish.rate_type,
        code=wish.code,
        on=wish.on,
        mode=wish.mode,
        exempt=wish.exempt,
        source=wish.source,
    )


def owe(state: State, document: Owed) -> None:
    """Draft to Posted: from now on its total is owed."""
    try:
        document.status = move(document.named, MAY, document.status, POSTED)
    except IllegalMove as illegal:
        raise wrong_state(document.named, document.number, illegal.current, "post") from None
    document.owe(document.net + document.tax)
    document.posted_at = state.now()
    changed(state, document, document.kind, "posted")


def post(state: State, invoice: Invoice) -> None:
    """Post an invoice, and tell who listens."""
    owe(state, invoice)
    objects = {"Invoice": invoice, "Account": invoice.account}
    state.callouts.announce(INVOICE_POSTED, objects)
    if state.callouts.wanted(INVOICE_DUE):
        due = midnight(invoice.due)
        state.agenda.at(max(due, state.now()), _fall_due, state, invoice, periodic=True)


def _fall_due(state: State, invoice: Invoice) -> None:
    if invoice.status == POSTED and invoice.balance > 0 and not invoice.due_told:
        invoice.due_told = True
        state.callouts.announce(INVOICE_DUE, {"Invoice": invoice, "Account": invoice.account})


def reverse(
    state: State, invoice: Invoice, memo_date: date, reason: str | None, comment: str | None
) -> CreditMemo:
    """Take a posted invoice back by a memo of the same lines, and make its days billable again.

    Refused once money or credit was applied, and unless it is the account's latest document.
    """
    if invoice.status != POSTED or invoice.reversed:
        raise wrong_state("invoice", invoice.number, invoice.shown, "reverse")
    total = invoice.net + invoice.tax
    if invoice.balance != total:
        message = f"Payments or credit memos are applied to invoice {invoice.number}."
        raise Refused(RULE, message, "invoiceKey")
    latest(invoice)
    memo = _mirror(state, invoice, memo_date, reason, comment)
    unbill(state, invoice)
    invoice.owe(-total)
    invoice.reversed, invoice.credited = True, total
    invoice.account.last_document = memo.id
    state.memos.put(memo, state.now())
    note = state.history.note
    note("credit_memo", memo.id, "created", POSTED, refs=memo.refs, amount=total, currency=memo.currency)
    changed(state, invoice, "invoice", "reversed", "Reversed")
    # Unconfirmed: that a memo which is born posted is announced like one that is posted by a call.
    state.callouts.announce(MEMO_POSTED, {"CreditMemo": memo, "Account": memo.account})
    return memo


def latest(document: AnyDocument) -> None:
    """Refused where another document was billed on top of this one; one that bills nothing may always go."""
    billed = any(item.entry is not None for item in document.items.values())
    if billed and document.account.last_document != document.id:
        message = f"{document.named.capitalize()} {document.number} is not the account's latest document."
        raise Refused(RULE, message, document.key)


def unbill(state: State, document: AnyDocument) -> None:
    """Make the days of a document's lines billable again."""
    for item in reversed(document.items.values()):
        if item.entry is not None:
            item.entry.ledger.undo(item.entry)
    for item in document.items.values():
        if item.entry is not None and item.charge.number in state.charges:
            _, charge = state.charges[item.charge.number]
            ledger = state.ledgers[charge.number]
            ledger.refresh(charge)
            state.due.add(ledger)


def _mirror(state: State, invoice: Invoice, on: date, reason: str | None, comment: str | None) -> CreditMemo:
    items = {}
    for source in invoice.items.values():
        source.credited = source.net
        for tax in source.taxes:
            tax.credited = tax.amount
        item = Item(
            id=state.new_id(),
            subscription=source.subscription,
            charge=source.charge,
            start=source.start,
            end=source.end,
            net=source.net,
            quantity=source.quantity,
            price=source.price,
            created_at=state.now(),
            source=source,
        )
        item.taxes = [
            tax_item(state, TaxWish(item.id, t.name, t.jurisdiction, t.amount, t.rate, t.rate_type))
            for t in source.taxes
        ]
        items[item.id] = item
    total = invoice.net + invoice.tax
    return CreditMemo(
        id=state.new_id(),
        seq=state.next_seq(),
        number=state.new_number("credit_memo"),
        account=invoice.account,
        on=on,
        items=items,
        created_at=state.now(),
        source=REVERSAL,
        invoice=invoice,
        status=POSTED,
        applied=[(invoice, total)],
        reason=reason,
        comment=comment,
        posted_at=state.now(),
    )


def changed(state: State, document: AnyDocument, what: str, event: str, named: str = "") -> None:
    """Keep a document and its account, and write the change down."""
    state.keep(document)
    state.accounts.put(document.account, state.now())
    state.history.note(
        what,
        document.id,
        event,
        named or document.status,
        refs=document.refs,
        amount=document.net + document.tax,
        currency=document.currency,
        says=document.says if isinstance(document, Invoice) else (),
    )
