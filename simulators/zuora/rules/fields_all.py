"""Every object that may be asked for: its fields by the name that ZOQL and merge fields use."""

from __future__ import annotations

from collections.abc import Mapping

from simulators.zuora.rules import fields_catalogue as goods
from simulators.zuora.rules import fields_contracts as sold
from simulators.zuora.rules import fields_documents as papers
from simulators.zuora.rules import fields_money as cash
from simulators.zuora.rules import fields_parties as people
from simulators.zuora.rules import fields_prepaid as prepaid
from simulators.zuora.rules.fields import TEXT, Field, Vocabulary

OBJECTS: Mapping[str, Vocabulary] = {
    "Account": people.ACCOUNT,
    "Contact": people.CONTACT,
    "PaymentMethod": people.PAYMENT_METHOD,
    "Product": goods.PRODUCT,
    "ProductRatePlan": goods.PRODUCT_RATE_PLAN,
    "ProductRatePlanCharge": goods.PRODUCT_RATE_PLAN_CHARGE,
    "ProductRatePlanChargeTier": goods.PRODUCT_RATE_PLAN_CHARGE_TIER,
    "Subscription": sold.SUBSCRIPTION,
    "RatePlan": sold.RATE_PLAN,
    "RatePlanCharge": sold.RATE_PLAN_CHARGE,
    "RatePlanChargeTier": sold.RATE_PLAN_CHARGE_TIER,
    "PrepaidBalance": prepaid.PREPAID_BALANCE,
    "PrepaidBalanceFund": prepaid.PREPAID_BALANCE_FUND,
    "PrepaidBalanceTransaction": prepaid.PREPAID_BALANCE_TRANSACTION,
    "Order": sold.ORDER,
    "OrderAction": sold.ORDER_ACTION,
    "Usage": sold.USAGE_RECORD,
    "Invoice": papers.INVOICE,
    "InvoiceItem": papers.INVOICE_ITEM,
    "TaxationItem": papers.TAXATION_ITEM,
    "CreditMemo": papers.CREDIT_MEMO,
    "CreditMemoItem": papers.CREDIT_MEMO_ITEM,
    "CreditTaxationItem": papers.CREDIT_TAXATION_ITEM,
    "DebitMemo": papers.DEBIT_MEMO,
    "DebitMemoItem": papers.DEBIT_MEMO_ITEM,
    "DebitTaxationItem": papers.DEBIT_TAXATION_ITEM,
    "Payment": cash.PAYMENT,
    "PaymentPart": cash.PAYMENT_PART,
    "PaymentApplication": cash.PAYMENT_APPLICATION,
    "CreditMemoPart": cash.CREDIT_MEMO_PART,
    "CreditMemoApplication": cash.CREDIT_MEMO_APPLICATION,
    "Refund": cash.REFUND,
    "RefundApplication": cash.REFUND_APPLICATION,
    "BillRun": cash.BILL_RUN,
    "PaymentRun": cash.PAYMENT_RUN,
}
# The field that `Number` stands for.
SHORT: Mapping[str, str] = {
    "Payment": "paymentNumber",
    "Refund": "refundNumber",
    "Order": "orderNumber",
    "CreditMemo": "memoNumber",
    "DebitMemo": "memoNumber",
    "Invoice": "invoiceNumber",
    "Account": "accountNumber",
    "BillRun": "billRunNumber",
    "PaymentRun": "paymentRunNumber",
    "Subscription": "name",
}
# Objects that carry fields of the company's own, or of the vendor's connectors.
WITH_CUSTOM = frozenset(
    {
        "Account",
        "Contact",
        "CreditMemo",
        "DebitMemo",
        "Invoice",
        "Order",
        "Payment",
        "Product",
        "ProductRatePlan",
        "ProductRatePlanCharge",
        "RatePlan",
        "RatePlanCharge",
        "Refund",
        "Subscription",
        "Usage",
    }
)
_LOWER: Mapping[str, Mapping[str, str]] = {
    name: {field.lower(): field for field in vocabulary} for name, vocabulary in OBJECTS.items()
}


def is_object(name: str) -> bool:
    """Whether there is such an object."""
    return name in OBJECTS


def is_custom(field: str) -> bool:
    """Whether a field is the company's own or a connector's."""
    return field.endswith(("__c", "__NS", "__QT"))


def proper(name: str, field: str) -> str:
    """The field's own spelling, whatever the case it is written in; itself where there is none such."""
    if is_custom(field) or field in OBJECTS[name]:
        return field
    if field == "Number":
        return SHORT.get(name, field)
    return _LOWER[name].get(field.lower(), field)


def field_of(name: str, field: str) -> Field | None:
    """The field of an object by its capitalised name (`Invoice`, `InvoiceNumber`), or None.

    A custom field (`CrmAccount__c`) is read from the object's own custom fields; `Number` is short for
    the object's own number, as in the merge field `<Account.Number>`. Case does not matter (`<Account.ID>`).
    """
    if is_custom(field):
        return custom(field) if name in WITH_CUSTOM else None
    return OBJECTS[name].get(proper(name, field))


def custom(field: str) -> Field:
    """A custom field by its own name."""
    return Field(TEXT, lambda item: customs(item).get(field))


def customs(item: object) -> Mapping[str, object]:
    """The custom fields that an object has."""
    found: Mapping[str, object] = getattr(item, "custom", None) or {}
    return found
