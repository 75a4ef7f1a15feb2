"""Money in and out as NetSuite's records; pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.canonical.erp import Posted
from core.canonical.errors import Refused
from core.canonical.money import Money
from core.canonical.payments import PaymentRequest, Refund
from core.connectors.netsuite.mapping import NO_TAGS, SYSTEM, application
from core.connectors.netsuite.tagging import Tags


def receipt(
    payment: PaymentRequest,
    document: Posted,
    on: date,
    payer: str,
    account: str,
    currency: str,
    tags: Tags = NO_TAGS,
) -> dict[str, Any]:
    """Applied up to what is open; the rest stays unapplied. payer, account, currency: internal ids."""
    _same_currency(payment.amount, document)
    applied = min(payment.amount.minor, document.remaining.minor)
    body: dict[str, Any] = {
        "customer": {"id": payer},
        "account": {"id": account},
        "currency": {"id": currency},
        "payment": payment.amount.major,
        "tranDate": on.isoformat(),
        "memo": payment.invoice,
        **tags.heading(),
        "apply": {"items": []},
    }
    if applied > 0:
        amount = Money(applied, payment.amount.currency)
        body["apply"]["items"].append(application(document, amount))
    return body


def refund(
    given: Refund, note: Posted, on: date, payee: str, account: str, currency: str, tags: Tags = NO_TAGS
) -> dict[str, Any]:
    """All of it out of the credit memo. payee, account, currency: internal ids."""
    _same_currency(given.amount, note)
    return {
        "customer": {"id": payee},
        "account": {"id": account},
        "currency": {"id": currency},
        "tranDate": on.isoformat(),
        "memo": given.request,
        **tags.heading(),
        "apply": {"items": [application(note, given.amount)]},
    }


def put_against(document: str, amount: Money) -> dict[str, Any]:
    """All of a receipt against one document, by its internal id, and so against no other."""
    return {"apply": {"items": [{"doc": {"id": document}, "apply": True, "amount": amount.major}]}}


def _same_currency(amount: Money, document: Posted) -> None:
    if amount.currency != document.total.currency:
        raise Refused(
            f"{amount} cannot be put against {document.key} in {document.total.currency}", system=SYSTEM
        )
