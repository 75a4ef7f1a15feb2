"""What may be asked of contacts, payment methods, the catalogue, usage, and of parts of other objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.kit.money import major
from simulators.zuora.rules.calendar import DAY
from simulators.zuora.rules.vocabulary import DATE, FLAG, NUMBER, Field, Vocabulary, common, text

_PERSON = (
    "address1 address2 city county state country postalCode fax firstName lastName homePhone mobilePhone "
    "nickname otherPhone otherPhoneType personalEmail taxRegion workEmail workPhone"
)


class _Of:
    """Reads one entry of a contact's fields; zipCode is called postalCode here."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, item: Any) -> Any:
        found = item.fields.get(self._name)
        return item.fields.get("zipCode") if found is None and self._name == "postalCode" else found


class _Detail:
    """Reads one of a payment method's details."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, item: Any) -> Any:
        return item.details.get(self._name)


CONTACT: Vocabulary = {
    **common(),
    "accountId": text(lambda c: c.account.id),
    **{name: text(_Of(name)) for name in _PERSON.split()},
    "asBillTo": Field(FLAG, lambda c: c.account.bill_to.get("id") == c.id),
    "asSoldTo": Field(FLAG, lambda c: c.account.sold_to.get("id") == c.id),
}

METHOD: Vocabulary = {
    **common(),
    "accountId": text(lambda m: m.account.id if m.account else None),
    "name": text(lambda m: m.number),
    "type": text(lambda m: m.type),
    "active": Field(FLAG, lambda m: m.status == "Active"),
    "paymentMethodStatus": text(lambda m: m.status),
    "tokenId": text(lambda m: m.token.first or None),
    "secondTokenId": text(lambda m: m.token.second or None),
    "creditCardMaskNumber": text(_Detail("creditCardMaskNumber")),
    "creditCardType": text(_Detail("creditCardType")),
    "creditCardExpirationMonth": Field(NUMBER, _Detail("expirationMonth")),
    "creditCardExpirationYear": Field(NUMBER, _Detail("expirationYear")),
    "achAbaCode": text(_Detail("bankABACode")),
    "achAccountName": text(_Detail("bankAccountName")),
    "achAccountNumberMask": text(_Detail("bankAccountNumber")),
    "achAccountType": text(_Detail("bankAccountType")),
    "achBankName": text(_Detail("bankName")),
    "numConsecutiveFailures": Field(NUMBER, lambda m: m.failures),
    "lastTransactionStatus": text(lambda m: m.last_outcome),
}

PRODUCT: Vocabulary = {
    **common(),
    "name": text(lambda p: p.name),
    "sKU": text(lambda p: p.sku),
    "productNumber": text(lambda p: p.number),
    "description": text(lambda p: p.description),
    "category": text(lambda p: p.category),
    "effectiveStartDate": Field(DATE, lambda p: p.start),
    "effectiveEndDate": Field(DATE, lambda p: p.end),
}

PLAN: Vocabulary = {
    **common(),
    "productId": text(lambda p: p.product.id),
    "name": text(lambda p: p.name),
    "productRatePlanNumber": text(lambda p: p.number),
    "description": text(lambda p: p.description),
    "effectiveStartDate": Field(DATE, lambda p: p.start),
    "effectiveEndDate": Field(DATE, lambda p: p.end),
}

PLAN_CHARGE: Vocabulary = {
    **common(),
    "productRatePlanId": text(lambda c: c.plan.id),
    "productRatePlanChargeNumber": text(lambda c: c.number),
    "name": text(lambda c: c.name),
    "description": text(lambda c: c.description),
    "chargeModel": text(lambda c: c.model),
    "chargeType": text(lambda c: c.kind),
    "triggerEvent": text(lambda c: c.trigger),
    "billCycleType": text(lambda c: c.bill_cycle_type),
    "billingPeriodAlignment": text(lambda c: c.alignment),
    "defaultQuantity": Field(NUMBER, lambda c: c.default_quantity),
    "uOM": text(lambda c: c.unit),
    "taxCode": text(lambda c: c.tax_code),
}

USAGE: Vocabulary = {
    **common(),
    "accountId": text(lambda u: u.account.id),
    "accountNumber": text(lambda u: u.account.number),
    "quantity": Field(NUMBER, lambda u: u.quantity),
    "rbeStatus": text(lambda u: u.status),
    "sourceType": text(lambda u: u.source),
    "startDateTime": text(lambda u: u.begins),
    "endDateTime": text(lambda u: u.ends),
    "uOM": text(lambda u: u.unit),
    "description": text(lambda u: u.description),
}


def _line(parent: str) -> Vocabulary:
    return {
        **common(),
        parent: text(lambda r: r.parent.id),
        "chargeName": text(lambda r: r.item.charge.source.name),
        "chargeNumber": text(lambda r: r.item.charge.number or None),
        "productRatePlanChargeId": text(lambda r: r.item.charge.source.id or None),
        "subscriptionId": text(lambda r: r.item.subscription.id or None),
        "subscriptionNumber": text(lambda r: r.item.subscription.number or None),
        "sKU": text(lambda r: r.item.charge.source.plan.product.sku),
        "quantity": Field(NUMBER, lambda r: r.item.quantity),
        "unitPrice": Field(NUMBER, lambda r: r.item.price),
        "serviceStartDate": Field(DATE, lambda r: r.item.start),
        "serviceEndDate": Field(DATE, lambda r: r.item.end - DAY),
        "taxAmount": Field(NUMBER, lambda r: major(r.item.tax, r.currency)),
        "description": text(lambda r: r.item.comment),
    }


INVOICE_ITEM: Vocabulary = {
    **_line("invoiceId"),
    "accountId": text(lambda r: r.parent.account.id),
    "chargeAmount": Field(NUMBER, lambda r: major(r.item.net, r.currency)),
    "processingType": text(lambda r: "Discount" if r.item.discounted else "Charge"),
}

MEMO_ITEM: Vocabulary = {
    **_line("creditMemoId"),
    "amount": Field(NUMBER, lambda r: major(r.item.net, r.currency)),
    "amountWithoutTax": Field(NUMBER, lambda r: major(r.item.net, r.currency)),
    "invoiceItemId": text(lambda r: r.item.source.id if r.item.source else None),
}

PAYMENT_PART: Vocabulary = {
    **common(),
    "paymentId": text(lambda r: r.parent.id),
    "invoiceId": text(lambda r: r.item.invoice.id),
    "accountId": text(lambda r: r.parent.account.id),
    "amount": Field(NUMBER, lambda r: major(r.item.amount, r.currency)),
}

RATE_PLAN: Vocabulary = {
    **common(),
    "subscriptionId": text(lambda r: r.parent.id),
    "name": text(lambda r: r.item.source.name),
    "productId": text(lambda r: r.item.source.product.id),
    "productRatePlanId": text(lambda r: r.item.source.id),
    "subscriptionRatePlanNumber": text(lambda r: r.item.number),
    "amendmentType": text(lambda r: r.item.last_change),
}

RATE_PLAN_CHARGE: Vocabulary = {
    **common(),
    "ratePlanId": text(lambda r: r.parent.id),
    "chargeNumber": text(lambda r: r.item.number),
    "name": text(lambda r: r.item.source.name),
    "chargeModel": text(lambda r: r.item.source.model),
    "chargeType": text(lambda r: r.item.source.kind),
    "productRatePlanChargeId": text(lambda r: r.item.source.id),
    "quantity": Field(NUMBER, lambda r: r.item.quantity),
    "effectiveStartDate": Field(DATE, lambda r: r.item.last.start if r.item.last else None),
    "effectiveEndDate": Field(DATE, lambda r: r.item.last.end if r.item.last else None),
    "segment": Field(NUMBER, lambda r: r.item.last.number if r.item.last else None),
    "uOM": text(lambda r: r.item.source.unit),
}

MORE: Mapping[str, Vocabulary] = {
    "Contact": CONTACT,
    "PaymentMethod": METHOD,
    "Product": PRODUCT,
    "ProductRatePlan": PLAN,
    "ProductRatePlanCharge": PLAN_CHARGE,
    "Usage": USAGE,
    "InvoiceItem": INVOICE_ITEM,
    "CreditMemoItem": MEMO_ITEM,
    "PaymentPart": PAYMENT_PART,
    "RatePlan": RATE_PLAN,
    "RatePlanCharge": RATE_PLAN_CHARGE,
}
