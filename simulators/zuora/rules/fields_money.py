"""Fields of payments and refunds, of what they are put against, and of the runs."""

from __future__ import annotations

from simulators.zuora.rules.fields import (
    Field,
    Vocabulary,
    always,
    common,
    day,
    flag,
    id_of,
    moment,
    money,
    number,
    text,
)

PAYMENT: Vocabulary = {
    **common(),
    "paymentNumber": text("number"),
    "accountId": text("account.id"),
    "status": text("status"),
    "type": text("type"),
    "currency": text("currency"),
    "amount": money("amount"),
    "unappliedAmount": money("unapplied"),
    "appliedAmount": money(lambda p: sum(a for _, a in p.applied)),
    "refundAmount": money("refunded"),
    "appliedCreditBalanceAmount": money(lambda _: 0),
    "paymentMethodId": text("method"),
    "gateway": text("gateway"),
    "gatewayState": text("gateway_state"),
    "gatewayResponse": text("response"),
    "gatewayResponseCode": text("response_code"),
    "secondPaymentReferenceId": text("second_reference"),
    "effectiveDate": day("effective"),
    "referenceId": text("reference"),
    "comment": text("comment"),
    "cancelledOn": moment("cancelled_at"),
    "submittedOn": moment("submitted_at"),
    "source": text(lambda p: "PaymentRun" if p.run else "API"),
    "sourceName": text(lambda p: p.run or None),
    "isStandalone": always(False),
    "prepayment": always(False),
    "transferredToAccounting": always("No"),
}


def _to(kind: str) -> Field:
    return text(lambda r: r.it.document.id if r.it.document.kind == kind else None)


# up: the payment; it: what of it stands against one document.
PAYMENT_PART: Vocabulary = {
    **common(),
    "amount": money("it.amount"),
    "paymentId": text("up.id"),
    "invoiceId": _to("invoice"),
    "debitMemoId": _to("debit_memo"),
    "accountId": text("up.account.id"),
    "billingDocumentOwnerId": text("it.document.account.id"),
}

PAYMENT_APPLICATION: Vocabulary = {
    **common(),
    "applyAmount": money("it.amount"),
    "paymentId": text("up.id"),
    "invoiceId": _to("invoice"),
    "debitMemoId": _to("debit_memo"),
    "accountId": text("up.account.id"),
    "effectiveDate": day("up.effective"),
    "paymentApplicationStatus": text("up.status"),
    "billingDocumentOwnerId": text("it.document.account.id"),
}

# up: the memo; it: (document, amount).
CREDIT_MEMO_PART: Vocabulary = {
    **common(),
    "amount": money(lambda r: r.it[1]),
    "creditMemoId": text("up.id"),
    "invoiceId": text(lambda r: r.it[0].id if r.it[0].kind == "invoice" else None),
    "debitMemoId": text(lambda r: r.it[0].id if r.it[0].kind == "debit_memo" else None),
    "accountId": text("up.account.id"),
}

CREDIT_MEMO_APPLICATION: Vocabulary = {**CREDIT_MEMO_PART, "effectiveDate": day("up.on")}

REFUND: Vocabulary = {
    **common(),
    "refundNumber": text("number"),
    "accountId": text("account.id"),
    "creditMemoId": text(lambda r: id_of(r.memo)),
    "paymentId": text(lambda r: id_of(r.payment)),
    "status": text("status"),
    "type": text("type"),
    "currency": text("currency"),
    "amount": money("amount"),
    "refundDate": day("on"),
    "methodType": text("method_type"),
    "paymentMethodId": text(lambda r: r.payment.method if r.payment else None),
    "referenceId": text("reference"),
    "referenceID": text("reference"),
    "reasonCode": text("reason"),
    "comment": text("comment"),
    "gatewayState": text("gateway_state"),
    "gatewayResponse": text("response"),
    "gatewayResponseCode": text("response_code"),
    "cancelledOn": moment("cancelled_at"),
    "sourceType": text(lambda r: "CreditMemo" if r.memo else "Payment"),
    "associatedTransactionNumber": text(lambda r: r.payment.number if r.payment else None),
    "transferredToAccounting": always("No"),
}

# up: the refund; the whole of it, as it goes out of one memo or one payment.
REFUND_APPLICATION: Vocabulary = {
    **common(),
    "refundId": text("up.id"),
    "applyAmount": money("up.amount"),
    "creditMemoId": text(lambda r: id_of(r.up.memo)),
    "paymentId": text(lambda r: id_of(r.up.payment)),
    "accountId": text("up.account.id"),
    "effectiveDate": day("up.on"),
}

BILL_RUN: Vocabulary = {
    **common(),
    "billRunNumber": text("number"),
    "billingRunNumber": text("number"),
    "billingRunType": always("Regular"),
    "name": text("name"),
    "status": text("status"),
    "targetDate": day("target"),
    "invoiceDate": day("invoice_date"),
    "numberOfInvoices": number("invoices"),
    "numberOfCreditMemos": number("memos"),
    "autoPost": flag("auto_post"),
    "autoRenewal": flag("auto_renew"),
    "autoEmail": always(False),
    "invoicesEmailed": always(False),
    "accountId": text(lambda r: r.accounts[0] if len(r.accounts) == 1 else None),
    "batches": text(lambda r: ",".join(r.batches) or "AllBatches"),
    "billCycleDay": text("bill_cycle_day"),
}

PAYMENT_RUN: Vocabulary = {
    **common(),
    "paymentRunNumber": text("number"),
    "number": text("number"),
    "status": text("status"),
    "targetDate": day("target"),
    "executedDate": moment("executed_at"),
    "endDate": moment("completed_at"),
    "accountId": text(lambda r: r.account or None),
    "batch": text(lambda r: r.batch or None),
    "currency": text(lambda r: r.currency or None),
    "billingRunId": text(lambda r: r.billing_run or None),
    "paymentGatewayId": text("gateway"),
    "collectPayment": flag("collect"),
    "consolidatedPayment": flag("consolidated"),
    "autoApplyCreditMemo": flag("apply_memos"),
    "autoApplyUnappliedPayment": flag("apply_payments"),
    "numberOfErrors": number("errors"),
    "numberOfPayments": number(lambda r: len(r.payments)),
    "numberOfInvoices": number(lambda r: len(r.documents)),
}
