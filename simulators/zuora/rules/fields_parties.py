"""Fields of accounts, contacts and payment methods."""

from __future__ import annotations

from typing import Any

from simulators.zuora.rules.fields import Field, Vocabulary, always, common, flag, moment, money, number, text

# Fields of an account that are kept only to be shown, by their names in the v1 calls.
_SHOWN = {
    "additionalEmailAddresses": "additionalEmailAddresses",
    "customerServiceRepName": "customerServiceRepName",
    "parentId": "parentId",
    "purchaseOrderNumber": "purchaseOrderNumber",
    "salesRepName": "salesRep",
    "sequenceSetId": "sequenceSetId",
    "communicationProfileId": "communicationProfileId",
    "invoiceTemplateId": "invoiceTemplateId",
}


def _extra(name: str) -> Field:
    return text(lambda a: a.extra.get(name))


ACCOUNT: Vocabulary = {
    **common(),
    "accountNumber": text("number"),
    "name": text("name"),
    "currency": text("currency"),
    "status": text("status"),
    "batch": text("batch"),
    "crmId": text("crm_id"),
    "notes": text("notes"),
    "paymentTerm": text("payment_term"),
    "autoPay": flag("auto_pay"),
    "allowInvoiceEdit": always(False),
    "partnerAccount": always(False),
    "billCycleDay": number("bill_cycle_day"),
    "bcdSettingOption": always("ManualSet"),
    "billToId": text(lambda a: a.bill_to.get("id")),
    "soldToId": text(lambda a: a.sold_to.get("id")),
    "defaultPaymentMethodId": text(lambda a: a.default_method or None),
    "paymentGateway": text(lambda a: a.gateway or None),
    "balance": money("balance"),
    "totalInvoiceBalance": money("balance"),
    "totalDebitMemoBalance": money("debit_balance"),
    "creditBalance": money(lambda _: 0),
    "reservedPaymentAmount": money(lambda _: 0),
    "unappliedCreditMemoAmount": money("unapplied_credit"),
    "unappliedBalance": money("unapplied_payments"),
    **{name: _extra(own) for name, own in _SHOWN.items()},
}

_PERSON = (
    "address1 address2 city country county description fax firstName homePhone lastName mobilePhone "
    "otherPhone otherPhoneType personalEmail postalCode state taxRegion workEmail workPhone"
)


def _person(name: str) -> Field:
    own = "zipCode" if name == "postalCode" else name
    return text(lambda c: c.fields.get(own) or c.fields.get(name))


CONTACT: Vocabulary = {
    **common(),
    "accountId": text("account.id"),
    "nickName": text(lambda c: c.fields.get("nickname")),
    "asBillTo": flag(lambda c: c.account.bill_to.get("id") == c.id),
    "asSoldTo": flag(lambda c: c.account.sold_to.get("id") == c.id),
    **{name: _person(name) for name in _PERSON.split()},
}


def _detail(own: str) -> Field:
    return text(lambda m: m.details.get(own))


def _brand(m: Any) -> object:
    return m.details.get("creditCardType") or m.details.get("cardType")


PAYMENT_METHOD: Vocabulary = {
    **common(),
    "accountId": text(lambda m: m.account.id if m.account else None),
    "type": text("type"),
    "active": flag(lambda m: m.status == "Active"),
    "paymentMethodStatus": text("status"),
    "name": text("number"),
    "creditCardType": text(_brand),
    "creditCardMaskNumber": _detail("creditCardMaskNumber"),
    "creditCardExpirationMonth": number(lambda m: m.details.get("expirationMonth")),
    "creditCardExpirationYear": number(lambda m: m.details.get("expirationYear")),
    "tokenId": text(lambda m: m.token.first or None),
    "secondTokenId": text(lambda m: m.token.second or None),
    "achAbaCode": _detail("bankABACode"),
    "achAccountName": _detail("bankAccountName"),
    "achAccountNumberMask": _detail("bankAccountNumber"),
    "achAccountType": _detail("bankAccountType"),
    "achBankName": _detail("bankName"),
    "email": _detail("email"),
    "lastTransactionStatus": text("last_outcome"),
    "lastTransactionDateTime": moment("last_at"),
    "maxConsecutivePaymentFailures": number("failures_max"),
    "numConsecutiveFailures": number("failures"),
    "paymentRetryWindow": number("retry_hours"),
    "totalNumberOfErrorPayments": number("errors"),
    "totalNumberOfProcessedPayments": number("processed"),
    "useDefaultRetryRule": flag("default_retry"),
}
