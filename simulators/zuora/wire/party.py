"""Requests and answers about accounts."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.kit.money import major
from simulators.zuora.rules.parties import Account, AccountWish
from simulators.zuora.wire.shape import Shape, words

# Fields of a contact, all text (SDK CreateAccountContact).
CONTACT = words(
    "firstName lastName address1 address2 city county state zipCode postalCode country fax homePhone "
    "mobilePhone nickname otherPhone otherPhoneType personalEmail taxRegion workEmail workPhone "
    "contactDescription"
)


class ContactUpdate(Shape):
    """A contact as PUT /v1/accounts takes it: every field may be absent."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = CONTACT

    def given(self) -> dict[str, str | None]:
        """What was given, by name."""
        return {**self.model_dump(exclude_none=True)}


class Contact(ContactUpdate):
    """A contact as POST /v1/accounts takes it."""

    firstName: Annotated[str, Field(min_length=1, max_length=100)]
    lastName: Annotated[str, Field(min_length=1, max_length=100)]


class AccountChange(Shape):
    """PUT /v1/accounts/{key}. Custom fields stand beside the others."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "additionalEmailAddresses communicationProfileId creditMemoTemplateId customerServiceRepName "
        "debitMemoTemplateId invoiceDeliveryPrefsEmail invoiceDeliveryPrefsPrint invoiceTemplateId "
        "parentId partnerAccount profileNumber purchaseOrderNumber "
        "shipToContact shipToContactId einvoiceProfile eReportingProfile "
        "rollUpUsage salesRep sequenceSetId summaryStatementTemplateId tagging taxInfo "
        "gatewayRoutingEligible"
    )

    name: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    autoPay: bool | None = None
    batch: str | None = None
    billCycleDay: Annotated[int, Field(ge=0, le=31)] | None = None
    billToContact: ContactUpdate | None = None
    soldToContact: ContactUpdate | None = None
    crmId: Annotated[str, Field(max_length=100)] | None = None
    notes: str | None = None
    paymentTerm: str | None = None
    paymentGateway: str | None = None
    paymentGatewayNumber: str | None = None
    defaultPaymentMethodId: str | None = None
    billToContactId: str | None = None
    soldToContactId: str | None = None

    def wish(self, number: str = "", currency: str = "") -> AccountWish:
        """What the rules make of it."""
        extra = {k: v for k, v in (self.model_extra or {}).items() if k in self.ACCEPTS}
        return AccountWish(
            number=number,
            name=self.name,
            currency=currency,
            bill_cycle_day=self.billCycleDay,
            auto_pay=self.autoPay,
            payment_term=self.paymentTerm,
            batch=self.batch,
            crm_id=self.crmId,
            notes=self.notes,
            bill_to=self.billToContact.given() if self.billToContact else None,
            sold_to=self.soldToContact.given() if self.soldToContact else None,
            custom=self.custom_fields(),
            extra=extra,
        )


class Card(Shape):
    """creditCard of POST /v1/accounts, an older way to give a payment method."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("cardHolderInfo cardType")

    cardNumber: str
    expirationMonth: int | str
    expirationYear: int | str
    securityCode: str = ""


class NewAccount(AccountChange):
    """POST /v1/accounts. A subscription in the same call is not taken here."""

    ACCEPTS: ClassVar[tuple[str, ...]] = AccountChange.ACCEPTS + words(
        "applyCreditBalance applyCredit collect communicationProfileName creditMemoReasonCode "
        "applicationOrder gatewayId associateCommitmentNumber "
        "documentDate invoice invoiceCollect invoiceTargetDate organizationLabel parentAccountNumber "
        "paymentGatewayName runBilling sequenceSetName soldToSameAsBillTo shipToSameAsBillTo targetDate"
    )

    accountNumber: Annotated[str, Field(max_length=70)] = ""
    name: Annotated[str, Field(min_length=1, max_length=255)]
    currency: str
    billToContact: Contact
    soldToContact: Contact | None = None
    paymentMethod: dict[str, Any] | None = None
    creditCard: Card | None = None
    hpmCreditCardPaymentMethodId: str | None = None
    paymentMethodId: str | None = None


def created(account: Account) -> dict[str, Any]:
    """Answer of POST /v1/accounts."""
    return {
        "success": True,
        "accountId": account.id,
        "accountNumber": account.number,
        "billToContactId": account.bill_to.get("id"),
        "soldToContactId": account.sold_to.get("id"),
        **({"paymentMethodId": account.default_method} if account.default_method else {}),
    }


def detail(account: Account) -> dict[str, Any]:
    """Answer of GET /v1/accounts/{key}."""
    currency = account.currency
    metrics = {
        "balance": major(account.owes, currency),
        "totalInvoiceBalance": major(account.balance, currency),
        "creditBalance": major(0, currency),
        "totalDebitMemoBalance": major(account.debit_balance, currency),
        "reservedPaymentAmount": major(0, currency),
        "unappliedCreditMemoAmount": major(account.unapplied_credit, currency),
        "unappliedPaymentAmount": major(account.unapplied_payments, currency),
        "currency": currency,
    }
    return {
        "success": True,
        "basicInfo": {
            "id": account.id,
            "name": account.name,
            "accountNumber": account.number,
            "notes": account.notes,
            "status": account.status,
            "crmId": account.crm_id,
            "batch": account.batch,
            "parentId": account.extra.get("parentId"),
            "salesRep": account.extra.get("salesRep"),
            "purchaseOrderNumber": account.extra.get("purchaseOrderNumber"),
            "customerServiceRepName": account.extra.get("customerServiceRepName"),
            "communicationProfileId": account.extra.get("communicationProfileId"),
            "sequenceSetId": account.extra.get("sequenceSetId"),
            "invoiceTemplateId": account.extra.get("invoiceTemplateId"),
            "defaultPaymentMethodId": account.default_method or None,
            **organization(account),
            **account.custom,
        },
        "billingAndPayment": {
            "billCycleDay": account.bill_cycle_day,
            "currency": currency,
            "paymentTerm": account.payment_term,
            "paymentGateway": account.gateway or None,
            "autoPay": account.auto_pay,
            "invoiceDeliveryPrefsEmail": account.extra.get("invoiceDeliveryPrefsEmail", False),
            "invoiceDeliveryPrefsPrint": account.extra.get("invoiceDeliveryPrefsPrint", False),
            "additionalEmailAddresses": account.extra.get("additionalEmailAddresses", []),
            "defaultPaymentMethodId": account.default_method or None,
        },
        "metrics": metrics,
        "metricsData": [metrics],
        "billToContact": contact(account.bill_to),
        "soldToContact": contact(account.sold_to),
        "taxInfo": account.extra.get("taxInfo"),
    }


def organization(account: Account) -> dict[str, Any]:
    """The org unit that an account and its documents belong to; only with Multi-Org there is one."""
    label = account.extra.get("organizationLabel")
    return {"organizationLabel": label} if label else {}


def contact(fields: dict[str, str | None]) -> dict[str, Any]:
    """A contact; fields never given are null."""
    return {"id": fields.get("id"), **dict.fromkeys(CONTACT), **fields}
