"""What may be asked of an object: names and kinds of fields, for queries and for merge fields.

Names are the object query's (lower camel case, SDK `expanded_*` models); ZOQL and merge fields use the
same names with a capital first letter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulators.kit.clock import SECOND
from simulators.kit.money import major
from simulators.zuora.rules.calendar import stamp

TEXT, DATE, TIME, NUMBER, FLAG = "text", "date", "time", "number", "flag"
Read = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """kind: how its values are compared and written; read: its value, None where there is none."""

    kind: str
    read: Read

    def shown(self, item: object) -> Any:
        """The value as it is sent: a moment and a date as text, an amount as Decimal."""
        value = self.read(item)
        if value is None:
            return None
        if self.kind == TIME:
            return stamp(value)
        return value.isoformat() if self.kind == DATE else value


Vocabulary = Mapping[str, Field]


def _text(read: Read) -> Field:
    return Field(TEXT, read)


def _money(name: str) -> Field:
    return Field(NUMBER, lambda o: major(getattr(o, name), o.currency))


def _common() -> dict[str, Field]:
    return {
        "id": _text(lambda o: o.id),
        "createdDate": Field(TIME, lambda o: o.created_at // SECOND * SECOND),
        "updatedDate": Field(TIME, lambda o: o.updated_at // SECOND * SECOND),
    }


def _posted(item: Any) -> int | None:
    return item.posted_at // SECOND * SECOND if item.posted_at else None


ACCOUNT: Vocabulary = {
    **_common(),
    "accountNumber": _text(lambda a: a.number),
    "name": _text(lambda a: a.name),
    "currency": _text(lambda a: a.currency),
    "status": _text(lambda a: a.status),
    "batch": _text(lambda a: a.batch),
    "crmId": _text(lambda a: a.crm_id),
    "notes": _text(lambda a: a.notes),
    "paymentTerm": _text(lambda a: a.payment_term),
    "autoPay": Field(FLAG, lambda a: a.auto_pay),
    "billCycleDay": Field(NUMBER, lambda a: a.bill_cycle_day),
    "balance": _money("balance"),
    "totalInvoiceBalance": _money("balance"),
    "unappliedCreditMemoAmount": _money("unapplied_credit"),
    "unappliedBalance": _money("unapplied_payments"),
}

INVOICE: Vocabulary = {
    **_common(),
    "invoiceNumber": _text(lambda i: i.number),
    "accountId": _text(lambda i: i.account.id),
    "status": _text(lambda i: i.status),
    "reversed": Field(FLAG, lambda i: i.reversed),
    "currency": _text(lambda i: i.currency),
    "invoiceDate": Field(DATE, lambda i: i.on),
    "dueDate": Field(DATE, lambda i: i.due),
    "targetDate": Field(DATE, lambda i: i.target),
    "amount": Field(NUMBER, lambda i: major(i.net + i.tax, i.currency)),
    "amountWithoutTax": Field(NUMBER, lambda i: major(i.net, i.currency)),
    "taxAmount": Field(NUMBER, lambda i: major(i.tax, i.currency)),
    "balance": _money("balance"),
    "paymentAmount": _money("paid"),
    "creditMemoAmount": _money("credited"),
    "source": _text(lambda i: "BillRun" if i.run else "API"),
    "sourceId": _text(lambda i: i.run or None),
    "sourceType": _text(lambda _: "Subscription"),
    "postedDate": Field(TIME, _posted),
    "includesRecurring": Field(FLAG, lambda _: True),
    "includesOneTime": Field(FLAG, lambda _: False),
    "includesUsage": Field(FLAG, lambda _: False),
}

CREDIT_MEMO: Vocabulary = {
    **_common(),
    "memoNumber": _text(lambda m: m.number),
    "accountId": _text(lambda m: m.account.id),
    "invoiceId": _text(lambda m: m.invoice.id if m.invoice else None),
    "status": _text(lambda m: m.status),
    "currency": _text(lambda m: m.currency),
    "memoDate": Field(DATE, lambda m: m.on),
    "targetDate": Field(DATE, lambda m: m.target),
    "totalAmount": Field(NUMBER, lambda m: major(m.net + m.tax, m.currency)),
    "totalAmountWithoutTax": Field(NUMBER, lambda m: major(m.net, m.currency)),
    "taxAmount": Field(NUMBER, lambda m: major(m.tax, m.currency)),
    "balance": _money("unapplied"),
    "appliedAmount": Field(NUMBER, lambda m: major(sum(a for _, a in m.applied), m.currency)),
    "refundAmount": _money("refunded"),
    "reasonCode": _text(lambda m: m.reason),
    "comments": _text(lambda m: m.comment),
    "source": _text(lambda m: "BillRun" if m.run else "API"),
    "sourceId": _text(lambda m: m.run or None),
    "sourceType": _text(lambda m: "Invoice" if m.invoice else "Subscription"),
    "postedOn": Field(TIME, _posted),
}

SUBSCRIPTION: Vocabulary = {
    **_common(),
    "name": _text(lambda s: s.number),
    "accountId": _text(lambda s: s.account.id),
    "originalId": _text(lambda s: s.original_id),
    "status": _text(lambda s: s.status),
    "version": Field(NUMBER, lambda s: s.version),
    "isLatestVersion": Field(FLAG, lambda s: s.latest),
    "currency": _text(lambda s: s.account.currency),
    "termType": _text(lambda s: s.term_type),
    "autoRenew": Field(FLAG, lambda s: s.auto_renew),
    "contractEffectiveDate": Field(DATE, lambda s: s.start),
    "subscriptionStartDate": Field(DATE, lambda s: s.start),
    "subscriptionEndDate": Field(DATE, lambda s: s.end),
    "termStartDate": Field(DATE, lambda s: s.term_start),
    "termEndDate": Field(DATE, lambda s: s.term_end),
    "cancelledDate": Field(DATE, lambda s: s.cancelled_on),
    "cancelReason": _text(lambda s: s.cancel_reason),
    "notes": _text(lambda s: s.notes),
}

PAYMENT: Vocabulary = {
    **_common(),
    "paymentNumber": _text(lambda p: p.number),
    "accountId": _text(lambda p: p.account.id),
    "status": _text(lambda p: p.status),
    "type": _text(lambda p: p.type),
    "currency": _text(lambda p: p.currency),
    "amount": _money("amount"),
    "unappliedAmount": _money("unapplied"),
    "appliedAmount": Field(NUMBER, lambda p: major(sum(a for _, a in p.applied), p.currency)),
    "refundAmount": _money("refunded"),
    "paymentMethodId": _text(lambda p: p.method),
    "gateway": _text(lambda p: p.gateway),
    "gatewayState": _text(lambda p: p.gateway_state),
    "gatewayResponse": _text(lambda p: p.response),
    "gatewayResponseCode": _text(lambda p: p.response_code),
    "secondPaymentReferenceId": _text(lambda p: p.second_reference),
    "effectiveDate": Field(DATE, lambda p: p.effective),
    "referenceId": _text(lambda p: p.reference),
    "comment": _text(lambda p: p.comment),
}

REFUND: Vocabulary = {
    **_common(),
    "refundNumber": _text(lambda r: r.number),
    "accountId": _text(lambda r: r.account.id),
    "creditMemoId": _text(lambda r: r.memo.id if r.memo else None),
    "paymentId": _text(lambda r: r.payment.id if r.payment else None),
    "status": _text(lambda r: r.status),
    "type": _text(lambda p: p.type),
    "currency": _text(lambda r: r.currency),
    "amount": _money("amount"),
    "refundDate": Field(DATE, lambda r: r.on),
    "methodType": _text(lambda r: r.method_type),
    "referenceId": _text(lambda r: r.reference),
    "reasonCode": _text(lambda r: r.reason),
    "comment": _text(lambda r: r.comment),
}

ORDER: Vocabulary = {
    **_common(),
    "orderNumber": _text(lambda o: o.number),
    "accountId": _text(lambda o: o.account.id),
    "orderDate": Field(DATE, lambda o: o.on),
    "status": _text(lambda o: o.status),
    "description": _text(lambda o: o.description),
}

BILL_RUN: Vocabulary = {
    **_common(),
    "billRunNumber": _text(lambda r: r.number),
    "status": _text(lambda r: r.status),
    "targetDate": Field(DATE, lambda r: r.target),
    "invoiceDate": Field(DATE, lambda r: r.invoice_date),
}

# Objects by the name that ZOQL and merge fields use.
OBJECTS: Mapping[str, Vocabulary] = {
    "Account": ACCOUNT,
    "Invoice": INVOICE,
    "CreditMemo": CREDIT_MEMO,
    "Subscription": SUBSCRIPTION,
    "Payment": PAYMENT,
    "Refund": REFUND,
    "Order": ORDER,
    "BillRun": BILL_RUN,
}

# The field that `Number` stands for.
SHORT: Mapping[str, str] = {
    "Payment": "paymentNumber",
    "Refund": "refundNumber",
    "Order": "orderNumber",
    "CreditMemo": "memoNumber",
    "Invoice": "invoiceNumber",
    "Account": "accountNumber",
    "BillRun": "billRunNumber",
}


def field_of(name: str, field: str) -> Field | None:
    """The field of an object by its capitalised name (`Invoice`, `InvoiceNumber`), or None.

    A custom field (`CrmAccount__c`) is read from the object's own custom fields; `Number` is short for
    the object's own number, as in the merge field `<Account.Number>`. Case does not matter (`<Account.ID>`).
    """
    vocabulary = OBJECTS[name]
    if field.endswith("__c"):
        return custom(field) if name in ("Account", "Subscription") else None
    if field == "Number":
        return vocabulary.get(SHORT.get(name, ""))
    found = vocabulary.get(field[:1].lower() + field[1:])
    if found is None:
        lower = field.lower()
        found = next((each for known, each in vocabulary.items() if known.lower() == lower), None)
    return found


def custom(field: str) -> Field:
    """A custom field of an account or a subscription, by its own name."""
    return Field(TEXT, lambda item: item.custom.get(field))
