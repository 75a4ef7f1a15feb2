"""An order that collects what it bills: a declined payment undoes it, unless the caller is lenient."""

from __future__ import annotations

from simulators.zuora.rules.crediting import available
from simulators.zuora.rules.drafting import draft_all
from simulators.zuora.rules.invoices import find as find_invoice
from simulators.zuora.rules.order import Order, OrderWish
from simulators.zuora.rules.orders import commit, free_number, owner_of, undo_opening
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.previews import would_bill
from simulators.zuora.rules.refusal import RULE, Refused
from simulators.zuora.rules.state import State
from simulators.zuora.rules.till import Outcome


async def place_and_collect(state: State, wish: OrderWish) -> Order:
    """Work the order out, take the money, and only then keep it."""
    till, collecting = state.till, wish.collecting
    if collecting is None or till is None:
        raise Refused(RULE, "The account has no default payment method to collect from.", "collectPayment")
    account: Account | None = None
    try:
        free_number(state, wish)
        account = owner_of(state, wish)
        number = wish.number or state.new_number("order")
        first = draft_all(state, account, wish, number)
        target = (wish.billing.target if wish.billing else None) or wish.on
        skipped = wish.billing.skipped if wish.billing else frozenset()
        items = would_bill(state, first.versions.values(), target, account.currency, skipped)
        credit = wish.billing.credit if wish.billing else ()
        total = sum(item.net for item in items) - (available(state, account, credit) if credit else 0)
        outcome = Outcome(True)
        if total > 0:
            outcome = await till.charge(account, total, collecting)
            if not outcome.approved and not collecting.lenient:
                message = f"The payment was declined: {(outcome.message or outcome.code).rstrip('.')}."
                raise Refused(RULE, message, "collectPayment")
        # Time may have passed at the gateway: what was worked out before is worked out anew.
        drafts = draft_all(state, account, wish, number)
    except Refused:
        undo_opening(state, wish, account)
        raise
    order = commit(state, wish, account, drafts)
    billed = sum(find_invoice(state, key).balance for key in order.invoices)
    if total > 0 and billed > 0:
        paid = till.record(account, min(billed, total), collecting, outcome, order.invoices)
        order.payment = {**paid, "paymentStatus": "Processed" if outcome.approved else "Error"}
        if not outcome.approved:
            said = {"paymentErrorCode": outcome.code, "paymentErrorMessage": outcome.message}
            order.payment = {**order.payment, **said}
    return order
