"""Requests and answers about payment methods and contacts."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.kit.clock import at
from simulators.zuora.rules.calendar import stamp
from simulators.zuora.rules.methods import CARD, CARD_TOKEN, Method, MethodWish
from simulators.zuora.rules.parties import Account, Contact
from simulators.zuora.wire.party import CONTACT, ContactUpdate
from simulators.zuora.wire.shape import Shape, words

# What is shown of a bank account or a wallet as it was given (SDK Create…PaymentMethod).
_PLAIN = words(
    "addressLine1 addressLine2 bankABACode bankAccountName bankAccountType bankName city country phone state "
    "zipCode IBAN accountHolderInfo bankCode branchCode businessIdentificationCode identityNumber BAID email "
    "preapprovalKey cardHolderInfo mandateInfo ipAddress"
)


class MethodChange(Shape):
    """PUT /v1/payment-methods/{id}."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = (
        *_PLAIN,
        *words(
            "authGateway paymentGatewayNumber currencyCode gatewayOptions useDefaultRetryRule "
            "paymentRetryWindow maxConsecutivePaymentFailures processingOptions securityCode"
        ),
    )

    accountKey: str | None = None
    expirationMonth: Annotated[int, Field(ge=1, le=12)] | None = None
    expirationYear: Annotated[int, Field(ge=1980, le=2099)] | None = None

    def details(self) -> dict[str, object]:
        """What is kept as it was given."""
        extra = self.model_extra or {}
        found: dict[str, object] = {k: v for k, v in extra.items() if k in _PLAIN}
        if self.expirationMonth is not None:
            found["expirationMonth"] = self.expirationMonth
        if self.expirationYear is not None:
            found["expirationYear"] = self.expirationYear
        return found


class NewMethod(MethodChange):
    """POST /v1/payment-methods; of all types, told apart by `type`."""

    ACCEPTS: ClassVar[tuple[str, ...]] = (
        *MethodChange.ACCEPTS,
        *words(
            "screeningAmount tokenize tokens bankAccountMaskNumber accountMaskNumber cardMaskNumber cardType "
            "creditCardMaskNumber mandateId mandateReceivedStatus existingMandateStatus mandateCreationDate "
            "mandateUpdateDate checkDuplicated mitConsentAgreementRef mitConsentAgreementSrc "
            "mitNetworkTransactionId mitProfileAction mitProfileAgreedOn mitProfileType cryptogram "
            "accountNumber bankAccountNumber bankTransferType"
        ),
    )

    type: str
    makeDefault: bool = False
    skipValidation: bool = False
    paymentMethodNumber: Annotated[str, Field(max_length=32)] = ""
    cardNumber: str = ""
    tokenId: str = ""
    secondTokenId: str = ""

    def wish(self, account: Account | None) -> MethodWish:
        """What the rules make of it."""
        extra = self.model_extra or {}
        details = self.details()
        for name, secret in (("bankAccountNumber", "bankAccountNumber"), ("accountNumber", "accountNumber")):
            if extra.get(secret):
                text = str(extra[secret])
                details[name] = f"{'*' * max(len(text) - 4, 0)}{text[-4:]}"
        for name in ("creditCardMaskNumber",):
            if extra.get(name):
                details[name] = extra[name]
        if extra.get("cardType"):
            details["creditCardType"] = extra["cardType"]
        return MethodWish(
            type=self.type,
            account=account,
            details=details,
            card=self.cardNumber.replace(" ", "").replace("-", ""),
            code=str(extra.get("securityCode") or ""),
            token=self.tokenId,
            second=self.secondTokenId,
            month=self.expirationMonth,
            year=self.expirationYear,
            gateway=str(extra.get("paymentGatewayNumber") or extra.get("authGateway") or ""),
            default=self.makeDefault,
            skip=self.skipValidation,
            number=self.paymentMethodNumber,
        )


class Verification(Shape):
    """PUT /v1/payment-methods/{id}/verify."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "currencyCode gatewayOptions paymentGatewayName paymentGatewayNumber securityCode cryptogram"
    )


def method(m: Method) -> dict[str, Any]:
    """A payment method of GET /v1/payment-methods/{id}; without `success`. Numbers are masked."""
    shown = dict(m.details)
    if m.type == CARD:
        shown["cardNumber"] = m.details.get("creditCardMaskNumber")
    if m.type == CARD_TOKEN:
        shown |= {"tokenId": m.token.first or None, "secondTokenId": m.token.second or None}
    return {
        "id": m.id,
        "paymentMethodNumber": m.number,
        "type": m.type,
        "status": m.status,
        "isDefault": m.account is not None and m.account.default_method == m.id,
        "accountKey": m.account.number if m.account else None,
        "accountId": m.account.id if m.account else None,
        "numConsecutiveFailures": m.failures,
        "maxConsecutivePaymentFailures": m.failures_max,
        "paymentRetryWindow": m.retry_hours,
        "useDefaultRetryRule": m.default_retry,
        "totalNumberOfProcessedPayments": m.processed,
        "totalNumberOfErrorPayments": m.errors,
        "lastTransaction": m.last_outcome,
        "lastTransactionDateTime": stamp(m.last_at) if m.last_at else None,
        "lastFailedSaleTransactionDate": stamp(m.last_failed_at) if m.last_failed_at else None,
        "createdDate": at(m.created_at).strftime("%Y-%m-%d %H:%M:%S"),
        "updatedDate": stamp(m.updated_at),
        **shown,
    }


class NewContact(ContactUpdate):
    """POST /v1/contacts."""

    accountId: str | None = None
    accountNumber: str | None = None
    firstName: Annotated[str, Field(min_length=1, max_length=100)]
    lastName: Annotated[str, Field(min_length=1, max_length=100)]
    asBillTo: bool = False
    asSoldTo: bool = False
    asShipTo: bool = False

    def fields(self) -> dict[str, str | None]:
        """The contact's own fields."""
        found = self.given()
        for name in ("accountId", "accountNumber", "asBillTo", "asSoldTo", "asShipTo"):
            found.pop(name, None)
        return found


class ContactMove(Shape):
    """PUT /v1/contacts/{id}/transfer."""

    destinationAccountKey: str


def contact(c: Contact) -> dict[str, Any]:
    """A contact of GET /v1/contacts/{id}; without `success`."""
    a = c.account
    return {
        **dict.fromkeys(CONTACT),
        **c.fields,
        "id": c.id,
        "accountId": a.id,
        "accountNumber": a.number,
        "asBillTo": a.bill_to.get("id") == c.id,
        "asSoldTo": a.sold_to.get("id") == c.id,
        "asShipTo": False,
        "isSpecifiedInSubscription": False,
        "createdDate": stamp(c.created_at),
        "updatedDate": stamp(c.updated_at),
    }
