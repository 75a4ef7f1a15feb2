"""What may be expanded in an object query: which object leads to which others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """What may be expanded: the kind it shows, and by which fields it is found: the other's `theirs`
    equals our `ours`. many: a list, else one object."""

    kind: str
    ours: str
    theirs: str = "id"
    many: bool = False


def _list(kind: str, theirs: str) -> Link:
    return Link(kind, "id", theirs, many=True)


_ACCOUNT = {"account": Link("Account", "accountId")}
LINKS: Mapping[str, Mapping[str, Link]] = {
    "Account": {
        "billTo": Link("Contact", "billToId"),
        "soldTo": Link("Contact", "soldToId"),
        "defaultPaymentMethod": Link("PaymentMethod", "defaultPaymentMethodId"),
        "subscriptions": _list("Subscription", "accountId"),
        "payments": _list("Payment", "accountId"),
        "refunds": _list("Refund", "accountId"),
        "creditMemos": _list("CreditMemo", "accountId"),
        "invoices": _list("Invoice", "accountId"),
        "usages": _list("Usage", "accountId"),
        "paymentMethods": _list("PaymentMethod", "accountId"),
    },
    "Contact": _ACCOUNT,
    "PaymentMethod": _ACCOUNT,
    "Product": {"productRatePlans": _list("ProductRatePlan", "productId")},
    "ProductRatePlan": {
        "product": Link("Product", "productId"),
        "productRatePlanCharges": _list("ProductRatePlanCharge", "productRatePlanId"),
    },
    "ProductRatePlanCharge": {
        "productRatePlan": Link("ProductRatePlan", "productRatePlanId"),
        "productRatePlanChargeTiers": _list("ProductRatePlanChargeTier", "productRatePlanChargeId"),
    },
    "ProductRatePlanChargeTier": {
        "productRatePlanCharge": Link("ProductRatePlanCharge", "productRatePlanChargeId")
    },
    "Subscription": {
        **_ACCOUNT,
        "invoiceOwner": Link("Account", "invoiceOwnerId"),
        "invoiceItems": _list("InvoiceItem", "subscriptionId"),
        "ratePlans": _list("RatePlan", "subscriptionId"),
    },
    "RatePlan": {
        "subscription": Link("Subscription", "subscriptionId"),
        "productRatePlan": Link("ProductRatePlan", "productRatePlanId"),
        "ratePlanCharges": _list("RatePlanCharge", "ratePlanId"),
    },
    "RatePlanCharge": {
        "ratePlan": Link("RatePlan", "ratePlanId"),
        "productRatePlanCharge": Link("ProductRatePlanCharge", "productRatePlanChargeId"),
        "ratePlanChargeTiers": _list("RatePlanChargeTier", "ratePlanChargeId"),
    },
    "RatePlanChargeTier": {"ratePlanCharge": Link("RatePlanCharge", "ratePlanChargeId")},
    "PrepaidBalance": {
        **_ACCOUNT,
        "prepaidBalanceFunds": _list("PrepaidBalanceFund", "prepaidBalanceId"),
    },
    "PrepaidBalanceFund": {**_ACCOUNT, "prepaidBalance": Link("PrepaidBalance", "prepaidBalanceId")},
    "PrepaidBalanceTransaction": {
        **_ACCOUNT,
        "prepaidBalance": Link("PrepaidBalance", "prepaidBalanceId"),
        "fund": Link("PrepaidBalanceFund", "fundId"),
    },
    "Order": {**_ACCOUNT, "orderActions": _list("OrderAction", "orderId")},
    "OrderAction": {
        "order": Link("Order", "orderId"),
        "subscription": Link("Subscription", "subscriptionId"),
    },
    "Usage": _ACCOUNT,
    "Invoice": {
        **_ACCOUNT,
        "billToContact": Link("Contact", "billToContactId"),
        "invoiceItems": _list("InvoiceItem", "invoiceId"),
        "paymentApplications": _list("PaymentApplication", "invoiceId"),
        "paymentParts": _list("PaymentPart", "invoiceId"),
        "creditMemoApplications": _list("CreditMemoApplication", "invoiceId"),
        "creditMemoParts": _list("CreditMemoPart", "invoiceId"),
    },
    "InvoiceItem": {
        "invoice": Link("Invoice", "invoiceId"),
        "subscription": Link("Subscription", "subscriptionId"),
        "subscriptionOwner": Link("Account", "subscriptionOwnerId"),
        "ratePlanCharge": Link("RatePlanCharge", "chargeNumber", "chargeNumber"),
        "taxationItems": _list("TaxationItem", "invoiceItemId"),
    },
    "TaxationItem": {"invoiceItem": Link("InvoiceItem", "invoiceItemId")},
    "CreditMemo": {
        **_ACCOUNT,
        "creditMemoItems": _list("CreditMemoItem", "creditMemoId"),
        "creditMemoApplications": _list("CreditMemoApplication", "creditMemoId"),
        "creditMemoParts": _list("CreditMemoPart", "creditMemoId"),
    },
    "CreditMemoItem": {
        "creditMemo": Link("CreditMemo", "creditMemoId"),
        "subscription": Link("Subscription", "subscriptionId"),
        "subscriptionOwner": Link("Account", "subscriptionOwnerId"),
        "ratePlanCharge": Link("RatePlanCharge", "chargeNumber", "chargeNumber"),
        "creditTaxationItems": _list("CreditTaxationItem", "creditMemoItemId"),
    },
    "DebitMemo": {
        **_ACCOUNT,
        "billToContact": Link("Contact", "billToContactId"),
        "debitMemoItems": _list("DebitMemoItem", "debitMemoId"),
    },
    "DebitMemoItem": {
        "subscription": Link("Subscription", "subscriptionId"),
        "subscriptionOwner": Link("Account", "subscriptionOwnerId"),
        "ratePlanCharge": Link("RatePlanCharge", "chargeNumber", "chargeNumber"),
        "debitTaxationItems": _list("DebitTaxationItem", "debitMemoItemId"),
    },
    "Payment": {
        **_ACCOUNT,
        "paymentMethod": Link("PaymentMethod", "paymentMethodId"),
        "paymentApplications": _list("PaymentApplication", "paymentId"),
        "paymentParts": _list("PaymentPart", "paymentId"),
    },
    "PaymentPart": {"payment": Link("Payment", "paymentId")},
    "PaymentApplication": {"payment": Link("Payment", "paymentId")},
    "CreditMemoPart": {"creditMemo": Link("CreditMemo", "creditMemoId")},
    "CreditMemoApplication": {"creditMemo": Link("CreditMemo", "creditMemoId")},
    "Refund": {
        **_ACCOUNT,
        "paymentMethod": Link("PaymentMethod", "paymentMethodId"),
        "refundApplications": _list("RefundApplication", "refundId"),
    },
    "RefundApplication": {
        "refund": Link("Refund", "refundId"),
        "payment": Link("Payment", "paymentId"),
    },
}
