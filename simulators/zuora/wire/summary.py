"""Answer of GET /v1/accounts/{key}/summary."""

from __future__ import annotations

from typing import Any

from simulators.kit.money import major
from simulators.zuora.rules.contracts import Subscription
from simulators.zuora.rules.documents import Invoice
from simulators.zuora.rules.methods import default_of
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.receipts import Payment
from simulators.zuora.rules.state import State
from simulators.zuora.wire.party import contact

_SHOWN = 6  # of invoices and payments the latest


def summary(state: State, account: Account) -> dict[str, Any]:
    """The account with its latest invoices and payments and its subscriptions."""
    invoices = sorted(state.invoices.where("accountId", account.id).values(), key=lambda i: -i.seq)
    paid = sorted(state.payments.where("accountId", account.id).values(), key=lambda p: -p.seq)
    sold = sorted(state.subscriptions.where("accountId", account.id).values(), key=lambda s: s.seq)
    return {
        "success": True,
        "basicInfo": _basic(state, account, paid),
        "billToContact": contact(account.bill_to),
        "soldToContact": contact(account.sold_to),
        "taxInfo": account.extra.get("taxInfo"),
        "subscriptions": [_subscription(each) for each in sold],
        "invoices": [
            {
                "id": i.id,
                "invoiceNumber": i.number,
                "invoiceDate": i.on.isoformat(),
                "dueDate": i.due.isoformat(),
                "amount": major(i.net + i.tax, i.currency),
                "balance": major(i.balance, i.currency),
                "status": i.status,
            }
            for i in invoices[:_SHOWN]
        ],
        "payments": [_payment(each) for each in paid[:_SHOWN]],
        "usage": [],
    }


def _basic(state: State, account: Account, paid: list[Payment]) -> dict[str, Any]:
    method = default_of(state, account)
    done = next((p for p in paid if p.status == "Processed"), None)
    dates = [i.on for i in state.invoices.where("accountId", account.id).values() if i.status == "Posted"]
    shown = None
    if method is not None:
        shown = {
            "id": method.id,
            "paymentMethodType": method.type,
            "creditCardNumber": method.details.get("creditCardMaskNumber"),
            "creditCardType": method.details.get("creditCardType"),
            "creditCardExpirationMonth": method.details.get("expirationMonth"),
            "creditCardExpirationYear": method.details.get("expirationYear"),
        }
    currency = account.currency
    return {
        "id": account.id,
        "name": account.name,
        "accountNumber": account.number,
        "status": account.status,
        "batch": account.batch,
        "currency": currency,
        "billCycleDay": account.bill_cycle_day,
        "balance": major(account.owes, currency),
        "autoPay": account.auto_pay,
        "defaultPaymentMethod": shown,
        "lastInvoiceDate": max(dates).isoformat() if dates else None,
        "lastPaymentAmount": major(done.amount, currency) if done else None,
        "lastPaymentDate": done.effective.isoformat() if done else None,
        "invoiceDeliveryPrefsEmail": account.extra.get("invoiceDeliveryPrefsEmail", False),
        "invoiceDeliveryPrefsPrint": account.extra.get("invoiceDeliveryPrefsPrint", False),
        "additionalEmailAddresses": account.extra.get("additionalEmailAddresses", []),
        "purchaseOrderNumber": account.extra.get("purchaseOrderNumber"),
        **account.custom,
    }


def _subscription(s: Subscription) -> dict[str, Any]:
    return {
        "id": s.id,
        "subscriptionNumber": s.number,
        "status": s.status,
        "termType": s.term_type,
        "autoRenew": s.auto_renew,
        "subscriptionStartDate": s.start.isoformat(),
        "termStartDate": s.term_start.isoformat(),
        "termEndDate": s.term_end.isoformat() if s.term_end else None,
        "initialTerm": f"{s.initial_term[0]} {s.initial_term[1]}",
        "ratePlans": [
            {"productName": plan.source.product.name, "ratePlanName": plan.source.name} for plan in s.plans
        ],
    }


def _payment(p: Payment) -> dict[str, Any]:
    return {
        "id": p.id,
        "paymentNumber": p.number,
        "paymentType": p.type,
        "effectiveDate": p.effective.isoformat(),
        "status": p.status,
        "paidInvoices": [
            {
                "invoiceId": part.document.id,
                "invoiceNumber": part.document.number,
                "appliedPaymentAmount": major(part.amount, p.currency),
            }
            for part in p.parts
            if part.amount and isinstance(part.document, Invoice)
        ],
    }
