"""What paid or credited an invoice or a debit memo."""

from __future__ import annotations

from typing import Any

from simulators.kit.money import major
from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.documents import Owed
from simulators.zuora.rules.state import State


def application_parts(state: State, found: Owed) -> list[dict[str, Any]]:
    """The application parts of a document: payments, then credit memos, each in order of creation."""
    parts = []
    for payment in state.payments.where("accountId", found.account.id).values():
        for part in payment.parts:
            if part.document is found and part.amount:
                parts.append(
                    {
                        "appliedAmount": major(part.amount, found.currency),
                        "paymentId": payment.id,
                        "createdDate": stamp(part.created_at),
                        "updatedDate": stamp(part.updated_at),
                    }
                )
    for memo in state.memos.where("accountId", found.account.id).values():
        amount = sum(a for each, a in memo.applied if each is found)
        if amount:
            parts.append(
                {
                    "appliedAmount": major(amount, found.currency),
                    "creditMemoId": memo.id,
                    "createdDate": stamp(memo.created_at),
                    "updatedDate": stamp(memo.updated_at),
                }
            )
    return parts
