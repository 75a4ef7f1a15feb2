"""An order's invoices paid with what the account has: credit memos, then payments not applied yet."""

from __future__ import annotations

from collections.abc import Sequence

from simulators.zuora.rules.documents import POSTED, CreditMemo, Owed
from simulators.zuora.rules.memos import apply as apply_memo
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.payments import apply as apply_payment
from simulators.zuora.rules.receipts import Payment
from simulators.zuora.rules.state import State

MEMOS, PAYMENTS = "CreditMemo", "UnappliedPayment"
KINDS = (MEMOS, PAYMENTS)


def available(state: State, account: Account, kinds: Sequence[str]) -> int:
    """What could be put against invoices, minor units."""
    return sum(source.unapplied for source in _sources(state, account, kinds, frozenset()))


def apply_credit(
    state: State, account: Account, documents: Sequence[Owed], kinds: Sequence[str], own: frozenset[str]
) -> list[tuple[CreditMemo | Payment, int]]:
    """Put it against the documents, oldest first; what was used of which. own: memos of the same order,
    which are left alone."""
    used: list[tuple[CreditMemo | Payment, int]] = []
    for source in _sources(state, account, kinds, own):
        for document in documents:
            part = min(source.unapplied, document.balance - document.reserved)
            if part <= 0 or document.status != POSTED:
                continue
            if isinstance(source, CreditMemo):
                apply_memo(state, source, [(document, part)])
            else:
                apply_payment(state, source, [(document, part)])
            used.append((source, part))
    return used


def _sources(
    state: State, account: Account, kinds: Sequence[str], own: frozenset[str]
) -> list[CreditMemo | Payment]:
    found: list[CreditMemo | Payment] = []
    for kind in kinds:
        if kind == MEMOS:
            memos = state.memos.where("accountId", account.id).values()
            usable = (m for m in memos if m.status == POSTED and m.number not in own and m.unapplied > 0)
            found += sorted(usable, key=lambda memo: memo.seq)
        elif kind == PAYMENTS:
            payments = state.payments.where("accountId", account.id).values()
            open_ = (p for p in payments if p.status == "Processed" and p.unapplied > 0)
            found += sorted(open_, key=lambda payment: payment.seq)
    return found
